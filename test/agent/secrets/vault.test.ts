import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { secretSource } from '../../../agent/secrets/resolve.ts'
import {
  listNames,
  openVault,
  removeSecret,
  setSecret,
  vaultExists,
  VaultFailure,
} from '../../../agent/secrets/vault.ts'
import { ensure, program } from '../../setup/debian.ts'

const passphrase = randomBytes(12).toString('base64url')
const value = randomBytes(12).toString('base64url')
let folder: string
let path: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'probant-vault-'))
  path = join(folder, 'vault.age')
  await setSecret(path, passphrase, 'lecture-ad', value)
}, 60_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the vault', () => {
  it('keeps secrets under names, in one encrypted file of mode 0600', { timeout: 60_000 }, async () => {
    const mine = await mkdtemp(join(tmpdir(), 'probant-vault-'))
    const path = join(mine, 'vault.age')
    expect(await vaultExists(path)).toBe(false)
    await setSecret(path, passphrase, 'lecture-ad', value)
    await setSecret(path, passphrase, 'admin-web', 'clé\nsur deux lignes\n')
    expect(await listNames(path, passphrase)).toEqual(['admin-web', 'lecture-ad'])
    expect((await openVault(path, passphrase)).get('admin-web')).toBe('clé\nsur deux lignes\n')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect((await readFile(path)).includes(value)).toBe(false)
    expect(await removeSecret(path, passphrase, 'admin-web')).toBe(true)
    expect(await removeSecret(path, passphrase, 'admin-web')).toBe(false)
    expect(await readdir(mine)).toEqual(['vault.age'])
    await rm(mine, { recursive: true })
  })

  it('says in both languages why it does not open', { timeout: 60_000 }, async () => {
    const failure = async (work: Promise<unknown>) => {
      const error = await work.catch((e: unknown) => e)
      if (!(error instanceof VaultFailure)) throw error
      expect(JSON.stringify(error.text)).not.toContain(passphrase)
      return error.text.fr
    }
    expect(await failure(openVault(path, 'wrong'))).toMatch(/phrase secrète/)
    expect(await failure(openVault(join(folder, 'none'), passphrase))).toMatch(/pas de coffre/)
    const sealed = await readFile(path)
    const damaged = join(folder, 'damaged')
    await writeFile(damaged, sealed.subarray(0, sealed.length - 3))
    expect(await failure(openVault(damaged, passphrase))).toMatch(/abîmé/)
    expect(await failure(setSecret(path, passphrase, '../etc', 'x'))).toMatch(/nommer/)
    expect(await failure(setSecret(path, 'wrong', 'x', 'x'))).toMatch(/phrase secrète/)
    expect(await failure(setSecret(join(folder, 'new'), '', 'x', 'x'))).toMatch(/manque/)
    await chmod(damaged, 0o600)
  })

  it(
    'gives env: and vault: references their values, and opens the vault once',
    { timeout: 60_000 },
    async () => {
      let asked = 0
      const resolve = secretSource({ path, passphrase: () => (asked++, Promise.resolve(passphrase)) })
      process.env['PROBANT_TEST_SECRET'] = value
      expect(
        await Promise.all([
          resolve('env:PROBANT_TEST_SECRET'),
          resolve('vault:lecture-ad'),
          resolve('vault:lecture-ad'),
        ]),
      ).toEqual([value, value, value])
      expect(asked).toBe(1)
      delete process.env['PROBANT_TEST_SECRET']
      await expect(resolve('env:PROBANT_TEST_SECRET')).rejects.toThrow('env:PROBANT_TEST_SECRET has no value')
      await expect(resolve('vault:none')).rejects.toThrow('vault:none has no value')
      await expect(resolve(value)).rejects.not.toThrow(value)
    },
  )

  it.skipIf(!ensure(['age']))(
    'is opened by Debian’s age, with the passphrase typed',
    { timeout: 30_000 },
    async () => {
      // age reads the passphrase at its terminal only: `script` gives it one.
      const child = spawn('script', ['-qec', `${program('age')!} -d ${path}`, '/dev/null'], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      let said = ''
      child.stdout.on('data', (text: Buffer) => {
        if (!said.includes('passphrase') && text.includes('passphrase')) child.stdin.write(`${passphrase}\n`)
        said += text.toString()
      })
      await once(child, 'close')
      expect(said).toContain(JSON.stringify({ 'lecture-ad': value }))
    },
  )
})

describe('what is typed at the terminal', () => {
  const read = async (keys: string, code: string) => {
    const program = `import { readPassphrase, readSecret } from ${JSON.stringify(join(import.meta.dirname, '../../../agent/secrets/passphrase.ts'))}; ${code}`
    const source = join(folder, 'read.mts')
    await writeFile(source, program)
    const child = spawn('script', ['-qec', `${process.execPath} ${source}`, '/dev/null'], {
      env: { ...process.env, PROBANT_VAULT_PASSPHRASE: '' },
    })
    let said = ''
    let rest = keys.split('|')
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString()
      if (/ : $|: $/.test(text.toString())) {
        child.stdin.write(rest[0] ?? '')
        rest = rest.slice(1)
      }
    })
    await once(child, 'close')
    return said
  }

  it('is read without echo, erasing as one types', { timeout: 30_000 }, async () => {
    const said = await read(
      'sexcretX\u007f é\r',
      "console.log('got', JSON.stringify(Buffer.from(await readPassphrase('fr')).toString('hex')))",
    )
    expect(said).toContain(Buffer.from('sexcret é').toString('hex'))
    expect(said).not.toContain('sexcret')
    expect(said).toContain('Phrase secrète du coffre : ')
  })

  it('is asked for twice where the vault is made', { timeout: 60_000 }, async () => {
    const code =
      "await readPassphrase('en', { confirm: true }).then((p) => console.log(`got ${p.length}`), (e) => console.log(e.message))"
    expect(await read('abcd\r|abcd\r', code)).toContain('got 4')
    expect(await read('abcd\r|abce\r', code)).toContain('differ')
    expect(await read('\u0003', code)).toContain('missing')
  })

  it('comes from standard input where that is a file, without the end of a single line', () => {
    const module = join(import.meta.dirname, '../../../agent/secrets/passphrase.ts')
    const code = `const { readSecret } = await import(${JSON.stringify(module)}); process.stdout.write(JSON.stringify(await readSecret('fr', 'x')))`
    const run = (input: string) =>
      JSON.parse(
        execFileSync(process.execPath, ['--input-type=module', '-e', code], { input, encoding: 'utf8' }),
      ) as string
    expect(run('mot de passe\n')).toBe('mot de passe')
    expect(run('-----BEGIN\nabc\n')).toBe('-----BEGIN\nabc\n')
  })
})
