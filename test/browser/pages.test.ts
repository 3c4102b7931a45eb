import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumIsHere, launch } from './browser.ts'
import { startSite, type Site } from './site.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
interface AxeResult {
  violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[]
}
/** A4 at 96 dots an inch, less the margins that the style sheet gives the paper. */
const a4 = { width: Math.floor(((210 - 28) / 25.4) * 96), height: Math.floor(((297 - 32) / 25.4) * 96) }

describe.skipIf(!chromiumIsHere)('the pages in Chromium (package chromium)', () => {
  let browser: Browser
  let site: Site
  /** One window of each kind, used again: opening one costs more than what is looked at in it. */
  const pages = new Map<string, Page>()
  beforeAll(async () => {
    site = await startSite()
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  async function signedIn(options: BrowserContextOptions): Promise<Page> {
    const context = await browser.newContext(options)
    await site.signIn(context)
    return context.newPage()
  }

  async function on<T>(
    options: BrowserContextOptions,
    path: string,
    look: (page: Page) => Promise<T>,
  ): Promise<T> {
    const kind = JSON.stringify(options)
    const page = pages.get(kind) ?? (await signedIn(options))
    pages.set(kind, page)
    await page.goto(site.url + path)
    return look(page)
  }

  const names = [
    'sessions',
    'session',
    'dossier',
    'dossier, everything unfolded',
    'dossier of an attack',
    'observation',
    'glance',
    'dossier, filtered',
    'dossier beside the document',
    'contest',
    'nothing here',
  ]
  const pathOf = (name: string): string => {
    const path = site.paths[name]
    if (path === undefined) throw new Error(`no page ${name}`)
    return path
  }
  const inLanguage = (path: string, lang: string) => `${path}${path.includes('?') ? '&' : '?'}lang=${lang}`

  describe.each(names)('%s', (name) => {
    it.each(['fr', 'en'])('has no axe-core violation in %s, light and dark', async (lang) => {
      // axe is put in by the browser's debugger; the page itself could not load it.
      const violations = await on({ bypassCSP: true }, inLanguage(pathOf(name), lang), async (page) => {
        expect(await page.getAttribute('html', 'lang')).toBe(lang)
        await page.evaluate(axe)
        const found: unknown[] = []
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme })
          const result = (await page.evaluate(
            'axe.run(document, { resultTypes: ["violations"] })',
          )) as AxeResult
          found.push(
            ...result.violations.map((v) => [
              colorScheme,
              v.id,
              v.nodes.slice(0, 3).map((n) => [n.html.slice(0, 200), n.failureSummary]),
            ]),
          )
        }
        return found
      })
      expect(violations).toEqual([])
    })

    // 200 % zoom on 1280 pixels is a window of 640; 320 is WCAG's reflow.
    it('does not scroll sideways at 1280, 768, 640 and 320 pixels, and prints to A4 with nothing cut', async () => {
      await on({}, pathOf(name), async (page) => {
        for (const width of [1280, 768, 640, 320]) {
          await page.setViewportSize({ width, height: 900 })
          expect({ width, wider: await widerThanWindow(page) }).toEqual({ width, wider: [] })
        }
        await page.setViewportSize(a4)
        await page.emulateMedia({ media: 'print' })
        try {
          expect(await widerThanWindow(page)).toEqual([])
          const pdf = await page.pdf({ preferCSSPageSize: true })
          expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
        } finally {
          await page.emulateMedia({ media: null })
        }
      })
    })

    it('works without JavaScript', async () => {
      const shown = await on({ javaScriptEnabled: false }, pathOf(name), async (page) =>
        page.innerText('main'),
      )
      expect(shown.length).toBeGreaterThan(20)
    })
  })

  it('run nothing of what a machine says, whatever is unfolded, and load nothing from elsewhere', async () => {
    for (const path of site.hostilePaths)
      await on({ locale: 'fr-FR' }, path, async (page) => {
        const elsewhere: string[] = []
        const complaints: string[] = []
        page.on('request', (request) => {
          if (!request.url().startsWith(site.url)) elsewhere.push(request.url())
        })
        page.on('console', (message) => complaints.push(message.text()))
        page.on('pageerror', (error) => complaints.push(error.message))
        page.on('dialog', (dialog) => complaints.push(dialog.message()))
        await page.reload({ waitUntil: 'load' })
        for (const summary of await page.locator('details:not([open]) > summary').all())
          if (await summary.isVisible()) await summary.click()
        expect(await page.evaluate('window.pwned')).toBeUndefined()
        expect(
          await page
            .locator('script, main style, main img, main iframe, [onload], [onerror], a[href^="javascript"]')
            .count(),
        ).toBe(0)
        expect({ path, elsewhere, complaints }).toEqual({ path, elsewhere: [], complaints: [] })
      })
  })

  it('are under a policy that blocks a script and an inline handler that would have got in', async () => {
    await on({ locale: 'fr' }, '/', async (page) => {
      const blocked = await page.evaluate(async () => {
        const seen: string[] = []
        document.addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective))
        const script = document.createElement('script')
        script.textContent = 'window.pwned = 1'
        document.body.append(script)
        const box = document.createElement('div')
        box.innerHTML = '<button onclick="window.pwned = 2" style="color: red">x</button>'
        document.body.append(box)
        box.querySelector('button')?.click()
        await new Promise((resolve) => setTimeout(resolve)) // the events come in a task of their own
        return { seen: [...new Set(seen)].sort(), pwned: (window as { pwned?: number }).pwned ?? null }
      })
      expect(blocked).toEqual({ seen: ['script-src-attr', 'script-src-elem', 'style-src-attr'], pwned: null })
    })
  })

  it('print every finding, folded or not, and raw observations only where they were unfolded', async () => {
    const shownInPrint = (path: string) =>
      on({ viewport: a4 }, path, async (page) => {
        await page.emulateMedia({ media: 'print' })
        return page.evaluate(() => {
          const visible = (element: Element) =>
            element.checkVisibility({ contentVisibilityAuto: true }) &&
            element.getBoundingClientRect().height > 0
          const all = (selector: string) => [...document.querySelectorAll(selector)]
          return {
            findings: all('details.finding').length,
            printed: all('details.finding > dl').filter(visible).length,
            folded: all('details.finding:not([open])').length,
            raw: all('.evidence pre').filter(visible).length,
          }
        })
      })
    const plain = await shownInPrint(pathOf('dossier'))
    expect(plain.folded).toBeGreaterThan(0)
    expect(plain.printed).toBe(plain.findings)
    expect(plain.raw).toBe(0)
    expect((await shownInPrint(pathOf('dossier, everything unfolded'))).raw).toBeGreaterThan(0)
  })

  it('are walked with the keyboard: skip link first, findings unfold with Enter', async () => {
    await on({}, pathOf('dossier'), async (page) => {
      await page.keyboard.press('Tab')
      expect(await page.evaluate(() => document.activeElement?.getAttribute('href'))).toBe('#content')
      const finding = page.locator('details.finding:not([open])').first()
      const id = await finding.evaluate((element) => {
        element.id = 'under-test'
        return element.id
      })
      await page.locator(`#${id} > summary`).focus()
      await page.keyboard.press('Enter')
      expect(await page.locator(`#${id}`).getAttribute('open')).not.toBeNull()
    })
  })

  it('lead to an observation that is folded away when its address is followed', async () => {
    await on({}, pathOf('dossier'), async (page) => {
      const link = page.locator('.evidence-again a').first()
      const anchor = await link.getAttribute('href')
      await link.evaluate((element) => element.closest('details')?.setAttribute('open', ''))
      await link.click()
      expect(await page.locator(anchor ?? '').isVisible()).toBe(true)
    })
  })
})

/** Elements that reach beyond the window, unless they are out of sight on purpose; and the page itself where it scrolls. */
function widerThanWindow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const limit = document.documentElement.clientWidth + 1
    const found: string[] = []
    if (document.documentElement.scrollWidth > limit)
      found.push(`page ${document.documentElement.scrollWidth} > ${limit}`)
    for (const element of document.querySelectorAll('main, main *')) {
      const box = element.getBoundingClientRect()
      if (box.width === 0 || element.closest('.unseen, thead')) continue
      // What its own box can't hold is cut on paper.
      const cut =
        element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX !== 'visible'
      if (box.right > limit || box.left < -1 || (cut && element.clientWidth > 0))
        found.push(
          `${element.tagName}.${element.getAttribute('class') ?? ''} ${Math.round(box.right)} ${element.textContent?.slice(0, 40)}`,
        )
    }
    return found.slice(0, 5)
  })
}
