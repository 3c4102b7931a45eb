import { z } from 'zod'
import { json } from '../observation.ts'
import { command, file } from '../probe.ts'

export interface Mount {
  readonly target: string
  readonly source: string
  readonly type: string
  readonly options: readonly string[]
}

/** Every mounted file system, in one question, as JSON. */
export const mounts = (on: string) =>
  command(on, ['findmnt', '--json', '--list', '--output', 'TARGET,SOURCE,FSTYPE,OPTIONS'], {
    maxBytes: 262_144,
  })

/** The table of what is mounted at boot, fstab(5). */
export const bootTable = (on: string) => file(on, '/etc/fstab', { content: true })

const findmnt = z.object({
  filesystems: z.array(
    z.object({
      target: z.string(),
      source: z.string().nullable(),
      fstype: z.string().nullable(),
      options: z.string().nullable(),
    }),
  ),
})

export const parseMounts = (text: string): Mount[] =>
  json(text, findmnt).filesystems.map(({ target, source, fstype, options }) => ({
    target,
    source: source ?? '',
    type: fstype ?? '',
    options: (options ?? '').split(','),
  }))

// Spaces and backslashes in a field are written as three octal digits.
const unescaped = (field: string) =>
  field.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))

/** Reads fstab(5): comments and lines of fewer than three fields are left out. */
export function parseBootTable(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    if (line.trimStart().startsWith('#')) return []
    const [source, target, type, options = 'defaults'] = line.trim().split(/\s+/).map(unescaped)
    return source && target && type
      ? [{ source, target: withoutSlash(target), type, options: options.split(',') }]
      : []
  })
}

/** A mount point without its final slash. */
export const withoutSlash = (path: string): string => (path.length > 1 ? path.replace(/\/+$/, '') : path)

/** Whether the boot mounts it by itself. */
export const mountedAtBoot = (entry: Mount): boolean =>
  !entry.options.includes('noauto') || entry.options.includes('x-systemd.automount')

const byDefault = new Set(['rw', 'suid', 'dev', 'exec', 'async', 'relatime', 'defaults'])

/** Options wanted that an fstab line does not give (those that mount(8) takes by default count as given). */
export const missingOptions = (wanted: readonly string[], given: readonly string[]): string[] =>
  wanted.filter(
    (option) =>
      !given.includes(option) && !(byDefault.has(option) && !given.includes(opposite[option] ?? '')),
  )

const opposite: Record<string, string> = {
  rw: 'ro',
  suid: 'nosuid',
  dev: 'nodev',
  exec: 'noexec',
  async: 'sync',
  relatime: 'noatime',
}
