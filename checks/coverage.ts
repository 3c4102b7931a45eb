import type { Demand, Exam, ExamCall } from './exam.ts'
import { certificateOf, competency, type Criterion } from './referential/referential.ts'
import type { Text } from './text.ts'

/** The criteria that the certificate's mise en situation evaluates, of which a machine shows all or part, and that no demand touches. */
export function uncoveredCriteria({ referential, certificate, demands }: Exam): Criterion[] {
  const touched = new Set(demands.flatMap(({ criteria }) => criteria))
  const evaluated = certificateOf(referential, certificate)?.modalities.MSP?.competencies ?? []
  return evaluated
    .flatMap((id) => competency(referential, id)?.criteria ?? [])
    .filter(({ id, observable }) => observable !== 'none' && !touched.has(id))
}

/** A demand that looks from one place where another sees the same fact too. */
export interface SingleVantage {
  readonly demand: Demand
  readonly call: ExamCall
  /** Ids of the checks that would see it from the other side. */
  readonly others: readonly string[]
  readonly suggestion: Text
}

const outside: Text = { fr: 'vu d’une autre machine', en: 'seen from another machine' }
const within: Text = { fr: 'vu de la machine elle-même', en: 'seen from the machine itself' }

/** By check: those that see the same fact from the other side. A check that looks from both, like linux.port, isn't here. */
export const otherVantages: Readonly<
  Record<string, { readonly others: readonly string[]; readonly from: Text }>
> = {
  'linux.service': {
    others: ['linux.port', 'http.site', 'dns.record', 'supervision.snmp-agent'],
    from: outside,
  },
  'http.site': { others: ['linux.service', 'linux.port', 'windows.service'], from: within },
  'windows.service': { others: ['http.site', 'dns.record', 'network.reachable'], from: outside },
  'windows.dns-record': { others: ['dns.record'], from: outside },
  'dns.record': { others: ['windows.dns-record', 'linux.service'], from: within },
  'windows.domain-member': { others: ['active-directory.computer'], from: outside },
  'windows.gpo-result': { others: ['active-directory.gpo', 'active-directory.gpo-link'], from: outside },
  'active-directory.gpo-link': { others: ['windows.gpo-result'], from: within },
}

/** Services that no other machine sees: nothing answers for them on the network. */
const silentServices = /^(cron|crond|rsyslog|systemd-.*|unattended-upgrades|spooler|w32time)(\.service)?$/i

/** The demands whose checks all look from one side where a check of the catalogue sees the same from the other. */
export function singleVantage({ demands }: Exam): SingleVantage[] {
  return demands.flatMap((demand) =>
    demand.alternatives.flatMap((calls) => {
      const used = new Set(calls.map(({ check }) => check.id))
      const lone = calls.find((call) => {
        const known = otherVantages[call.check.id]
        return known && !isSilent(call) && !known.others.some((id) => used.has(id))
      })
      const known = lone && otherVantages[lone.check.id]
      if (!known) return []
      const ids = known.others.join(', ')
      const suggestion = {
        fr: `ajoutez ce qui est ${known.from.fr} : ${ids}`,
        en: `add what is ${known.from.en}: ${ids}`,
      }
      return [{ demand, call: lone, others: known.others, suggestion }]
    }),
  )
}

/** What must not be, or answers nobody, has no other side. */
const isSilent = ({ not, params }: ExamCall): boolean =>
  not ||
  params['running'] === false ||
  (typeof params['name'] === 'string' && silentServices.test(params['name']))
