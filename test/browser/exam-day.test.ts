import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyBundle } from '../../checks/evidence/bundle.ts'
import { newEnrolmentCode } from '../../server/access/enrolment-code.ts'
import { startExamDay, type ExamDay } from '../server/exam-day-server.ts'
import { makeKey } from '../server/run-fixture.ts'
import { chromiumIsHere, launch } from './browser.ts'
import { ReplayAgent } from './replay-agent.ts'

const root = new URL('../../', import.meta.url)
const file = (path: string) => readFileSync(new URL(path, root))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** Pictures of each page, kept to be looked at. */
const pictures = join(import.meta.dirname, '..', '..', 'artefacts', 'exam-day')
/** Those of the guides, as they are seen without scrolling; `npm run pictures` puts them into docs/images. */
const guides = join(import.meta.dirname, '..', '..', 'artefacts', 'guides')
const inGuides: Readonly<Record<string, string>> = {
  '08-overview': 'session',
  '10-watch': 'surveillance',
  '11-watch-candidate': 'actions',
  '14-glance': 'vue-ensemble',
  '18-files': 'fichiers',
}
const password = 'quatre mots sans rapport'
const firstCode = 'premier-compte-'.padEnd(43, 'x')
const codes = Array.from({ length: 16 }, (_, i) => `C${String(i + 1).padStart(2, '0')}`)
const csv = [
  'code;n;place;minutes-supplementaires;nom',
  ...codes.map((code, i) => `${code};${i + 1};P${i + 1};${i === 3 ? 30 : 0};Personne ${i + 1}`),
].join('\r\n')

/**
 * The whole day in a real browser: from the first account to the purge, with two surveillants and three jurors at once. The
 * machines are recordings (an agent replays the lab's); what the lab's own machines answer is test/lab's matter.
 */
