import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Writes a file whole or not at all: aside, synced, renamed, folder synced. `mode` is 0600 unless said otherwise. */
export async function writeWhole(path: string, contents: string | Uint8Array, mode = 0o600): Promise<void> {
  const aside = `${path}.${randomUUID()}.tmp`
  const file = await open(aside, 'wx', mode)
  try {
    await file.writeFile(contents)
    await file.sync()
    await file.close()
    await rename(aside, path)
  } catch (error) {
    await file.close().catch(() => undefined)
    await rm(aside, { force: true })
    throw error
  }
  const folder = await open(dirname(path), 'r')
  await folder.sync().catch(() => undefined) // not every file system syncs a folder
  await folder.close()
}
