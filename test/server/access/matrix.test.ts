import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sessionStates, type SessionState } from '../../../server/session-life/state.ts'
import type { Role } from '../../../server/access/role.ts'
import { createAgentToken, hashToken } from '../../../server/store/agent-token.ts'
import { isRefusal, verifyRun } from '../../../server/store/verified-run.ts'
import { startExamDay, type ExamDay, type SignedIn } from '../exam-day-server.ts'
import { makeKey, makeRun, sessionId } from '../run-fixture.ts'

/**
 * Who may ask what, written down once more and by hand: a route that says something else, or that isn't here, fails. In
 * `states`, absent means all of them.
 */
type May =
  | 'anybody'
  | 'signed-in'
  | 'agents'
  | {
      readonly roles: readonly Role[]
      readonly states?: readonly SessionState[]
      /** A role that may in fewer states than the others. */
      readonly except?: Partial<Record<Role, readonly SessionState[]>>
      /** A candidate, for what is his own in a training, from the start of phase 1 on. */
      readonly ownTraining?: true
    }

const alive = ['prepared', 'preflight', 'running', 'collected', 'open', 'closed'] as const
const day = ['prepared', 'preflight', 'running', 'collected'] as const
const judged = ['open', 'closed'] as const
const watchers: May = { roles: ['responsable', 'surveillant'], states: alive }
const runners: May = { roles: ['responsable', 'surveillant'], states: day }
const readers: May = { roles: ['jury', 'responsable'], states: judged }
const writers: May = { roles: ['jury'], states: ['open'] }
const responsable: May = { roles: ['responsable'] }
/** Readers, and a candidate of a training for what is his own. */
const readersAndOwner: May = { roles: ['jury', 'responsable'], states: judged, ownTraining: true }
const training: readonly SessionState[] = ['running', 'collected', 'open', 'closed']

const allowed: Readonly<Record<string, May>> = {
  'GET /assets/*': 'anybody',
  'GET /api/openapi.json': 'anybody',
  'GET /sign-in': 'anybody',
  'POST /sign-in': 'anybody',
  'GET /invitations/:code': 'anybody',
  'POST /invitations/:code': 'anybody',
  'GET /oidc/*': 'anybody',
  'POST /api/v1/agent/enrol': 'anybody',
  'POST /api/v1/agent/*': 'agents',
  'POST /api/v1/runs': 'agents',
  'GET /': 'signed-in',
  'POST /sign-out': 'signed-in',
  'GET /account': 'signed-in',
  'POST /account/password': 'signed-in',
  'POST /account/sign-out-everywhere': 'signed-in',
  'GET /api/v1/sessions': 'signed-in',
  'POST /account/tokens': responsable,
  'POST /account/tokens/:token/revoke': responsable,
  'GET /accounts': responsable,
  'GET /accounts/*': responsable,
  'POST /accounts': responsable,
  'POST /accounts/*': responsable,
  'GET /agents': responsable,
  'POST /agents/*': responsable,
  'GET /journal': responsable,
  'GET /api/v1/chain': responsable,
  'GET /sessions/new': responsable,
  'POST /sessions/new': responsable,
  'POST /api/v1/sessions': responsable,
  'GET /sessions/:session': { roles: ['responsable', 'surveillant', 'jury'], ownTraining: true },
  'POST /sessions/:session/state': responsable,
  'GET /sessions/:session/state/:to': responsable,
  'POST /sessions/:session/members': responsable,
  'POST /sessions/:session/members/:account/remove': responsable,
  'POST /sessions/:session/settings': responsable,
  'GET /sessions/:session/journal': responsable,
  'GET /sessions/:session/retention': responsable,
  'POST /sessions/:session/retention': responsable,
  'POST /sessions/:session/purge': responsable,
  'GET /sessions/:session/candidates/:code/data': responsable,
  'GET /sessions/:session/candidates/:code/data.json': responsable,
  'GET /sessions/:session/watch': watchers,
  'GET /sessions/:session/watch/events': watchers,
  'GET /sessions/:session/watch/receipt': watchers,
  'GET /sessions/:session/watch/:code': runners,
  'POST /sessions/:session/watch/incidents': {
    roles: ['responsable', 'surveillant'],
    states: [...day, 'open'],
  },
  'POST /sessions/:session/watch/*': runners,
  'GET /sessions/:session/files': {
    roles: ['responsable', 'surveillant', 'jury'],
    states: alive,
    except: { jury: judged },
  },
  'GET /sessions/:session/files/incidents.pdf': watchers,
  'GET /sessions/:session/files/receipt.pdf': watchers,
  'GET /sessions/:session/files/*': readers,
  'GET /sessions/:session/jury': readers,
  'GET /sessions/:session/candidates/:code': readersAndOwner,
  'GET /sessions/:session/candidates/:code/runs/:run/observations/:key': readersAndOwner,
  'GET /sessions/:session/candidates/:code/*': readers,
  'GET /sessions/:session/candidates/:code/runs/:run/findings/:ordinal/contest': writers,
  'POST /sessions/:session/candidates/:code/*': writers,
  'GET /api/v1/sessions/:session*': readers,
  'GET /api/v1/runs/*': readers,
}

