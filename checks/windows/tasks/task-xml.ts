import { NotObserved } from '../../observation.ts'
import { MalformedPolicyFile } from '../group-policy/policy-file.ts'
import { policyXml, type XmlElement } from '../group-policy/policy-xml.ts'

/** What starts a task, in the words of the Task Scheduler's schema. */
export interface Trigger {
  readonly kind:
    | 'daily'
    | 'weekly'
    | 'monthly'
    | 'monthly-weekday'
    | 'once'
    | 'startup'
    | 'logon'
    | 'idle'
    | 'event'
    | 'registration'
    | 'session'
    | 'other'
  readonly enabled: boolean
  /** As it is written: local time, unless it ends with `Z` or an offset. */
  readonly start: string | null
  readonly end: string | null
  /** Every so many days or weeks. */
  readonly interval: number
  /** Days of the week (`monday`) or of the month (`1`, `last`). */
  readonly days: readonly string[]
  /** Months by their English names; all where there are none. */
  readonly months: readonly string[]
  readonly repeatMinutes: number | null
  /** How many minutes it is repeated for; null for ever. */
  readonly repeatFor: number | null
}

export interface Action {
  /** Null for one that starts no program. */
  readonly command: string | null
  readonly arguments: string
  readonly folder: string
}

export interface TaskDefinition {
  readonly triggers: readonly Trigger[]
  readonly actions: readonly Action[]
  /** With the highest privileges that the account has. */
  readonly highest: boolean
  /** `Password`, `S4U`, `InteractiveToken` …; empty where it isn't said, as for accounts of Windows' own. */
  readonly logonType: string
}

const KINDS: Readonly<Record<string, Trigger['kind']>> = {
  TimeTrigger: 'once',
  BootTrigger: 'startup',
  LogonTrigger: 'logon',
  IdleTrigger: 'idle',
  EventTrigger: 'event',
  RegistrationTrigger: 'registration',
  SessionStateChangeTrigger: 'session',
}
const SCHEDULES: Readonly<Record<string, Trigger['kind']>> = {
  ScheduleByDay: 'daily',
  ScheduleByWeek: 'weekly',
  ScheduleByMonth: 'monthly',
  ScheduleByMonthDayOfWeek: 'monthly-weekday',
}

/** A task's definition ([MS-TSCH] 2.5). Throws NotObserved `unparsable`. */
export function taskDefinition(xml: string): TaskDefinition {
  const task = root(xml)
  if (task.name !== 'Task') throw new NotObserved('unparsable', 'task: no Task element')
  const principal = child(child(task, 'Principals'), 'Principal')
  return {
    triggers: (child(task, 'Triggers')?.children ?? []).map(trigger),
    actions: (child(task, 'Actions')?.children ?? []).map(action),
    highest: text(principal, 'RunLevel') === 'HighestAvailable',
    logonType: text(principal, 'LogonType'),
  }
}

function root(xml: string): XmlElement {
  try {
    return policyXml(new TextEncoder().encode(xml))
  } catch (error) {
    if (!(error instanceof MalformedPolicyFile)) throw error
    throw new NotObserved('unparsable', `task: ${error.message}`)
  }
}

const child = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
  element?.children.find((one) => one.name === name)
const text = (element: XmlElement | undefined, name: string): string =>
  child(element, name)?.text.trim() ?? ''

function trigger(element: XmlElement): Trigger {
  const schedule = element.children.find(({ name }) => name in SCHEDULES)
  const kind = schedule ? SCHEDULES[schedule.name] : KINDS[element.name]
  const repeated = text(child(element, 'Repetition'), 'Interval')
  const lasts = text(child(element, 'Repetition'), 'Duration')
  const ofMonth = child(schedule, 'DaysOfMonth')?.children.map((day) => day.text.trim())
  const ofWeek = child(schedule, 'DaysOfWeek')?.children.map(({ name }) => name)
  return {
    kind: kind ?? 'other',
    enabled: text(element, 'Enabled') !== 'false',
    start: text(element, 'StartBoundary') || null,
    end: text(element, 'EndBoundary') || null,
    interval: interval(text(schedule, 'DaysInterval') || text(schedule, 'WeeksInterval')),
    days: (ofMonth ?? ofWeek ?? []).map((day) => day.toLowerCase()),
    months: (child(schedule, 'Months')?.children ?? []).map(({ name }) => name.toLowerCase()),
    repeatMinutes: repeated === '' ? null : minutes(repeated),
    repeatFor: lasts === '' ? null : minutes(lasts) || null,
  }
}

function interval(said: string): number {
  if (said === '') return 1
  if (!/^\d{1,3}$/.test(said)) throw new NotObserved('unparsable', 'task: an interval that is no number')
  return Number(said)
}

/** A duration (`P1DT2H30M`) in minutes. */
function minutes(duration: string): number {
  const parts = /^P(?:(\d{1,9})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?$/.exec(duration)
  if (!parts) throw new NotObserved('unparsable', 'task: a duration of another form')
  const [days = 0, hours = 0, mins = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0))
  return days * 1440 + hours * 60 + mins + seconds / 60
}

const action = (element: XmlElement): Action => ({
  command: element.name === 'Exec' ? text(element, 'Command') : null,
  arguments: text(element, 'Arguments'),
  folder: text(element, 'WorkingDirectory'),
})
