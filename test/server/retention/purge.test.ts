import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync, zipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { firstBrokenLink } from '../../../checks/evidence/chain.ts'
import { verifyBundle } from '../../../checks/evidence/bundle.ts'
import { JournalVerifier } from '../../../checks/evidence/journal-chain.ts'
import { verify } from '../../../agent/commands/verify.ts'
import { serverKey } from '../../../server/bundle/server-key.ts'
import { sessionBundle } from '../../../server/bundle/session-bundle.ts'
import { createAgentToken, hashToken } from '../../../server/store/agent-token.ts'
import { isRefusal, verifyRun } from '../../../server/store/verified-run.ts'
import { startExamDay, type ExamDay, type SignedIn } from '../exam-day-server.ts'
import { makeKey, makeRun, sessionId } from '../run-fixture.ts'

let day: ExamDay
let responsable: SignedIn
let jury: SignedIn
const key = makeKey()
const session = sessionId('lyon')
const other = sessionId('autre')
/** Words that only the candidates' data hold, and that must be nowhere afterwards. */
const secrets = ['10.0.77.20', 'appréciation-reconnaissable', 'incident-reconnaissable']

async function deliver(token: string, n: number, name = 'lyon'): Promise<string> {
  const run = makeRun(key, { n, session: name })
  const verified = await verifyRun(run)
  if (isRefusal(verified)) throw new Error(verified.detail)
  const agent = await day.store.agentByToken(hashToken(token))
  expect((await day.store.receive(verified, agent!)).outcome).toBe('received')
  return run.id
}
async function move(to: readonly ('open' | 'closed')[]): Promise<void> {
  let from = (await day.store.life.session(session))!.state
  for (const next of to) {
    expect(await day.store.life.setState(session, from, next, 'resp')).toBe(true)
    from = next
  }
}
async function journalHolds(): Promise<boolean> {
  const verifier = new JournalVerifier()
  for await (const { session: _, candidate: __, contents, ...entry } of day.store.journal.all())
    if (!verifier.follows({ ...entry, contents: contents && { ...contents } })) return false
  return true
}
/** Everything that is in the files of the store. */
const onDisk = (): string =>
  readdirSync(day.folder)
    .map((name) => readFileSync(join(day.folder, name), 'latin1'))
    .join('')

beforeEach(async () => {
  day = await startExamDay()
  responsable = await day.signIn('responsable', 'resp')
  jury = await day.signIn('jury', 'jury1')
  const token = await createAgentToken(day.store, 'poste')
  await deliver(token, 1)
  await deliver(token, 77)
  await deliver(token, 1, 'autre')
  await day.store.life.addMember(session, responsable.account.account, null, 'resp')
  await day.store.life.addMember(session, jury.account.account, null, 'resp')
  await day.store.notes.add(
    session,
    { candidate: 'C01', kind: 'shared', criterion: 'C9.1', run: null, ordinal: null, text: secrets[1]! },
    { account: jury.account.account, name: 'jury1' },
  )
  await day.store.life.noteIncident(
    session,
    { candidate: 'C01', at: '2026-12-01T09:00:00.000Z', text: secrets[2]!, addedSeconds: 60 },
    'surv',
  )
  await day.store.life.keepTrace(session, 'C01', 'traces.pdf', Buffer.from('%PDF-1.7 traces'), 'surv')
})
afterEach(() => day.close())

describe('a purge', () => {
  it('waits until the session is closed, and for the title typed', async () => {
    const path = `/sessions/${session}/purge`
    const { title } = (await day.store.life.session(session))!
    await day.post(path, { title }, responsable)
    expect((await day.store.life.session(session))!.state).toBe('collected')
    await move(['open', 'closed'])
    expect((await day.post(path, { title: 'autre chose' }, responsable)).statusCode).toBe(422)
    expect((await day.store.life.session(session))!.state).toBe('closed')
    expect((await day.post(path, { title }, responsable)).statusCode).toBe(303)
    expect((await day.store.life.session(session))!.state).toBe('purged')
  })

  it('leaves nothing of the candidates in the files of the store, and another session whole', async () => {
    const before = onDisk()
    for (const secret of secrets) expect(before).toContain(Buffer.from(secret).toString('latin1'))
    await move(['open', 'closed'])
    const proof = await day.store.retention.purge(session, 'resp')
    expect(Object.values(proof!.left).every((count) => count === 0)).toBe(true)
    expect(proof!.tombstones).toHaveLength(2)
    const after = onDisk()
    for (const secret of secrets) expect(after).not.toContain(Buffer.from(secret).toString('latin1'))
    expect(await day.store.dossier(other, 'C01')).not.toBeNull()
    expect(await day.store.dossier(session, 'C01')).toBeNull()
  })

  it('leaves both chains whole, and the acts of the session without contents', async () => {
    await move(['open', 'closed'])
    const runs = (await day.store.chain()).length
    await day.store.retention.purge(session, 'resp')
    const chain = await day.store.chain()
    expect(chain).toHaveLength(runs)
    expect(firstBrokenLink(chain)).toBeNull()
    expect(await journalHolds()).toBe(true)
    const left = await day.store.journal.read({ session, limit: 100 })
    expect(left.filter(({ contents }) => contents !== null).map(({ contents }) => contents?.act)).toEqual([
      'session-purged',
    ])
    const page = await day.get(`/sessions/${session}/retention`, responsable)
    expect(page.body).toContain('La chaîne des passages se suit')
    expect(page.body).toContain('Le journal se suit')
  })

  it('takes no run of the session any more', async () => {
    await move(['open', 'closed'])
    await day.store.retention.purge(session, 'resp')
    const token = await createAgentToken(day.store, 'poste-2')
    const answer = await day.app.inject({
      method: 'POST',
      url: '/api/v1/runs',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      payload: JSON.stringify(makeRun(makeKey(), { n: 3 })),
    })
    expect([answer.statusCode, answer.json().code]).toEqual([410, 'purged'])
  })
})