/** The longest pattern that fits wins. */
function mayOf(method: string, url: string): May | undefined {
  const name = `${method === 'HEAD' ? 'GET' : method} ${url}`
  return Object.entries(allowed)
    .filter(([pattern]) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern))
    .sort(([a], [b]) => b.length - a.length)[0]?.[1]
}

const roles: readonly Role[] = ['responsable', 'surveillant', 'jury', 'candidate']
let server: ExamDay
const people = new Map<Role, SignedIn>()
let agentToken: string
const own = { session: sessionId('lyon'), run: '', key: '' }
const foreign = { session: sessionId('autre'), run: '', key: '' }
let stranger: SignedIn

async function deliver(name: string, token: string): Promise<{ run: string; key: string }> {
  const run = makeRun(makeKeyOnce, { n: 1, session: name })
  const verified = await verifyRun(run)
  if (isRefusal(verified)) throw new Error(verified.detail)
  await server.store.receive(verified, (await server.store.agentByToken(hashToken(token)))!)
  return { run: run.id, key: Object.keys(run.observations)[0]! }
}
const makeKeyOnce = makeKey()

beforeAll(async () => {
  server = await startExamDay()
  agentToken = await createAgentToken(server.store, 'poste')
  Object.assign(own, await deliver('lyon', agentToken))
  Object.assign(foreign, await deliver('autre', agentToken))
  stranger = await server.signIn('responsable', 'autre-responsable')
  await server.store.life.addMember(foreign.session, stranger.account.account, null, 'test')
  for (const role of roles) {
    const person = await server.signIn(role, `${role}-1`)
    people.set(role, person)
    await server.store.life.addMember(
      own.session,
      person.account.account,
      role === 'candidate' ? 'C01' : null,
      'test',
    )
  }
})
afterAll(() => server.close())

async function setState(to: SessionState): Promise<void> {
  const { state } = (await server.store.life.session(own.session))!
  if (state !== to) await server.store.life.setState(own.session, state, to, 'test')
}

/** Asks one route and says how it was answered, as far as access goes. */
async function ask(
  method: string,
  url: string,
  who: SignedIn | null,
  where: typeof own,
): Promise<'let in' | 'not signed in' | 'forbidden' | 'not there'> {
  const path = url
    .replace(':session', where.session)
    .replace(':run', where.run)
    .replace(':key', where.key)
    .replace(':code', url.includes('invitations') ? 'x' : 'C01')
    .replace(':account', who?.account.account ?? '00000000-0000-4000-8000-000000000000')
    .replace(/:\w+/g, 'x')
  const answer = await server.app.inject({
    method: method as 'GET',
    url: path,
    headers: {
      ...(who && { cookie: who.cookie }),
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/x-www-form-urlencoded',
    },
    ...(method === 'POST' && { payload: '' }),
  })
  if (answer.statusCode === 401) return 'not signed in'
  if (answer.statusCode === 303 && String(answer.headers.location).startsWith('/sign-in?'))
    return 'not signed in'
  if (answer.statusCode === 303 && answer.headers.location === '/sign-in' && url !== '/sign-out')
    return 'not signed in'
  if (answer.statusCode === 403) return 'forbidden'
  if (answer.statusCode === 404) return 'not there'
  return 'let in'
}

/** Streams never end by themselves, and these end the sign-in that the next ones need. */
const notAsked = (url: string) =>
  url.endsWith('/events') || url === '/sign-out' || url === '/account/sign-out-everywhere'

