import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backup, BackupRefused, restore } from '../../../server/commands/backup.ts'
import { createAgentToken, hashToken } from '../../../server/store/agent-token.ts'
import { openSqliteStore } from '../../../server/store/sqlite/open.ts'
import type { Store } from '../../../server/store/store.ts'
import { isRefusal, verifyRun } from '../../../server/store/verified-run.ts'
import { serverKey } from '../../../server/bundle/server-key.ts'
import { makeKey, makeRun } from '../run-fixture.ts'

let folder: string
let data: string
let store: Store
const key = makeKey()
let token: string

async function deliver(n: number): Promise<string> {
  const run = makeRun(key, { n })
  const verified = await verifyRun(run)
  if (isRefusal(verified)) throw new Error(verified.detail)
  const agent = await store.agentByToken(hashToken(token))
  const { outcome } = await store.receive(verified, agent!)
  expect(outcome).toBe('received')
  return run.id
}
const refusal = async (attempt: Promise<unknown>): Promise<string> => {
  const error = await attempt.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(BackupRefused)
  return (error as BackupRefused).text.en
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'probant-backup-'))
  data = join(folder, 'server')
  store = await openSqliteStore(join(data, 'probant.sqlite'))
  token = await createAgentToken(store, 'poste')
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('a backup', () => {
  it('of a store that is written to meanwhile holds what was acknowledged before it, and is whole', async () => {
    serverKey(data)
    const before = await deliver(1)
    await store.journal.append({ actor: 'r', act: 'signed-in' })
    const over = new AbortController()
    const writer = (async () => {
      for (let n = 2; !over.signal.aborted; n++) await deliver(n)
    })()
    const made = await backup(data, join(folder, 'backups'), { version: '0' })
    over.abort()
    await writer
    const after = await store.chain()

    const elsewhere = join(folder, 'elsewhere')
    const restored = await restore(made, elsewhere, { replace: false })
    expect(restored.before).toBeNull()
    const copy = await openSqliteStore(join(elsewhere, 'probant.sqlite'))
    const chain = await copy.chain()
    expect(chain.length).toBeGreaterThanOrEqual(1)
    expect(chain).toEqual(after.slice(0, chain.length))
    expect(await copy.runText(before)).toBe(await store.runText(before))
    await copy.close()
    expect(readFileSync(join(elsewhere, 'server-key.pem'))).toEqual(
      readFileSync(join(data, 'server-key.pem')),
    )
  })

  it('that was changed since is refused, and nothing is put in its place', async () => {
    await deliver(1)
    const made = await backup(data, folder, { version: '0' })
    const path = join(made, 'probant.sqlite')
    const bytes = readFileSync(path)
    bytes[bytes.length - 10]! ^= 1
    writeFileSync(path, bytes)
    expect(await refusal(restore(made, join(folder, 'new'), { replace: false }))).toMatch(/changed since/)
    expect(readdirSync(folder)).not.toContain('new')
  })

  it('whose chain does not hold is refused', async () => {
    await deliver(1)
    const { default: SQLite } = await import('better-sqlite3')
    await store.close()
    const database = new SQLite(join(data, 'probant.sqlite'))
    database.exec(`update chain set fingerprint = '${'0'.repeat(64)}'`)
    database.close()
    store = await openSqliteStore(join(data, 'probant.sqlite'))
    expect(await refusal(backup(data, folder, { version: '0' }))).toMatch(/does not hold/)
    expect(
      readdirSync(folder).filter((name) => name.startsWith('probant-') && !name.endsWith('.part')),
    ).toEqual([])
  })

  it('is restored over a store only when told to, and the former one is kept', async () => {
    const first = await deliver(1)
    const made = await backup(data, folder, { version: '0' })
    const second = await deliver(2)
    await store.close()
    expect(await refusal(restore(made, data, { replace: false }))).toMatch(/--replace/)
    const { before } = await restore(made, data, { replace: true })
    store = await openSqliteStore(join(data, 'probant.sqlite'))
    expect(await store.runText(first)).not.toBeNull()
    expect(await store.runText(second)).toBeNull()
    const former = await openSqliteStore(join(before!, 'probant.sqlite'))
    expect(await former.runText(second)).not.toBeNull()
    await former.close()
  })

  it('is not restored under a server that runs', async () => {
    await deliver(1)
    const made = await backup(data, folder, { version: '0' })
    const holder = spawn(
      process.execPath,
      [
        '-e',
        `const db = new (require('better-sqlite3'))(process.argv[1]); db.prepare('select count(*) from run').get(); console.log('open'); setInterval(() => {}, 1000)`,
        join(data, 'probant.sqlite'),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    try {
      await once(holder.stdout, 'data')
      await store.close()
      expect(await refusal(restore(made, data, { replace: true }))).toMatch(/stop it first/)
    } finally {
      holder.kill()
      await once(holder, 'exit')
      store = await openSqliteStore(join(data, 'probant.sqlite'))
    }
    expect(await store.chain()).toHaveLength(1)
  })

  it.each([
    ['an empty folder', ''],
    ['a file that is not ours', '{"format":"other"}'],
  ])('%s is no backup', async (_, about) => {
    const fake = mkdtempSync(join(folder, 'fake-'))
    if (about) writeFileSync(join(fake, 'backup.json'), about)
    expect(await refusal(restore(fake, join(folder, 'new'), { replace: false }))).toMatch(/no backup/)
  })
})
