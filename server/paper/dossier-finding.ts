import type { Finding } from '../../checks/finding.ts'
import type { Verdict } from '../../checks/verdict.ts'
import { timeOfDay } from '../pages/typography.ts'
import { blameShort, blameWords, causeWords, verdictWords, words } from '../pages/wording.ts'
import type { PlacedFinding } from '../dossier/follow-ups.ts'
import type { Note } from '../store/notes.ts'
import type { DossierContent } from './dossier-content.ts'
import type { Density } from './density.ts'
import type { Unit } from '../../paper/flow.ts'
import type { Piece } from '../../paper/line-setting.ts'
import { item, mark, plain, quiet, smallSize, strong, type BodyText } from '../../paper/setting.ts'
import type { PaperContext } from './paper-context.ts'
import { paperWords } from './wording.ts'

/** Room of a verdict beside what it is about. */
export const verdictWidth = 106

/** A verdict as a shape and its word; what is not as asked, or not verified, is bold, so that « constaté » and « non constaté » differ at a glance. */
export function verdictPieces(verdict: Verdict, { say }: PaperContext, size = smallSize): Piece[] {
  const word = say(verdictWords[verdict])
  return [
    mark(verdict, size + 0.5),
    verdict === 'fail' || verdict === 'unknown' ? strong(word, size) : plain(word, size),
  ]
}

/**
 * A finding as an item of a list: on one line where it is as asked, else with what was expected and observed.
 * @param keep whether it stays on the page of what follows.
 */
export function findingItem(
  placed: PlacedFinding,
  content: DossierContent,
  density: Density,
  context: PaperContext,
  keep: boolean,
): Unit {
  const { sheet } = context
  const { finding } = placed
  const body: BodyText[] = [{ pieces: claimOf(finding, density, context) }]
  if (finding.verdict !== 'pass' && finding.verdict !== 'na')
    body.push(...differences(placed, content, density, context))
  if (finding.contradiction)
    body.push({
      term: '',
      pieces: [strong(`${context.say(words.contradiction)} `), plain(context.say(words.contradictionMeans))],
    })
  const before = content.before.get(finding)
  if (before)
    body.push({
      term: context.say(paperWords.atStart),
      pieces: [
        ...verdictPieces(before.verdict, context),
        ...(density.inline ? [] : [plain(`, ${context.said(context.say(before.observed), density.said)}`)]),
      ],
    })
  for (const contest of content.contestsOf(placed))
    body.push({ term: context.say(paperWords.contested), pieces: notePieces(contest, density, context) })
  return item(sheet, verdictPieces(finding.verdict, context), density.inline ? inOne(body) : body, {
    labelWidth: verdictWidth,
    keep,
  })
}

/** The claim, and after it all the rest as one paragraph. */
function inOne([claim, ...rest]: readonly BodyText[]): BodyText[] {
  const pieces = rest.flatMap((text) => [
    ...(text.term ? [quiet(`${text.term}\u00A0`)] : []),
    ...text.pieces,
    plain('\u2002 '),
  ])
  return [...(claim ? [claim] : []), ...(pieces.length > 0 ? [{ pieces }] : [])]
}

function claimOf(finding: Finding, density: Density, { say, said }: PaperContext): Piece[] {
  const cell = finding.cell ? ` (${said(say(finding.cell), density.claim)})` : ''
  return [
    plain(`${said(say(finding.says), density.claim)}${cell} `),
    quiet(`·\u00A0${said(finding.target, 40)}`),
  ]
}

function differences(
  placed: PlacedFinding,
  content: DossierContent,
  density: Density,
  { say, said, lang, timeZone }: PaperContext,
): BodyText[] {
  const { finding } = placed
  const body: BodyText[] = [
    { term: say(words.expected), pieces: [plain(said(say(finding.expected), density.said))] },
    // That nothing was observed is what « non vérifié » says; its cause is below.
    ...(finding.verdict === 'unknown' && finding.observed.fr === notObserved
      ? []
      : [{ term: say(words.observed), pieces: [plain(said(say(finding.observed), density.said))] }]),
  ]
  if (finding.cause)
    body.push({
      term: say(words.notVerified),
      pieces: [
        plain(
          `${say(causeWords[finding.cause])}${finding.blame ? `\u00A0– ${say((density.reasons ? blameWords : blameShort)[finding.blame])}` : ''}`,
        ),
      ],
    })
  if (density.where) {
    const at = content.seenAt(placed)
    const from = finding.from === 'agent' ? say(words.agent) : said(finding.from, 40)
    const where = [
      `${say(paperWords.from)} ${from}`,
      ...(finding.address ? [said(finding.address, 60)] : []),
      `${say(paperWords.by)} ${said(finding.transport, 20)}`,
      ...(at ? [timeOfDay(at, timeZone, lang)] : []),
    ]
    body.push({ term: say(paperWords.seen), pieces: [quiet(where.join(', '))] })
  }
  return body
}

/** Who wrote it, when, and what. */
export function notePieces(note: Note, density: Density, { said, lang, moment }: PaperContext): Piece[] {
  return [
    strong(`${said(note.authorName, 80)}, ${moment(note.at)}${lang === 'fr' ? '\u202F' : ''}: `, smallSize),
    plain(said(note.text, density.note)),
  ]
}

/** What `unknown()` of checks/finding.ts says where a check says nothing more. */
const notObserved = 'non observé'
