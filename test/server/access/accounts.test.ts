import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hashPassword } from '../../../server/access/password.ts'
import { startExamDay, type ExamDay } from '../exam-day-server.ts'

const password = 'quatre mots sans rapport'
const code = 'x'.repeat(43)
let day: ExamDay
let clock: number
beforeEach(async () => {
  clock = Date.parse('2026-12-01T08:00:00Z')
  day = await startExamDay({ firstAccountCode: code, now: () => new Date(clock) })
})
afterEach(() => day.close())

const first = { name: 'resp', displayName: 'Responsable', password }
const cookieIn = (answer: { headers: Record<string, unknown> }, name = 'probant'): string =>
  [answer.headers['set-cookie']]
    .flat()
    .map((one) => String(one).split(';')[0] ?? '')
    .find((one) => one.startsWith(`${name}=`)) ?? ''
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
  it('is not made an hour after the start', async () => {
    clock += 3_599_000
    expect((await day.get(`/invitations/${code}`)).statusCode).toBe(200)
    clock += 1_000
    expect((await day.get(`/invitations/${code}`)).statusCode).toBe(410)
    expect((await day.post(`/invitations/${code}`, first)).statusCode).toBe(410)
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
  it('ends after twelve hours', async () => {
    const cookie = cookieIn(await attempt({ name: 'resp', password }))
    const inside = async () => (await day.app.inject({ url: '/account', headers: { cookie } })).statusCode
    clock += 12 * 3_600_000 - 1000
    expect(await inside()).toBe(200)
    clock += 1000
    expect(await inside()).toBe(303)
  })
  it('takes the name as a tablet types it', async () => {
    expect((await attempt({ name: ' Resp ', password })).statusCode).toBe(303)
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
    const entries = await day.store.journal.read({ limit: 100 })
    const refused = entries.find(({ contents }) => contents?.act === 'sign-in-refused')
    // Who tried isn't known: only whose account.
    expect(refused?.contents).toMatchObject({ actor: 'server', details: { account: 'resp' } })
    const all = JSON.stringify(entries)
    expect(all).not.toContain(password)
    expect(all).not.toContain('un essai manqué')
  })
})

