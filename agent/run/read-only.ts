import type { Probe } from '../../checks/probe.ts'
import { isScript } from '../transports/powershell/host.ts'

/**
 * The programs that a check may run on a graded machine, with the first words that keep each of them reading only.
 * `true` takes any arguments; a list takes those first arguments and no others. A check that needs another program
 * adds it here, in plain sight.
 */
const readers: Readonly<Record<string, true | readonly string[]>> = {
  cat: true,
  crontab: ['-l'],
  'dpkg-query': true,
  findmnt: true,
  getent: true,
  hostname: [],
  id: true,
  ls: true,
  lsblk: true,
  ping: true,
  rpm: ['-q', '-qa'],
  ss: true,
  stat: true,
  sysctl: ['-n', '-a'],
  systemctl: ['show', 'list-units', 'list-unit-files', 'list-timers', 'is-enabled', 'is-active', 'cat'],
  true: [],
  uname: true,
}
// `ss -K` closes sockets.
const forbidden: Readonly<Record<string, RegExp>> = { ss: /^(-[a-zA-Z]*K|--kill)/, hostname: /./ }

/**
 * Whether a question with effect `none` can only read: a program of the list, a PowerShell script of the project's own.
 * Questions of other kinds read by their nature.
 */
export function readsOnly(probe: Probe): boolean {
  if (probe.kind === 'powershell') return isScript(probe.script)
  if (probe.kind !== 'command') return true
  const [program = '', ...args] = probe.argv
  const allowed = Object.hasOwn(readers, program) ? readers[program] : undefined
  if (allowed === undefined) return false
  if (args.some((arg) => forbidden[program]?.test(arg))) return false
  if (allowed === true) return true
  return args.length === 0
    ? allowed.length === 0
    : allowed.includes(args[0] ?? '') ||
        (program === 'crontab' && args.includes('-l') && !args.includes('-r'))
}
