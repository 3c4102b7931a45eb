import { fork } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  forgetIdentity,
  knownIdentities,
  listIdentities,
} from '../../../agent/identities/known-identities.ts'

const web = 'ssh 10.0.1.20:22'
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'probant-identities-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('known identities', () => {
  it('trusts the first, and from then on no other', async () => {
    const check = knownIdentities(folder, 's1')
    expect(check(web, 'SHA256:a', 'first-use')).toBe(true)
    expect(check(web, 'SHA256:b', 'first-use')).toBe(false)
    expect(check(web, 'SHA256:a', 'first-use')).toBe(true)
    expect(knownIdentities(folder, 's1')(web, 'SHA256:b', 'first-use')).toBe(false)
    expect(check('ssh 10.0.2.20:22', 'SHA256:b', 'first-use')).toBe(true)
    expect(knownIdentities(folder, 's2')(web, 'SHA256:b', 'first-use')).toBe(true)
    expect((await stat(join(folder, 'known-identities.jsonl'))).mode & 0o777).toBe(0o600)
  })

  it('takes a pinned one and no other, whatever was seen before', () => {
    const check = knownIdentities(folder, 's1')
    expect(check(web, 'SHA256:a', 'SHA256:b')).toBe(false)
    expect(check(web, 'SHA256:b', 'SHA256:b')).toBe(true)
    expect(listIdentities(folder)).toEqual([])
  })

  it('forgets one with the reason kept, and the next is the first again', async () => {
    for (const session of ['s1', 's2']) knownIdentities(folder, session)(web, 'SHA256:a', 'first-use')
    expect(forgetIdentity(folder, web, 'VM recréée', 's1')).toBe(1)
    expect(knownIdentities(folder, 's1')(web, 'SHA256:b', 'first-use')).toBe(true)
    expect(knownIdentities(folder, 's2')(web, 'SHA256:b', 'first-use')).toBe(false)
    expect(listIdentities(folder).map(({ session, identity }) => [session, identity])).toEqual([
      ['s2', 'SHA256:a'],
      ['s1', 'SHA256:b'],
    ])
    expect(forgetIdentity(folder, web, 'salle refaite')).toBe(2)
    expect(forgetIdentity(folder, web, 'encore')).toBe(0)
    const text = await readFile(join(folder, 'known-identities.jsonl'), 'utf8')
    expect(text).toContain('VM recréée')
    expect(text).toContain('SHA256:a')
  })

  it('passes over half a line of a process that was killed', async () => {
    const path = join(folder, 'known-identities.jsonl')
    await writeFile(path, '{"event":"seen","session":"s1","whe')
    expect(knownIdentities(folder, 's1')(web, 'SHA256:a', 'first-use')).toBe(true)
    await appendFile(path, '{"event":"seen"}\nnoise\n')
    expect(listIdentities(folder)).toHaveLength(1)
  })

  it('trusts one only, where several processes meet a machine together', { timeout: 30_000 }, async () => {
    const module = JSON.stringify(join(import.meta.dirname, '../../../agent/identities/known-identities.ts'))
    const source = join(folder, 'meet.mts')
    await writeFile(
      source,
      `import { knownIdentities } from ${module}
       const check = knownIdentities(${JSON.stringify(folder)}, 's1')
       process.once('message', () => process.send(Array.from({ length: 40 }, (_, i) => check('ssh 10.0.0.' + i, process.argv[2], 'first-use'))))
       process.send('ready')`,
    )
    const children = ['a', 'b', 'c'].map((identity) => fork(source, [identity]))
    await Promise.all(children.map((child) => once(child, 'message')))
    const results = await Promise.all(
      children.map(async (child) => {
        const answer = once(child, 'message')
        child.send('go')
        const [result] = (await answer) as [boolean[]]
        child.disconnect()
        return result
      }),
    )
    for (let i = 0; i < 40; i++) expect(results.filter((result) => result[i])).toHaveLength(1)
    expect(listIdentities(folder)).toHaveLength(40)
  })
})
