import { createContext, type ComponentChildren } from 'preact'
import { useContext } from 'preact/hooks'
import type { Lang, Text } from '../../checks/text.ts'
import type { Viewer } from '../access/role.ts'
import { hidesSomething, segments } from '../../checks/visible.ts'

/** What every part of a page needs to know of the page. */
export interface PageContext {
  readonly lang: Lang
  /** IANA name of the zone in which moments are shown. */
  readonly timeZone: string
  /** Whoever is signed in. */
  readonly viewer: Viewer | null
}
export const Page = createContext<PageContext>({ lang: 'fr', timeZone: 'Europe/Paris', viewer: null })

/** The page's context, and `say` for its language. */
export function usePage(): PageContext & { say: (text: Text) => string } {
  const page = useContext(Page)
  return { ...page, say: (text) => text[page.lang] }
}

/** What comes out of a run: isolated from the direction of its surroundings, what can't be seen made visible, bounded. */
export function Said({ text, limit = 2000 }: { text: string; limit?: number }) {
  const cut = text.length > limit
  // A page has hundreds of them: most hold nothing hidden, and then there is nothing to cut up.
  return (
    <bdi class="said">
      {marked(cut ? text.slice(0, limit) : text)}
      {cut && '…'}
    </bdi>
  )
}

/** The segments of a text, those that can't be seen marked. */
export function Segments({ text }: { text: string }): ComponentChildren {
  return marked(text)
}

function marked(text: string): ComponentChildren {
  if (!hidesSomething(text)) return text
  return segments(text).map((segment) =>
    segment.control ? <span class="control">{segment.text}</span> : segment.text,
  )
}
