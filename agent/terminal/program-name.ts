import { accessSync, constants } from 'node:fs'
import { basename, delimiter, join } from 'node:path'

let known: string | undefined

/**
 * How this program is typed again where it runs: `probant` where the PATH has one, else `npx probant`, as the documentation
 * writes it. What npm itself puts before the PATH is not there for whoever types.
 */
export function programName(env: NodeJS.ProcessEnv = process.env): string {
  return env === process.env ? (known ??= nameIn(env)) : nameIn(env)
}

function nameIn(env: NodeJS.ProcessEnv): string {
  const folders = (env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '' && !/[\\/]node_modules[\\/]\.bin[\\/]?$/.test(folder))
    // `npx` of a package that is not installed: a folder of its cache.
    .filter((folder) => !/[\\/]_npx[\\/]/.test(folder))
  const names = process.platform === 'win32' ? ['probant.cmd', 'probant.exe'] : ['probant']
  if (folders.some((folder) => names.some((name) => isExecutable(join(folder, name))))) return 'probant'
  // The single executable (build-sea.ts), which no npm knows.
  if (!/^probant(?:\.exe)?$/.test(basename(process.execPath))) return 'npx probant'
  return process.execPath.includes(' ') ? `"${process.execPath}"` : process.execPath
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
