import type { ComponentChildren } from 'preact'
import { render } from 'preact-render-to-string'
import { Page, type PageContext } from './context.tsx'
import { visible } from './visible.ts'
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
}

/** A whole page as HTML text. It holds no script and no inline style; what is given as text is escaped. */
export function renderPage(frame: PageFrame, children: ComponentChildren): string {
  const { lang, timeZone, title, crumbs } = frame
  const other = lang === 'fr' ? 'en' : 'fr'
  const page = (
    <Page.Provider value={{ lang, timeZone }}>
      <html lang={lang}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title>{`${visible(title)} – Probant`}</title>
          <link rel="stylesheet" href="/assets/pico.css" />
          <link rel="stylesheet" href="/assets/sheet.css" />
          <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
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
              <a href={frame.otherLanguage} lang={other} hreflang={other}>
                {words.otherLanguage[lang]}
              </a>
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
