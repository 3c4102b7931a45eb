import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seenPolicy } from '../../../../agent/transports/smb/sysvol.ts'
import { filesInTar } from '../../../../agent/transports/smb/tar.ts'
import { TransportFailure } from '../../../../agent/transports/transport.ts'
import { defaultDomainPolicy, settingsFiles } from '../../../../checks/windows/group-policy/paths.ts'

interface Written {
  readonly name: string
  readonly content?: Buffer
  readonly type?: string
  readonly size?: string
}

/** One archive of these entries, written apart from the reader. */
function tar(...entries: readonly Written[]): Buffer {
  const blocks = entries.flatMap(({ name, content = Buffer.alloc(0), type = '0', size }) => {
    const header = Buffer.alloc(512)
    header.write(name, 0, 100, 'utf8')
    header.write(size ?? content.length.toString(8).padStart(11, '0'), 124, 'latin1')
    header.write('        ', 148, 'latin1')
    header.write(type, 156, 'latin1')
    header.write('ustar\x0000', 257, 'latin1')
    const sum = header.reduce((all, byte) => all + byte, 0)
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]
  })
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}
const content = Buffer.from('[General]\r\nVersion=1\r\n')
const causeOf = (work: () => unknown): string => {
  try {
    return `gave ${JSON.stringify(work())}`
  } catch (error) {
    return error instanceof TransportFailure ? error.reason : String(error)
  }
}

describe('tar', () => {
  it("reads what Debian's tar writes: files, whole, of archives that follow one another", () => {
    const folder = mkdtempSync(join(tmpdir(), 'probant-tar-'))
    try {
      const deep = join(folder, 'a'.repeat(90), 'b'.repeat(90))
      mkdirSync(deep, { recursive: true })
      writeFileSync(join(deep, 'été.ini'), content)
      writeFileSync(join(folder, 'empty'), '')
      symlinkSync('/etc/passwd', join(folder, 'link'))
      const archive = (...names: string[]) =>
        execFileSync('tar', ['--format=ustar', '-C', folder, '-cf', '-', ...names])
      const files = filesInTar(Buffer.concat([archive('empty', 'link'), archive('a'.repeat(90))]))
      expect([...files]).toEqual([
        ['empty', Buffer.alloc(0)],
        [`${'a'.repeat(90)}/${'b'.repeat(90)}/été.ini`, content],
      ])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it.each([
    ['a link', { name: 'GPT.INI', type: '2' }],
    ['a hard link', { name: 'GPT.INI', type: '1' }],
    ['a device', { name: 'GPT.INI', type: '3' }],
    ['a folder', { name: 'GPT.INI', type: '5' }],
    ['a long name of its own', { name: 'GPT.INI', type: 'L', content }],
    ['an extended header', { name: 'GPT.INI', type: 'x', content }],
    ['a file of another length than it has', { name: 'GPT.INI', size: '77777777777', content }],
  ])('does not take %s for a file', (_what, entry) => expect(filesInTar(tar(entry)).size).toBe(0))

  it.each([
    ['a size that is none', tar({ name: 'GPT.INI', size: '-0000000001' })],
    [
      'a size in base 256',
      tar({ name: 'GPT.INI', size: '\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff' }),
    ],
    ['something else', Buffer.alloc(2048, 'x')],
    ['a compressed archive', Buffer.concat([gzipSync(Buffer.alloc(1_000_000)), Buffer.alloc(512, 1)])],
    ['many entries', Buffer.concat(Array.from({ length: 300 }, (_, n) => tar({ name: `${n}` })))],
  ])('refuses %s', (_what, bytes) => expect(causeOf(() => filesInTar(bytes))).toBe('unparsable'))

  it('keeps the name to its first NUL, and gives no part of a file that is cut', () => {
    expect([...filesInTar(tar({ name: 'GPT.INI\0/../x', content })).keys()]).toEqual(['GPT.INI'])
    const whole = tar({ name: 'a', content }, { name: 'b', content: Buffer.alloc(2000, 'b') })
    expect([...filesInTar(whole.subarray(0, 2000)).keys()]).toEqual(['a'])
  })

  it('takes any bytes without crashing', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 600 }),
      fc.constant(new Uint8Array(tar({ name: 'a', content }))),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 4 }), (pieces) => {
        try {
          filesInTar(Buffer.concat(pieces))
        } catch (error) {
          expect(error).toBeInstanceOf(TransportFailure)
        }
      }),
    )
  })
})

