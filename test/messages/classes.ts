import type { Place } from './sources.ts'

/**
 * What a sentence is to who reads it. A `failure` has to say what to do next; what is `awaited` stands after « il faut »;
 * `told` goes to the terminal, the trace of what was done; `written` goes into a file that somebody edits.
 */
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

/** What gives the sentence that it is given, in one language or among others. */
const handsOn =
  /^(?!prompter\.say|mistakes\.push|problems\.push)(?:called|params|(?:joined|filled|both|same|prose|paragraphs)\(\)|(?:\w*\.)*say\(\)|.*\.(?:map|flatMap|filter|join|push|concat|trim)\(\))$/
const anything = /(?:)/
const family = /^checks\/(?!exam\/|referential\/|evidence\/|explanation\/|rehearsal\/|reports\/)[^/]+\//

/** The first rule that holds says what a sentence is. What none says makes the test red: then decide, and write it here. */
export const rules: readonly Rule[] = [
  // What commander would say in English: each is a part of « probant: … Voyez : probant VERBE --help ».
  { kind: 'failure', in: /^agent\/commands\/program\.ts$/, at: /^fn wrongUse\b/ },
  // What only stands in another sentence is judged with that one, what is filled in included.
  { kind: 'piece', at: /in a sentence(?: > [^>]*)?$/ },

  // Something went wrong: the error that is thrown, the function or the property that takes the sentence, its own name.
  { kind: 'cause', at: /new StepFailure > \.note$/ },
  {
    kind: 'failure',
    at: /new (?:\w+(?:Failure|Refused|Target)|Cannot\w+|No\w+|ReferentialError|Unanswered|GaveUp)$/,
  },
  {
    kind: 'failure',
    in: /^(?!checks\/[^/]+\/)|^checks\/(?:exam|evidence|windows\/accounts)\//,
    at: /(?:^|[> .])(?:diagnose|wrong|mistake|refused|cannotDo|problem|at|(?:mistakes|problems)\.push)\(\)$/,
  },
  { kind: 'failure', at: /(?:refine|addIssue|superRefine|check)\(\) > (?:.* > )?\.params$/ },
  {
    kind: 'failure',
    at: /(?:^|> )(?:\.|= (?:\w+\.)?)(?:problem|wrong|why|mistake|error)s?$|= problems\.\w+$/,
  },
  { kind: 'failure', in: /^(?:checks\/role|server\/api)/, at: /\.message$/ },
  { kind: 'failure', in: /^agent\/self-test\/write-page/, at: /catch > .*\.words$/ },
  { kind: 'failure', in: /^agent\/doctor\/problem/, at: /\.says$/ },
  { kind: 'failure', in: /^(?:probant\.ts|checks\/referential\/consistency\.ts)$/, at: anything },
  { kind: 'failure', at: /<p\.problem|@problem$|(?:problems|mistakes) > \.\S+$/ },
  { kind: 'failure', in: /^server\/pages\/(?:failed|forbidden)/, at: /<p(?:\.\S+)?$/ },
  {
    kind: 'failure',
    in: /^(?:checks\/(?:[^/]+\.ts|exam\/|referential\/)|agent\/|server\/(?!paper|exports)|server-verbs)/,
    at: /(?:var|fn) (?:\w*(?:[pP]roblem|[mM]istake|[wW]eak|[cC]annot|[rR]efus|[rR]easons?\b|Fault|[dD]amaged|[mM]alformed|[uU]nreadable|[uU]nwritable|Taken)\w*|(?:not|no)[A-Z]\w*|nobody|naming|yamlMessages|aliases)(?::\w+)?(?: > \.\S+)?$/,
  },
  {
    kind: 'failure',
    in: /^checks\/(?:yaml-words|issue-words|delimited-text|document|candidates-csv)\.ts$/,
    at: anything,
  },
  // What a value may be: « il faut … » goes before.
  { kind: 'awaited', at: /(?:> |^)pattern\(\)$/ },

  // What is read before or while somebody uses the program.
  {
    kind: 'help',
    at: /\.(?:says|line|flags|placeholder)$|(?:described|addHelpText|option|helpOption|version|new Option)(?:\(\))?$|var (?:\w*[hH]elp|description|explained|kept):Text$|fn next > var steps$|fn next(?:Hint)?$/,
  },
  {
    kind: 'question',
    at: /(?:ask|hidden|readHidden|login|prompter\.say)\(\)$|\.(?:ask|question)$|fn (?:question|askedBeginning|title|mistake > \?\(\))$/,
  },
  { kind: 'told', at: /(?:terminal\.(?:err|out)|err|print|status\.show|interruptible)\(\)$/ },

  // What was seen, and why it was not: with what to do about it, see next-step-of-causes.
  { kind: 'cause', at: /\.(?:because|next|note)$/ },
  { kind: 'cause', at: /var (?:causeWords|blameWords|verdictMeanings|connections)/ },
  { kind: 'cause', in: /^checks\/(?:explanation|missing-ways|coverage)/, at: anything },
  { kind: 'finding', in: family, at: anything },
  { kind: 'finding', in: /^checks\/(?:judgement|aspects|finding|observation|reports\/)/, at: anything },

  // Words of pages and papers, whose places are tables and elements; what they show of failures came by the rules above.
  {
    kind: 'page',
    in: /^server\/pages\//,
    at: /(?:^|> )(?:var (?:\w*[wW]ords|moveMeanings|moveConsequences|blameShort)\b|<)/,
  },
  {
    kind: 'paper',
    in: /^(?:server\/(?:paper|exports)|paper|agent\/(?:print|reports|rehearse|self-test\/page)|checks\/typography)/,
    at: anything,
  },
  {
    kind: 'written',
    in: /^(?:agent\/(?:authoring\/(?:exam|session|sample|remarks)|self-test\/machines-file)|checks\/schema)/,
    at: anything,
  },
  {
    kind: 'label',
    at: /(?:heading|title|row|line|h|block|once|wrapped|pairs)\(\)$|\.words$|var (?:rows|heads?|server|state|parts|which|word|note|meaning|colon|address|mark|byDefault|\w*State|\w*Heads|\w*[wW]ords)(?::\w+)?(?: > \.\S+)?$|fn \w*(?:[lL]ines?|Of|heading)$/,
  },
]

/** The rules that decided something so far. */
export const usedRules = new Set<Rule>()

export function kindAt(file: string, place: Place): Kind | null {
  const parts = place.split(' > ')
  while (parts.length > 0 && handsOn.test(parts.at(-1)!)) parts.pop()
  const end = parts.join(' > ')
  const rule = rules.find((one) => (one.in?.test(file) ?? true) && one.at.test(end))
  if (rule) usedRules.add(rule)
  return rule?.kind ?? null
}
