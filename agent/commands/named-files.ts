import { existsSync, globSync } from 'node:fs'

/**
 * The files that a verb is given. On Windows neither cmd.exe nor PowerShell puts names in the place of `passages\*.json`, as
 * every other shell does: then it is done here, in the order of the names. What matches nothing stays as it was typed, and is
 * then said not to exist.
 */
export function namedFiles(typed: readonly string[], platform: NodeJS.Platform = process.platform): string[] {
  if (platform !== 'win32') return [...typed]
  return typed.flatMap((name) => {
    if (!/[*?]/.test(name) || existsSync(name)) return [name]
    const found = globSync(name).sort()
    return found.length > 0 ? found : [name]
  })
}
