import { attempt, unobserved } from '../attempt.ts'
import { fail, pass, unknown, type Judgement } from '../finding.ts'
import { answered, NotObserved, output, type Observation } from '../observation.ts'
import { command, file, type Probe } from '../probe.ts'
import { printable, printableList } from '../printable.ts'
import { joined, same, type Text } from '../text.ts'
import { canonicalSchedule, isTakenByCron, parseCronTable, runs, type CronJob } from './cron-table.ts'

export interface CronDemand {
  readonly on: string
  readonly command: string
  readonly user: string
  readonly schedule?: string | undefined
}
type Seen = Readonly<Record<string, Observation | undefined>>

const SYSTEM_TABLE = '/etc/crontab'
const FOLDER = '/etc/cron.d'
/** Where Debian and Red Hat keep a user's crontab. */
const userTables = (user: string) => [`/var/spool/cron/crontabs/${user}`, `/var/spool/cron/${user}`]
const MOST_TABLES = 64

const table = (on: string, path: string, as: 'login' | 'root' = 'login') =>
  file(on, path, { content: true, as, maxBytes: 65_536 })

export const cronProbes = ({ on }: CronDemand): Record<string, Probe> => ({
  [SYSTEM_TABLE]: table(on, SYSTEM_TABLE),
  folder: command(on, ['ls', '-1', '-A', '--', FOLDER]),
  exists: file(on, FOLDER),
})

/** Second round: the tables of /etc/cron.d. Third, only if the job is in none of them: the user's own, as root. */
export function cronThen(seen: Seen, demand: CronDemand): Record<string, Probe> {
  const { on, user } = demand
  const more = Object.fromEntries(
    tableNames(seen).map((name) => [`${FOLDER}/${name}`, table(on, `${FOLDER}/${name}`)]),
  )
  if (Object.keys(more).some((path) => !seen[path])) return more
  if (systemJobs(seen).some((job) => matches(job, demand))) return more
  return { ...more, ...Object.fromEntries(userTables(user).map((path) => [path, table(on, path, 'root')])) }
}

export const expectedOfCron = ({ command, user, schedule }: CronDemand): Text => ({
  fr: `${command}, lancé par ${user}${schedule ? `, ${schedule}` : ''}`,
  en: `${command}, run by ${user}${schedule ? `, ${schedule}` : ''}`,
})

export function judgeCron(seen: Seen, demand: CronDemand): Judgement {
  const expected = expectedOfCron(demand)
  const system = systemJobs(seen)
  const found = system.find((job) => matches(job, demand))
  if (found) return pass(expected, description(found))
  const own = attempt(() => userJobs(seen, demand.user))
  const foundOwn = own.value?.find((job) => matches(job, demand))
  if (foundOwn) return pass(expected, description(foundOwn))
  // An absence: every table must have been read, and the folder looked into.
  everyTableRead(seen)
  if (own.failure) return unobserved(own.failure, expected)
  const jobs = [...system, ...own.value]
  const near = jobs.filter((job) => runs(job.command, demand.command))
  if (near.length > 0) return fail(expected, joined(near.slice(0, 4).map(description), ' · '))
  const ignored = fileNames(seen).filter((name) => !isTakenByCron(name) && !/^\.|~$|\.dpkg-/.test(name))
  const absent: Text = {
    fr: `aucune tâche de ce nom parmi ${jobs.length} tâches planifiées`,
    en: `no such task among ${jobs.length} scheduled tasks`,
  }
  if (jobs.length === 0 && answered<'file'>(seen['exists']).exists && fileNames(seen).length === 0)
    return unknown('control', 'no table of cron could be seen at all', expected)
  if (ignored.length === 0) return fail(expected, absent)
  const names = printableList(ignored, 4)
  return fail(expected, {
    fr: `${absent.fr} ; cron ignore dans ${FOLDER} les noms à point : ${names}`,
    en: `${absent.en}; cron ignores names with a dot in ${FOLDER}: ${names}`,
  })
}

/** Same command, same user, and the same moments where a schedule is asked for. */
const matches = (job: CronJob, { command, user, schedule }: CronDemand): boolean =>
  runs(job.command, command) &&
  job.user === user &&
  (schedule === undefined || canonicalSchedule(job.schedule) === canonicalSchedule(schedule))

/** Files of /etc/cron.d; a folder that is not there holds none. */
function fileNames(seen: Seen): string[] {
  if (!answered<'file'>(seen['exists']).exists) return []
  return output(seen['folder']).split('\n').filter(Boolean)
}

const tableNames = (seen: Seen): string[] => fileNames(seen).filter(isTakenByCron).slice(0, MOST_TABLES)

/** The jobs of the system tables that could be read; one that could not hides nothing of the others. */
function systemJobs(seen: Seen): CronJob[] {
  const folder = seen['folder']?.answer?.kind === 'command' ? tableNames(seen) : []
  return [SYSTEM_TABLE, ...folder.map((name) => `${FOLDER}/${name}`)].flatMap((path) => {
    const answer = seen[path]?.answer as { kind: string; content?: string | null } | null | undefined
    return answer?.kind === 'file' && answer.content ? parseCronTable(answer.content, path, null) : []
  })
}

function userJobs(seen: Seen, user: string): CronJob[] {
  return userTables(user).flatMap((path) => {
    const answer = answered<'file'>(seen[path])
    return answer.content ? parseCronTable(answer.content, `crontab ${user}`, user) : []
  })
}

function everyTableRead(seen: Seen): void {
  const names = fileNames(seen).filter(isTakenByCron)
  if (names.length > MOST_TABLES) throw new NotObserved('truncated', `${names.length} files in ${FOLDER}`)
  for (const path of [SYSTEM_TABLE, ...names.map((name) => `${FOLDER}/${name}`)]) {
    const answer = answered<'file'>(seen[path])
    if (answer.exists && answer.type === 'file' && answer.content === null)
      throw new NotObserved('denied', `${path} could not be read`)
  }
}

const description = ({ where, schedule, user, command }: CronJob): Text =>
  same(printable(`${schedule} ${user} ${command} (${where})`, 240))
