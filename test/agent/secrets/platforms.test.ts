import { generateKeyPairSync } from 'node:crypto'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { publicKeyLine } from '../../../agent/commands/prepare/public-key.ts'
import { openCredentials } from '../../../agent/run/credentials.ts'
import { typedPath } from '../../../agent/secrets/typed-path.ts'
import { keyText, pipedText } from '../../../agent/secrets/typed-text.ts'
import { authentication } from '../../../agent/transports/ssh/connection.ts'
import { ensure } from '../../setup/debian.ts'

let folder: string
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'probant-typed-'))))
afterAll(() => rmSync(folder, { recursive: true }))

describe('text that was piped', () => {
  it.each([
    ['UTF-8', Buffer.from('sécret')],
    ['UTF-8 with its mark', Buffer.from('\uFEFFsécret')],
    ['UTF-16, as Windows PowerShell writes files', Buffer.from('\uFEFFsécret', 'utf16le')],
  ])('%s', (_, bytes) => {
    expect(pipedText(bytes)).toBe('sécret')
  })
})

describe('a path that was typed', () => {
  const windows = {
    platform: 'win32',
    env: { UserProfile: String.raw`C:\Users\Léa` },
    home: () => String.raw`C:\Users\Léa`,
  } as const
  const key = String.raw`C:\Users\Léa\.ssh\id_ed25519`
  it.each([
    '~/.ssh/id_ed25519',
    String.raw`~\.ssh\id_ed25519`,
    String.raw`%USERPROFILE%\.ssh\id_ed25519`,
    String.raw`$env:USERPROFILE\.ssh\id_ed25519`,
    String.raw`"C:\Users\Léa\.ssh\id_ed25519"`,
    String.raw`  C:\Users\Léa\.ssh\id_ed25519 `,
  ])('%s on Windows', (typed) => expect(typedPath(typed, windows)).toBe(key))
  it.each([
    ['~/.ssh/id_ed25519', '/home/lea/.ssh/id_ed25519'],
    ["'/tmp/a b'", '/tmp/a b'],
    ['%HOME%/key', '%HOME%/key'],
    [String.raw`~\key`, String.raw`~\key`],
    ['~lea/key', '~lea/key'],
  ])('%s elsewhere', (typed, path) => {
    expect(typedPath(typed, { platform: 'linux', env: { HOME: '/x' }, home: () => '/home/lea' })).toBe(path)
  })
  it('a name that stands for nothing stays', () => {
    expect(typedPath(String.raw`%NONE%\key`, windows)).toBe(String.raw`%NONE%\key`)
  })
})

describe.skipIf(!ensure(['openssh-client']))('a private key that came through Windows', () => {
  const keys: [string, string][] = []
  beforeAll(() => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'léa', '-f', join(folder, 'openssh')])
    keys.push(['OpenSSH', readFileSync(join(folder, 'openssh'), 'utf8')])
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    keys.push(['PKCS#1', privateKey.export({ type: 'pkcs1', format: 'pem' }) as string])
  })
  const spoiled: [string, (key: string) => string][] = [
    ['as it is', (key) => key],
    ['with CRLF', (key) => key.replaceAll('\n', '\r\n')],
    ['with CR', (key) => key.replaceAll('\n', '\r')],
    ['with a mark before it', (key) => `\uFEFF${key}`],
    ['with spaces at its line ends', (key) => key.replaceAll('\n', '  \r\n')],
    ['without its last line end', (key) => key.trimEnd()],
    ['after an empty line', (key) => `\r\n${key}`],
  ]
  it.each(spoiled)('%s', async (_, spoil) => {
    for (const [kind, key] of keys) {
      const open = openCredentials({ c: { user: 'u', key: 'env:K' } }, async () => spoil(key), new Set())
      const [method] = authentication(await open('c'))
      expect(method?.type, kind).toBe('publickey')
      expect(publicKeyLine(spoil(key)), kind).toBe(publicKeyLine(key))
      expect(publicKeyLine(spoil(key)), kind).not.toBe(null)
    }
  })
  it('what is no key stays as it is', () => {
    expect(keyText(' no key \r\n')).toBe(' no key \r\n')
  })
})

// Windows has no /dev/tty: what its console does is done here on a terminal of Linux, through standard input.
describe.skipIf(spawnSync('script', ['--version']).status !== 0)('keys typed at a console of Windows', () => {
  const module = join(import.meta.dirname, '../../../agent/secrets/hidden-input.ts')
  const typed = async (...keys: string[]) => {
    const source = join(folder, 'read.mts')
    writeFileSync(
      source,
      `import { readHidden } from ${JSON.stringify(module)}
for (let i = 0; i < ${keys.length}; i++) {
  const line = await readHidden('asks: ', 'win32')
  console.log('got ' + (line === null ? null : Buffer.from(line).toString('hex')))
}
console.log('raw ' + process.stdin.isRaw + ' done')`,
    )
    const child = spawn('script', ['-qec', `${process.execPath} ${source}`, '/dev/null'])
    const waiting = [...keys]
    let said = ''
    child.stdout.on('data', (bytes: Buffer) => {
      said += bytes.toString()
      if (said.endsWith('asks: ') && waiting.length > 0) {
        said += '\n'
        child.stdin.write(waiting.shift()!)
      }
    })
    await once(child, 'close')
    return said
  }
  it('are not shown, are asked for again over the same console, and the process ends', async () => {
    const said = await typed('sexcretX\b é\r', 'again\r')
    expect(said).toContain(`got ${Buffer.from('sexcret é').toString('hex')}`)
    expect(said).toContain(`got ${Buffer.from('again').toString('hex')}`)
    expect(said).not.toMatch(/sexcret|again/)
    expect(said).toContain('raw false done')
  }, 60_000)
  it('Ctrl-C and Ctrl-Z give up', async () => {
    expect((await typed('\u0003', '\u001a')).match(/got null/g)).toHaveLength(2)
  }, 60_000)
  it('is nobody where standard input is no console', () => {
    const code = `const { readHidden } = await import(${JSON.stringify(module)}); console.log(await readHidden('asks', 'win32'))`
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
      input: 'typed\n',
      encoding: 'utf8',
    })
    expect(stdout).toBe('null\n')
  }, 60_000)
})
