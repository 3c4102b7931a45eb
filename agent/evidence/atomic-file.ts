import { randomUUID } from 'node:crypto'
import { constants, copyFile, link, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** How a platform renames: as data, so that each is tested on every other. */
export interface Renaming {
  readonly platform: NodeJS.Platform
  readonly rename: (from: string, to: string) => Promise<void>
}

const here: Renaming = { platform: process.platform, rename }
/** What Windows says while a scanner or an indexer, or another reader, has one of the two files open. */
const held = new Set(['EPERM', 'EACCES', 'EBUSY'])
/** In ms; a second and a half in all. */
const pauses = [10, 20, 50, 100, 200, 400, 800]

/** Renames a file over another. On Windows it waits a moment for who has one of them open. Rejects with the system's error. */
export async function renameOver(from: string, to: string, renaming: Renaming = here): Promise<void> {
  const waits = renaming.platform === 'win32' ? pauses.values() : [].values()
  for (;;)
    try {
      return await renaming.rename(from, to)
    } catch (error) {
      const wait = waits.next()
      if (wait.done || !held.has((error as NodeJS.ErrnoException).code ?? '')) throw error
      await pause(wait.value)
    }
}

/** Gives a file a second name where there is none of that name; rejects with EEXIST where there is. */
export async function linkNew(from: string, to: string, linked: typeof link = link): Promise<void> {
  try {
    await linked(from, to)
  } catch (error) {
    // FAT and exFAT (a USB stick), and some shared folders, know one name for a file.
    if (!noLinks.has((error as NodeJS.ErrnoException).code ?? '')) throw error
    await copyFile(from, to, constants.COPYFILE_EXCL)
  }
}
const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EISDIR', 'UNKNOWN'])

/** Writes a file whole or not at all: aside, synced, renamed, folder synced. `mode` is 0600 unless said otherwise. */
export async function writeWhole(
  path: string,
  contents: string | Uint8Array,
  mode = 0o600,
  renaming: Renaming = here,
): Promise<void> {
  const aside = `${path}.${randomUUID()}.tmp`
  const file = await open(aside, 'wx', mode)
  try {
    await file.writeFile(contents)
    await file.sync()
    await file.close()
    await renameOver(aside, path, renaming)
  } catch (error) {
    await file.close().catch(() => undefined)
    await rm(aside, { force: true })
    throw error
  }
  // Windows opens no folder as a file, and NTFS writes its own journal.
  if (renaming.platform === 'win32') return
  const folder = await open(dirname(path), 'r')
  await folder.sync().catch(() => undefined) // not every file system syncs a folder
  await folder.close()
}
