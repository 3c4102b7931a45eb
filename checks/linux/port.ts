import { z } from 'zod'
import { attempt, unobserved, type Attempt } from '../attempt.ts'
import { defineCheck, role, type Facts } from '../define.ts'
import { fail, pass, passIf, unknown, type Judgement } from '../finding.ts'
import { answered, NotObserved, output, type Observed } from '../observation.ts'
import { tcp } from '../probe.ts'
import { printableList } from '../printable.ts'
import { joined, same, type Text } from '../text.ts'
import {
  answersOn,
  isLoopback,
  listeningSockets,
  parseSockets,
  type ListeningSocket,
} from './listening-sockets.ts'

const params = z.strictObject({
  on: role('linux'),
  port: z.int().min(1).max(65_535),
  protocol: z.enum(['tcp', 'udp']).default('tcp'),
  /** Whether a program listens on it. */
  listening: z.boolean().default(true),
  /** Whether other machines get an answer; as `listening` where absent. UDP says nothing to a stranger: seen from inside only. */
  reachable: z.boolean().optional(),
})
type Params = z.output<typeof params>

const asksFor = ({ listening, reachable = listening }: Params): { inside: Text; outside: Text } => ({
  inside: !listening
    ? { fr: 'aucun programme à l’écoute', en: 'no program listening' }
    : reachable
      ? { fr: 'à l’écoute, pour les autres machines aussi', en: 'listening, for other machines too' }
      : { fr: 'à l’écoute', en: 'listening' },
  outside: reachable
    ? { fr: 'répond aux autres machines', en: 'answers other machines' }
    : { fr: 'ne répond pas aux autres machines', en: 'does not answer other machines' },
})
const seenInside: Text = { fr: 'vu de la machine', en: 'seen from the machine' }
const seenOutside: Text = { fr: 'vu du poste de correction', en: 'seen from the grading machine' }
const states: Record<string, Text> = {
  open: { fr: 'connexion acceptée', en: 'connection accepted' },
  refused: { fr: 'connexion refusée', en: 'connection refused' },
  unreachable: { fr: 'connexion rejetée par le réseau', en: 'connection rejected by the network' },
  silent: { fr: 'aucune réponse', en: 'no answer' },
}

export const port = defineCheck({
  id: 'linux.port',
  criteria: ['C9.1', 'C7.3', 'S5.1'],
  says: { fr: 'Le port {port} est dans l’état demandé', en: 'Port {port} is in the state asked for' },
  observes: {
    fr: 'les sockets à l’écoute sur la machine, et la réponse à une connexion venue du poste de correction',
    en: 'the listening sockets of the machine, and the answer to a connection from the grading machine',
  },
  control: {
    fr: 'la machine a été regardée de l’intérieur au même moment et montre d’autres sockets',
    en: 'the machine was looked at from inside at the same moment and shows other sockets',
  },
  asks: ['command', 'tcp'],
  proven: 'live',
  params,
  probes: ({ on, port, protocol }) => ({
    sockets: listeningSockets(on),
    ...(protocol === 'tcp' ? { connection: tcp(on, port) } : {}),
  }),
  judge: (seen, params, facts) => {
    const sockets = attempt(() => parsedSockets(seen.sockets))
    if (params.protocol === 'udp') return fromInside(sockets, params, false)
    const state = attempt(() => answered(seen['connection'] as Observed<'tcp'> | undefined).state)
    const contradiction = contradicts(sockets.value, state.value, params, facts)
    return [fromInside(sockets, params, contradiction), fromOutside(sockets, state, params, contradiction)]
  },
  expects: (params) => joined(Object.values(asksFor(params))),
  byHand: ({ protocol }) => same(protocol === 'udp' ? 'ss -lunp' : 'ss -ltnp'),
})

function parsedSockets(observation: Observed<'command'> | undefined): ListeningSocket[] {
  const sockets = parseSockets(output(observation))
  if (sockets.length === 0) throw new NotObserved('control', 'ss showed no listening socket at all')
  return sockets
}

const own = (sockets: readonly ListeningSocket[], { port, protocol }: Params) =>
  sockets.filter((s) => s.port === port && s.protocol === protocol)

function fromInside(sockets: Attempt<ListeningSocket[]>, params: Params, contradiction: boolean): Judgement {
  const expected = asksFor(params).inside
  const extra = { cell: seenInside, evidence: ['sockets'], contradiction }
  if (!sockets.value) return unobserved(sockets.failure, expected, extra)
  const found = own(sockets.value, params)
  const enough =
    (params.reachable ?? params.listening) ? found.some((s) => !isLoopback(s.address)) : found.length > 0
  const addresses = printableList([...new Set(found.map((s) => s.address))])
  const observed =
    found.length === 0
      ? { fr: 'aucun programme à l’écoute', en: 'no program listening' }
      : { fr: `à l’écoute sur ${addresses}`, en: `listening on ${addresses}` }
  return passIf(params.listening ? enough : found.length === 0, expected, observed, extra)
}

function fromOutside(
  sockets: Attempt<ListeningSocket[]>,
  state: Attempt<string>,
  params: Params,
  contradiction: boolean,
): Judgement {
  const expected = asksFor(params).outside
  const extra = { cell: seenOutside, evidence: ['connection', 'sockets'], contradiction }
  const reachable = params.reachable ?? params.listening
  if (state.value === null) return unobserved(state.failure, expected, extra)
  const observed = states[state.value] ?? same(state.value)
  if (state.value === 'open') return passIf(reachable, expected, observed, extra)
  // No answer proves something only about a machine that was looked at from inside at the same moment.
  if (!sockets.value)
    return unknown(
      'control',
      `${state.value}, and the machine was not seen from inside: ${sockets.failure.cause}`,
      expected,
      {
        ...extra,
        blame: sockets.failure.blame,
        observed,
      },
    )
  return reachable ? fail(expected, observed, extra) : pass(expected, observed, extra)
}

function contradicts(
  sockets: ListeningSocket[] | null,
  state: string | null,
  params: Params,
  facts: Facts,
): boolean {
  if (!sockets || state === null) return false
  const found = own(sockets, params)
  const address = facts.targets[params.on]?.address ?? ''
  if (state === 'open') return found.every((s) => isLoopback(s.address))
  // A service that was asked for inside and not for others is meant to look otherwise from outside.
  const keptInside = params.listening && params.reachable === false
  return !keptInside && found.some((s) => answersOn(s.address, address))
}
