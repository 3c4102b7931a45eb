import { NotObserved } from '../observation.ts'
import { command } from '../probe.ts'
import { oncePerText } from '../once-per-text.ts'

/** What systemd says of one unit; `files` and `loaded` below ask it of all units of a type at once. */
export interface Unit {
  readonly id: string
  readonly names: readonly string[]
  /** `loaded`, `not-found`, `masked`, `bad-setting`, `error`. */
  readonly load: string
  /** `active`, `reloading`, `inactive`, `failed`, `activating`, `deactivating`. */
  readonly active: string
  readonly sub: string
  /** `enabled`, `disabled`, `static`, `masked`, `generated` … empty where there is no file. */
  readonly fileState: string
  /** The targets that start it. */
  readonly wantedBy: readonly string[]
  /** The sockets, timers and paths that start it on demand. */
  readonly triggeredBy: readonly string[]
  readonly properties: Readonly<Record<string, readonly string[]>>
}

const PROPERTIES =
  'Id,Names,LoadState,ActiveState,SubState,UnitFileState,WantedBy,RequiredBy,TriggeredBy,FragmentPath,Unit,TimersCalendar,TimersMonotonic'
type UnitType = 'service' | 'timer'

/** Units of one question: argv holds 64 words. */
const MOST_UNITS = 48

/**
 * The units that the checks of an exam name, in one question: systemd loads what it doesn't hold in memory, and says
 * `not-found` of what there is not. `control` is one that every machine has. A template (`x@.service`) is no unit, and
 * would end the question for all: it is asked alone.
 */
export function namedUnits(on: string, name: string, siblings: readonly string[], control: string) {
  const together = [...new Set([control, ...siblings.filter((other) => !isTemplate(other))])].sort()
  const names = isTemplate(name) || together.length > MOST_UNITS ? [control, name] : together
  return command(on, ['systemctl', 'show', `--property=${PROPERTIES}`, '--', ...names], {
    maxBytes: 1_048_576,
    timeoutMs: 10_000,
  })
}

const isTemplate = (name: string): boolean => /@\.[a-z]+$/.test(name) || name.length > 255

/** The unit of that name where systemd found one. */
export function foundUnit(units: readonly Unit[], name: string): Unit | undefined {
  const unit = unitNamed(units, name)
  return unit?.load === 'not-found' && unit.active === 'inactive' ? undefined : unit
}

/** Every unit file of a type, in one question. */
export const unitFiles = (on: string, type: UnitType) =>
  command(on, ['systemctl', 'list-unit-files', `--type=${type}`, '--no-legend', '--plain', '--full'], {
    maxBytes: 262_144,
    timeoutMs: 10_000,
  })

/** One unit by its exact name: for what the list of loaded units leaves out. */
export const oneUnit = (on: string, name: string) =>
  command(on, ['systemctl', 'show', `--property=${PROPERTIES}`, '--', name])

/** The full name of a unit: `nginx` is `nginx.service`, `foo@1` is `foo@1.service`; other types are left alone. */
export const unitName = (name: string, type: UnitType): string =>
  name.endsWith(`.${type}`) ? name : `${name}.${type}`

/** Reads the blocks that `systemctl show` prints: `Property=value` lines, an empty line between two units. */
export const parseUnits = oncePerText(readUnits)

function readUnits(text: string): Unit[] {
  return text
    .split(/\n\n+/)
    .filter((block) => block.trim() !== '')
    .map((block) => {
      const properties: Record<string, string[]> = Object.create(null) as Record<string, string[]>
      for (const line of block.split('\n')) {
        const at = line.indexOf('=')
        if (at > 0) (properties[line.slice(0, at)] ??= []).push(line.slice(at + 1))
      }
      const one = (name: string) => properties[name]?.[0] ?? ''
      const words = (name: string) => one(name).split(' ').filter(Boolean)
      if (one('Id') === '' || one('LoadState') === '')
        throw new NotObserved('unparsable', 'systemctl show printed a unit without Id or LoadState')
      return {
        id: one('Id'),
        names: words('Names'),
        load: one('LoadState'),
        active: one('ActiveState'),
        sub: one('SubState'),
        fileState: one('UnitFileState'),
        wantedBy: [...words('WantedBy'), ...words('RequiredBy')],
        triggeredBy: words('TriggeredBy'),
        properties,
      }
    })
}

/** Reads `list-unit-files`: unit name to state of its file (`enabled`, `masked` …). The preset column is not a state. */
export function parseUnitFiles(text: string): Map<string, string> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const [name, state] = line.trim().split(/\s+/)
      return name?.includes('.') && state ? [[name, state] as const] : []
    }),
  )
}

/** The unit of exactly that name, or of which it is an alias (`sshd.service` for `ssh.service`). */
export const unitNamed = (units: readonly Unit[], name: string): Unit | undefined =>
  units.find((unit) => unit.id === name) ?? units.find((unit) => unit.names.includes(name))

/**
 * Whether it starts with the machine. `static`, `generated` (an init script) and `indirect` units have no state of
 * their own: some target wants them, or none does. `enabled-runtime` is forgotten at the next boot.
 */
export function startsAtBoot(unit: Unit): boolean {
  if (unit.fileState === 'enabled') return true
  return ['static', 'generated', 'indirect', 'transient'].includes(unit.fileState) && unit.wantedBy.length > 0
}
