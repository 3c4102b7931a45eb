import type { ComponentChildren } from 'preact'
import { render } from 'preact-render-to-string'
import { roleWords } from '../access/role.ts'
import { Page, Said, type PageContext } from './context.tsx'
import { visible } from '../../checks/visible.ts'
import { words } from './wording.ts'

export interface Crumb {
  readonly href: string
  readonly label: string
}

export interface PageFrame extends PageContext {
  readonly title: string
  /** The pages above this one, the outermost first. */
  readonly crumbs: readonly Crumb[]
  /** This page in the other language. */
  readonly otherLanguage: string
  /** Whether the page keeps itself up to date. */
  readonly live: boolean
}

/** A piece of a page as HTML text, for a page that is open already. */
export const renderPiece = (context: PageContext, piece: ComponentChildren): string =>
  render(<Page.Provider value={context}>{piece}</Page.Provider>)

/** A whole page as HTML text. It holds no script and no inline style; what is given as text is escaped. */
export function renderPage(frame: PageFrame, children: ComponentChildren): string {
  const { lang, timeZone, viewer, title, crumbs, live } = frame
  const other = lang === 'fr' ? 'en' : 'fr'
  const page = (
    <Page.Provider value={{ lang, timeZone, viewer }}>
      <html lang={lang}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title>{`${visible(title)} – Probant`}</title>
          <link rel="stylesheet" href="/assets/pico.css" />
          <link rel="stylesheet" href="/assets/sheet.css" />
          <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
          {live && <script src="/assets/live.js" defer />}
        </head>
        <body>
          <a class="skip" href="#content">
            {words.skip[lang]}
          </a>
          <header class="frame">
            <nav aria-label="Probant">
              <ol class="crumbs">
                <li>
                  <a class="brand" href="/">
                    Probant
                  </a>
                </li>
                {crumbs.map((crumb) => (
                  <li>
                    <a href={crumb.href}>{visible(crumb.label)}</a>
                  </li>
                ))}
              </ol>
              <ul class="places">
                {viewer?.role === 'responsable' && (
                  <>
                    <li>
                      <a href="/accounts">{words.accounts[lang]}</a>
                    </li>
                    <li>
                      <a href="/agents">{words.agents[lang]}</a>
                    </li>
                    <li>
                      <a href="/journal">{words.journal[lang]}</a>
                    </li>
                  </>
                )}
                <li>
                  <a href={frame.otherLanguage} lang={other} hreflang={other}>
                    {words.otherLanguage[lang]}
                  </a>
                </li>
                {viewer && (
                  <li>
                    <a href="/account">
                      <Said text={viewer.displayName} limit={64} />
                    </a>{' '}
                    <span class="quiet">({roleWords[viewer.role][lang]})</span>
                  </li>
                )}
                {viewer && (
                  <li>
                    <form method="post" action="/sign-out">
                      <button class="plain">{words.signOut[lang]}</button>
                    </form>
                  </li>
                )}
              </ul>
            </nav>
          </header>
          <main id="content" tabIndex={-1}>
            {children}
          </main>
        </body>
      </html>
    </Page.Provider>
  )
  return `<!doctype html>\n${render(page)}`
}
