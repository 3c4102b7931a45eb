import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'

/**
 * Reads a secret that is one file, or makes it: whole, synced, readable by its owner only. Two processes at once end up with
 * one and the same.
 */
export function secretFile(path: string, make: () => string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const aside = `${path}.${process.pid}`
  const file = openSync(aside, 'w', 0o600)
  try {
    writeSync(file, make())
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  try {
    linkSync(aside, path) // fails where another process was quicker: then theirs it is
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(aside, { force: true })
  }
  return readFileSync(path, 'utf8')
}
