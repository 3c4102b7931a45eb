import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hashPassword, passwordHolds, passwordProblem } from '../../../server/access/password.ts'
import { SignInThrottle } from '../../../server/access/throttle.ts'
import { startExamDay, type ExamDay } from '../exam-day-server.ts'

const password = 'quatre mots sans rapport'
const code = 'x'.repeat(43)
let day: ExamDay
beforeEach(async () => {
  day = await startExamDay({ firstAccountCode: code })
})
afterEach(() => day.close())

const first = { name: 'resp', displayName: 'Responsable', password }
const cookieIn = (answer: { headers: Record<string, unknown> }): string =>
  String([answer.headers['set-cookie']].flat()[0]).split(';')[0] ?? ''
const acts = async () => (await day.store.journal.read({ limit: 100 })).map(({ contents }) => contents?.act)

describe('the first account', () => {
  it('is made by the link of the console, once, and signs in', async () => {
    const made = await day.post(`/invitations/${code}`, first)
    expect(made.statusCode).toBe(303)
    expect(String(made.headers['set-cookie'])).toMatch(/HttpOnly.*SameSite=Strict/)
    const [account] = await day.store.accounts.list()
    expect(account).toMatchObject({ name: 'resp', role: 'responsable' })
    expect((await day.post(`/invitations/${code}`, { ...first, name: 'autre' })).statusCode).toBe(410)
    expect(await day.store.accounts.count()).toBe(1)
  })
  it('of two browsers at once, one makes it', async () => {
    const both = await Promise.all([
      day.post(`/invitations/${code}`, first),
      day.post(`/invitations/${code}`, { ...first, name: 'second' }),
    ])
    expect(both.map((a) => a.statusCode).sort()).toEqual([303, 410])
  })
  it.each([
    ['a short password', { ...first, password: 'court' }, '12 caractères'],
    [
      'a password that holds the name',
      { ...first, name: 'responsable', password: 'responsable-2026' },
      'devine',
    ],
    ['a bad name', { ...first, name: 'é' }, '2 à 32'],
  ])('is not made with %s, and says so', async (_, form, sentence) => {
    const answer = await day.post(`/invitations/${code}`, form)
    expect(answer.statusCode).toBe(422)
    expect(answer.body).toContain(sentence)
    expect(answer.body).not.toContain(form.password)
    expect(await day.store.accounts.count()).toBe(0)
  })
  it('is not made by another code', async () => {
    expect((await day.post('/invitations/guess', first)).statusCode).toBe(410)
  })
})

describe('signing in', () => {
  beforeEach(async () => {
    await day.post(`/invitations/${code}`, first)
  })
  const attempt = (form: Record<string, string>) => day.post('/sign-in', form)

  it('needs the right password, and says the same of an unknown account', async () => {
    const wrong = await attempt({ name: 'resp', password: 'pas le bon mot de passe' })
    const unknown = await attempt({ name: 'personne', password: 'pas le bon mot de passe' })
    expect([wrong.statusCode, unknown.statusCode]).toEqual([401, 401])
    expect(wrong.body.replaceAll('resp', '')).toBe(
      unknown.body.replaceAll('personne', '').replaceAll('resp', ''),
    )
    const right = await attempt({ name: 'resp', password })
    expect(right.statusCode).toBe(303)
    const page = await day.app.inject({ url: '/accounts', headers: { cookie: cookieIn(right) } })
    expect(page.statusCode).toBe(200)
  })
  it('goes back to where one came from, and never elsewhere', async () => {
    const to = async (path: string) => (await attempt({ name: 'resp', password, to: path })).headers.location
    expect(await to('/sessions/abc?x=1')).toBe('/sessions/abc?x=1')
    for (const elsewhere of [
      '//evil.example/',
      '/\\evil.example',
      'https://evil.example/',
      '/\t/evil.example',
    ])
      expect(await to(elsewhere), elsewhere).toBe('/')
  })
  it('ends with signing out, with a new password, and with the account', async () => {
    const cookie = cookieIn(await attempt({ name: 'resp', password }))
    const inside = async (shown = cookie) =>
      (await day.app.inject({ url: '/account', headers: { cookie: shown } })).statusCode
    const post = (url: string, payload = '', shown = cookie) =>
      day.app.inject({
        method: 'POST',
        url,
        payload,
        headers: {
          cookie: shown,
          'sec-fetch-site': 'same-origin',
          'content-type': 'application/x-www-form-urlencoded',
        },
      })
    expect(await inside()).toBe(200)
    await post('/sign-out')
    expect(await inside()).toBe(303)

    const another = cookieIn(await attempt({ name: 'resp', password }))
    const third = cookieIn(await attempt({ name: 'resp', password }))
    const changed = await post(
      '/account/password',
      new URLSearchParams({ present: password, password: 'cinq autres mots inconnus' }).toString(),
      another,
    )
    expect(changed.statusCode).toBe(200)
    expect(await inside(third)).toBe(303)
    expect(await inside(another)).toBe(303)
    expect(await inside(cookieIn(changed))).toBe(200)
    expect((await attempt({ name: 'resp', password })).statusCode).toBe(401)
  })
  it('does not take a cookie that was changed, or signed by nobody', async () => {
    const cookie = cookieIn(await attempt({ name: 'resp', password }))
    for (const forged of [`${cookie}x`, cookie.replace(/\..*/, ''), 'probant=abc.def', 'probant='])
      expect((await day.app.inject({ url: '/account', headers: { cookie: forged } })).statusCode).toBe(303)
  })
  it('refuses what another site has the browser send', async () => {
    const cookie = cookieIn(await attempt({ name: 'resp', password }))
    for (const headers of [
      { cookie, 'sec-fetch-site': 'cross-site' },
      { cookie, 'sec-fetch-site': 'same-site' },
      { cookie, origin: 'https://evil.example' },
      { cookie },
    ]) {
      const answer = await day.app.inject({ method: 'POST', url: '/sign-out', headers })
      expect(answer.statusCode).toBe(403)
    }
    expect((await day.app.inject({ url: '/account', headers: { cookie } })).statusCode).toBe(200)
  })
  it('keeps each act in the journal, and no password anywhere', async () => {
    await attempt({ name: 'resp', password: 'un essai manqué' })
    await attempt({ name: 'resp', password })
    expect(await acts()).toEqual(expect.arrayContaining(['account-made', 'sign-in-refused', 'signed-in']))
    const all = JSON.stringify(await day.store.journal.read({ limit: 100 }))
    expect(all).not.toContain(password)
    expect(all).not.toContain('un essai manqué')
  })
})

