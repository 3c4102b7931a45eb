import { z } from 'zod'
import { patternWords } from './pattern.ts'
import { joined, same, type Text } from './text.ts'

type Issue = z.core.$ZodIssue

const kinds: Readonly<Record<string, Text>> = {
  string: { fr: 'du texte', en: 'text' },
  number: { fr: 'un nombre', en: 'a number' },
  fraction: { fr: 'un nombre à virgule', en: 'a fraction' },
  int: { fr: 'un nombre entier', en: 'a whole number' },
  boolean: { fr: 'true ou false', en: 'true or false' },
  array: { fr: 'une liste ([a, b], ou un tiret par élément)', en: 'a list ([a, b], or a hyphen each)' },
  object: { fr: 'un bloc de « clé: valeur »', en: 'a block of “key: value”' },
  record: { fr: 'un bloc de « clé: valeur »', en: 'a block of “key: value”' },
  null: { fr: 'rien', en: 'nothing' },
  ipv4: { fr: 'une adresse IPv4, comme 192.168.10.1', en: 'an IPv4 address, like 192.168.10.1' },
  ipv6: { fr: 'une adresse IPv6, comme fd00::1', en: 'an IPv6 address, like fd00::1' },
  cidrv4: { fr: 'un réseau IPv4, comme 192.168.10.0/24', en: 'an IPv4 network, like 192.168.10.0/24' },
  cidrv6: { fr: 'un réseau IPv6, comme fd00::/64', en: 'an IPv6 network, like fd00::/64' },
  date: { fr: 'une date, comme 2026-12-01', en: 'a date, like 2026-12-01' },
  url: { fr: 'une adresse https://…', en: 'an address https://…' },
}
const kind = (name: string): Text => kinds[name] ?? same(name)

const kindOf = (value: unknown): Text | null => {
  if (value === null) return kind('null')
  if (typeof value === 'number' && !Number.isInteger(value)) return kind('fraction')
  return kind(Array.isArray(value) ? 'array' : typeof value)
}

/** What is asked for, whether a value or a bound is said of it: the rest of « port : … ». */
const awaited = (what: Text, instead: Text | null = null): Text => ({
  fr: `il faut ${what.fr}${instead && instead.fr !== what.fr ? `, et non ${instead.fr}` : ''}`,
  en: `this takes ${what.en}${instead && instead.en !== what.en ? `, not ${instead.en}` : ''}`,
})

/** What a schema's own rule says beside it (`.refine(…, { params: { fr, en } })`), or a described pattern; else undefined. */
function ownWords(issue: Issue): Text | undefined {
  if (issue.code === 'invalid_format' && issue.pattern !== undefined) return patternWords(issue.pattern)
  const { fr, en } = (issue.code === 'custom' ? issue.params : undefined) ?? {}
  return typeof fr === 'string' && typeof en === 'string' ? { fr, en } : undefined
}

const units: Readonly<Record<string, Text>> = {
  string: { fr: ' caractère', en: ' character' },
  array: { fr: ' élément', en: ' item' },
}

function boundWords(issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall): Text {
  const most = issue.code === 'too_big'
  const bound = most ? issue.maximum : issue.minimum
  const unit = units[issue.origin] ?? same('')
  const plural = unit.fr !== '' && Number(bound) > 1 ? 's' : ''
  const [fr, en] =
    issue.inclusive === false
      ? most
        ? ['moins de', 'less than']
        : ['plus de', 'more than']
      : most
        ? ['au plus', 'at most']
        : ['au moins', 'at least']
  return awaited({ fr: `${fr} ${bound}${unit.fr}${plural}`, en: `${en} ${bound}${unit.en}${plural}` })
}

/** Of several ways to write one value, all: that of the wrong type apart, where the type fits another. */
function unionWords(issue: z.core.$ZodIssueInvalidUnion): Text {
  const all = issue.errors.flatMap((way) => way.slice(0, 1))
  const rule = all.find((one) => one.code === 'custom' && ownWords(one))
  if (rule) return issueWords(rule)
  const typed = all.filter((one) => one.code !== 'invalid_type' || typeof issue.input === 'string')
  const ways = (typed.length > 0 ? typed : all).map(issueWords)
  const each = [...new Map(ways.map((words) => [words.fr, words])).values()]
  const { fr, en } = joined(each, '\n')
  return { fr: fr.replaceAll(/\n(il faut )?/g, ', ou '), en: en.replaceAll(/\n(this takes )?/g, ', or ') }
}

/** What is wrong with a value, in words that an author of exams knows. */
export function issueWords(issue: Issue): Text {
  const own = ownWords(issue)
  if (own) return own
  switch (issue.code) {
    case 'invalid_type':
      if (issue.expected === 'string' && ['number', 'boolean'].includes(typeof issue.input))
        return {
          fr: 'du texte est attendu, mettez cette valeur entre guillemets',
          en: 'text is expected, put this value between quotes',
        }
      return awaited(kind(issue.expected), kindOf(issue.input))
    case 'invalid_value': {
      const values = issue.values.map(String)
      if (values.length === 1) return awaited(same(values.join('')))
      return awaited({ fr: `une valeur parmi ${values.join(', ')}`, en: `one of ${values.join(', ')}` })
    }
    case 'too_big':
    case 'too_small':
      return boundWords(issue)
    case 'invalid_format':
      if ('prefix' in issue)
        return awaited({
          fr: `un texte qui commence par ${issue.prefix}`,
          en: `text that starts with ${issue.prefix}`,
        })
      if (issue.format !== 'regex') return awaited(kind(issue.format))
      return {
        fr: `la forme attendue est ${issue.pattern}`,
        en: `the expected form is ${issue.pattern}`,
      }
    case 'invalid_key':
      return issue.issues[0]
        ? issueWords(issue.issues[0])
        : { fr: 'clé incorrecte : corrigez-la', en: 'wrong key: correct it' }
    case 'invalid_union':
      return unionWords(issue)
    default:
      return {
        fr: 'cette valeur ne convient pas : voyez « probant catalogue » ou la complétion de l’éditeur',
        en: 'this value will not do: see “probant catalogue” or the completion of the editor',
      }
  }
}
