import { z } from 'zod'
import { attempt, unobserved } from '../attempt.ts'
import { defineCheck, role } from '../define.ts'
import { fail, pass, unknown, type Judgement } from '../finding.ts'
import type { Observed } from '../observation.ts'
import { icmp, type ProbeOf } from '../probe.ts'
import { joined, same, type Text } from '../text.ts'
import { echoed, echoes } from './ping.ts'

const pair = z.strictObject({ from: role('linux'), to: role(), expect: z.enum(['allow', 'deny']) })
type Pair = z.output<typeof pair>
type Seen = Readonly<Record<string, Observed<'icmp'> | undefined>>

const asked = ({ from, to }: Pair) => `${from} → ${to}`
const fromAgent = (to: string) => `agent → ${to}`
const asksFor: Record<Pair['expect'], Text> = {
  allow: { fr: 'communication possible', en: 'communication possible' },
  deny: { fr: 'communication impossible', en: 'communication impossible' },
}

export const vlanReachable = defineCheck({
  id: 'network.vlan-reachable',
  criteria: ['C5.1', 'C5.5', 'C6.1'],
  says: {
    fr: 'Les communications entre machines sont celles qui sont demandées',
    en: 'Machines communicate as asked for, and no more',
  },
  observes: {
    fr: 'pour chaque couple, la réponse à des demandes d’écho envoyées par la première machine à la seconde',
    en: 'for each pair, the answer to echo requests sent by the first machine to the second',
  },
  control: {
    fr: 'un silence ne compte que si la destination répond au poste de correction ou à une autre machine et, s’il est attendu, si l’origine joint une autre machine',
    en: 'silence counts only if the destination answers the grading machine or another one and, where it is expected, if the origin reaches another machine',
  },
  asks: ['icmp'],
  proven: 'live',
  /** An expected deny proves something only beside an allow from the same machine. */
  params: z.strictObject({
    pairs: z
      .array(pair)
      .min(1)
      .max(64)
      .refine(
        (pairs) =>
          pairs.every(
            (p) => p.expect === 'allow' || pairs.some((q) => q.expect === 'allow' && q.from === p.from),
          ),
        {
          params: {
            fr: 'un « deny » ne prouve rien sans un « allow » depuis la même machine : ajoutez une paire',
            en: 'a “deny” proves nothing without an “allow” from the same machine: add a pair',
          },
        },
      ),
  }),
  probes: ({ pairs }): Record<string, ProbeOf<'icmp'>> =>
    Object.fromEntries([
      ...pairs.map((p) => [asked(p), icmp(p.to, { from: p.from })] as const),
      ...pairs.map((p) => [fromAgent(p.to), icmp(p.to)] as const),
    ]),
  judge: (seen, { pairs }) => pairs.map((pair) => judgePair(seen, pair, pairs)),
  expects: ({ pairs }) =>
    joined(
      pairs.map((p) => ({
        fr: `${asked(p)} : ${asksFor[p.expect].fr}`,
        en: `${asked(p)}: ${asksFor[p.expect].en}`,
      })),
      ' · ',
    ),
  byHand: ({ pairs }, facts) =>
    joined(
      pairs.map(({ from, to }) => ({
        fr: `sur ${from} : ping -c 2 ${facts.targets[to]?.address ?? to}`,
        en: `on ${from}: ping -c 2 ${facts.targets[to]?.address ?? to}`,
      })),
      ' · ',
    ),
})

function judgePair(seen: Seen, pair: Pair, pairs: readonly Pair[]): Judgement {
  const expected = asksFor[pair.expect]
  const extra = { cell: same(asked(pair)), evidence: [asked(pair), fromAgent(pair.to)] }
  const answers = attempt(() => echoed(seen[asked(pair)]))
  if (answers.failure) return unobserved(answers.failure, expected, extra)
  const observed = echoes(seen[asked(pair)])
  if (answers.value)
    return pair.expect === 'allow' ? pass(expected, observed, extra) : fail(expected, observed, extra)

  // Silence: the destination must be seen up from elsewhere at the same moment …
  const up = [fromAgent(pair.to), ...pairs.filter((p) => p.to === pair.to).map(asked)].some((name) =>
    hasEchoed(seen[name]),
  )
  if (!up)
    return unknown('control', `${pair.to} answers nobody: its silence proves nothing`, expected, {
      ...extra,
      observed,
    })
  if (pair.expect === 'allow') return fail(expected, observed, extra)
  // … and an expected silence must not be that of a machine that reaches nothing.
  const reaches = pairs.filter((p) => p.from === pair.from && p.expect === 'allow').map(asked)
  return reaches.some((name) => hasEchoed(seen[name]))
    ? pass(expected, observed, { ...extra, evidence: [...extra.evidence, ...reaches] })
    : unknown('control', `${pair.from} reaches nothing: its silence proves nothing`, expected, {
        ...extra,
        observed,
      })
}

const hasEchoed = (observation: Observed<'icmp'> | undefined): boolean =>
  attempt(() => echoed(observation)).value === true