describe('a candidate’s data', () => {
  it('is told on request, all of it, and the request is kept', async () => {
    const page = await day.get(`/sessions/${session}/candidates/C01/data`, responsable)
    expect(page.statusCode).toBe(200)
    for (const kept of [secrets[1]!, secrets[2]!, 'traces.pdf']) expect(page.body).toContain(kept)
    const json = await day.get(`/sessions/${session}/candidates/C01/data.json`, responsable)
    expect(json.json().runs).toHaveLength(1)
    expect((await day.get(`/sessions/${session}/candidates/C09/data`, responsable)).statusCode).toBe(404)
    const acts = (await day.store.journal.read({ session, limit: 10 })).map(({ contents }) => contents?.act)
    expect(acts.filter((act) => act === 'candidate-data-read')).toHaveLength(2)
  })
})

describe('the sealed bundle', () => {
  const made = async () =>
    (await sessionBundle(session, {
      store: day.store,
      key: serverKey(day.folder),
      by: 'resp',
      version: '0',
      now: new Date('2026-12-01T18:00:00Z'),
    }))!
  const verified = (zip: Uint8Array) => verifyBundle(new Map(Object.entries(unzipSync(zip))))
  const changed = async (change: (files: Record<string, Uint8Array>) => void) => {
    const files = unzipSync(await made())
    change(files)
    return (await verified(zipSync(files))).problems.map(({ en }) => en)
  }
  const json = (files: Record<string, Uint8Array>, name: string) =>
    JSON.parse(Buffer.from(files[name]!).toString('utf8'))
  const bytes = (value: unknown) => new Uint8Array(Buffer.from(JSON.stringify(value)))

  it('holds, and holds nothing of another session but hashes', async () => {
    const zip = await made()
    const found = await verified(zip)
    expect(found.problems).toEqual([])
    expect(found).toMatchObject({ runs: 2, links: 3, tombstones: 1 })
    const files = unzipSync(zip)
    expect(Object.keys(files).filter((name) => name.startsWith('runs/'))).toHaveLength(2)
    const foreign = json(files, 'journal.json').filter(
      ({ contents }: { contents: { session?: string } | null }) => contents?.session === other,
    )
    expect(foreign).toEqual([])
  })

  it.each<[string, (files: Record<string, Uint8Array>) => void, RegExp]>([
    [
      'a run that was changed',
      (files) => {
        const name = Object.keys(files).find((one) => one.startsWith('runs/'))!
        files[name] = bytes({ ...json(files, name), complete: false })
      },
      /was changed|does not hold/,
    ],
    [
      'a run that was left out',
      (files) => delete files[Object.keys(files).find((one) => one.startsWith('runs/'))!],
      /is missing/,
    ],
    ['a file that was added', (files) => void (files['runs/x.run.json'] = bytes({})), /was added/],
    [
      'a chain with another fingerprint',
      (files) => {
        const links = json(files, 'chain.json')
        links[0].fingerprint = '0'.repeat(64)
        files['chain.json'] = bytes(links)
      },
      /chain of runs is broken at link 1/,
    ],
    [
      'a journal with another actor',
      (files) => {
        const entries = json(files, 'journal.json')
        entries.find((entry: { contents: unknown }) => entry.contents !== null).contents.actor = 'x'
        files['journal.json'] = bytes(entries)
      },
      /journal is broken/,
    ],
    [
      'a manifest that was mended to fit',
      (files) => {
        const manifest = json(files, 'manifest.json')
        manifest.madeBy = 'somebody else'
        files['manifest.json'] = bytes(manifest)
      },
      /signature is not that of the manifest/,
    ],
    ['no manifest', (files) => delete files['manifest.json'], /no sealed bundle/],
  ])('with %s is refused', async (_, change, said) => {
    expect((await changed(change)).join('\n')).toMatch(said)
  })

  it('is verified by the command, offline', async () => {
    const path = join(day.folder, 'session.zip')
    writeFileSync(path, await made())
    const lines: string[] = []
    const terminal = {
      out: (line: string) => void lines.push(line),
      err: (line: string) => void lines.push(line),
      say: ({ fr }: { fr: string }) => fr,
    }
    const status = (file: string) =>
      verify([file], {}, { terminal } as unknown as Parameters<typeof verify>[2])
    expect(await status(path)).toBe(0)
    expect(lines.join('\n')).toContain('dossier scellé intact')
    const torn = readFileSync(path)
    torn[Math.floor(torn.length / 2)]! ^= 0xff
    writeFileSync(path, torn)
    expect(await status(path)).toBe(2)
  })
})
