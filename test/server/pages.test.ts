import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { criterion, readingOrder } from '../../checks/referential/referential.ts'
import { withFollowUps } from '../../server/dossier/follow-ups.ts'
import { layOut } from '../../server/pages/dossier/outline.ts'
import { bytes, day, dayAndTime, duration, typeset } from '../../server/pages/typography.ts'
import { segments, visible } from '../../checks/visible.ts'
import { createAgentToken, hashToken } from '../../server/store/agent-token.ts'
import type { Store } from '../../server/store/store.ts'
import { isRefusal, verifyRun } from '../../server/store/verified-run.ts'
import {
  startExamDay,
  testReferential as referential,
  type ExamDay,
  type SignedIn,
} from './exam-day-server.ts'
import { hostile, makeKey, makeRun, sessionId, type FixtureOptions } from './run-fixture.ts'

describe('what can’t be seen', () => {
  it.each([
    ['\u001b[31m', '‹ESC›[31m'],
    ['a\u0000b\u007fc', 'a‹NUL›b‹DEL›c'],
    ['gpj.\u202Eexe', 'gpj.‹U+202E›exe'],
    ['z\u200B\u200D', 'z‹U+200B›‹U+200D›'],
    ['\u0085\u2028\uFEFF', '‹U+0085›‹U+2028›‹U+FEFF›'],
    ['\uD800x', '‹U+D800›x'],
    ['\u{E0041}', '‹U+E0041›'],
    ['une\nligne\tici\r\n', 'une\nligne\tici‹CR›\n'],
    [`e${'\u0301'.repeat(40)}`, `e${'\u0301'.repeat(4)}‹+36›`],
    ['Chloé, œuvre, 日本語, العربية', 'Chloé, œuvre, 日本語, العربية'],
  ])('is shown: %j', (text, shown) => expect(visible(text)).toBe(shown))

  it('is told apart from the same signs written out', () => {
    expect(segments('‹ESC›\u001b')).toEqual([
      { text: '‹ESC›', control: false },
      { text: '‹ESC›', control: true },
    ])
  })
})

describe('French typography', () => {
  it('sets narrow no-break spaces, and none where none was', () => {
    expect(typeset('Quoi ? « Rien » ; http://a:80', 'fr')).toBe(
      'Quoi\u202F? «\u202FRien\u202F»\u202F; http://a:80',
    )
    expect(typeset('Why ?', 'en')).toBe('Why ?')
  })
  it('writes dates, times, durations and sizes', () => {
    const plain = (text: string) => text.replace(/[\u00A0\u202F]/g, ' ')
    expect(plain(day('2026-12-01', 'fr'))).toBe('1er décembre 2026')
    expect(plain(day('2026-12-02', 'en'))).toBe('2 December 2026')
    expect(plain(dayAndTime('2026-12-01T13:05:07Z', 'Europe/Paris', 'fr'))).toBe('1er décembre 2026, 14 h 05')
    expect(plain(dayAndTime('2026-11-30T22:30:00Z', 'Indian/Reunion', 'fr'))).toBe(
      '1er décembre 2026, 02 h 30',
    )
    expect(plain(duration(61_250, 'fr'))).toBe('61,3 s')
    expect(plain(bytes(24_576, 'fr'))).toBe('24,6 Ko')
  })
})