describe('the authorisation matrix', () => {
  it('knows every route', () => {
    const unknown = server.app.accessOfRoutes
      .filter(({ method, url }) => mayOf(method, url) === undefined)
      .map(({ method, url }) => `${method} ${url}`)
    expect(unknown).toEqual([])
    expect(server.app.accessOfRoutes.length).toBeGreaterThan(50)
  })

  it('states of each route what is written here', () => {
    for (const { method, url, access } of server.app.accessOfRoutes) {
      const may = mayOf(method, url)
      const said = access === 'public' ? 'anybody' : access === 'agent' ? 'agents' : access
      if (typeof may === 'string') expect([url, said]).toEqual([url, may])
      else expect([url, typeof said]).toEqual([url, 'object'])
    }
  })

  it('lets nobody in who is not signed in', async () => {
    for (const { method, url } of server.app.accessOfRoutes) {
      if (mayOf(method, url) === 'anybody' || notAsked(url)) continue
      expect([method, url, await ask(method, url, null, own)]).toEqual([method, url, 'not signed in'])
    }
  })

  it('takes an account for no agent, and an agent for no account', async () => {
    for (const { method, url, access } of server.app.accessOfRoutes) {
      if (notAsked(url)) continue
      if (access === 'agent')
        for (const role of roles)
          expect([url, role, await ask(method, url, people.get(role)!, own)]).toEqual([
            url,
            role,
            'not signed in',
          ])
      else if (mayOf(method, url) !== 'anybody') {
        const answer = await server.app.inject({
          method: method as 'GET',
          url: url.replace(':session', own.session).replace(':run', own.run).replace(/:\w+/g, 'C01'),
          headers: { authorization: `Bearer ${agentToken}` },
        })
        expect([401, 303]).toContain(answer.statusCode)
      }
    }
  })

  it.each(sessionStates)('holds for every route and role while the session is %s', async (state) => {
    await setState(state)
    const holes: unknown[] = []
    for (const { method, url } of server.app.accessOfRoutes) {
      const may = mayOf(method, url)
      if (typeof may !== 'object' || notAsked(url)) continue
      // What would change the state itself, or end the session, is looked at for those who may not.
      const changes = /\/(state|purge|members\/:account\/remove|disable)$/.test(url)
      for (const role of roles) {
        const inSession = /:(session|run)/.test(url)
        const may1 =
          (may.roles.includes(role) &&
            (!inSession || (may.except?.[role] ?? may.states ?? sessionStates).includes(state))) ||
          (role === 'candidate' && may.ownTraining === true && training.includes(state))
        if (may1 && changes) continue
        const got = await ask(method, url, people.get(role)!, own)
        const denied = got === 'forbidden' || got === 'not there' || got === 'not signed in'
        const wrong = may1 ? got === 'forbidden' || got === 'not signed in' : !denied
        if (wrong) holes.push({ method, url, role, state, got })
      }
    }
    expect(holes).toEqual([])
  })

  it('shows nobody a session that is not his own: it answers as one that does not exist', async () => {
    for (const { method, url } of server.app.accessOfRoutes) {
      if (!/:(session|run)/.test(url) || notAsked(url)) continue
      for (const role of roles)
        expect([method, url, role, await ask(method, url, people.get(role)!, foreign)]).toEqual([
          method,
          url,
          role,
          'not there',
        ])
    }
  })
})

describe('a candidate', () => {
  it('sees his own training once there is something, never a neighbour’s', async () => {
    await setState('open')
    const candidate = people.get('candidate')!
    expect((await server.get(`/sessions/${own.session}/candidates/C01`, candidate)).statusCode).toBe(200)
    expect((await server.get(`/sessions/${own.session}/candidates/C02`, candidate)).statusCode).toBe(404)
  })

  it('sees nothing of an examination, even where somebody made him a member of it', async () => {
    const id = 'e'.repeat(64)
    const candidate = people.get('candidate')!
    await server.store.life.create({
      session: {
        id,
        title: 'Examen',
        date: '2026-12-01',
        exam: 'Sujet',
        purpose: 'examination',
        referential: 'tp-01351-01',
        certificate: 'TITRE',
        launch: 'hand',
        minutes: 90,
        purgeAfter: null,
      },
      files: [{ name: 'session.yaml', text: 'x' }],
      candidates: [{ code: 'C01', seat: null, name: null, extraMinutes: 0 }],
      by: { account: stranger.account.account, name: 'test' },
    })
    await server.store.life.addMember(id, candidate.account.account, 'C01', 'test')
    for (const state of sessionStates) {
      const { state: before } = (await server.store.life.session(id))!
      if (before !== state) await server.store.life.setState(id, before, state, 'test')
      for (const { method, url } of server.app.accessOfRoutes) {
        if (!/:session/.test(url) || notAsked(url)) continue
        expect([url, state, await ask(method, url, candidate, { ...own, session: id })]).toEqual([
          url,
          state,
          'not there',
        ])
      }
    }
    expect((await server.get('/', candidate)).body).not.toContain('Examen')
    const listed = await server.get('/api/v1/sessions', candidate)
    expect(JSON.stringify(listed.json())).not.toContain(id)
  })
})