describe('accounts', () => {
  it('are made by an invitation that works once', async () => {
    const responsable = await day.signIn('responsable')
    const made = await day.post(
      '/accounts',
      { name: 'jury1', displayName: 'Jury 1', role: 'jury' },
      responsable,
    )
    expect(made.statusCode).toBe(201)
    const link = /\/invitations\/([\w-]{43})/.exec(made.body)?.[1] ?? ''
    expect((await day.get(`/invitations/${link}`)).body).toContain('jury1')
    expect((await day.post(`/invitations/${link}`, { password })).statusCode).toBe(303)
    expect((await day.post(`/invitations/${link}`, { password })).statusCode).toBe(410)
    expect((await day.get('/accounts', responsable)).body).not.toContain(link)
    expect((await day.post('/sign-in', { name: 'jury1', password })).statusCode).toBe(303)
  })
  it('that are disabled are out at once, and the last responsable stays', async () => {
    const responsable = await day.signIn('responsable')
    const jury = await day.signIn('jury')
    expect((await day.get('/account', jury)).statusCode).toBe(200)
    await day.post(`/accounts/${jury.account.account}/disable`, {}, responsable)
    expect((await day.get('/account', jury)).statusCode).toBe(303)
    const last = await day.post(`/accounts/${responsable.account.account}/disable`, {}, responsable)
    expect(last.statusCode).toBe(409)
  })
  it('have tokens for scripts, which end when revoked', async () => {
    const responsable = await day.signIn('responsable')
    const made = await day.post('/account/tokens', { label: 'push' }, responsable)
    const token = /probant_[\w-]{43}/.exec(made.body)?.[0] ?? ''
    const asked = () =>
      day.app.inject({ url: '/api/v1/sessions', headers: { authorization: `Bearer ${token}` } })
    expect((await asked()).statusCode).toBe(200)
    const [kept] = await day.store.accounts.tokens(responsable.account.account)
    await day.post(`/account/tokens/${kept?.tokenHash}/revoke`, {}, responsable)
    expect((await asked()).statusCode).toBe(401)
  })
})

describe('the throttle', () => {
  let clock = 0
  const at = new SignInThrottle(() => clock)
  it('slows down guessing, for the one who guesses', () => {
    for (let i = 0; i < 12; i++) at.failed('10.0.0.66', 'resp')
    expect(at.wait('10.0.0.66', 'resp')).toBeGreaterThan(60_000)
    expect(at.wait('10.0.0.7', 'resp')).toBe(0)
  })
  it('can’t be used to lock somebody out: wherever he has signed in before he gets in at once', () => {
    at.succeeded('10.0.0.5', 'resp')
    for (let source = 0; source < 5000; source++) at.failed(`10.1.${source >> 8}.${source & 255}`, 'resp')
    expect(at.wait('10.0.0.5', 'resp')).toBe(0)
    expect(at.wait('10.0.0.9', 'resp')).toBeLessThanOrEqual(30_000)
  })
  it('forgets', () => {
    clock += 3_600_001
    expect(at.wait('10.0.0.66', 'resp')).toBe(0)
  })
  it('does not hurt a room behind one address', () => {
    for (let person = 0; person < 20; person++)
      for (let typo = 0; typo < 3; typo++) at.failed('192.0.2.1', `p${person}`)
    expect(at.wait('192.0.2.1', 'p1')).toBe(0)
  })
})

describe('passwords', () => {
  it('are kept as argon2id and known again', async () => {
    const kept = await hashPassword(password)
    expect(kept).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await passwordHolds(password, kept)).toBe(true)
    expect(await passwordHolds(`${password} `, kept)).toBe(false)
    expect(await passwordHolds(password, null)).toBe(false)
    expect(await hashPassword(password)).not.toBe(kept)
  })
  it.each(['aaaaaaaaaaaaaaaa', 'motdepasse2026', 'Probant2026!!!'])('“%s” is refused', (weak) => {
    expect(passwordProblem(weak, 'x')).not.toBeNull()
  })
})