describe('guessing a password', () => {
  beforeEach(async () => {
    await day.post(`/invitations/${code}`, first)
  })
  const from = (remoteAddress: string, typed: string, cookie = '') =>
    day.app.inject({
      method: 'POST',
      url: '/sign-in',
      remoteAddress,
      headers: {
        'sec-fetch-site': 'same-origin',
        'content-type': 'application/x-www-form-urlencoded',
        ...(cookie && { cookie }),
      },
      payload: new URLSearchParams({ name: 'resp', password: typed }).toString(),
    })

  it('is slowed down, and says for how long; also where all is tried at once', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => from('192.0.2.66', 'pas le bon mot')))
    expect(answers.filter((a) => a.statusCode === 401)).toHaveLength(5)
    const refused = answers.find((a) => a.statusCode === 429)
    expect(refused?.headers['retry-after']).toBe('1')
    expect(refused?.body).toContain('Réessayez dans 1 seconde.')
    // The right password, too: otherwise the answer would tell.
    expect((await from('192.0.2.66', password)).statusCode).toBe(429)
    clock += 1000
    expect((await from('192.0.2.66', password)).statusCode).toBe(303)
  })
  it('keeps nobody out of a browser that is known, from the same address either', async () => {
    const device = cookieIn(await from('192.0.2.1', password), 'probant-device')
    for (let i = 0; i < 30; i++) {
      await from('192.0.2.1', 'pas le bon mot')
      clock += 1000
    }
    expect((await from('192.0.2.1', password)).statusCode).toBe(429)
    expect((await from('192.0.2.1', password, device)).statusCode).toBe(303)
    const forged = device.replace(/=./, '=x')
    expect((await from('192.0.2.1', password, forged)).statusCode).toBe(429)
  })
  it('takes a browser that is known for somebody else as a stranger’s', async () => {
    const juror = await day.store.accounts.add({ name: 'juree', displayName: 'J', role: 'jury' }, 'test')
    await day.store.accounts.setPassword(juror.account, await hashPassword(password), 'test')
    const device = cookieIn(await day.post('/sign-in', { name: 'juree', password }), 'probant-device')
    const own = cookieIn(await from('192.0.2.8', password), 'probant-device')
    for (let i = 0; i < 20; i++) await from(`198.51.100.${i}`, 'pas le bon mot')
    const held = await from('192.0.2.7', password, device)
    expect([held.statusCode, held.headers['retry-after']]).toEqual([429, '3'])
    expect((await from('192.0.2.7', password, own)).statusCode).toBe(303)
  })
  it('has a ceiling, and a page that says so', async () => {
    const answers = []
    for (let i = 0; i < 301; i++) answers.push(await day.get('/sign-in'))
    expect(answers.slice(0, 300).every((a) => a.statusCode === 200)).toBe(true)
    const last = answers.at(-1)
    expect(last?.statusCode).toBe(429)
    expect(last?.headers['retry-after']).toBeDefined()
    expect(last?.headers['content-type']).toContain('text/html')
    expect(last?.body).toContain('Trop de demandes')
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
  it('keep a responsable who can really sign in: an invitation is no way in yet', async () => {
    const responsable = await day.signIn('responsable')
    const second = await day.store.accounts.add(
      { name: 'second', displayName: 'Second', role: 'responsable' },
      'test',
    )
    const disable = () => day.post(`/accounts/${responsable.account.account}/disable`, {}, responsable)
    const refused = await disable()
    expect(refused.statusCode).toBe(409)
    expect(refused.body).toContain('Invitez-en un autre d’abord')
    await day.store.accounts.setPassword(second.account, 'x', 'test')
    expect((await disable()).statusCode).toBe(303)
  })
  it('that do not exist are not said to be the last responsable', async () => {
    const responsable = await day.signIn('responsable')
    const nobody = '/accounts/00000000-0000-4000-8000-000000000000'
    for (const path of [nobody, `${nobody}/disable`, `${nobody}/enable`, `${nobody}/invitation`])
      expect((await day.post(path, { displayName: 'x' }, responsable)).statusCode, path).toBe(404)
  })
  it('are shown under another name, and nothing else of them changes', async () => {
    const responsable = await day.signIn('responsable')
    const jury = await day.signIn('jury', 'juree')
    const path = `/accounts/${jury.account.account}`
    expect((await day.get(path, responsable)).body).toContain('value="juree"')
    expect((await day.post(path, { displayName: '   ' }, responsable)).statusCode).toBe(422)
    const form = { displayName: 'Mme Petit', role: 'responsable', name: 'autre' }
    expect((await day.post(path, form, responsable)).statusCode).toBe(303)
    expect(await day.store.accounts.byId(jury.account.account)).toEqual({
      ...jury.account,
      displayName: 'Mme Petit',
    })
    expect(await acts()).toContain('account-changed')
  })
  it('do not share a sign-in name, however it is typed', async () => {
    const responsable = await day.signIn('responsable')
    const add = (name: string) =>
      day.post('/accounts', { name, displayName: 'Jury', role: 'jury' }, responsable)
    const both = await Promise.all([add('jury1'), add('Jury1')])
    expect(both.map((a) => a.statusCode).sort()).toEqual([201, 422])
    expect(both.find((a) => a.statusCode === 422)?.body).toContain('déjà pris')
  })
  it('change their password by the present one only, and not by trying', async () => {
    await day.post(`/invitations/${code}`, first)
    const signedIn = cookieIn(await day.post('/sign-in', { name: 'resp', password }))
    const change = (present: string, wanted: string) =>
      day.app.inject({
        method: 'POST',
        url: '/account/password',
        headers: {
          cookie: signedIn,
          'sec-fetch-site': 'same-origin',
          'content-type': 'application/x-www-form-urlencoded',
        },
        payload: new URLSearchParams({ present, password: wanted }).toString(),
      })
    const weak = await change(password, 'court')
    expect([weak.statusCode, weak.body.includes('12 caractères')]).toEqual([422, true])
    for (let i = 0; i < 5; i++)
      expect((await change('pas le bon', 'cinq mots bien inconnus')).statusCode).toBe(422)
    const held = await change(password, 'cinq mots bien inconnus')
    expect(held.statusCode).toBe(429)
    // It was not looked at, so it is not said to be wrong.
    expect(held.body).not.toContain('actuel est incorrect')
    clock += 1000
    expect((await change(password, 'cinq mots bien inconnus')).statusCode).toBe(200)
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
