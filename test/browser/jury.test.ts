import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumIsHere, launch } from './browser.ts'
import { startSite, type Site } from './site.ts'

describe.skipIf(!chromiumIsHere)('what a juror does (package chromium)', () => {
  let browser: Browser
  let site: Site
  beforeAll(async () => {
    site = await startSite()
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  it('takes at most four actions from signing in to the raw evidence of a criterion', async () => {
    const context = await browser.newContext({ locale: 'fr-FR', viewport: { width: 1280, height: 900 } })
    const page = await context.newPage()
    let actions = 0
    const act = async (does: () => Promise<unknown>) => {
      actions++
      await does()
    }
    // The address of the session's view is what the responsable hands out; it leads through signing in.
    await page.goto(`${site.url}${site.paths['glance']}`)
    expect(new URL(page.url()).pathname).toBe('/sign-in')
    await page.fill('input[name="name"]', site.juror.name)
    await page.fill('input[name="password"]', site.juror.password)
    await act(() => page.click('main button'))
    expect(new URL(page.url()).pathname).toBe(site.paths['glance'])
    await act(() => page.click(`table.candidates td a[href="${site.paths['dossier']}#C8"]`))
    const criterion = page.locator('section.criterion[id="C8.1"]')
    const finding = criterion.locator('details.finding.fail').first()
    // What differs is open already; its raw observation is one action away.
    const evidence = finding.locator('details.evidence').first()
    await act(() => evidence.locator('> summary').click())
    await expect.poll(() => evidence.locator('pre').first().isVisible()).toBe(true)
    expect(await evidence.locator('pre').allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringContaining('CN=Chloé Durand')]),
    )
    expect(actions).toBeLessThanOrEqual(4)
    await context.close()
  })

  it('takes four where the finding is as asked, and so folded', async () => {
    const context = await browser.newContext({ locale: 'fr-FR', viewport: { width: 1280, height: 900 } })
    const page = await context.newPage()
    await page.goto(`${site.url}${site.paths['glance']}`)
    await page.fill('input[name="name"]', site.juror.name)
    await page.fill('input[name="password"]', site.juror.password)
    await page.click('main button')
    await page.click(`table.candidates td a[href="${site.paths['dossier']}#C9"]`)
    const finding = page.locator('section.criterion[id="C9.1"] details.finding.pass:not([open])').first()
    const claim = await finding.locator('> summary .claim').innerText()
    await finding.locator('> summary').click()
    const same = page.locator('section.criterion[id="C9.1"] details.finding.pass', { hasText: claim }).first()
    const evidence = same.locator('details.evidence').first()
    await evidence.locator('> summary').click()
    await expect.poll(() => evidence.locator('pre').first().isVisible()).toBe(true)
    await context.close()
  })

  it('opens a finding and its evidence by the keyboard alone', async () => {
    const context = await browser.newContext({ locale: 'fr-FR' })
    await site.signIn(context)
    const page = await context.newPage()
    await page.goto(`${site.url}${site.paths['dossier']}#C8`)
    const summary = page.locator('section.criterion[id="C8.1"] details.evidence > summary').first()
    const evidence = page.locator('section.criterion[id="C8.1"] details.evidence').first()
    // A finding as asked is folded: Enter opens it, then its evidence.
    await page.locator('section.criterion[id="C8.1"] details.finding > summary').first().press('Enter')
    await summary.press('Enter')
    expect(await evidence.getAttribute('open')).not.toBeNull()
    await context.close()
  })

  it('writes and marks with the keyboard, and comes back to where it was', async () => {
    const context = await browser.newContext({ locale: 'fr-FR' })
    await site.signIn(context)
    const page = await context.newPage()
    await page.goto(`${site.url}${site.paths['dossier, filtered']}`)
    const criterion = page.locator('section.criterion[id="C8.1"]')
    await criterion.locator('details.write > summary').press('Enter')
    await criterion.locator('textarea').fill('Demander la délégation.')
    await criterion.locator('button[value="private"]').press('Enter')
    await page.waitForURL(/show=differs#C8\.1$/)
    expect(await criterion.innerText()).toContain('Demander la délégation.')
    await criterion.locator('button[name="read"]').first().press('Enter')
    await page.waitForURL(/show=differs#demande-1$/)
    expect(await criterion.locator('button[name="read"]').first().innerText()).toContain('remettre à lire')
    await context.close()
  })

  it('frames the document of the candidate without a word of complaint', async () => {
    const context = await browser.newContext({ locale: 'fr-FR' })
    await site.signIn(context)
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    await page.goto(`${site.url}${site.paths['dossier beside the document']}`, { waitUntil: 'load' })
    expect(complaints.filter((text) => /Content Security|frame/i.test(text))).toEqual([])
    await context.close()
  })
})
