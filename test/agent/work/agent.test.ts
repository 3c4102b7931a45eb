import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { knownIdentities, listIdentities } from '../../../agent/identities/known-identities.ts'
import { secretSource } from '../../../agent/secrets/resolve.ts'
import { setSecret } from '../../../agent/secrets/vault.ts'
import type { AgentEvent } from '../../../agent/work/agent-event.ts'
import { AgentFailure } from '../../../agent/work/agent-failure.ts'
import { currentSecrets } from '../../../agent/work/current-secrets.ts'
import { runAgent, type AgentOptions, type Timing } from '../../../agent/work/run-agent.ts'
import { readReferentials } from '../../../referentials.ts'
import { ProtocolServer } from './protocol-server.ts'
import { gate, until, workSession, type Gate } from './work-session.ts'

process.env['PROBANT_TEST_PASSWORD'] = 'not-used'
const timing: Partial<Timing> = {
  heartbeat: 100,
  throttle: 10,
  poll: 200,
  firstRetry: 20,
  lastRetry: 50,
  farewell: 200,
}

let server: ProtocolServer
let folder: string
let web: Gate
const running: { stop: () => void; ended: Promise<void> }[] = []
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'probant-work-'))
  server = new ProtocolServer()
  server.codes.add('one-time')
  await server.start()
  web = await gate()
})
afterEach(async () => {
  for (const { stop, ended } of running.splice(0)) {
    stop()
    await ended.catch(() => undefined)
  }
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** An agent in this process, and what it tells. */
function agent(more: Partial<AgentOptions> = {}) {
  const controller = new AbortController()
  const events: AgentEvent[] = []
  const ended = runAgent({
    server: server.url,
    name: 'salle-12',
    folder,
    enrolCode: 'one-time',
    signal: controller.signal,
    secrets: secretSource({ passphrase: () => Promise.reject(new Error('no vault')) }),
    version: '0',
    referentials: readReferentials,
    onEvent: (event) => events.push(event),
    timing,
    ...more,
  })
  ended.catch(() => undefined)
  const one = {
    stop: () => controller.abort(),
    ended,
    events,
    told: (type: string) => events.some((e) => e.type === type),
  }
  running.push(one)
  return one
}
const doingOf = (id: string) =>
  ((server.heartbeats.at(-1)?.['doing'] ?? []) as Record<string, unknown>[]).find(({ work }) => work === id)
const ended = () => [...server.works.values()].every(({ state }) => state === 'done' || state === 'failed')
const spooled = () =>
  existsSync(join(folder, 'spool'))
    ? readdirSync(join(folder, 'spool')).flatMap((one) =>
        readdirSync(join(folder, 'spool', one)).filter((name) => name.endsWith('.json')),
      )
    : []

describe('an agent', { timeout: 60_000 }, () => {
  it('enrols once, does each kind of work, and its runs are those that were asked for', async () => {
    web.release()
    const session = workSession(web.port)
    const first = server.add({ kind: 'start', session, candidate: 'C01' })
    const [other, tried] = (['end', 'preflight'] as const).map((kind) =>
      server.add({ kind, session, candidate: 'C02' }),
    )
    const again = server.add({
      kind: 'again',
      session,
      candidate: 'C01',
      demands: ['page', 'muet'],
      follows: first.id,
    })
    const one = agent()
    await until('all is done', ended)
    expect(server.failures.size).toBe(0)
    expect([...server.agents.values()]).toEqual(['salle-12'])
    const told = (id: string) => {
      const { id: run, stage, follows, candidate, exam, complete, session: of } = server.runs.get(id)!
      return {
        run,
        stage,
        follows,
        code: candidate.code,
        demands: exam.demands.map((d) => d.id),
        complete,
        of: of.id,
      }
    }
    const all = ['fichier', 'accueil', 'page', 'muet']
    const common = { complete: true, of: session.id, follows: undefined }
    expect(told(first.id)).toEqual({ ...common, run: first.id, stage: 'start', code: 'C01', demands: all })
    expect(told(other!.id)).toEqual({ ...common, run: other!.id, stage: 'end', code: 'C02', demands: all })
    expect(told(again.id)).toEqual({
      ...common,
      run: again.id,
      stage: 'again',
      follows: first.id,
      code: 'C01',
      demands: ['page', 'muet'],
    })
    expect(server.runs.get(first.id)!.agent.clock.offsetMs).toBeTypeOf('number')
    const { ways, control } = server.preflights.get(tried!.id) as { ways: object[]; control: unknown }
    expect(control).toBeNull()
    expect(ways).toContainEqual({
      role: 'muet',
      way: 'ssh',
      address: '127.0.0.1',
      worked: false,
      cause: 'refused',
      detail: expect.any(String) as string,
      identity: null,
    })
    expect(ways).toContainEqual(expect.objectContaining({ role: 'moi', way: 'local', worked: true }))
    one.stop()
    await one.ended
    expect([spooled(), server.faults, one.events.at(-1)]).toEqual([[], [], { type: 'stopped', waiting: 0 }])

    server.codes.clear() // known now: no code is needed, nor asked for
    const later = agent({ enrolCode: () => Promise.reject(new Error('asked for a code')) })
    await until('connected again', () => later.told('connected'))
    expect(later.told('enrolled')).toBe(false)
    expect(JSON.stringify(one.events)).not.toMatch(/verdict|"pass"|"fail"|expected/)
  })

  it('tells how far it is, and renews its leases, while a machine takes its time', async () => {
    server.leaseMs = 400
    const work = server.add({ kind: 'end', session: workSession(web.port), candidate: 'C01' })
    agent({ timing: { ...timing, heartbeat: 60_000 } })
    await until('the machine is asked', () => web.asked.length > 0)
    const from = Date.now()
    await until('three leases long', () => Date.now() - from > 3 * server.leaseMs)
    expect([work.state, work.leases]).toEqual(['leased', 1])
    const doing = server.heartbeats.at(-1)!['doing'] as object[]
    expect(doing).toEqual([
      {
        work: work.id,
        asked: 4,
        answered: 2,
        silent: [{ role: 'muet', cause: 'refused' }],
      },
    ])
    web.release()
    await until('done', ended)
    expect(work.leases).toBe(1)
  })

  it('stops a work that is cancelled, and delivers what there is of it; another goes on', async () => {
    const session = workSession(web.port)
    const cancelled = server.add({ kind: 'end', session, candidate: 'C01' })
    const other = server.add({ kind: 'end', session, candidate: 'C02' })
    const one = agent()
    await until('both run', () => one.events.filter(({ type }) => type === 'begun').length === 2)
    await until('the shared machine is asked', () => web.asked.length > 0)
    cancelled.cancel = true
    await until('the cancelled one is delivered', () => server.runs.has(cancelled.id))
    const { complete, demands } = server.runs.get(cancelled.id)!
    expect(complete).toBe(false)
    expect(demands.map(({ demand, verdict }) => [demand, verdict])).toContainEqual(['accueil', 'unknown'])
    expect(server.runs.has(other.id)).toBe(false)
    web.release()
    await until('the other is done', ended)
    // What the cancelled one was asking for both was asked again: being stopped is no answer of the machine.
    const { demands: found, complete: whole } = server.runs.get(other.id)!
    expect(whole).toBe(true)
    expect(found.map(({ demand, verdict }) => [demand, verdict])).toContainEqual(['accueil', 'pass'])
  })

  it('stops at once a work that only waits its turn on a shared machine', async () => {
    const session = workSession(web.port)
    server.add({ kind: 'end', session, candidate: 'C01' })
    agent()
    await until('the shared machine is asked', () => web.asked.length > 0)
    const waiting = server.add({ kind: 'end', session, candidate: 'C02' })
    await until('the other waits', () => Number(doingOf(waiting.id)?.['asked']) > 0)
    waiting.cancel = true
    await until('it is delivered', () => server.runs.has(waiting.id))
    expect([server.runs.get(waiting.id)!.complete, server.runs.size]).toEqual([false, 1])
    web.release()
    await until('done', ended)
  })

  it('drops what is no longer its own, and delivers nothing of it', async () => {
    const work = server.add({ kind: 'end', session: workSession(web.port), candidate: 'C01' })
    const one = agent()
    await until('it runs', () => web.asked.length > 0)
    server.gone = [work.id]
    await until('dropped', () => one.told('dropped'))
    one.stop()
    await one.ended
    expect([server.runs.size, spooled()]).toEqual([0, []])
  })

  it('asks a shared machine once for works leased together, one candidate at a time, and anew for later ones', async () => {
    web.release()
    const session = workSession(web.port)
    for (const candidate of ['C01', 'C02']) server.add({ kind: 'start', session, candidate })
    agent()
    await until('done', ended)
    expect([...web.asked].sort()).toEqual(['/page-1', '/page-2', '/same'])
    expect(web.most).toBe(1)
    for (const candidate of ['C01', 'C02']) server.add({ kind: 'end', session, candidate })
    await until('done again', ended)
    const asked = web.asked.slice(3).sort()
    expect(new Set(asked)).toEqual(new Set(['/page-1', '/page-2', '/same']))
    const runs = [...server.runs.values()]
    for (const run of runs)
      for (const { at } of Object.values(run.observations))
        expect(Date.parse(at), 'no answer is older than its run').toBeGreaterThanOrEqual(
          Date.parse(run.startedAt) - 50,
        )
  })
})

describe('when the server is away', { timeout: 60_000 }, () => {
  it('waits for it at the start, goes on with what runs, keeps the result on the disk, and delivers it once', async () => {
    await server.stop()
    const one = agent()
    await until('it waits', () => one.told('away'))
    const work = server.add({ kind: 'end', session: workSession(web.port), candidate: 'C01' })
    await server.start()
    await until('it runs', () => web.asked.length > 0)
    await server.stop()
    web.release()
    await until('it ends all the same', () => one.told('ended'))
    await until('on the disk', () => spooled().length === 1)
    const [name] = spooled()
    const folderOfSpool = readdirSync(join(folder, 'spool'))[0]!
    expect(statSync(join(folder, 'spool', folderOfSpool, name!)).mode & 0o777).toBe(0o600)
    await server.start()
    await until('delivered', ended)
    await until('the spool is empty', () => spooled().length === 0)
    expect([work.leases, server.runs.size, server.repeated, server.faults]).toEqual([1, 1, 0, []])
    expect(one.events.filter(({ type }) => type === 'away').length).toBe(2)
    expect(one.told('back')).toBe(true)
  })

  it('keeps a result that the disk refuses, and writes it when there is room', async () => {
    const work = server.add({ kind: 'end', session: workSession(web.port), candidate: 'C01' })
    const one = agent()
    await until('it runs', () => web.asked.length > 0)
    renameSync(join(folder, 'spool'), join(folder, 'away'))
    web.release()
    await until('it says so', () => one.told('unwritable'))
    renameSync(join(folder, 'away'), join(folder, 'spool'))
    await until('delivered', ended)
    expect([server.runs.size, work.leases]).toEqual([1, 1])
  })

  it('brings a result again whose acknowledgement was lost, and the server has it once', async () => {
    web.release()
    const work = server.add({ kind: 'end', session: workSession(web.port), candidate: 'C01' })
    let cuts = 3
    server.interfere = (path, moment) =>
      path === '/api/v1/runs' && moment === 'out' && cuts-- > 0 ? 'cut' : undefined
    const one = agent()
    await until('acknowledged', () => one.told('delivered'))
    expect([server.runs.size, server.repeated, work.leases, server.faults]).toEqual([1, 3, 1, []])
  })

  it('does not do again what waits in the spool, though its lease was lost', async () => {
    web.release()
    server.leaseMs = 300
    const work = server.add({ kind: 'end', session: workSession(web.port), candidate: 'C01' })
    server.interfere = (path) => (path === '/api/v1/runs' ? 503 : undefined)
    const one = agent()
    await until('on the disk', () => spooled().length === 1)
    one.stop()
    await one.ended
    expect(one.events.at(-1)).toEqual({ type: 'stopped', waiting: 1 })
    await until('its lease is lost', () => (server.requeueLost(), work.state === 'queued'))
    const later = agent()
    await until('leased again', () => work.leases === 2)
    server.interfere = () => undefined
    await until('delivered', ended)
    expect([later.told('begun'), server.runs.size, web.asked.length, server.faults]).toEqual([
      false,
      1,
      2,
      [],
    ])
  })

  it('what stopped an agent is delivered when it is stopped by a person, incomplete', async () => {
    const work = server.add({ kind: 'end', session: workSession(web.port), candidate: 'C01' })
    const waiting = server.add({ kind: 'preflight', session: workSession(web.port), candidate: 'C02' })
    const one = agent()
    await until('it runs', () => web.asked.length > 0)
    await until('the preflight is done', () => waiting.state === 'done')
    one.stop()
    await one.ended
    expect([server.runs.get(work.id)?.complete, work.state, spooled()]).toEqual([false, 'done', []])
  })
})

describe('what the server will not take', { timeout: 60_000 }, () => {
  it('is kept aside with the reason, and the work ends as failed', async () => {
    web.release()
    const work = server.add({ kind: 'end', session: workSession(web.port), candidate: 'C01' })
    server.interfere = (path) => (path === '/api/v1/runs' ? 422 : undefined)
    const one = agent()
    await until('ended', ended)
    expect([work.state, server.failures.get(work.id)?.message.fr]).toEqual([
      'failed',
      expect.stringContaining('HTTP 422, essai'),
    ])
    const refused = one.events.find((event) => event.type === 'refused')!
    expect(readFileSync(`${refused.path}.reason`, 'utf8')).toBe('HTTP 422 test\n')
    expect(JSON.parse(readFileSync(refused.path, 'utf8'))).toMatchObject({ id: work.id })
    expect(work.leases).toBe(1)
  })

  it.each([500, 'cut'] as const)(
    'one result on which it fails (%s) does not keep the others waiting',
    async (how) => {
      web.release()
      const session = workSession(web.port)
      const stuck = server.add({ kind: 'preflight', session, candidate: 'C01' })
      server.interfere = (path) => (path.includes(stuck.id) ? how : undefined)
      agent()
      await until('on the disk', () => spooled().length === 1)
      const run = server.add({ kind: 'end', session, candidate: 'C02' })
      await until('delivered', () => server.runs.has(run.id))
      server.interfere = () => undefined
      await until('the other too', ended)
    },
  )
})

describe('an agent that the server does not want', { timeout: 60_000 }, () => {
  it.each<[string, () => Partial<AgentOptions> | void, RegExp]>([
    ['without a code', () => ({ enrolCode: undefined as never }), /n'est pas inscrit.*--enrol/],
    ['with a wrong code', () => ({ enrolCode: 'wrong' }), /code d'inscription est refusé \(Code inconnu\.\)/],
    [
      'where something else answers',
      () => void (server.interfere = () => 404),
      /n'est pas un serveur Probant.*404/,
    ],
  ])('%s, it says what to do and ends', async (_what, prepare, sentence) => {
    const failure = await agent(prepare() ?? {}).ended.catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(AgentFailure)
    expect((failure as AgentFailure).text.fr).toMatch(sentence)
  })

  it('revoked while it works, it ends by itself once what runs is on the disk', async () => {
    server.add({ kind: 'end', session: workSession(web.port), candidate: 'C01' })
    const one = agent()
    await until('it runs', () => web.asked.length > 0)
    server.agents.clear()
    web.release()
    const failure = await one.ended.catch((error: unknown) => error)
    expect((failure as AgentFailure).text.fr).toMatch(/ne reconnaît pas cet agent.*--enrol/)
    const ended = one.events.find((event) => event.type === 'ended')
    expect([ended?.complete, spooled().length]).toEqual([true, 1])
    server.codes.add('another')
    const later = agent({ enrolCode: 'another' })
    await until('enrolled again, what waited is brought', () => server.runs.size === 1)
    expect(later.told('enrolled')).toBe(true)
  })

  it('with a clock far off, it says so', async () => {
    const off = Date.now
    Date.now = () => off() + 20 * 60_000
    try {
      server.interfere = () => 401
      const failure = await agent().ended.catch((error: unknown) => error)
      expect((failure as AgentFailure).text.fr).toMatch(/l'horloge de cette machine a 20 minutes d'avance/)
    } finally {
      Date.now = off
    }
  })

  it('a code whose acknowledgement was lost served all the same', async () => {
    let cut = true
    server.interfere = (path, moment) => {
      if (!cut || moment !== 'out' || !path.endsWith('/enrol')) return undefined
      cut = false
      return 'cut'
    }
    const one = agent()
    await until('connected', () => one.told('connected'))
    expect(server.codes.size).toBe(0)
  })
})

describe('the files of a session', { timeout: 60_000 }, () => {
  const inWork = () => readdirSync(join(folder, 'work'), { recursive: true }) as string[]

  it('may stand beside its folder, and stay within the agent’s own', async () => {
    web.release()
    const session = workSession(web.port, { exam: '../exams/sujet.yaml' })
    const work = server.add({ kind: 'start', session, candidate: 'C01' })
    const one = agent()
    await until('done', ended)
    expect(server.runs.has(work.id)).toBe(true)
    expect(inWork().some((path) => path.endsWith('exams/sujet.yaml'))).toBe(true)
    one.stop()
    await one.ended
    expect(inWork()).toEqual([]) // what was handed out does not outlive the agent's day
  })

  it.each([
    '../../../../../../evil.yaml',
    '/tmp/evil.yaml',
    'a/../../evil.yaml',
    'a\\evil.yaml',
    'c:evil.yaml',
    'evil\u0000.yaml',
    '..',
    'a//evil.yaml',
  ])('are refused under the name %j, and nothing is written', async (name) => {
    const session = workSession(web.port)
    session.files.push({ name, text: 'evil' })
    const work = server.add({ kind: 'start', session, candidate: 'C01' })
    agent()
    await until('failed', ended)
    expect(server.failures.get(work.id)?.message.fr).toContain("n'est pas admis")
    expect(existsSync(join(folder, 'work'))).toBe(false)
  })

  it.each<[string, (session: ReturnType<typeof workSession>) => void, RegExp]>([
    ['of another session', (s) => (s.files[0]!.text += '# changed\n'), /ne sont pas ceux de cette session/],
    [
      'with a mistake',
      (s) => (s.files[1]!.text = 'title: x\n'),
      /^la session contient une erreur, sujet\.yaml:1:1/,
    ],
    ['without the exam', (s) => (s.files[1]!.name = 'autre.yaml'), /session\.yaml:1:.*ne peut pas être lu/],
  ])('%s: the server is told why nothing can be done', async (_what, change, sentence) => {
    const session = workSession(web.port)
    change(session)
    const work = server.add({ kind: 'start', session, candidate: 'C01' })
    agent()
    await until('failed', ended)
    expect(server.failures.get(work.id)?.message.fr).toMatch(sentence)
    expect(web.asked).toEqual([])
  })
})

describe('a vault', { timeout: 60_000 }, () => {
  it('that stays closed is said to the server, and one that is changed during the day is read again', async () => {
    web.release()
    const path = join(folder, 'vault.age')
    const session = workSession(web.port, { password: 'vault:personne' })
    const secrets = currentSecrets(() => Promise.resolve('une phrase'), path)
    agent({ secrets })
    const before = server.add({ kind: 'preflight', session, candidate: 'C01' })
    await until('failed', ended)
    expect(server.failures.get(before.id)?.message.fr).toMatch(/il n’y a pas de coffre .*probant vault set/)
    await setSecret(path, 'une phrase', 'autre', 'x')
    await expect(secrets('vault:personne')).rejects.toThrow('vault:personne has no value')
    await setSecret(path, 'une phrase', 'personne', 'secret-of-the-test')
    const after = server.add({ kind: 'preflight', session, candidate: 'C01' })
    await until('done', ended)
    expect(server.preflights.has(after.id)).toBe(true)
    expect(await secrets('vault:personne')).toBe('secret-of-the-test')
    expect(JSON.stringify([...server.preflights.values(), ...server.heartbeats])).not.toContain(
      'secret-of-the-test',
    )
  })
})

describe('a machine installed again', { timeout: 60_000 }, () => {
  it('is forgotten by all its ways in this session, with the reason, and nothing else is', async () => {
    const session = workSession(web.port)
    const places = ['ssh 127.0.0.1:1', 'https 127.0.0.1:8443', 'ssh 127.0.0.1:22', 'ldap 127.0.0.1:636']
    const check = knownIdentities(folder, session.id)
    for (const where of places) check(where, `SHA256:${where}`, 'first-use')
    knownIdentities(folder, 'other')('ssh 127.0.0.1:1', 'SHA256:other', 'first-use')
    const work = server.add({
      kind: 'repin',
      session,
      candidate: 'C01',
      role: 'muet',
      reason: 'machine virtuelle recréée',
    })
    agent()
    await until('done', ended)
    expect(server.repins.get(work.id)).toEqual({
      forgotten: ['ssh 127.0.0.1:1', 'https 127.0.0.1:8443'].map((where) => ({
        where,
        identity: `SHA256:${where}`,
      })),
    })
    expect(listIdentities(folder).map(({ session: of, where }) => `${of === 'other'} ${where}`)).toEqual([
      'false ssh 127.0.0.1:22',
      'false ldap 127.0.0.1:636',
      'true ssh 127.0.0.1:1',
    ])
    expect(readFileSync(join(folder, 'known-identities.jsonl'), 'utf8')).toContain(
      'machine virtuelle recréée',
    )
  })
})
