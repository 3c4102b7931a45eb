import type { Place } from './sources.ts'

/** What a sentence is to who reads it. Only `failure` has to say what to do next. */
export type Kind =
  | 'failure'
  | 'awaited'
  | 'finding'
  | 'cause'
  | 'help'
  | 'question'
  | 'told'
  | 'label'
  | 'page'
  | 'paper'
  | 'written'
  | 'piece'

interface Rule {
  readonly kind: Kind
  /** Which files; all where it is not said. */
  readonly in?: RegExp
  /** The end of the place, once what only hands a sentence on is left out; see `handsOn`. */
  readonly at: RegExp
}

/** Calls that give the sentence that they are given, in one language or among others. */
export const handsOn =
  /^(?:called|params|joined\(\)|filled\(\)|both\(\)|(?:\w*\.)*say\(\)|.*\.(?:map|flatMap|filter|join|push|concat|trim)\(\))$/

/** The first rule that holds says what a sentence is. What none says makes the test red: then decide, and write it here. */
export const rules: readonly Rule[] = [
  // What went wrong, by the error, the function or the property that takes it.
  { kind: 'failure', at: /new \w*(?:Failure|Refused|CannotServe|CannotDo|WrongTarget|Unanswered|GaveUp)$/ },
  { kind: 'failure', at: /(?:^|> |\.)(?:diagnose|wrong|mistake|refused|cannotDo|problem|addIssue)\(\)$/ },
  { kind: 'failure', at: /\.(?:problem|problems|wrong|params|mistakes?|error)$/ },
  { kind: 'failure', at: /= (?:problem|wrong|mistake)$/ },
  { kind: 'failure', at: /<p\.problem|@problem$/ },
  // What a value may be: « il faut … » goes before.
  { kind: 'awaited', at: /(?:> |^)pattern\(\)$/ },
  // Findings.
  { kind: 'piece', at: /in a sentence$/ },
  { kind: 'help', at: /\.(?:says|line|flags|placeholder)$|(?:described|addHelpText|option|helpOption|version)\(\)$/ },
]

export function kindAt(file: string, place: Place): Kind | null {
  const parts = place.split(' > ')
  while (parts.length > 0 && handsOn.test(parts.at(-1)!)) parts.pop()
  const end = parts.join(' > ')
  return rules.find((rule) => (rule.in?.test(file) ?? true) && rule.at.test(end))?.kind ?? null
}