describe.skipIf(!chromiumIsHere)('the exam day (package chromium)', () => {
  let day: ExamDay
  let url: string
  let browser: Browser
  let agent: ReplayAgent
  let agentRuns: Promise<void>
  let session: string
  const people = new Map<string, Page>()
  const contexts: BrowserContext[] = []
  /** Everything that was ever shown or sent to surveillants. */
  const seenBySurveillants: string[] = []

  beforeAll(async () => {
    for (const folder of [pictures, guides]) mkdirSync(folder, { recursive: true })
    day = await startExamDay({ firstAccountCode: firstCode })
    url = await day.app.listen({ host: '127.0.0.1', port: 0 })
    browser = await launch()
  })
  afterAll(async () => {
    agent?.stop()
    await agentRuns
    await browser?.close()
    await day?.close()
  })

  async function person(name: string): Promise<Page> {
    const known = people.get(name)
    if (known) return known
    // axe is put in by the browser's debugger; the page itself could not load it.
    const context = await browser.newContext({
      bypassCSP: true,
      locale: 'fr-FR',
      viewport: { width: 1280, height: 800 },
      acceptDownloads: true,
    })
    contexts.push(context)
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    people.set(name, page)
    if (name.startsWith('surveillant'))
      page.on('response', async (answer) => {
        if (/html|json/.test(answer.headers()['content-type'] ?? ''))
          seenBySurveillants.push(await answer.text().catch(() => ''))
      })
    return page
  }
  const at = (page: Page, path: string) => page.goto(`${url}${path}`)
  const here = (path: string) => `/sessions/${session}${path}`
  const press = async (page: Page, form: string, button = 'button') => {
    await Promise.all([page.waitForEvent('load'), page.locator(form).locator(button).first().click()])
  }

  /** Looks at a page: no violation, nothing sideways at 1280 px, on a tablet and at 200 %; and keeps its picture. */
  async function look(page: Page, name: string): Promise<void> {
    for (const [width, kind] of [
      [1280, 'wide'],
      [768, 'tablet'],
      [640, 'zoom-200'],
    ] as const) {
      await page.setViewportSize({ width, height: width === 640 ? 400 : 800 })
      const sideways = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect([name, kind, sideways]).toEqual([name, kind, 0])
      if (width !== 640)
        await page.screenshot({ path: join(pictures, `${name}-${kind}.png`), fullPage: true })
    }
    await page.setViewportSize({ width: 1280, height: 800 })
    if (inGuides[name])
      await page.screenshot({ path: join(guides, `guide-${inGuides[name]}.png`), animations: 'disabled' })
    await page.evaluate(axe)
    const { violations } = (await page.evaluate('axe.run()')) as {
      violations: { id: string; nodes: { html: string }[] }[]
    }
    expect(violations.map(({ id, nodes }) => `${name}: ${id} ${nodes[0]?.html}`)).toEqual([])
  }

  it('begins with the first account, and those of the others', async () => {
    const page = await person('responsable')
    await at(page, `/invitations/${firstCode}`)
    await look(page, '01-first-account')
    await page.fill('input[name=name]', 'claire.martin')
    await page.fill('input[name=displayName]', 'Claire Martin')
    await page.fill('input[name=password]', password)
    await press(page, 'form[action^="/invitations/"]')
    expect(new URL(page.url()).pathname).toBe('/')
    await look(page, '02-no-session')
    for (const [name, role] of [
      ['surveillant1', 'surveillant'],
      ['surveillant2', 'surveillant'],
      ['jury1', 'jury'],
      ['jury2', 'jury'],
      ['jury3', 'jury'],
    ] as const) {
      await at(page, '/accounts')
      const form = page.locator('form[action="/accounts"]')
      await form.locator('input[name=name]').fill(name)
      await form.locator('input[name=displayName]').fill(name)
      await form.locator('select[name=role]').selectOption(role)
      await press(page, 'form[action="/accounts"]')
      const link = (await page.locator('code.copied').first().textContent()) ?? ''
      const other = await person(name)
      await other.goto(link)
      if (name === 'jury1') await look(other, '03-invitation')
      await other.fill('input[name=password]', password)
      await press(other, 'form[action^="/invitations/"]')
    }
    await look(page, '04-accounts')
    const signIn = await person('nobody')
    await at(signIn, '/sign-in')
    await look(signIn, '05-sign-in')
  })

  it('prepares the session from its files, and enrols an agent', async () => {
    const page = await person('responsable')
    await at(page, '/sessions/new')
    await look(page, '06-new-session')
    const named = (name: string, contents: Buffer | string) => ({
      name,
      mimeType: 'text/plain',
      buffer: Buffer.from(contents),
    })
    const send = async (candidates: string) => {
      await page.setInputFiles(
        'input[name=exam]',
        named('agence-lyon.yaml', file('fixtures/exams/agence-lyon.yaml')),
      )
      await page.setInputFiles(
        'input[name=session]',
        named('session.yaml', file('fixtures/sessions/agence-lyon.yaml')),
      )
      await page.setInputFiles('input[name=candidates]', named('candidats.csv', candidates))
      await press(page, 'form[action="/sessions/new"]')
    }
    await send(csv.replace('C02;2', 'C02;deux'))
    expect(await page.content()).toContain('candidats.csv')
    expect(await page.locator('table.list tbody tr').count()).toBeGreaterThan(0)
    expect(await day.store.sessions()).toEqual([])
    await look(page, '07-mistakes')
    await send(csv)
    session = (await day.store.sessions())[0]!.id
    expect(await day.store.life.candidates(session)).toHaveLength(16)
    for (const name of ['surveillant1', 'surveillant2', 'jury1', 'jury2', 'jury3']) {
      await at(page, here(''))
      const form = `form[action$="/members"]`
      const account = (await day.store.accounts.secretOf(name))!.account.account
      await page.locator(form).locator('select[name=account]').selectOption(account)
      await press(page, form)
    }
    await look(page, '08-overview')
    await at(page, '/agents')
    await press(page, 'form[action="/agents/codes"]')
    const code = (await page.locator('code.copied').first().textContent()) ?? ''
    await look(page, '09-agents')
    agent = new ReplayAgent(new URL(url), makeKey())
    expect(await agent.enrol(newEnrolmentCode().code, 'salle-12')).toBe(403)
    expect(await agent.enrol(code, 'salle-12')).toBe(201)
    expect(await agent.enrol(code, 'salle-13')).toBe(403)
    agentRuns = agent.run()
  })

  const works = () => day.store.work.ofSession(session)
  const launchAll = (page: Page, kind: string) =>
    press(page, `section.actions form[action$="/watch/launch"]:has(input[value=${kind}])`)

  it('is watched over live: preflight, clocks, start and end runs, an incident, a machine pinned anew', async () => {
    const [one, two] = [await person('surveillant1'), await person('surveillant2')]
    await at(one, here('/watch'))
    await at(two, here('/watch'))
    await press(one, 'form[action$="/watch/state"]')
    await launchAll(one, 'preflight')
    // The other one sees it without doing anything.
    await expect
      .poll(() => two.locator('#cell-C16-machines').textContent(), { timeout: 20_000 })
      .toMatch(/joignables/)
    for (const code of codes.slice(0, 4)) await press(two, `#cell-${code}-identity form`)
    await press(one, 'form[action$="/watch/state"]')
    await press(one, 'section.actions form[action$="/watch/clocks"]')
    await launchAll(one, 'start')
    await expect
      .poll(
        async () => (await works()).filter(({ kind, state }) => kind === 'start' && state === 'done').length,
        {
          timeout: 30_000,
        },
      )
      .toBe(16)
    await at(two, here('/watch'))
    const first = (await two.locator('#cell-C01-clock .clock').textContent()) ?? ''
    await expect
      .poll(() => two.locator('#cell-C01-clock .clock').textContent(), { timeout: 10_000 })
      .not.toBe(first)
    await look(two, '10-watch')

    await two.locator('form.incident input[name=text]').fill('Alarme incendie, salle évacuée')
    await two.locator('form.incident input[name=minutes]').fill('10')
    await press(two, 'form.incident')
    await expect
      .poll(() => one.locator('#cell-incidents').textContent(), { timeout: 10_000 })
      .toContain('Alarme incendie')
    expect((await day.store.life.candidates(session)).every(({ addedSeconds }) => addedSeconds === 600)).toBe(
      true,
    )

    await at(two, here('/watch/C02'))
    await look(two, '11-watch-candidate')
    await two.locator('form[action$="/repin"] [name=target]').selectOption({ index: 0 })
    await two.locator('form[action$="/repin"] input[name=reason]').fill('VM recréée')
    await press(two, 'form[action$="/repin"]')
    await two.setInputFiles('input[name=document]', {
      name: 'traces.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF'),
    })
    await press(two, 'form[action$="/document"]')
    expect(await day.store.life.traces(session, 'C02')).toHaveLength(1)

    await at(one, here('/watch'))
    await launchAll(one, 'end')
    await expect
      .poll(
        async () => (await works()).filter(({ kind, state }) => kind === 'end' && state === 'done').length,
        {
          timeout: 40_000,
        },
      )
      .toBe(16)
    await at(one, here('/watch'))
    await press(one, 'section.actions form[action$="/watch/again"]')
    await expect
      .poll(async () => (await works()).every(({ state }) => state === 'done'), { timeout: 30_000 })
      .toBe(true)
    expect((await works()).some(({ kind }) => kind === 'again')).toBe(true)
    await press(one, 'form[action$="/watch/state"]')
    await at(one, here('/watch/receipt'))
    await look(one, '12-receipt')
    expect((await day.store.life.session(session))!.state).toBe('collected')
  })

  it('shows a surveillant no verdict, neither on a page nor in a stream nor by the API', async () => {
    const page = await person('surveillant1')
    for (const path of [
      here('/jury'),
      here('/candidates/C01'),
      here('/files/findings.csv'),
      `/api/v1/sessions/${session}`,
    ]) {
      const answer = await at(page, path)
      expect([path, [403, 404].includes(answer?.status() ?? 0)]).toEqual([path, true])
    }
    const stream = await page.evaluate(
      async (address) => {
        const answer = await fetch(address)
        const reader = answer.body!.getReader()
        let text = ''
        while (!text.includes('\n\nevent: pieces') && !text.includes('"pieces"')) {
          const { done, value } = await reader.read()
          if (done) break
          text += new TextDecoder().decode(value)
        }
        await reader.cancel()
        return text
      },
      `${url}${here('/watch/events')}`,
    )
    expect(stream).toContain('cell-C01-progress')
    const everything = [...seenBySurveillants, stream].join('\n')
    expect(everything.length).toBeGreaterThan(50_000)
    for (const verdict of [
      'constaté',
      'non vérifié',
      'à apprécier par le jury',
      'sans objet',
      'Attendu',
      'Observé',
      'verdict-',
      '"verdict"',
    ])
      expect([verdict, everything.includes(verdict)]).toEqual([verdict, false])
  })

  it('is read by three jurors at once, who write and overwrite nothing', async () => {
    const head = await person('responsable')
    await at(head, here(''))
    // What can't be taken back simply is confirmed on a page of its own.
    await press(head, 'form[action$="/state/open"]')
    await look(head, '13-open-to-the-jury')
    await press(head, 'main form[method=post][action$="/state"]')
    expect((await day.store.life.session(session))!.state).toBe('open')
    const jurors = await Promise.all(['jury1', 'jury2', 'jury3'].map(person))
    await at(jurors[0]!, '/')
    // The one session that is open is where a juror lands.
    expect(new URL(jurors[0]!.url()).pathname).toBe(here('/jury'))
    await look(jurors[0]!, '14-glance')
    await Promise.all(jurors.map((page) => at(page, here('/candidates/C01'))))
    await look(jurors[0]!, '15-dossier')
    const write = async (page: Page, i: number, kind: string) => {
      const form = page.locator('form[action*="/notes"]:has([name=kind])').first()
      if (!(await form.isVisible()))
        await page.locator('details:has(form[action*="/notes"]) > summary').first().click()
      await form.locator('[name=text]').fill(`appréciation ${i}`)
      await Promise.all([page.waitForEvent('load'), form.locator(`[name=kind][value=${kind}]`).click()])
    }
    await Promise.all(jurors.map((page, i) => write(page, i, 'shared')))
    await write(jurors[1]!, 9, 'private')
    await Promise.all(jurors.map((page) => at(page, here('/candidates/C01'))))
    for (const page of jurors)
      for (const i of [0, 1, 2]) expect(await page.content()).toContain(`appréciation ${i}`)
    expect(await jurors[0]!.content()).not.toContain('appréciation 9')
    expect(await jurors[1]!.content()).toContain('appréciation 9')
    await press(jurors[2]!, 'form[action*="/read"]')
    expect(await day.store.notes.marks(session, 'C01')).toHaveLength(1)
    await at(jurors[0]!, here('/candidates/C02/trace'))
    await look(jurors[0]!, '16-trace')
    await at(jurors[0]!, here('/candidates/C03?show=unobserved'))
    await look(jurors[0]!, '17-unobserved')
  })

  it('gives its papers and its sealed bundle, is closed and purged', async () => {
    const juror = await person('jury1')
    await at(juror, here('/files'))
    await look(juror, '18-files')
    const download = async (path: string) => {
      const answer = await juror.request.get(`${url}${here(path)}`)
      expect([path, answer.status()]).toEqual([path, 200])
      return answer.body()
    }
    expect((await download('/files/candidates/C01/dossier.pdf')).subarray(0, 5).toString()).toBe('%PDF-')
    expect((await download('/files/summary.pdf')).subarray(0, 5).toString()).toBe('%PDF-')
    expect((await download('/files/findings.csv')).toString()).toContain('C16')
    const bundle = await verifyBundle(new Map(Object.entries(unzipSync(await download('/files/bundle.zip')))))
    expect(bundle.problems).toEqual([])

    const head = await person('responsable')
    await at(head, here(''))
    await press(head, 'form[action$="/state/closed"]')
    await press(head, 'main form[method=post][action$="/state"]')
    await at(head, here('/candidates/C01/data'))
    await look(head, '19-candidate-data')
    await at(head, here('/retention'))
    await look(head, '20-retention')
    const { title } = (await day.store.life.session(session))!
    await head.fill('form[action$="/purge"] input[name=title]', title)
    await press(head, 'form[action$="/purge"]')
    await look(head, '21-purged')
    expect((await day.store.life.session(session))!.state).toBe('purged')
    expect(await head.content()).toContain('Le journal se suit')
    await at(head, '/journal')
    await look(head, '22-journal')
    expect((await at(juror, here('/candidates/C01')))?.status()).toBe(404)
  })
})
