import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cacheFolder, handedOn } from '../../../bin/places.js'
import { namedFiles } from '../../../agent/commands/named-files.ts'
import { accountName } from '../../../agent/terminal/account-name.ts'
import { endingSignals } from '../../../agent/terminal/ending-signals.ts'
import { isPlainName } from '../../../agent/work/session-folder.ts'

describe('the files that a verb is given', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'probant-named-'))
    for (const name of ['b.run.json', 'a.run.json', 'a.run.json.delivered', 'lit*eral.run.json'])
      writeFileSync(join(folder, name), '')
  })
  afterAll(() => rmSync(folder, { recursive: true }))
  const inside = (...names: string[]) => names.map((name) => join(folder, name))

  it('are found by us on Windows, whose shells do not, in the order of their names', () => {
    expect(namedFiles(inside('*.run.json'), 'win32')).toEqual(
      inside('a.run.json', 'b.run.json', 'lit*eral.run.json'),
    )
    expect(namedFiles(inside('?.run.json', 'b.run.json'), 'win32')).toEqual(
      inside('a.run.json', 'b.run.json', 'b.run.json'),
    )
  })
  it('stay as typed where nothing matches, and where a file has that very name', () => {
    expect(namedFiles(inside('none*.json'), 'win32')).toEqual(inside('none*.json'))
    expect(namedFiles(inside('lit*eral.run.json'), 'win32')).toEqual(inside('lit*eral.run.json'))
  })
  it.each(['linux', 'darwin'] as const)('stay as typed on %s: the shell has done it', (platform) => {
    expect(namedFiles(inside('*.run.json'), platform)).toEqual(inside('*.run.json'))
  })
})

describe('what starts the program', () => {
  const fails = () => {
    throw new Error('no home')
  }
  it.each([
    ['linux', {}, '/home/lea', '/home/lea/.cache/probant/compiled'],
    ['linux', { XDG_CACHE_HOME: '/c' }, null, '/c/probant/compiled'],
    ['linux', {}, null, null],
    ['darwin', {}, '/Users/lea', '/Users/lea/Library/Caches/probant/compiled'],
    ['win32', {}, String.raw`C:\Users\Léa`, String.raw`C:\Users\Léa\AppData\Local\probant\cache\compiled`],
    ['win32', { LOCALAPPDATA: 'D:\\L' }, null, String.raw`D:\L\probant\cache\compiled`],
    ['win32', { XDG_CACHE_HOME: 'x' }, null, null],
  ] as const)('on %s with %j keeps what was compiled for %s at %s', (platform, env, home, folder) => {
    expect(cacheFolder(platform, env, home === null ? fails : () => home)).toBe(folder)
  })

  it.each(['linux', 'darwin', 'win32'] as const)(
    'knows the signals of %s, the same in both places',
    (platform) => {
      expect(handedOn(platform)).toEqual(endingSignals(platform))
      expect(endingSignals(platform).includes('SIGTERM')).toBe(platform !== 'win32')
      expect(endingSignals(platform)).toEqual(expect.arrayContaining(['SIGINT', 'SIGHUP']))
    },
  )

  it('an account that has no name is nobody, not an error', () => {
    const nameless = () => {
      throw new Error('ENOENT: uv_os_get_passwd')
    }
    expect(accountName({}, () => ({ username: 'lea' }))).toBe('lea')
    expect(accountName({ USER: 'lea' }, nameless)).toBe('lea')
    expect(accountName({ USERNAME: 'Léa' }, nameless)).toBe('Léa')
    expect(accountName({}, nameless)).toBe('')
  })
})

describe('the name of a file that a server sends', () => {
  it.each(['aux.yaml', 'NUL', 'com1.txt', 'sujet.', 'sujet '])('%j is none on Windows only', (name) => {
    expect(isPlainName(name, 'win32')).toBe(false)
    expect(isPlainName(name, 'linux')).toBe(true)
  })
  it.each(['sujet.yaml', 'auxiliaire.yaml', 'console', 'Été 1.yaml'])('%j is one everywhere', (name) => {
    expect(isPlainName(name, 'win32')).toBe(true)
  })
  it.each(['a:b', 'a\\b', '..', 'a|b', 'a?'])('%j is none anywhere', (name) => {
    expect(isPlainName(name, 'linux')).toBe(false)
  })
})
