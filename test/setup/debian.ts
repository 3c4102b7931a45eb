import { execFileSync } from 'node:child_process'
import { accessSync, constants, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const lock = '/tmp/probant-apt.lock'
const quiet = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }

/**
 * Makes sure that these Debian packages are installed, so that a test can start the real service. Installs them where
 * this is Debian and the tests run as root, one test process at a time. False where they can't be had: the test then
 * skips by name and says which package it lacks.
 */
export function ensure(packages: readonly string[]): boolean {
  const missing = packages.filter((name) => !installed(name))
  if (missing.length === 0) return true
  if (process.getuid?.() !== 0 || !isDebian()) return lacking(missing)
  const install = ['apt-get', 'install', '--yes', '--no-install-recommends', ...missing]
  for (const command of [install, ['apt-get', 'update', '--quiet'], install])
    try {
      execFileSync('flock', [lock, ...command], { stdio: 'ignore', env: withoutServices(), timeout: 300_000 })
      if (missing.every(installed)) return true
    } catch {
      // The index may be old: the second command renews it, and the third tries again.
    }
  return lacking(missing)
}

/** Where a program of these packages is, `sbin` included; undefined where there is none. */
export function program(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return folders.map((folder) => join(folder, name)).find(executable)
}

function installed(name: string): boolean {
  try {
    const status = execFileSync('dpkg-query', ['--show', '--showformat=${Status}', name], {
      encoding: 'utf8',
      env: quiet,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return status === 'install ok installed'
  } catch {
    return false
  }
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function isDebian(): boolean {
  try {
    return /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return false
  }
}

/** A package's own service must not start: the tests start theirs, on loopback, on ports of their own. */
const withoutServices = () => ({ ...quiet, RUNLEVEL: '1', SYSTEMD_OFFLINE: '1' })

function lacking(packages: readonly string[]): false {
  process.stderr.write(`skipped: these Debian packages can't be had here: ${packages.join(', ')}\n`)
  return false
}
