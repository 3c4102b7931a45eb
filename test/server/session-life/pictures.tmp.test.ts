import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, it } from 'vitest'
import { launch } from '../../browser/browser.ts'
import { startExamDay } from '../exam-day-server.ts'
import { prepared, examText, sessionText } from './session-files.ts'
import { createAgentToken } from '../../../server/store/agent-token.ts'
import { makeKey, makeRun, hostile } from '../run-fixture.ts'
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const out = process.env.PICS ?? '/tmp/life-pics'
it('pictures', async () => {
  mkdirSync(out, { recursive: true })
  const day = await startExamDay({ now: () => new Date('2026-12-01T08:00:00Z') })
  const head = await day.signIn('responsable', 'm.martin')
  const empty = await day.signIn('responsable', 'vide')
  const watcher = await day.signIn('surveillant', 's.petit')
  const juror = await day.signIn('jury', 'j.roux')
  await day.signIn('jury', 'j.blanc')
  const cand = await day.signIn('candidate', 'c.ada')
  const join = (id: string, who: typeof head, c: string | null = null) =>
    day.store.life.addMember(id, who.account.account, c, 'x')
  const csv =
    'code;n;nom;prénom;place;minutes-supplementaires\n' +
    Array.from(
      { length: 16 },
      (_, i) =>
        `C${String(i + 1).padStart(2, '0')};${i + 1};Durand-Lefebvre;Chloé ${i};A${i + 1};${i % 5 ? '' : '30'}`,
    ).join('\n')
  const a = await prepared(day, head, { title: 'Lyon, session de décembre 2026', csv })
  await join(a, watcher)
  const b = await prepared(day, head, {
    title: 'Entraînement du soir',
    purpose: 'training',
    date: '2026-11-20',
    launch: 'clock',
  })
  await join(b, cand, 'C01')
  await day.store.life.setState(b, 'prepared', 'running', 'x')
  const token = await createAgentToken(day.store, 'poste')
  const key = makeKey()
  let id = ''
  for (const o of [{ n: 1 }, { n: 2, broken: true, complete: false }, { n: 3, says: hostile }]) {
    const run = makeRun(key, o as never)
    id = run.session.id
    await day.app.inject({
      method: 'POST',
      url: '/api/v1/runs',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      payload: JSON.stringify(run),
    })
  }
  await join(id, juror)
  await join(id, head)
  await day.store.life.setState(id, 'collected', 'open', 'x')
  const url = await day.app.listen({ host: '127.0.0.1', port: 0 })
  const browser = await launch()
  const report: unknown[] = []
  try {
    const shoot = async (
      name: string,
      who: typeof head,
      path: string,
      act?: (page: import('playwright-core').Page) => Promise<void>,
    ) => {
      for (const [w, dark] of [
        [1280, false],
        [768, false],
        [640, true],
        [320, false],
      ] as const) {
        const ctx = await browser.newContext({
          bypassCSP: true,
          viewport: { width: w, height: 900 },
          colorScheme: dark ? 'dark' : 'light',
        })
        const [n, v] = who.cookie.split('=')
        await ctx.addCookies([{ name: n!, value: v!, url, sameSite: 'Strict' }])
        const page = await ctx.newPage()
        await page.goto(url + path)
        if (act) await act(page)
        await page.screenshot({ path: `${out}/${name}-${w}.png`, fullPage: true })
        await page.evaluate(axe)
        const r = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as {
          violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[]
        }
        for (const x of r.violations)
          report.push([
            name,
            w,
            x.id,
            x.nodes.slice(0, 2).map((k) => [k.html.slice(0, 200), k.failureSummary]),
          ])
        const wide = await page.evaluate(() => [
          document.documentElement.scrollWidth,
          document.documentElement.clientWidth,
        ])
        if (wide[0]! > wide[1]!) report.push([name, w, 'scrolls', wide])
        await ctx.close()
      }
    }
    {
      const ctx = await browser.newContext({ javaScriptEnabled: true, viewport: { width: 1280, height: 900 } })
      const [n, v] = head.cookie.split('=')
      await ctx.addCookies([{ name: n!, value: v!, url, sameSite: 'Strict' }])
      const page = await ctx.newPage()
      await page.goto(`${url}/sessions/${b}`)
      const stops: string[] = []
      for (let i = 0; i < 40; i++) {
        await page.keyboard.press('Tab')
        const t = await page.evaluate(() => { const e = document.activeElement as HTMLElement; return e.tagName + ' ' + (e.getAttribute('aria-label') ?? e.textContent ?? '').trim().slice(0, 30) + ' ' + (getComputedStyle(e).outlineStyle + getComputedStyle(e).boxShadow.slice(0, 40)) })
        stops.push(t)
        if (t.startsWith('BODY')) break
      }
      console.log(stops.join('\n'))
      await page.locator('text=Terminer la phase 1').focus()
      await page.keyboard.press('Enter')
      await page.waitForLoadState()
      console.log('state', (await day.store.life.session(b))?.state)
      await page.locator('text=Reprendre la phase 1').focus()
      await page.keyboard.press('Space')
      await page.waitForSelector('#reason')
      await page.locator('#reason').focus()
      await page.keyboard.type('trop tôt')
      await page.keyboard.press('Enter')
      await page.waitForURL(/sessions\/\w{64}$/)
      console.log('state', (await day.store.life.session(b))?.state)
      await ctx.close()
    }
    await shoot('list', head, '/?all')
    await shoot('list-empty', empty, '/?all=1')
    await shoot('list-jury', juror, '/?all')
    await shoot('list-candidate', cand, '/')
    await shoot('session-prepared', head, `/sessions/${a}`)
    await shoot('session-training', head, `/sessions/${b}`)
    await shoot('session-open', head, `/sessions/${id}`)
    await shoot('session-jury', juror, `/sessions/${id}`)
    await shoot('session-watcher', watcher, `/sessions/${a}`)
    await shoot('session-candidate', cand, `/sessions/${b}`)
    await shoot('new', head, '/sessions/new')
    await shoot('new-wrong', head, '/sessions/new', async (page) => {
      await page.setInputFiles('#exam', {
        name: 'lyon.yaml',
        mimeType: 'text/yaml',
        buffer: Buffer.from(examText().replace('C9.1', 'C99.1')),
      })
      await page.setInputFiles('#session', {
        name: 'session-de-lyon-decembre-2026-salle-12.yaml',
        mimeType: 'text/yaml',
        buffer: Buffer.from(sessionText + 'couleur: bleu\n'),
      })
      await page.setInputFiles('#candidates', {
        name: 'liste.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from('code;place\nC01;A1\n'),
      })
      await page.click('text=Vérifier et préparer')
      await page.waitForSelector('.diagnostics')
    })
    await shoot('new-long', head, '/sessions/new', async (page) => {
      await page.setInputFiles('#exam', {
        name: 'lyon.yaml',
        mimeType: 'text/yaml',
        buffer: Buffer.alloc(9 * 1024 * 1024, 'x'),
      })
      await page.setInputFiles('#session', {
        name: 's.yaml',
        mimeType: 'text/yaml',
        buffer: Buffer.from(sessionText),
      })
      await page.click('text=Vérifier et préparer')
      await page.waitForSelector('#exam-problem')
    })
    await shoot('move-close', head, `/sessions/${id}/state/closed`)
    await shoot('move-back', head, `/sessions/${id}/state/collected`, async (page) => {
      await page.fill('#reason', ' ')
      await page.keyboard.press('Enter')
      await page.waitForSelector('#reason-problem')
    })
    await day.store.life.setState(b, 'running', 'collected', 'x')
    await shoot('move-open', head, `/sessions/${b}/state/open`)
    await shoot('member-wrong', head, `/sessions/${b}`, async (page) => {
      await page.click('section:has(> #members) >> text=Ajouter')
      await page.waitForLoadState()
    })
  } finally {
    await browser.close()
    await day.close()
  }
  console.log(JSON.stringify(report, null, 1))
  expect(report).toEqual([])
}, 300_000)
