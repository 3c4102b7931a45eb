import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { agentKey } from '../../../agent/evidence/agent-key.ts'
import { writeRun } from '../../../agent/evidence/run-file.ts'
import { loadSession } from '../../../agent/run/load.ts'
import { openLooks, type LookOptions, type Looks } from '../../../agent/run/looks.ts'
import { catalogue } from '../../../checks/catalogue.ts'
import { signatureHolds, type Run } from '../../../checks/run.ts'
import { readReferentials } from '../../../referentials.ts'
import { fortyQuestions } from '../../bench/forty-questions.ts'
import { freePort } from '../transports/service.ts'
import { sshdReady, startSshd, type Sshd } from '../transports/sshd.ts'

let folder: string
let watched: string
const opened: Looks[] = []
const held: { close(): Promise<void> }[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'probant-looks-'))
  watched = join(folder, 'watched')
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((looks) => looks.close()))
  await Promise.all(held.splice(0).map((one) => one.close()))
  await rm(watched, { force: true })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Place {
  readonly targets: Record<string, unknown>
  readonly shared?: Record<string, unknown>
  readonly demands: readonly { id: string; checks: readonly unknown[] }[]
  readonly key?: string
  readonly options?: Partial<LookOptions>
}

/** A session of one candidate, read from files as anybody's, and its machines ready to be looked at. */
async function looksAt({ targets, shared = {}, demands, key = '', options = {} }: Place): Promise<Looks> {
  const exam = {
    title: 'Essai',
    purpose: 'training',
    referential: 'tp-01351-01',
    certificate: 'TITRE',
    roles: Object.fromEntries(Object.keys({ ...targets, ...shared }).map((role) => [role, 'linux'])),
    demands: demands.map((demand) => ({ text: demand.id, criteria: ['C9.1'], ...demand })),
  }
  const session = {
    exam: 'exam.yaml',
    date: '2026-12-01',
    credentials: { admin: { user: 'root', key: 'env:UNUSED' } },
    targets,
    shared,
    candidates: [{ code: 'C01', n: 1 }],
  }
  // YAML takes JSON.
  await writeFile(join(folder, 'exam.yaml'), JSON.stringify(exam))
  await writeFile(join(folder, 'session.yaml'), JSON.stringify(session))
  const sources = { catalogue, referentials: await readReferentials() }
  const { loaded, diagnostics } = await loadSession(join(folder, 'session.yaml'), sources)
  if (!loaded) throw new Error(JSON.stringify(diagnostics))
  const looks = openLooks({
    loaded,
    candidate: 'C01',
    secrets: async () => key,
    checkIdentity: () => true,
    preflight: null,
    key: await agentKey(folder),
    version: 'test',
    ...options,
  })
  opened.push(looks)
  return looks
}

const own = { address: '127.0.0.1', local: true }
const filed = (id: string, path: string, on = 'moi') => ({
  id,
  checks: [{ 'linux.file': { on, path, type: 'file' } }],
})
const verdicts = (run: Run) => Object.fromEntries(run.demands.map(({ demand, verdict }) => [demand, verdict]))

