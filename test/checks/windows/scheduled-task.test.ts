import { describe, expect, it } from 'vitest'
import { areArguments, isProgram, runsFile } from '../../../checks/windows/tasks/task-action.ts'
import {
  active,
  startsAsAsked,
  triggerSchema,
  type Clock,
} from '../../../checks/windows/tasks/task-trigger.ts'
import { taskDefinition, type Action } from '../../../checks/windows/tasks/task-xml.ts'

const variables = { systemroot: 'C:\\Windows', programfiles: 'C:\\Program Files' }

describe('a program', () => {
  it.each([
    ['notepad.exe', 'C:\\Windows\\notepad.exe', true],
    ['powershell', '"C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe"', true],
    ['%SystemRoot%\\System32\\cmd.exe', 'cmd', true],
    ['C:/Program Files/x/x.exe', '%ProgramFiles%\\X\\X.EXE', true],
    ['C:\\a\\x.exe', 'C:\\b\\x.exe', false],
    ['powershell.exe', 'pwsh.exe', false],
  ])('%s and %s', (asked, command, same) => expect(isProgram(asked, command, variables)).toBe(same))
  it('that may be anywhere in the PATH, or behind an unknown variable, is not judged', () => {
    expect(() => isProgram('C:\\a\\x.exe', 'x.exe', variables)).toThrow('control')
    expect(() => isProgram('C:\\a\\x.exe', '%OUTILS%\\x.exe', variables)).toThrow('control')
  })
})

describe('arguments', () => {
  it.each([
    ['-File C:\\x.ps1', '-file  "C:\\X.ps1"', true],
    ['/c "a b"', '/c a b', false],
    ['-a -b', '-b -a', false],
  ])('%s and %s', (asked, given, same) => expect(areArguments(asked, given, variables)).toBe(same))
})

describe('a script that is run', () => {
  const runs = (given: string, folder = '', command = 'powershell.exe') =>
    runsFile('C:\\Scripts\\a.ps1', { command, arguments: given, folder } satisfies Action, variables)
  it.each([
    ['-File C:\\Scripts\\a.ps1', '', true],
    ['-Command "& \'c:/scripts/A.PS1\' -Verbose"', '', true],
    ['-File a.ps1', 'C:\\Scripts', true],
    ['-File a.ps1', 'C:\\Autres', false],
    ['-File C:\\Scripts\\a.ps1.bak', '', false],
    ['-File D:\\C:\\Scripts\\a.ps1', '', false],
    ['-File C:\\Scripts\\aXps1', '', false],
  ])('%s in «%s»', (given, folder, is) => expect(runs(given, folder)).toBe(is))
  it('as the program itself', () => expect(runs('', '', '"C:\\Scripts\\a.ps1"')).toBe(true))
  it('is not judged where the command is encoded, or has an unknown variable', () => {
    expect(() => runs('-NoProfile -EncodedCommand AAAA')).toThrow('control')
    expect(() => runs('-File %SCRIPTS%\\a.ps1')).toThrow('control')
    expect(runs('-ExecutionPolicy Bypass -File x.ps1')).toBe(false)
  })
})

const clock: Clock = { now: '2026-12-01T10:00:00', times: [] }
const triggers = (xml: string) => taskDefinition(`<Task><Triggers>${xml}</Triggers></Task>`).triggers
const calendar = (start: string, schedule: string, more = '') =>
  `<CalendarTrigger><StartBoundary>${start}</StartBoundary>${more}${schedule}</CalendarTrigger>`
const week = (days: string, interval = 1) =>
  `<ScheduleByWeek><DaysOfWeek>${days}</DaysOfWeek><WeeksInterval>${interval}</WeeksInterval></ScheduleByWeek>`
const everyDay = '<Monday/><Tuesday/><Wednesday/><Thursday/><Friday/><Saturday/><Sunday/>'
const starts = (asked: unknown, xml: string) =>
  startsAsAsked(triggerSchema.parse(asked), active(triggers(xml), clock), clock)

