// Plain JavaScript for any Node, as bin/probant.js is; the platform comes as a value, so that each is tested on every other.
import { posix, win32 } from 'node:path'

/**
 * Where what was compiled is kept for the next start: in a folder of this account's own, because what is in it gets executed.
 * Null where the account has none: then every start compiles.
 */
export function cacheFolder(platform, env, home) {
  const { join } = platform === 'win32' ? win32 : posix
  let own
  try {
    own = home()
  } catch {
    own = null
  }
  if (platform === 'win32') {
    const local = env.LOCALAPPDATA || (own && join(own, 'AppData', 'Local'))
    return local ? join(local, 'probant', 'cache', 'compiled') : null
  }
  const caches = platform === 'darwin' ? ['Library', 'Caches'] : ['.cache']
  const cache = env.XDG_CACHE_HOME || (own && join(own, ...caches))
  return cache ? join(cache, 'probant', 'compiled') : null
}

/** Signals that are handed on to another process: what a platform knows of them. */
export const handedOn = (platform) =>
  platform === 'win32' ? ['SIGINT', 'SIGBREAK', 'SIGHUP'] : ['SIGINT', 'SIGTERM', 'SIGHUP']
