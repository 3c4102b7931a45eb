import { link, mkdir, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { linkNew, renameOver, writeWhole } from '../../../agent/evidence/atomic-file.ts'
import { NoStateFolder, statePath, type Surroundings } from '../../../agent/evidence/state-folder.ts'

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'probant-platforms-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

describe("the agent's own folder", () => {
  const mac = { platform: 'darwin', home: () => '/Users/lea' } as const
  const windows = { platform: 'win32', home: () => String.raw`C:\Users\Léa` } as const
  const linux = { platform: 'linux', home: () => '/home/lea' } as const
  const nothing = () => false
  it.each<[string, Partial<Surroundings>, string]>([
    ['Linux', linux, '/home/lea/.local/state/probant'],
    ['Linux, said by XDG', { ...linux, env: { XDG_STATE_HOME: '/var/lib/state' } }, '/var/lib/state/probant'],
    ['macOS', mac, '/Users/lea/Library/Application Support/probant'],
    [
      'macOS, where an earlier version made one',
      { ...mac, exists: (path) => path === '/Users/lea/.local/state/probant' },
      '/Users/lea/.local/state/probant',
    ],
    ['Windows', windows, String.raw`C:\Users\Léa\AppData\Local\probant`],
    [
      'Windows, said by the system',
      { ...windows, env: { LOCALAPPDATA: String.raw`D:\Local` } },
      String.raw`D:\Local\probant`,
    ],
    [
      'Windows, where an earlier version made one',
      { ...windows, exists: (path) => path === String.raw`C:\Users\Léa\.local\state\probant` },
      String.raw`C:\Users\Léa\.local\state\probant`,
    ],
    ...([linux, mac, windows] as const).map((one): [string, Partial<Surroundings>, string] => [
      `${one.platform}, said by PROBANT_HOME`,
      { ...one, env: { PROBANT_HOME: '/own', LOCALAPPDATA: 'x', XDG_STATE_HOME: 'y' }, exists: () => true },
      '/own',
    ]),
  ])('%s', (_, surroundings, path) => {
    expect(statePath({ env: {}, exists: nothing, ...linux, ...surroundings })).toBe(path)
  })

  it('an account without a home is told to name one', () => {
    const home = () => {
      throw new Error('ENOENT: uv_os_homedir')
    }
    expect(() => statePath({ platform: 'linux', env: {}, exists: nothing, home })).toThrow(NoStateFolder)
    expect(() => statePath({ platform: 'linux', env: {}, exists: nothing, home })).toThrow(/PROBANT_HOME/)
  })
})

describe('a file renamed over another', () => {
  /** Windows, where somebody has the file open for the first tries. */
  const heldFor = (platform: NodeJS.Platform, times: number, code = 'EPERM') => {
    let tries = 0
    return {
      platform,
      tries: () => tries,
      rename: async (from: string, to: string) => {
        if (++tries <= times) throw Object.assign(new Error(code), { code })
        await rename(from, to)
      },
    }
  }
  it.each(['EPERM', 'EACCES', 'EBUSY'])('waits on Windows while somebody has it open (%s)', async (code) => {
    await writeFile(join(folder, 'kept'), 'old')
    const held = heldFor('win32', 3, code)
    await writeWhole(join(folder, 'kept'), 'new', 0o600, held)
    expect(await readFile(join(folder, 'kept'), 'utf8')).toBe('new')
    expect(held.tries()).toBe(4)
    expect(await readdir(folder)).toEqual(['kept'])
  })

  it('gives up where it stays open, and leaves the old one and no rest', async () => {
    await writeFile(join(folder, 'kept'), 'old')
    await expect(
      writeWhole(join(folder, 'kept'), 'new', 0o600, heldFor('win32', Number.POSITIVE_INFINITY)),
    ).rejects.toThrow('EPERM')
    expect(await readFile(join(folder, 'kept'), 'utf8')).toBe('old')
    expect(await readdir(folder)).toEqual(['kept'])
  })

  it.each([
    ['linux', 'EPERM'],
    ['darwin', 'EBUSY'],
    ['win32', 'ENOENT'],
  ] as const)('does not wait on %s for %s', async (platform, code) => {
    const held = heldFor(platform, 1, code)
    await expect(renameOver('/a', '/b', held)).rejects.toThrow(code)
    expect(held.tries()).toBe(1)
  })

  it('opens no folder on Windows', async () => {
    const inside = join(folder, 'inside')
    await mkdir(inside)
    const held = { platform: 'win32', rename: async () => rm(inside, { recursive: true }) } as const
    // The folder is gone when its turn to be synced would come: who opened it would fail.
    await writeWhole(join(inside, 'file'), 'x', 0o600, held)
    await expect(stat(inside)).rejects.toThrow('ENOENT')
  })
})

describe('a second name where links are not known (FAT, exFAT)', () => {
  const noLink = async () => {
    throw Object.assign(new Error('ENOTSUP'), { code: 'ENOTSUP' })
  }
  it.each([
    ['linked', link],
    ['copied', noLink],
  ] as const)('%s, and never over another', async (_, linked) => {
    await writeFile(join(folder, 'a'), 'a')
    await linkNew(join(folder, 'a'), join(folder, 'b'), linked)
    expect(await readFile(join(folder, 'b'), 'utf8')).toBe('a')
    await expect(linkNew(join(folder, 'a'), join(folder, 'b'), linked)).rejects.toMatchObject({
      code: 'EEXIST',
    })
  })
})
