import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ComponentChildren } from 'preact'
import { languageOf } from './language.ts'
import { renderPage, type Crumb } from './layout.tsx'

export interface Shown {
  /** In the viewer's language, or plain. */
  readonly title: string
  readonly crumbs?: readonly Crumb[]
  readonly status?: number
  /** Whether the page keeps itself up to date: it then loads the script that does. */
  readonly live?: boolean
}

declare module 'fastify' {
  interface FastifyReply {
    /** Answers with a page. */
    page(shown: Shown, contents: ComponentChildren): FastifyReply
  }
}

/** Gives every reply the way to answer with a page of the site. */
export function decoratePages(app: FastifyInstance, timeZone: string): void {
  app.decorateReply('page', function (this: FastifyReply, shown: Shown, contents: ComponentChildren) {
    const { request } = this
    const lang = languageOf(request, this)
    return (
      this.code(shown.status ?? 200)
        .type('text/html; charset=utf-8')
        // A dossier is nobody else's business, not a proxy's nor the next user's of this browser.
        .header('cache-control', 'no-store')
        .header('vary', 'Cookie')
        .send(
          renderPage(
            {
              lang,
              timeZone,
              viewer: request.viewer ?? null,
              title: shown.title,
              crumbs: shown.crumbs ?? [],
              live: shown.live ?? false,
              otherLanguage: inOtherLanguage(request, lang),
            },
            contents,
          ),
        )
    )
  })
}

/** The address of the page at hand with its language changed and the rest of its query kept. */
function inOtherLanguage(request: FastifyRequest, lang: string): string {
  const url = new URL(request.url, 'http://localhost')
  url.searchParams.set('lang', lang === 'fr' ? 'en' : 'fr')
  return `?${url.searchParams.toString()}`
}
