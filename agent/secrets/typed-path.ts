import { homedir } from 'node:os'
import { posix, win32 } from 'node:path'

/**
 * A path as people type or paste it: `~/.ssh/id_ed25519`; on Windows also `%USERPROFILE%\.ssh\id_ed25519` and
 * `$env:USERPROFILE\…`; in the quotes that the Explorer's "Copy as path" puts around it. A name that stands for nothing stays.
 */
export function typedPath(
  typed: string,
  {
    platform = process.platform,
    env = process.env,
    home = homedir,
  }: {
    readonly platform?: NodeJS.Platform
    readonly env?: Readonly<Record<string, string | undefined>>
    readonly home?: () => string
  } = {},
): string {
  const bare = /^(["'])(.*)\1$/.exec(typed.trim())?.[2] ?? typed.trim()
  const windows = platform === 'win32'
  if (bare === '~') return home()
  if (bare.startsWith('~/') || (windows && bare.startsWith('~\\')))
    return (windows ? win32 : posix).join(home(), bare.slice(2))
  if (!windows) return bare
  // Windows itself tells no capitals from small letters in these names.
  const value = (name: string) =>
    Object.entries(env).find(([other]) => other.toLowerCase() === name.toLowerCase())?.[1]
  return bare.replace(
    /%(\w+)%|\$env:(\w+)/gi,
    (whole, cmd?: string, powershell?: string) => value(cmd ?? powershell ?? '') ?? whole,
  )
}