describe('looks at one candidate', () => {
  it('each look sees the moment that it was asked for, in a signed run of its own', async () => {
    const looks = await looksAt({ targets: { moi: own }, demands: [filed('watched', watched)] })
    const before = await looks.look()
    await writeFile(watched, '')
    const asked = Date.now()
    const after = await looks.look()
    expect([before, after].map(verdicts)).toEqual([{ watched: 'fail' }, { watched: 'pass' }])
    for (const { at } of Object.values(after.observations))
      expect(Date.parse(at)).toBeGreaterThanOrEqual(asked)
    expect(after.id).not.toBe(before.id)
    expect([before.complete, after.complete]).toEqual([true, true])
    expect(await Promise.all([before, after].map(signatureHolds))).toEqual([true, true])
    // Every file system takes the name of its file: no colon, nothing that Windows reads as more than a name.
    expect(basename(await writeRun(after, folder))).toMatch(/^[\w.-]+\.run\.json$/)
  })

  it('asks only what the demands of this look need', async () => {
    const looks = await looksAt({
      targets: { moi: own },
      demands: [
        filed('passwd', '/etc/passwd'),
        filed('watched', watched),
        { id: 'user', checks: [{ 'linux.user': { on: 'moi', name: 'root' } }] },
      ],
    })
    const all = await looks.look()
    const some = await looks.look(['watched'])
    expect(Object.keys(verdicts(all))).toEqual(['passwd', 'watched', 'user'])
    expect(verdicts(some)).toEqual({ watched: 'fail' })
    expect(some.exam.demands.map(({ id }) => id)).toEqual(['watched'])
    expect(Object.values(some.probes)).toMatchObject([{ kind: 'file', path: watched }])
    expect(Object.keys(some.observations)).toEqual(Object.keys(some.probes))
    expect(Object.keys(verdicts(await looks.look()))).toEqual(['passwd', 'watched', 'user'])
  })

  it('looks go one after the other, and there are none after the end', async () => {
    const order: string[] = []
    const looks = await looksAt({
      targets: { moi: own },
      demands: [filed('passwd', '/etc/passwd')],
      options: { onEvent: ({ type }) => void (type === 'asking' || order.push(type)) },
    })
    await Promise.all([looks.look(), looks.look()])
    expect(order).toEqual(['started', 'answered', 'ended', 'started', 'answered', 'ended'])
    await looks.close()
    await expect(looks.look()).rejects.toThrow('closed')
  })

  it('a shared machine is asked again at each look, whatever it said before', async () => {
    const looks = await looksAt({
      targets: {},
      shared: { moi: { ...own, candidates: 4 } },
      demands: [filed('watched', watched)],
    })
    expect(verdicts(await looks.look())).toEqual({ watched: 'fail' })
    await writeFile(watched, '')
    expect(verdicts(await looks.look())).toEqual({ watched: 'pass' })
  })

  it('a machine that can not be asked spoils no other, look after look', async () => {
    const looks = await looksAt({
      targets: { moi: own, muet: { address: '127.0.0.1', ssh: { credential: 'admin', port: 1 } } },
      demands: [filed('passwd', '/etc/passwd'), filed('muet', '/etc/passwd', 'muet')],
      key: 'no key',
    })
    for (let i = 0; i < 2; i++)
      expect(verdicts(await looks.look())).toEqual({ passwd: 'pass', muet: 'unknown' })
  })

  it('throws at once for a candidate that the session does not have', async () => {
    await expect(
      looksAt({ targets: { moi: own }, demands: [filed('a', '/a')], options: { candidate: 'C99' } }),
    ).rejects.toThrow('no candidate C99')
  })
})

