/** One job of a crontab(5). */
export interface CronJob {
  /** Where it stands: `/etc/crontab`, `/etc/cron.d/name`, `crontab root`. */
  readonly where: string
  /** The five fields, or `@daily`, `@reboot` … */
  readonly schedule: string
  readonly user: string
  readonly command: string
}

const nicknames: Record<string, string> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const ranges = [
  { from: 0, to: 59, names: [] },
  { from: 0, to: 23, names: [] },
  { from: 1, to: 31, names: [] },
  { from: 1, to: 12, names: months },
  { from: 0, to: 7, names: days },
] as const

/**
 * Reads a crontab. Comments and `NAME=value` lines are no jobs. `user` is whose crontab it is; null for a system
 * table, where each line names its user.
 */
export function parseCronTable(text: string, where: string, user: string | null): CronJob[] {
  return text.split('\n').flatMap((raw) => {
    const line = raw.trim()
    if (line === '' || line.startsWith('#') || /^["']?[A-Za-z_]\w*["']?\s*=/.test(line)) return []
    const words = user === null ? String.raw`(\S+)\s+(\S.*)` : String.raw`()(\S.*)`
    const job = new RegExp(String.raw`^(@\w+|(?:\S+\s+){4}\S+)\s+${words}$`).exec(line)
    if (!job) return []
    const [, schedule = '', named = '', command = ''] = job
    return [{ where, schedule: schedule.replace(/\s+/g, ' '), user: user ?? named, command }]
  })
}

/** The moments that a schedule stands for, in one written form: `30 02 * * mon` and `30 2 * * 1` are the same. Null where it is none. */
export function canonicalSchedule(schedule: string): string | null {
  const text = schedule.trim().toLowerCase()
  if (text === '@reboot') return text
  const fields = (nicknames[text] ?? text).split(/\s+/)
  if (fields.length !== 5) return null
  const canonical = fields.map((field, i) => canonicalField(field, ranges[i]!, i === 4))
  return canonical.includes(null) ? null : canonical.join(' ')
}

function canonicalField(
  field: string,
  { from, to, names }: (typeof ranges)[number],
  weekday: boolean,
): string | null {
  const number = (text: string): number => {
    const named = (names as readonly string[]).indexOf(text)
    if (named >= 0) return named + (weekday ? 0 : 1)
    return /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN
  }
  const values = new Set<number>()
  for (const part of field.split(',')) {
    const [, low = '', high, step = '1'] = /^([a-z]+|\d+|\*)(?:-([a-z]+|\d+))?(?:\/(\d+))?$/.exec(part) ?? []
    const first = low === '*' ? from : number(low)
    const last =
      low === '*' ? (weekday ? 6 : to) : high === undefined ? (part.includes('/') ? to : first) : number(high)
    if (!(first >= from && last <= to && first <= last && Number(step) >= 1)) return null
    for (let value = first; value <= last; value += Number(step))
      values.add(weekday && value === 7 ? 0 : value)
  }
  if (values.size === (weekday ? 7 : to - from + 1)) return '*'
  return [...values].sort((a, b) => a - b).join(',')
}

/** Whether a command line runs a command: its text stands there whole, not as a part of a longer name. */
export function runs(commandLine: string, command: string): boolean {
  for (let at = commandLine.indexOf(command); at >= 0; at = commandLine.indexOf(command, at + 1)) {
    const before = commandLine[at - 1] ?? ' '
    const after = commandLine[at + command.length] ?? ' '
    const startsWord = !/[\w.-]/.test(before) && (before !== '/' || !command.startsWith('/'))
    if (startsWord && !/[\w./-]/.test(after)) return true
  }
  return false
}

/** Debian's cron(8) takes from /etc/cron.d only names of letters, digits, underscores and hyphens. */
export const isTakenByCron = (name: string): boolean => /^[A-Za-z0-9_-]+$/.test(name)
