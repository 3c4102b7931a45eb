import { fail, passIf, unknown, type Judgement } from '../finding.ts'
import { output, type Observation } from '../observation.ts'
import type { Probe } from '../probe.ts'
import { printable } from '../printable.ts'
import { joined, same, type Text } from '../text.ts'
import {
  foundUnit,
  namedUnits,
  oneUnit,
  parseUnitFiles,
  parseUnits,
  startsAtBoot,
  unitFiles,
  unitName,
  type Unit,
} from './systemd-units.ts'
import { asksFor, bootState, runState } from './unit-state.ts'

export interface TimerDemand {
  readonly on: string
  readonly timer: string
  readonly calendar?: string | undefined
  readonly running: boolean
  readonly enabled: boolean
}
type Seen = Readonly<Record<string, Observation | undefined>>

/** Shorthands of systemd.time(7), in the form that systemd shows. */
const shorthands: Record<string, string> = {
  minutely: '*-*-* *:*:00',
  hourly: '*-*-* *:00:00',
  daily: '*-*-* 00:00:00',
  weekly: 'Mon *-*-* 00:00:00',
  monthly: '*-*-01 00:00:00',
  quarterly: '*-01,04,07,10-01 00:00:00',
  semiannually: '*-01,07-01 00:00:00',
  yearly: '*-01-01 00:00:00',
  annually: '*-01-01 00:00:00',
}

/** systemd's own timer, on every machine that it runs. */
const CONTROL = 'systemd-tmpfiles-clean.timer'

export function timerProbes(
  { on, timer }: TimerDemand,
  siblings: readonly TimerDemand[],
): Record<string, Probe> {
  const together = siblings.filter((other) => other.on === on).map((other) => unitName(other.timer, 'timer'))
  return { loaded: namedUnits(on, unitName(timer, 'timer'), together, CONTROL) }
}

export function timerThen(seen: Seen, { on, timer }: TimerDemand): Record<string, Probe> {
  const name = unitName(timer, 'timer')
  const unit = foundUnit(parseUnits(output(seen['loaded'])), name)
  return unit ? {} : { unit: oneUnit(on, name), files: unitFiles(on, 'timer') }
}

export const expectedOfTimer = (demand: TimerDemand): Text =>
  joined([
    same(unitName(demand.timer, 'timer')),
    asksFor(demand),
    ...(demand.calendar ? [same(demand.calendar)] : []),
  ])

export function judgeTimer(seen: Seen, demand: TimerDemand): Judgement {
  const expected = expectedOfTimer(demand)
  const loaded = parseUnits(output(seen['loaded']))
  const name = unitName(demand.timer, 'timer')
  const files = foundUnit(loaded, name) ? null : parseUnitFiles(output(seen['files']))
  if (files?.has(CONTROL) === false) return unknown('control', `systemctl did not name ${CONTROL}`, expected)
  const unit = foundUnit(loaded, name) ?? parseUnits(output(seen['unit']))[0]
  if (!unit) return unknown('unparsable', `systemctl show said nothing of ${name}`, expected)
  if (unit.load === 'not-found' && unit.active === 'inactive' && !files?.has(name)) {
    const absent = { fr: `aucune minuterie ${name} sur la machine`, en: `no timer ${name} on the machine` }
    return demand.running || demand.enabled || demand.calendar
      ? fail(expected, absent)
      : passIf(true, expected, absent)
  }
  const calendars = calendarsOf(unit)
  const wanted = demand.calendar && (shorthands[demand.calendar.toLowerCase()] ?? demand.calendar)
  const observed = joined([runState(unit), bootState(unit), ...calendars.map((c) => same(printable(c)))])
  const matches =
    (unit.active === 'active') === demand.running &&
    startsAtBoot(unit) === demand.enabled &&
    (wanted === undefined || calendars.includes(wanted))
  return passIf(matches, expected, observed)
}

/** `{ OnCalendar=*-*-* 00:00:00 ; next_elapse=… }` */
const calendarsOf = (unit: Unit): string[] =>
  (unit.properties['TimersCalendar'] ?? []).flatMap(
    (value) => /OnCalendar=(.*?) ; next_elapse=/.exec(value)?.[1] ?? [],
  )