describe('a trigger', () => {
  it.each([
    ['every day of the week is daily', { daily: '08:00' }, week(everyDay), true],
    ['daily is every day of the week', { weekly: '08:00', days: ['monday'] }, '<ScheduleByDay/>', false],
    ['another interval', { weekly: '08:00', days: ['monday'] }, week('<Monday/>', 2), false],
    ['more days than asked for', { weekly: '08:00', days: ['monday'] }, week('<Monday/><Friday/>'), false],
    [
      'the days in another order',
      { weekly: '08:00', days: ['friday', 'monday'] },
      week('<Monday/><Friday/>'),
      true,
    ],
    [
      'every month where none is named',
      { monthly: '08:00', days: [15] },
      '<ScheduleByMonth><DaysOfMonth><Day>15</Day></DaysOfMonth></ScheduleByMonth>',
      true,
    ],
    [
      'some months only',
      { monthly: '08:00', days: [15] },
      '<ScheduleByMonth><DaysOfMonth><Day>15</Day></DaysOfMonth><Months><May/></Months></ScheduleByMonth>',
      false,
    ],
  ])('%s', (_what, asked, schedule, is) =>
    expect(starts(asked, calendar('2026-12-01T08:00:00', schedule))).toBe(is),
  )
  it('of another time, or over, does not count', () => {
    expect(starts({ daily: '08:00' }, calendar('2026-12-01T08:01:00', '<ScheduleByDay/>'))).toBe(false)
    const over = '<EndBoundary>2026-12-01T09:59:59</EndBoundary>'
    expect(starts({ daily: '08:00' }, calendar('2026-12-01T08:00:00', '<ScheduleByDay/>', over))).toBe(false)
  })
  it('whose time cannot be read is not judged', () => {
    expect(() => starts({ daily: '08:00' }, calendar('2026-12-01T08:00:00Z', '<ScheduleByDay/>'))).toThrow(
      'unparsable',
    )
    expect(() =>
      triggers('<BootTrigger><Repetition><Interval>1h</Interval></Repetition></BootTrigger>'),
    ).toThrow('unparsable')
  })
  it('that starts once is over when its repetition is', () => {
    const once = (start: string, duration: string) =>
      active(
        triggers(
          `<TimeTrigger><Repetition><Interval>PT15M</Interval>${duration}</Repetition><StartBoundary>${start}</StartBoundary></TimeTrigger>`,
        ),
        clock,
      ).length
    expect(once('2026-12-01T08:00:00', '<Duration>PT1H</Duration>')).toBe(0)
    expect(once('2026-12-01T09:30:00', '<Duration>PT1H</Duration>')).toBe(1)
    expect(once('2026-11-01T08:00:00', '')).toBe(1)
    // As PowerShell writes the longest duration that .NET has.
    expect(once('2026-11-01T08:00:00', '<Duration>P99999999DT23H59M59S</Duration>')).toBe(1)
  })
  it('has its durations in minutes', () => {
    const [first] = triggers(
      '<BootTrigger><Repetition><Interval>P1DT1H30M</Interval></Repetition></BootTrigger>',
    )
    expect(first).toMatchObject({ kind: 'startup', repeatMinutes: 1530, enabled: true })
  })
})

describe('a time that is written for all time zones, and is on another day here', () => {
  const written = '2026-12-06T23:30:00Z'
  const here: Clock = { now: '2026-12-01T10:00:00', times: [{ written, local: '2026-12-07T00:30:00' }] }
  const startsHere = (asked: unknown, schedule: string) =>
    startsAsAsked(triggerSchema.parse(asked), active(triggers(calendar(written, schedule)), here), here)
  it('does not say by which clock the days are counted', () => {
    expect(() => startsHere({ weekly: '00:30', days: ['monday'] }, week('<Monday/>'))).toThrow('control')
    const monthly = '<ScheduleByMonth><DaysOfMonth><Day>7</Day></DaysOfMonth></ScheduleByMonth>'
    expect(() => startsHere({ monthly: '00:30', days: [7] }, monthly)).toThrow('control')
  })
  it('says as much as any where it is every day', () => {
    expect(startsHere({ daily: '00:30' }, '<ScheduleByDay/>')).toBe(true)
    expect(startsHere({ daily: '00:30' }, week(everyDay))).toBe(true)
  })
})
