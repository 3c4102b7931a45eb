import { z } from 'zod'
import { defineCheck, role } from '../define.ts'
import { pattern } from '../pattern.ts'
import { fail, passIf, unknown } from '../finding.ts'
import { output } from '../observation.ts'
import type { ProbeOf } from '../probe.ts'
import { printable, typed } from '../printable.ts'
import { joined, same } from '../text.ts'
import {
  foundUnit,
  namedUnits,
  oneUnit,
  parseUnitFiles,
  parseUnits,
  startsAtBoot,
  unitFiles,
  unitName,
} from './systemd-units.ts'
import { asksFor, bootState, runState } from './unit-state.ts'

/** systemd's own journal, on every machine that it runs. */
const CONTROL = 'systemd-journald.service'

export const service = defineCheck({
  id: 'linux.service',
  criteria: ['C9.1', 'S5.1'],
  says: { fr: 'Le service {name} est dans l’état demandé', en: 'Service {name} is in the state asked for' },
  observes: {
    fr: 'l’état du service et de son démarrage automatique, selon systemd',
    en: 'the state of the service and whether it starts at boot, according to systemd',
  },
  control: {
    fr: 'systemd nomme aussi son propre service systemd-journald',
    en: 'systemd also names its own service systemd-journald',
  },
  asks: ['command'],
  proven: 'live',
  params: z.strictObject({
    on: role('linux'),
    name: z.string().regex(
      pattern(/^[A-Za-z0-9:_.@\\-]{1,255}$/, {
        fr: 'le nom d’une unité de systemd : nginx, sauvegarde.timer',
        en: 'the name of a unit of systemd: nginx, backup.timer',
      }),
    ),
    /** Active now. */
    running: z.boolean().default(true),
    /** Started with the machine. */
    enabled: z.boolean().default(true),
  }),
  probes: ({ on, name }, _facts, siblings) => {
    const together = siblings
      .filter((other) => other.on === on)
      .map((other) => unitName(other.name, 'service'))
    return { loaded: namedUnits(on, unitName(name, 'service'), together, CONTROL) }
  },
  then: ({ loaded }, { on, name }): Partial<Record<'unit' | 'files', ProbeOf<'command'>>> => {
    if (foundUnit(parseUnits(output(loaded)), unitName(name, 'service'))) return {}
    // The list of files takes systemd up to a second: only where a unit may not exist.
    return { unit: oneUnit(on, unitName(name, 'service')), files: unitFiles(on, 'service') }
  },
  judge: (seen, params) => {
    const expected = asksFor(params)
    const all = parseUnits(output(seen.loaded))
    const full = unitName(params.name, 'service')
    const loaded = foundUnit(all, full)
    const files = loaded ? null : parseUnitFiles(output(seen['files']))
    if (!foundUnit(all, CONTROL) || files?.has(CONTROL) === false)
      return unknown('control', `systemctl did not name ${CONTROL}`, expected)
    const unit = loaded ?? parseUnits(output(seen['unit']))[0]
    if (!unit) return unknown('unparsable', `systemctl show said nothing of ${full}`, expected)
    if (unit.load === 'not-found' && unit.active === 'inactive' && !files?.has(full)) {
      const absent = { fr: `aucun service ${full} sur la machine`, en: `no service ${full} on the machine` }
      return params.running || params.enabled ? fail(expected, absent) : passIf(true, expected, absent)
    }
    const running = unit.active === 'active' || unit.active === 'reloading'
    const observed = joined([
      runState(unit),
      bootState(unit),
      ...(unit.id === full ? [] : [same(printable(unit.id))]),
    ])
    return passIf(running === params.running && startsAtBoot(unit) === params.enabled, expected, observed)
  },
  expects: asksFor,
  byHand: ({ name }) => same(typed(['systemctl', 'status', unitName(name, 'service')])),
})
