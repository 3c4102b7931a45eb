import { describe, expect, it } from 'vitest'
import { agentVerbs } from '../../agent/commands/verbs.ts'
import { rules, usedRules, type Kind } from './classes.ts'
import { collectedMessages, type Message } from './collected.ts'
import { saysWhatToDo } from './next-step.ts'
import { internalErrors, noFailures, oneLanguage, pieces, theSame } from './declared.ts'

const { messages: all, bare } = collectedMessages()
// What only holds another sentence is that one.
const failures = all.filter(
  ({ kind, fr }) => kind === 'failure' && !/^(?:\{[^ }]*\})?$/.test((fr ?? '').trim()),
)
const where = ({ file, line, fr }: Message) => `${file}:${line}: ${fr}`
const both = ({ fr, en }: Message) => [fr ?? '', en ?? '']

describe('every sentence of the product', () => {
  it('is found: none of the places where sentences stand came out empty', () => {
    expect(all.length).toBeGreaterThan(2500)
    const places = [
      'agent/commands',
      'agent/work',
      'agent/secrets',
      'checks/exam',
      'checks/windows',
      'server/pages',
    ]
    for (const place of [...places, 'server/api', 'server/commands', 'probant.ts', 'server-verbs.ts'])
      expect(failures.filter(({ file }) => file.startsWith(place)).length, place).toBeGreaterThan(0)
  })

  /** Nothing is missed for want of a rule: a sentence in a new kind of place is decided in classes.ts. */
  it('is of a kind that follows from where it stands', () => {
    expect(all.filter(({ kind }) => kind === null).map((one) => `${where(one)} @ ${one.place}`)).toEqual([])
  })

  it('is of a kind that every rule of classes.ts is needed for', () => {
    expect(rules.filter((rule) => !usedRules.has(rule)).map(({ at }) => String(at))).toEqual([])
  })

  it('is in two languages: no literal is said, no error of one language is new', () => {
    const errors = bare.filter(({ place }) => place.endsWith('new Error'))
    const internal = errors.map(({ file, words }) => `${file}: ${words}`)
    expect(internal.filter((one) => !internalErrors.has(one) && !one.endsWith(': EEXIST'))).toEqual([])
    // A command to type, `{program} validate {file}`, is the same in both.
    const isCommand = (words: string) =>
      ['', ...agentVerbs.map(({ name }) => name)].includes(
        words.replaceAll(/\{[^}]*\}|--[a-z-]+/g, '').trim(),
      )
    const said = bare.filter(
      (one) => !errors.includes(one) && !isCommand(one.words) && !oneLanguage.has(one.words),
    )
    expect(said.map(({ file, line, words }) => `${file}:${line}: ${words}`)).toEqual([])
    expect([...internalErrors].filter((one) => !internal.includes(one))).toEqual([])
  })

  it('is there in both languages', () => {
    expect(all.filter(({ fr, en }) => fr === null || en === null).map(where)).toEqual([])
    const half = all.filter(({ fr, en }) => (fr?.trim() === '') !== (en?.trim() === ''))
    expect(half.map(where)).toEqual([])
  })

  it('is French in French: it differs from the English, unless declared the same', () => {
    // A word or two may be the same: « Machine », « session », « communication possible ».
    const alike = all.filter(
      ({ fr, en }) => fr === en && (fr?.match(/(?<![{\p{L}])\p{L}{2,}/gu)?.length ?? 0) > 2,
    )
    expect(alike.filter(({ fr }) => !theSame.has(fr ?? '')).map(where)).toEqual([])
  })

  it('has « guillemets » in French and “quotes” in English, and the French spaces', () => {
    // What is to be typed keeps its straight quotes: 'D:\Partages'; a language's tags and keys keep their colon.
    const wrong = all.filter(
      ({ fr, en }) =>
        /[“”]/.test(fr ?? '') ||
        /[«»]/.test(en ?? '') ||
        /\p{L}[;!?](?:\s|$)/u.test(fr ?? '') ||
        /«(?![\s\u202f\u00a0])|(?<![\s\u202f\u00a0])»/.test(fr ?? '') ||
        /\p{L} [;:!?](?:\s|$)/u.test((en ?? '').replaceAll(/“[^”]*”|\{+[^}]*\}+/g, 'x')),
    )
    expect(wrong.map(where)).toEqual([])
  })

  it('shows nothing of the machinery', () => {
    const shown = all.filter((message) =>
      both(message).some((words) =>
        /undefined|\[object|\bNaN\b|\n\s+at |node:internal|stack trace/.test(words),
      ),
    )
    expect(shown.map(where)).toEqual([])
  })
})

describe('every sentence about something that went wrong', () => {
  const whole = failures.filter((message) => !pieces.some((piece) => piece.is(message)))

  it.each(['fr', 'en'] as const)('says in %s what to do next', (lang) => {
    expect(whole.filter((message) => !saysWhatToDo[lang](message[lang] ?? '')).map(where)).toEqual([])
  })

  // A second net, by the words: whatever place it stands in, what speaks of something that can't be says what to do.
  it('is known as such: nothing else sounds like one', () => {
    const others = all.filter(({ kind }) => kind !== null && shownAlone.has(kind))
    const sounding = others.filter(({ fr }) => soundsLikeFailure.test(fr ?? ''))
    const silent = sounding.filter((one) => !saysWhatToDo.fr(one.fr ?? '') || !saysWhatToDo.en(one.en ?? ''))
    const undeclared = silent.filter((one) => !noFailures.some((piece) => piece.is(one)))
    expect(undeclared.map(where)).toEqual([])
    expect(noFailures.filter((piece) => !silent.some((one) => piece.is(one))).map(({ why }) => why)).toEqual(
      [],
    )
  })

  it('has no exception to that which nothing needs any more', () => {
    expect(
      pieces.filter((piece) => !failures.some((message) => piece.is(message))).map(({ why }) => why),
    ).toEqual([])
  })

  // Regenerated by `vitest run --project unit test/messages -u`: a new sentence shows when the change is read.
  it('is listed in failures.txt', async () => {
    const lines = failures.map(({ file, fr, en }) => `${file}\n  ${oneLine(fr)}\n  ${oneLine(en)}\n`)
    await expect([...new Set(lines)].sort().join('')).toMatchFileSnapshot('failures.txt')
  })
})

/** Kinds that are read on their own. Of findings and causes the next step stands beside them: see next-step-of-causes.test.ts. */
const shownAlone: ReadonlySet<Kind> = new Set([
  'told',
  'label',
  'page',
  'paper',
  'written',
  'question',
  'help',
])
const soundsLikeFailure =
  /impossible|n[’'](?:a|ont|avez|ai) pas pu|ne peu(?:t|vent) (?:pas|être)|n[’']existe|refusé|échou|erreur|invalide|inconnu|introuvable|illisible|injoignable|manque|abîmé|incorrect|trop (?:long|grand|gros|volumineux|tard)|expiré|périmé/iu

const oneLine = (words: string | null): string => (words ?? '').replaceAll('\n', '⏎')
