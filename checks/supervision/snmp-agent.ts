import { z } from 'zod'
import { attempt, unobserved } from '../attempt.ts'
import { defineCheck, role } from '../define.ts'
import { fail, pass, passIf, unknown, type Judgement } from '../finding.ts'
import { SYS_NAME, valuesOf } from '../network/snmp-objects.ts'
import { answered, NotObserved, type Observed } from '../observation.ts'
import { snmpGet, type ProbeOf } from '../probe.ts'
import { printable } from '../printable.ts'
import { joined, same, type Text } from '../text.ts'

const params = z.strictObject({
  on: role(),
  /** sysName, letter case apart. */
  name: z.string().min(1).max(255).optional(),
  /** Whether the well-known community `public` must be refused. */
  refusesPublic: z.boolean().default(true),
})
type Params = z.output<typeof params>

/** Further apart than this, two answers are not of the same moment. */
const SAME_MOMENT_MS = 60_000
const refused: Text = { fr: 'communauté « public » refusée', en: 'community “public” refused' }
const publicCell: Text = { fr: 'communauté « public »', en: 'community “public”' }
const agentCell: Text = { fr: 'agent SNMP', en: 'SNMP agent' }
const asksForName = ({ name }: Params): Text =>
  name === undefined
    ? { fr: 'répond en SNMP', en: 'answers over SNMP' }
    : { fr: `répond en SNMP sous le nom ${name}`, en: `answers over SNMP as ${name}` }

export const snmpAgent = defineCheck({
  id: 'supervision.snmp-agent',
  criteria: ['C13.2', 'C5.5'],
  says: {
    fr: 'L’agent SNMP de {on} est conforme à la demande',
    en: 'The SNMP agent of {on} is as asked for',
  },
  observes: {
    fr: 'le nom que l’agent SNMP donne à l’équipement, et sa réponse à la communauté « public »',
    en: 'the name that the SNMP agent gives the device, and its answer to the community “public”',
  },
  control: {
    fr: 'le silence envers « public » ne compte que si le même agent répond au même moment au compte de la session',
    en: 'silence to “public” counts only if the same agent answers the session’s credential at the same moment',
  },
  asks: ['snmp'],
  proven: 'live',
  params,
  probes: ({
    on,
    refusesPublic,
  }): Record<'agent', ProbeOf<'snmp'>> & Partial<Record<'public', ProbeOf<'snmp'>>> => ({
    agent: snmpGet(on, [SYS_NAME]),
    ...(refusesPublic ? { public: snmpGet(on, [SYS_NAME], { community: 'public', timeoutMs: 2000 }) } : {}),
  }),
  judge: (seen, params) => [
    judgeAgent(seen.agent, params),
    ...(params.refusesPublic ? [judgePublic(seen.agent, seen.public)] : []),
  ],
  expects: (params) => joined([asksForName(params), ...(params.refusesPublic ? [refused] : [])]),
  byHand: ({ on }, facts) => {
    const address = facts.targets[on]?.address ?? on
    return same(`snmpget -v3 … ${address} ${SYS_NAME}; snmpget -v2c -c public ${address} ${SYS_NAME}`)
  },
})

const nameOf = (observation: Observed<'snmp'> | undefined): string => {
  const name = valuesOf(observation).get(SYS_NAME)
  if (!name) throw new NotObserved('unparsable', 'the agent answered without sysName')
  return name.value
}

function judgeAgent(observation: Observed<'snmp'>, params: Params): Judgement {
  const expected = asksForName(params)
  const extra = { cell: agentCell, evidence: ['agent'] }
  const name = attempt(() => nameOf(observation))
  if (name.value === null) return unobserved(name.failure, expected, extra)
  const matches = params.name === undefined || name.value.toLowerCase() === params.name.toLowerCase()
  const shown = printable(name.value, 80)
  return passIf(matches, expected, { fr: `répond sous le nom ${shown}`, en: `answers as ${shown}` }, extra)
}

function judgePublic(agent: Observed<'snmp'>, asPublic: Observed<'snmp'> | undefined): Judgement {
  const extra = { cell: publicCell, evidence: ['public', 'agent'] }
  if (asPublic?.answer) {
    const { varbinds } = answered(asPublic)
    const shown = printable(varbinds[0]?.value ?? '', 80)
    return fail(
      refused,
      { fr: `l’agent répond à « public » (${shown})`, en: `the agent answers “public” (${shown})` },
      extra,
    )
  }
  if (!asPublic?.failure || !['timeout', 'auth', 'denied'].includes(asPublic.failure.cause))
    return unobserved(
      asPublic?.failure ?? new NotObserved('not-asked', 'not in the run', 'grader').failure,
      refused,
      extra,
    )
  const good = attempt(() => nameOf(agent))
  if (good.value === null)
    return unknown(
      'control',
      `no answer to public, but none to the session's credential either: ${good.failure.cause}`,
      refused,
      {
        ...extra,
        blame: good.failure.blame,
      },
    )
  if (Math.abs(Date.parse(agent.at) - Date.parse(asPublic.at)) > SAME_MOMENT_MS)
    return unknown('control', 'the two questions are not of the same moment', refused, extra)
  return pass(refused, { fr: 'aucune réponse à « public »', en: 'no answer to “public”' }, extra)
}
