import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { agentKey } from '../../../agent/evidence/agent-key.ts'
import { writeWhole } from '../../../agent/evidence/atomic-file.ts'
import { Limit } from '../../../agent/run/limit.ts'

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'probant-evidence-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

describe("the agent's key", () => {
  it('is made once, by whoever comes first, and readable by nobody else', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => agentKey(folder)))
    expect(new Set(keys.map((k) => k.fingerprint)).size).toBe(1)
    expect((await agentKey(folder)).fingerprint).toBe(keys[0]!.fingerprint)
    expect((await stat(join(folder, 'agent-key.pem'))).mode & 0o777).toBe(0o600)
    expect(await readdir(folder)).toEqual(['agent-key.pem'])
  })
})

describe('a file written whole', () => {
  it('leaves the old one when it cannot be written', async () => {
    const path = join(folder, 'kept')
    await writeWhole(path, 'old')
    await expect(writeWhole(path, Symbol('no text') as unknown as string)).rejects.toThrow()
    expect(await readFile(path, 'utf8')).toBe('old')
    expect(await readdir(folder)).toEqual(['kept'])
  })
})

describe('a limit', () => {
  it('never lets more in than it says, and gives places back after a failure', async () => {
    const limit = new Limit(2)
    let inside = 0
    let most = 0
    const work = async (fails: boolean) => {
      most = Math.max(most, ++inside)
      await new Promise((resolve) => setImmediate(resolve))
      inside--
      if (fails) throw new Error('no')
    }
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) => limit.with(() => work(i % 3 === 0))),
    )
    expect(most).toBe(2)
    expect(results.filter((r) => r.status === 'rejected')).toHaveLength(7)
  })
})