describe('what smbclient says of one policy', () => {
  const domain = 'agence1.lan'
  const guid = '5a5b514b-82fe-43c2-86b3-f5c9260f89e0'
  const folder = (name: string) => `  ${name}      D        0  Wed Nov 25 03:53:30 2026`
  const list = [
    folder('.'),
    folder(domain),
    '',
    '\t\t12342040 blocks of size 1024. 12135996 blocks available',
    folder(`{${defaultDomainPolicy.toUpperCase()}}`),
    folder(`{${guid.toUpperCase()}}`),
  ]
  const below = `${domain}/Policies/{${guid.toUpperCase()}}`
  const lacks = (path: string, status = 'NO_SUCH_FILE') => [
    `NT_STATUS_${status} listing \\${`${below}/${path}`.replaceAll('/', '\\')}`,
    `tar:814  do_list failed on x (NT_STATUS_${status})`,
    'tar_process failed',
  ]
  const missing = (...there: string[]) =>
    settingsFiles.filter((path) => !there.includes(path)).flatMap((path) => lacks(path))
  const seen = (
    said: readonly string[],
    stdout: Buffer = Buffer.alloc(0),
    cut = false,
    maxBytes = 1_000_000,
  ) => seenPolicy({ stdout, said: said.join('\n'), cut }, domain, guid, maxBytes)
  const gptIni = tar({ name: `./${below}/GPT.INI`, content })

  it('is whole where each file came or was said to be absent', () => {
    expect(seen([...list, ...missing('GPT.INI')], gptIni)).toEqual({
      sysvol: true,
      domain: true,
      control: true,
      found: true,
      denied: [],
      files: [{ path: 'GPT.INI', content: content.toString('base64') }],
      cut: false,
    })
  })

  it('proves nothing where a file neither came nor was said to be absent', () => {
    expect(causeOf(() => seen([...list, ...missing('GPT.INI')]))).toBe('unparsable')
    expect(causeOf(() => seen([...list, ...missing('GPT.INI', 'User/Registry.pol')], gptIni))).toBe(
      'unparsable',
    )
    expect(causeOf(() => seen([...list, ...missing()], gptIni))).toBe('unparsable')
    const disconnected = [
      ...missing('GPT.INI', 'User/Registry.pol'),
      ...lacks('User/Registry.pol', 'CONNECTION_DISCONNECTED'),
    ]
    expect(causeOf(() => seen([...list, ...disconnected], gptIni))).toBe('unparsable')
  })

  it('proves nothing where a file was not read to its end', () => {
    expect(causeOf(() => seen([...list, ...missing('GPT.INI'), 'tar_process failed'], gptIni))).toBe(
      'unparsable',
    )
  })

  it('says that files are missing where it was cut', () => {
    expect(seen(list, gptIni, true)).toMatchObject({ cut: true, files: [{ path: 'GPT.INI' }] })
    expect(seen([...list, ...missing('GPT.INI')], gptIni, false, 64)).toMatchObject({ cut: true, files: [] })
  })

  it('takes no file of another place', () => {
    for (const name of [
      `./${below}/../{${guid.toUpperCase()}}/GPT.INI`,
      `./${below}x/GPT.INI`,
      '../../GPT.INI',
      `./${below}/GPT.INI/x`,
      './GPT.INI',
    ])
      expect(causeOf(() => seen([...list, ...missing('GPT.INI')], tar({ name, content })))).toBe('unparsable')
  })

  it.each([
    ['session setup failed: NT_STATUS_LOGON_FAILURE', 'auth'],
    ['session setup failed: NT_STATUS_NOT_FOUND', 'auth'],
    ['session setup failed: NT_STATUS_ACCOUNT_LOCKED_OUT', 'auth'],
    ['session setup failed: NT_STATUS_IO_TIMEOUT', 'timeout'],
    ['session setup failed: NT_STATUS_CONNECTION_RESET', 'refused'],
    ['tree connect failed: NT_STATUS_ACCESS_DENIED', 'denied'],
    ['protocol negotiation failed: NT_STATUS_IO_TIMEOUT', 'timeout'],
    ['protocol negotiation failed: NT_STATUS_INVALID_NETWORK_RESPONSE', 'unparsable'],
    ['do_connect: Connection to 10.0.1.10 failed (Error NT_STATUS_CONNECTION_REFUSED)', 'refused'],
    ['do_connect: Connection to 10.0.1.10 failed (Error NT_STATUS_HOST_UNREACHABLE)', 'unreachable'],
    ['do_connect: Connection to 10.0.1.10 failed (Error NT_STATUS_IO_TIMEOUT)', 'timeout'],
    [String.raw`NT_STATUS_ACCESS_DENIED listing \*`, 'denied'],
  ])('%s is %s', (line, cause) => expect(causeOf(() => seen([line]))).toBe(cause))

  it('tells no share, and no such domain, from no such policy', () => {
    expect(seen(['tree connect failed: NT_STATUS_BAD_NETWORK_NAME'])).toMatchObject({ sysvol: false })
    expect(seen([folder('agence2.lan')])).toMatchObject({ sysvol: true, domain: false })
    expect(seen(list.slice(0, -1))).toMatchObject({ domain: true, control: true, found: false })
    expect(seen(list.slice(0, 4))).toMatchObject({ domain: true, control: false, found: false })
  })
})