describe('the pages', () => {
  let site: ExamDay
  let store: Store
  /** A responsable, whose every session without members is. */
  let reader: SignedIn
  const key = makeKey()

  let token: string
  const keep = async (options: FixtureOptions) => {
    const verified = await verifyRun(makeRun(key, options))
    const agent = await store.agentByToken(hashToken(token))
    if (isRefusal(verified) || !agent) throw new Error('fixture')
    await store.receive(verified, agent)
    await store.life.setState(verified.run.session.id, 'collected', 'open', 'test')
    return verified.run
  }
  const page = async (path: string, cookie = '') => {
    const headers = { cookie: [reader.cookie, cookie].filter(Boolean).join('; ') }
    const answer = await site.app.inject({ url: path, headers })
    return { ...answer, text: answer.body.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ') }
  }

  beforeAll(async () => {
    site = await startExamDay()
    store = site.store
    reader = await site.signIn('responsable')
    token = await createAgentToken(store, 'poste')
    await keep({ n: 1 })
    await keep({ n: 2, broken: true, complete: false })
    await keep({ n: 3, says: hostile, session: 'piège' })
    await keep({ n: 4, session: 'ccs', certificate: 'CCS1' })
  })
  afterAll(() => site.close())
  const dossierOf = (session: string, n: number) => `/sessions/${sessionId(session)}/candidates/C0${n}`

  it('lay a dossier out in the reading order of its certificate, every criterion in its official wording', async () => {
    const { body } = await page(dossierOf('lyon', 1))
    const order = [...body.matchAll(/<section class="competency" id="(\w+)"/g)].map((m) => m[1])
    expect(order).toEqual(readingOrder(referential, 'TITRE'))
    const criteria = [...body.matchAll(/<section class="criterion(?: bare)?" id="([\w.]+)"/g)].map(
      (m) => m[1] ?? '',
    )
    expect(criteria).toEqual(
      order.flatMap(
        (id) => referential.competencies.find((c) => c.id === id)?.criteria.map((k) => k.id) ?? [],
      ),
    )
    expect(body).toContain(criterion(referential, 'C8.1')?.label)
  })

  it('say of a criterion that no machine can observe that it is the jury’s, with the reason', async () => {
    const { body } = await page(dossierOf('lyon', 1))
    const section = (id: string) => body.split(`id="${id}"`)[1]?.split('</section>')[0] ?? ''
    expect(section('C2.1')).toContain('à apprécier par le jury')
    expect(section('C2.1')).toContain(criterion(referential, 'C2.1')?.why.fr.slice(0, 30))
    expect(section('C1.1')).toContain('non couvert par le sujet')
    expect(section('C8.1')).not.toContain('non couvert par le sujet')
  })

  it('print a demand of several criteria once, and refer to it elsewhere', async () => {
    const { body } = await page(dossierOf('lyon', 1))
    const printed = [...body.matchAll(/<article class="demand" id="(demande-\d+)"/g)].map((m) => m[1])
    expect(new Set(printed).size).toBe(printed.length)
    expect(body.match(/href="#demande-\d+"/g)?.length).toBeGreaterThan(0)
    for (const [, id] of body.matchAll(/href="#(demande-\d+)"/g)) expect(printed).toContain(id)
    for (const [, id] of body.matchAll(/href="#(releve-\w+)"/g)) expect(body).toContain(`id="${id}"`)
  })

  it('hold every demand and every finding of the run, whatever the certificate', async () => {
    for (const [session, n] of [
      ['lyon', 1],
      ['ccs', 4],
    ] as const) {
      const { body } = await page(dossierOf(session, n))
      const dossier = await store.dossier(sessionId(session), `C0${n}`)
      expect(body.match(/<article class="demand"/g)).toHaveLength(dossier?.run.exam.demands.length ?? 0)
      expect(body.match(/<details class="finding/g)).toHaveLength(dossier?.findings.length ?? 0)
    }
    expect((await page(dossierOf('ccs', 4))).text).toContain('Demandes hors de la certification')
  })

  it('never add verdicts up', async () => {
    for (const path of [dossierOf('lyon', 1), `/sessions/${sessionId('lyon')}/jury`])
      expect((await page(path)).text).not.toMatch(
        /\bacquis|réussi|total|\d+ ?\/ ?\d+|\d+ ?\/ ?\d+ (demandes|critères|constats)|\d ?%/,
      )
  })

  it('speak French, English behind a switch that a cookie keeps', async () => {
    const french = await page('/')
    expect(french.body).toContain('<html lang="fr">')
    const english = await page('/?lang=en')
    expect(english.body).toContain('<html lang="en">')
    const cookie = String(english.headers['set-cookie']).split(';')[0] ?? ''
    expect((await page(dossierOf('lyon', 1), cookie)).text).toContain('What could not be verified')
    expect((await page('/?lang=fr', cookie)).body).toContain('<html lang="fr">')
  })

  it('let nothing of what a machine says become markup', async () => {
    for (const path of ['/', `/sessions/${sessionId('piège')}`, `${dossierOf('piège', 3)}?detail=raw`]) {
      const { body } = await page(path)
      expect(body).not.toMatch(/<script|<img|<svg\/|onerror="|<style|javascript:(?!window\.pwned=4&quot;)/)
      expect(body).not.toMatch(/ style=/)
      // eslint-disable-next-line no-control-regex
      expect(body).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b]/)
    }
  })

  it('send a content security policy without exceptions', async () => {
    const policy = String((await page('/')).headers['content-security-policy'])
    expect(policy).toContain("default-src 'self'")
    expect(policy).not.toMatch(/unsafe|upgrade-insecure-requests|data:|\*/)
  })

  it('show an observation whole on its own page, only under its own candidate', async () => {
    const dossier = await store.dossier(sessionId('lyon'), 'C01')
    const long = [...(dossier?.observations.values() ?? [])].find(
      (o) => o.answer === null && o.answerBytes > 0,
    )
    const path = (n: number) => `${dossierOf('lyon', n)}/runs/${dossier?.run.id}/observations/${long?.key}`
    expect((await page(path(1))).text).toContain('paquet-3999')
    expect((await page(path(2))).statusCode).toBe(404)
  })

  it.each(['/nowhere', '/sessions/x', '/sessions/x/candidates/%3Cscript%3E', `/sessions/${'0'.repeat(64)}`])(
    'say in words that there is nothing at %s',
    async (path) => {
      const { statusCode, text } = await page(path)
      expect([statusCode, text.includes('Rien ici sous ce nom')]).toEqual([404, true])
    },
  )

  it('survive a référentiel that the server does not know, and a certificate that it does not have', async () => {
    const dossier = await store.dossier(sessionId('lyon'), 'C01')
    if (!dossier) throw new Error('fixture')
    const demands = withFollowUps(dossier, [])
    expect(layOut(dossier.run, demands, null).elsewhere).toHaveLength(dossier.run.exam.demands.length)
    const unknown = { ...dossier.run, exam: { ...dossier.run.exam, certificate: 'CCP9' } }
    expect(layOut(unknown, demands, referential).elsewhere).toHaveLength(dossier.run.exam.demands.length)
  })
})
