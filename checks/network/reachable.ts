import { z } from 'zod'
import { attempt, unobserved } from '../attempt.ts'
import { defineCheck, role, type Facts } from '../define.ts'
import { fail, pass, unknown } from '../finding.ts'
import { hasShell, ownName, readOwnName } from '../linux/identity.ts'
import type { Observed } from '../observation.ts'
import { icmp, snmpGet, type Probe } from '../probe.ts'
import { typed } from '../printable.ts'
import { same, type Text } from '../text.ts'
import { SYS_NAME, valuesOf } from './snmp-objects.ts'
import { echoed, echoes } from './ping.ts'

const expected: Text = { fr: 'répond à une demande d’écho (ping)', en: 'answers an echo request (ping)' }

export const reachable = defineCheck({
  id: 'network.reachable',
  criteria: ['C5.1', 'C1.1'],
  says: { fr: 'La machine {on} répond sur le réseau', en: 'Machine {on} answers on the network' },
  observes: {
    fr: 'la réponse à des demandes d’écho ICMP, depuis le poste de correction ou une machine de la session',
    en: 'the answer to ICMP echo requests, from the grading machine or a machine of the session',
  },
  control: {
    fr: 'la machine répond au même moment par une autre voie (SSH, SNMP, ou un ping depuis le poste de correction)',
    en: 'the machine answers at the same moment by another way (SSH, SNMP, or a ping from the grading machine)',
  },
  asks: ['icmp', 'command', 'snmp'],
  proven: 'live',
  params: z.strictObject({ on: role(), from: role('linux').optional() }),
  probes: ({ on, from }) => ({ ping: icmp(on, from === undefined ? {} : { from }) }),
  // Only silence needs explaining.
  then: ({ ping }, { on, from }, facts): Record<string, Probe> => {
    if (echoed(ping)) return {}
    return { ...inside(on, facts), ...(from === undefined ? {} : { fromAgent: icmp(on) }) }
  },
  judge: (seen, { from }) => {
    if (echoed(seen.ping)) return pass(expected, echoes(seen.ping))
    const observed = echoes(seen.ping)
    const up: Text[] = []
    if (from !== undefined) {
      const agent = attempt(() => echoed(seen['fromAgent'] as Observed<'icmp'> | undefined))
      if (agent.value)
        up.push({ fr: 'elle répond au poste de correction', en: 'it answers the grading machine' })
    }
    const look = attempt(() => lookInside(seen))
    if (look.value)
      up.push({ fr: 'elle est en marche, vue par une autre voie', en: 'it is up, seen by another way' })
    if (up[0])
      return fail(expected, { fr: `${observed.fr}, mais ${up[0].fr}`, en: `${observed.en}, but ${up[0].en}` })
    // Where nothing shows the machine up, silence is not an absence.
    if (look.failure && look.failure.cause !== 'not-asked') return unobserved(look.failure, expected)
    return unknown(
      'unreachable',
      'no echo reply, and no other way shows whether the machine is up',
      expected,
      { observed },
    )
  },
  expects: () => expected,
  byHand: ({ on }, facts) => same(typed(['ping', '-c', '2', facts.targets[on]?.address ?? on])),
})

/** Another way to see whether it is up, where the session gives one. */
function inside(on: string, facts: Facts): Record<string, Probe> {
  if (hasShell(facts, on)) return { inside: ownName(on) }
  return facts.targets[on]?.transports.includes('snmp') ? { agent: snmpGet(on, [SYS_NAME]) } : {}
}

function lookInside(seen: Readonly<Record<string, unknown>>): boolean {
  if (seen['agent']) return valuesOf(seen['agent'] as Observed<'snmp'>).size > 0
  return readOwnName(seen['inside'] as Observed<'command'> | undefined) !== ''
}
