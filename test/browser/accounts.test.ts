import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startExamDay, type ExamDay } from '../server/exam-day-server.ts'
import { chromiumIsHere, launch } from './browser.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** Pictures of each page, kept to be looked at. */
const pictures = join(import.meta.dirname, '..', '..', 'artefacts', 'accounts')
const code = 'premier-compte-'.padEnd(43, 'x')
const password = 'quatre mots sans rapport'

/** Accounts from the first to the last, with the keyboard alone: no mouse is moved in this file. */
describe.skipIf(!chromiumIsHere)('accounts by keyboard (package chromium)', () => {
  let day: ExamDay
  let url: string
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true })
    day = await startExamDay({ firstAccountCode: code })
    url = await day.app.listen({ host: '127.0.0.1', port: 0 })
    browser = await launch()
    page = await newPage()
  })
  afterAll(async () => {
    await browser?.close()
    await day?.close()
  })

  async function newPage(): Promise<Page> {
    // axe is put in by the browser's debugger; the page itself could not load it.
    const context = await browser.newContext({ bypassCSP: true, locale: 'fr-FR' })
    const opened = await context.newPage()
    opened.setDefaultTimeout(15_000)
    return opened
  }
  /** Goes to what is asked for by Tab, and says how it is seen that it is there. */
  async function tabTo(on: Page, selector: string): Promise<void> {
    await on.evaluate('document.activeElement?.blur?.()')
    for (let presses = 0; presses < 60; presses++) {
      await on.keyboard.press('Tab')
      const focused = on.locator('*:focus')
      if (
        (await focused.count()) === 1 &&
        (await focused.evaluate((node, css) => node.matches(css), selector))
      ) {
        const seen = await focused.evaluate((node) => {
          const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(node)
          return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none'
        })
        expect([selector, seen]).toEqual([selector, true])
        return
      }
    }
    throw new Error(`${selector} is not reached by Tab on ${on.url()}`)
  }
  async function type(on: Page, selector: string, text: string): Promise<void> {
    await tabTo(on, selector)
    await on.keyboard.press('Control+A')
    await on.keyboard.type(text)
  }
  async function press(on: Page, selector: string): Promise<void> {
    await tabTo(on, selector)
    await Promise.all([on.waitForEvent('load'), on.keyboard.press('Enter')])
  }
  async function look(on: Page, name: string): Promise<void> {
    for (const [width, kind] of [
      [1280, 'wide'],
      [768, 'tablet'],
      [640, 'zoom-200'],
      [320, 'reflow'],
    ] as const) {
      await on.setViewportSize({ width, height: 800 })
      const sideways = await on.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      )
      expect([name, kind, sideways]).toEqual([name, kind, 0])
      if (width >= 768) await on.screenshot({ path: join(pictures, `${name}-${kind}.png`), fullPage: true })
    }
    await on.setViewportSize({ width: 1280, height: 800 })
    await on.evaluate(axe)
    for (const colorScheme of ['light', 'dark'] as const) {
      await on.emulateMedia({ colorScheme })
      const { violations } = (await on.evaluate('axe.run()')) as {
        violations: { id: string; nodes: { html: string }[] }[]
      }
      expect(violations.map(({ id, nodes }) => `${name}, ${colorScheme}: ${id} ${nodes[0]?.html}`)).toEqual(
        [],
      )
    }
    await on.emulateMedia({ colorScheme: null })
  }

  it('the first one', async () => {
    await page.goto(`${url}/sign-in`)
    await look(page, '01-no-account-yet')
    await page.goto(`${url}/invitations/${code}`)
    await look(page, '02-first-account')
    await type(page, 'input[name=name]', 'Claire.Martin')
    await type(page, 'input[name=displayName]', 'Claire Martin')
    await type(page, 'input[name=password]', 'motdepasse2026')
    await press(page, 'main button')
    await look(page, '03-weak-password')
    expect(await page.getAttribute('input[name=password]', 'aria-invalid')).toBe('true')
    await type(page, 'input[name=password]', password)
    await press(page, 'main button')
    expect(new URL(page.url()).pathname).toBe('/')
    await page.goto(`${url}/invitations/${code}`)
    await look(page, '04-invitation-gone')
  })

  it('that of a juror, invited, renamed, disabled and back', async () => {
    await page.goto(`${url}/accounts`)
    const form = 'form[action="/accounts"]'
    await type(
      page,
      `${form} [name=displayName]`,
      'Mme Nguyễn-Delacroix, association des professionnels du réseau',
    )
    await type(page, `${form} [name=name]`, 'é')
    await press(page, `${form} button`)
    await look(page, '05-bad-name')
    await type(page, `${form} [name=name]`, 'jury1')
    await tabTo(page, `${form} [name=role]`)
    await page.keyboard.type('jury')
    await press(page, `${form} button`)
    const link = (await page.textContent('code.copied')) ?? ''
    await look(page, '06-invitation-to-hand-over')

    const other = await newPage()
    await other.goto(link)
    await look(other, '07-invitation')
    await type(other, 'input[name=password]', password)
    await press(other, 'main button')
    expect(new URL(other.url()).pathname).toBe('/')

    await page.goto(`${url}/accounts`)
    const row = 'tr:has(button) '
    await press(page, `${row}a`)
    await look(page, '08-rename')
    await type(page, 'input[name=displayName]', 'Mme Nguyễn')
    await press(page, 'main button')
    expect(await page.textContent('main')).toContain('Mme Nguyễn')
    await press(page, `${row}form[action$="/disable"] button`)
    await look(page, '09-disabled')
    await other.goto(`${url}/account`)
    expect(new URL(other.url()).pathname).toBe('/sign-in')
    await press(page, `${row}form[action$="/enable"] button`)
  })

  it('signing in, and being refused', async () => {
    const other = await newPage()
    await other.goto(`${url}/account`)
    await look(other, '10-sign-in')
    const attempt = async (typed: string) => {
      await type(other, 'input[name=name]', 'Jury1')
      await type(other, 'input[name=password]', typed)
      await press(other, 'main button')
    }
    await attempt('pas le bon mot')
    await look(other, '11-refused')
    for (let i = 0; i < 5; i++) await attempt('pas le bon mot')
    await look(other, '12-wait')
    // The name that was typed stays.
    expect(await other.inputValue('input[name=name]')).toBe('jury1')
    await expect
      .poll(async () => (await attempt(password), new URL(other.url()).pathname), { timeout: 30_000 })
      .toBe('/account')
    await look(other, '13-own-account')
  })

  it('one’s own: tokens and password', async () => {
    await page.goto(`${url}/account`)
    await type(page, 'input[name=label]', 'Dépôt des sessions depuis le poste 12')
    await press(page, 'form[action="/account/tokens"] button')
    await look(page, '14-token-made')
    await page.goto(`${url}/account`)
    await look(page, '15-tokens')
    await press(page, 'form[action$="/revoke"] button')
    await type(page, 'input[name=present]', 'pas le bon')
    await type(page, 'form[action="/account/password"] input[name=password]', 'cinq autres mots inconnus')
    await press(page, 'form[action="/account/password"] button')
    await look(page, '16-wrong-present-password')
    await type(page, 'input[name=present]', password)
    await type(page, 'form[action="/account/password"] input[name=password]', 'cinq autres mots inconnus')
    await press(page, 'form[action="/account/password"] button')
    await look(page, '17-password-changed')
    await press(page, 'form[action="/account/sign-out-everywhere"] button')
    expect(new URL(page.url()).pathname).toBe('/sign-in')
  })
})
