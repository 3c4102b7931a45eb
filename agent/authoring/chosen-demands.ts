import type { Referential } from '../../checks/referential/referential.ts'
import { certificateOf } from '../../checks/referential/referential.ts'
import { sampleDemands, sampleRoles, type SampleDemand } from './sample-demands.ts'

/** A sample demand with the criteria that it touches in one certificate. */
export interface ChosenDemand {
  readonly demand: SampleDemand
  readonly criteria: readonly string[]
}

/** What an exam starts from: its certificate, and whether for a first try on the machine at hand. */
export interface Beginning {
  readonly referential: Referential
  readonly certificate: string
  readonly firstSteps: 'linux' | 'windows' | null
}

/** Competencies that the mise en situation of a certificate evaluates, in the official order. */
const practical = ({ referential, certificate }: Beginning): readonly string[] =>
  certificateOf(referential, certificate)?.modalities.MSP?.competencies ?? []

/** The sample demands of a certificate in the order of its competencies, each once; of a first try, those of one machine. */
export function chosenDemands(beginning: Beginning): ChosenDemand[] {
  const order = practical(beginning)
  const place = (criterion: string) => order.indexOf(criterion.split('.')[0]!)
  return sampleDemands
    .filter(({ firstSteps }) => beginning.firstSteps === null || firstSteps === beginning.firstSteps)
    .map((demand) => ({ demand, criteria: demand.criteria.filter((id) => place(id) >= 0) }))
    .filter(({ criteria }) => criteria.length > 0)
    .sort((a, b) => (beginning.firstSteps === null ? place(a.criteria[0]!) - place(b.criteria[0]!) : 0))
}

/** The criteria of those competencies that a machine can show and no chosen demand touches. */
export function untouchedCriteria(beginning: Beginning, chosen: readonly ChosenDemand[]) {
  const touched = new Set(chosen.flatMap(({ criteria }) => criteria))
  return practical(beginning)
    .flatMap((id) => beginning.referential.competencies.find((one) => one.id === id)?.criteria ?? [])
    .filter(({ id, observable }) => observable !== 'none' && !touched.has(id))
}

/** All that a demand writes of checks, as one text. */
const writtenCalls = ({ checks = [], any = [] }: SampleDemand): string => [...checks, ...any].join('\n')

/** The machines that the checks name, in the order of the samples. */
export function rolesNamed(chosen: readonly ChosenDemand[]): string[] {
  const calls = chosen.map(({ demand }) => writtenCalls(demand)).join('\n')
  return Object.keys(sampleRoles).filter((name) => new RegExp(`(?:on|from|to): ${name}\\b`).test(calls))
}

/** Those of them whose directory is asked: the session has to name its domain. */
export function directoryRoles(chosen: readonly ChosenDemand[]): ReadonlySet<string> {
  const calls = chosen.map(({ demand }) => writtenCalls(demand)).join('\n')
  return new Set([...calls.matchAll(/active-directory\.[a-z-]+: \{ on: ([a-z]+)/g)].map((match) => match[1]!))
}

/** The names of drawn values that the demands hold. */
export function variablesNamed(chosen: readonly ChosenDemand[], known: readonly string[]): string[] {
  const texts = chosen.flatMap(({ demand }) => [demand.text.fr, writtenCalls(demand)]).join('\n')
  return known.filter((name) => texts.includes(`{{${name}}}`))
}