/** A way to a port of loopback that counts connections, cuts them, and can hold back what comes from the machine. */
async function wayTo(port: number) {
  const pairs = new Set<Socket>()
  const way = { port: 0, connections: 0, silent: false, cut: () => pairs.forEach((one) => one.destroy()) }
  const server = createServer((near) => {
    way.connections++
    const far = connect(port, '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      pairs.add(from)
      from.on('data', (bytes: Buffer) => void (way.silent || to.write(bytes)))
      from.on('error', () => undefined)
      from.on('close', () => (pairs.delete(from), to.destroy()))
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  way.port = (server.address() as { port: number }).port
  held.push({
    close: async () => {
      way.cut()
      server.close()
      await once(server, 'close')
    },
  })
  return way
}

describe.skipIf(!sshdReady())('looks over ssh, a real sshd', () => {
  let server: Sshd
  beforeAll(async () => {
    server = await startSshd()
  }, 60_000)
  afterAll(() => server?.stop())
  const over = (port: number) => ({ address: '127.0.0.1', ssh: { credential: 'admin', port } })

  it('one connection for all looks, another one after it was cut, none kept at the end', async () => {
    const way = await wayTo(server.port)
    const looks = await looksAt({
      targets: { web: over(way.port) },
      demands: [filed('passwd', '/etc/passwd', 'web')],
      key: server.key,
    })
    for (let i = 0; i < 3; i++) expect(verdicts(await looks.look())).toEqual({ passwd: 'pass' })
    expect(way.connections).toBe(1)
    way.cut()
    expect(verdicts(await looks.look())).toEqual({ passwd: 'pass' })
    expect(verdicts(await looks.look())).toEqual({ passwd: 'pass' })
    expect(way.connections).toBe(2)
  }, 30_000)

  it('a connection that answers no more is replaced within the look, once', async () => {
    const way = await wayTo(server.port)
    const looks = await looksAt({
      targets: { web: over(way.port) },
      demands: [filed('passwd', '/etc/passwd', 'web')],
      key: server.key,
      options: { connectTimeoutMs: 5000 },
    })
    await looks.look()
    way.silent = true
    const run = await looks.look()
    expect(run.findings).toMatchObject([{ verdict: 'unknown', cause: 'timeout' }])
    expect(run.complete).toBe(true)
    expect(way.connections).toBe(2)
    way.silent = false
    expect(verdicts(await looks.look())).toEqual({ passwd: 'pass' })
    expect(way.connections).toBe(3)
  }, 60_000)

  it('a machine that was not there is tried again at every look', async () => {
    const port = await freePort()
    const looks = await looksAt({
      targets: { web: over(port) },
      demands: [filed('passwd', '/etc/passwd', 'web')],
      key: server.key,
    })
    const run = await looks.look()
    expect(run.findings).toMatchObject([{ verdict: 'unknown', cause: 'refused' }])
    const late = createServer((near) => {
      const far = connect(server.port, '127.0.0.1')
      near.pipe(far).pipe(near)
      near.on('error', () => far.destroy())
      far.on('error', () => near.destroy())
    }).listen(port, '127.0.0.1')
    await once(late, 'listening')
    held.push({ close: async () => void late.close() })
    expect(verdicts(await looks.look())).toEqual({ passwd: 'pass' })
  }, 30_000)

  it('an aborted look says that it is not complete, and the next one works over the same connection', async () => {
    const way = await wayTo(server.port)
    const control = new AbortController()
    let stopAt = 2
    const looks = await looksAt({
      targets: { web: over(way.port) },
      demands: [filed('passwd', '/etc/passwd', 'web')],
      key: server.key,
      options: { onEvent: ({ type }) => void (type === 'asking' && --stopAt === 0 && control.abort()) },
    })
    expect(verdicts(await looks.look())).toEqual({ passwd: 'pass' })
    const aborted = await looks.look(undefined, control.signal)
    expect(aborted.complete).toBe(false)
    expect(aborted.findings).toMatchObject([{ verdict: 'unknown', cause: 'cancelled' }])
    expect(await signatureHolds(aborted)).toBe(true)
    const next = await looks.look()
    expect(next.complete).toBe(true)
    expect(verdicts(next)).toEqual({ passwd: 'pass' })
    expect(way.connections).toBe(1)
  }, 30_000)

  it('an idle look at forty demands on three machines costs far less than the first', async () => {
    const roles = ['web', 'files', 'poste']
    const looks = await looksAt({
      targets: Object.fromEntries(roles.map((role) => [role, over(server.port)])),
      demands: fortyQuestions.map(({ check: [id, params] }, i) => ({
        id: `q${i + 1}`,
        checks: [{ [id]: { on: roles[i % 3], ...params } }],
      })),
      key: server.key,
    })
    const cost = async () => {
      const before = process.cpuUsage()
      const run = await looks.look()
      const { user, system } = process.cpuUsage(before)
      expect(run.demands).toHaveLength(40)
      return user + system
    }
    const first = await cost()
    await cost()
    const idle = [await cost(), await cost(), await cost(), await cost(), await cost()].sort((a, b) => a - b)
    // A third is what it is; connecting anew, or reading and planning anew, would be as dear as the first.
    expect(idle[2]! * 1.5).toBeLessThan(first)
  }, 120_000)
})
