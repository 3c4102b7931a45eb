import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { knownIdentities } from '../../../agent/identities/known-identities.ts'
import { folderForTests, run } from './probant.ts'

const home = folderForTests()
const env = { PROBANT_VAULT_PASSPHRASE: randomBytes(12).toString('hex') }

describe('probant vault', { timeout: 60_000 }, () => {
  it('stores what comes on standard input, lists names only, removes', async () => {
    const secret = randomBytes(12).toString('hex')
    const set = await run(home, ['vault', 'set', 'admin-web'], { env, input: `${secret}\n` })
    expect([set.status, set.out]).toEqual([0, ''])
    expect(set.err).toContain('vault:admin-web')
    expect(await run(home, ['vault', 'list'], { env })).toEqual({ status: 0, out: 'admin-web\n', err: '' })
    expect((await run(home, ['vault', 'list', '--json'], { env })).out).toBe('["admin-web"]\n')
    for (const file of readdirSync(home)) expect(readFileSync(join(home, file)).includes(secret)).toBe(false)
    expect((await run(home, ['vault', 'remove', 'autre'], { env })).status).toBe(2)
    expect((await run(home, ['vault', 'remove', 'admin-web'], { env })).status).toBe(0)
    expect((await run(home, ['vault', 'list'], { env })).out).toBe('')
  })
  it('says in one sentence that the passphrase is wrong', async () => {
    await run(home, ['vault', 'set', 'a'], { env, input: 'x' })
    const { status, err } = await run(home, ['vault', 'list'], { env: { PROBANT_VAULT_PASSPHRASE: 'other' } })
    expect([status, err]).toEqual([
      2,
      'probant: la phrase secrète du coffre n’est pas la bonne\u202f: retapez-la\n',
    ])
  })
})

describe('probant identities', { timeout: 60_000 }, () => {
  it('lists what was trusted on first use, and forgets it with a reason', async () => {
    const check = knownIdentities(home, 'f'.repeat(64))
    const fingerprint = `SHA256:${'A'.repeat(43)}`
    expect(check('ssh 10.0.1.20:22', fingerprint, 'first-use')).toBe(true)
    expect((await run(home, ['identities', 'list'])).out).toMatch(
      /^ssh 10\.0\.1\.20:22 {2}SHA256:A{43} {2}f{12} {2}\d{4}-/,
    )
    expect((await run(home, ['identities', 'forget', 'ssh 10.0.1.20:22', '--reason', ' '])).status).toBe(2)
    expect((await run(home, ['identities', 'forget', 'ssh 10.0.9.9:22', '--reason', 'x'])).status).toBe(2)
    expect(
      (await run(home, ['identities', 'forget', 'ssh 10.0.1.20:22', '--reason', 'VM recréée'])).status,
    ).toBe(0)
    expect((await run(home, ['identities', 'list', '--json'])).out).toBe('[]\n')
    expect(check('ssh 10.0.1.20:22', `SHA256:${'B'.repeat(43)}`, 'first-use')).toBe(true)
  })
})
