import { stringify } from 'yaml'
import { certificateOf, criterion } from '../../checks/referential/referential.ts'
import type { Text } from '../../checks/text.ts'
import {
  chosenDemands,
  rolesNamed,
  untouchedCriteria,
  variablesNamed,
  type Beginning,
  type ChosenDemand,
} from './chosen-demands.ts'
import { examRemarks } from './remarks.ts'
import { sampleRoles, sampleVariables } from './sample-demands.ts'

export type Purpose = 'training' | 'examination'

/**
 * A sentence in the language of the file that is written, with the apostrophes and spaces that an author types: editors
 * mark others as suspicious, and what is printed gets its typography then.
 */
export type Say = (text: Text) => string
export const sayIn =
  (lang: 'fr' | 'en'): Say =>
  (text) =>
    text[lang].replaceAll('’', "'").replaceAll(/[\u00a0\u202f]/g, ' ')

/** One value as YAML writes it on one line. */
export const scalar = (value: string): string => stringify(value, { lineWidth: 0 }).trimEnd()

/** A whole exam to start from, commented: its sample demands come from the data, one text for every certificate. */
export function examTemplate(beginning: Beginning, purpose: Purpose, lang: 'fr' | 'en'): string {
  const say = sayIn(lang)
  const { referential, certificate, firstSteps } = beginning
  const chosen = chosenDemands(beginning)
  const roles = rolesNamed(chosen)
  const variables = variablesNamed(chosen, Object.keys(sampleVariables))
  const label = certificateOf(referential, certificate)?.label ?? certificate
  const untouched = firstSteps === null ? untouchedCriteria(beginning, chosen) : []
  const title =
    firstSteps === null
      ? label
      : say({ fr: 'Premiers pas sur cette machine', en: 'First steps on this machine' })
  const lines = [
    '# yaml-language-server: $schema=exam.schema.json',
    `title: ${scalar(title)}`,
    `purpose: ${purpose} # ${say(examRemarks.purpose[purpose])}`,
    `referential: ${referential.id}`,
    `certificate: ${certificate} # ${say(examRemarks.certificate)}`,
    '',
    `# ${say(examRemarks.roles)}`,
    'roles:',
    ...roles.map((name) => `  ${name}: ${sampleRoles[name]!.kind} # ${say(sampleRoles[name]!.says)}`),
    '',
    `# ${say(examRemarks.introduction)}`,
    `introduction: ${scalar(
      say({
        fr: 'Vous êtes technicien dans une agence. Votre responsable vous confie ses machines, et la liste de ce qui reste à faire.',
        en: 'You are a technician in a branch office. Your manager hands you its machines, and the list of what is left to do.',
      }),
    )}`,
    '',
    ...(variables.length > 0
      ? [
          `# ${say(examRemarks.variables)}`,
          'variables:',
          ...variables.map((name) => `  ${name}: ${sampleVariables[name]}`),
          '',
        ]
      : []),
    `# ${say(examRemarks.demands)}`,
    ...(purpose === 'examination' ? [`# ${say(examRemarks.noHint)}`] : []),
    'demands:',
    ...demandLines(chosen, beginning, purpose, lang),
    ...(untouched.length > 0
      ? [`# ${say(examRemarks.untouched)}`, ...untouched.map(({ id, label: words }) => `# - ${id} ${words}`)]
      : []),
    `# ${say(examRemarks.next)}`,
  ]
  return `${lines.join('\n')}\n`
}

/** The demands; each key is explained where it comes first, once. */
function* demandLines(
  chosen: readonly ChosenDemand[],
  { referential }: Beginning,
  purpose: Purpose,
  lang: 'fr' | 'en',
): Generator<string> {
  const say = sayIn(lang)
  const explained = new Set<Text>()
  const once = (remark: Text): string[] => {
    if (explained.has(remark)) return []
    explained.add(remark)
    return [`    # ${say(remark)}`]
  }
  const heading = (criterionId: string) =>
    referential.competencies.find(({ id }) => id === criterionId.split('.')[0])?.label ?? ''
  let above = ''
  for (const { demand, criteria } of chosen) {
    const competency = heading(criteria[0]!)
    if (competency !== above) yield `  # ${competency}`
    above = competency
    yield `  - id: ${demand.id[lang]}`
    yield `    text: ${scalar(say(demand.text))}`
    yield* once(examRemarks.criteria)
    yield '    criteria:'
    for (const id of criteria) yield `      - ${id} # ${criterion(referential, id)?.label ?? heading(id)}`
    if (demand.checks) {
      yield* demand.checks.some((call) => call.startsWith('not:'))
        ? once(examRemarks.not)
        : once(examRemarks.checks)
      yield '    checks:'
      for (const call of demand.checks) yield `      - ${call}`
    }
    if (demand.any) {
      yield* once(examRemarks.any)
      yield '    any:'
      for (const call of demand.any) yield `      - ${call}`
    }
    yield* once(examRemarks.question)
    yield `    question: ${scalar(say(demand.question))}`
    if (purpose === 'training') {
      yield* once(examRemarks.hint)
      yield '    hint:'
      for (const hint of demand.hints) yield `      - ${scalar(say(hint))}`
    }
    yield ''
  }
}
