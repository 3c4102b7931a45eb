import { certificateOf } from '../../checks/referential/referential.ts'
import { verdictSchema } from '../../checks/verdict.ts'
import { day, period, typeset } from '../pages/typography.ts'
import { blameShort, causeWords, purposeWords, verdictMeanings, words } from '../pages/wording.ts'
import type { DossierInput } from './dossier-content.ts'
import type { DossierParts } from './dossier-competency.ts'
import { verdictPieces, verdictWidth } from './dossier-finding.ts'
import type { Group, Node } from '../../paper/flow.ts'
import type { Piece } from '../../paper/line-setting.ts'
import { cutSign } from '../../paper/printed.ts'
import { facts, group, item, mono, paragraph, plain, quiet, strong } from '../../paper/setting.ts'
import { paperWords } from './wording.ts'

/** The certificate in official words; what the run says of it where the référentiel is not known. */
export function certificateText({
  dossier,
  referential,
}: Pick<DossierInput, 'dossier' | 'referential'>): string {
  const { exam } = dossier.run
  const certificate = referential ? certificateOf(referential, exam.certificate) : undefined
  if (!certificate || !referential) return `${exam.certificate} (${exam.referential})`
  const kind = certificate.kind === 'titre' ? 'Titre professionnel' : certificate.id.replace(/(\d)/, ' $1')
  return `${kind} ${certificate.label} (${referential.code}, millésime ${referential.millesime})`
}

/** The head of a dossier: whose, of what, how to read it, and what could not be verified. */
export function frontSection(input: DossierInput, parts: DossierParts): Group {
  const { context } = parts
  const { sheet, say, said } = context
  const { run } = input.dossier
  const seat = run.candidate.seat
  const nodes: Node[] = [
    paragraph(
      sheet,
      [
        strong(`${say(words.dossier)} ${said(run.candidate.code, 64)}`, 17),
        ...(seat === null ? [] : [plain(`\u2003${say(words.seat).toLowerCase()} ${said(seat, 64)}`, 11)]),
      ],
      { tag: 'H1' },
    ),
    paragraph(sheet, [plain(said(certificateText(input), 300), 10)], {
      before: 2,
      options: { lang: 'fr-FR' },
    }),
    paragraph(sheet, [strong(`${say(words.sovereign)} `)], { before: 6 }),
    facts(sheet, identification(input, parts)),
    ...howToRead(parts),
    ...unobserved(parts),
  ]
  if (run.notes.length > 0)
    nodes.push(
      paragraph(sheet, [strong(say(words.notes), 9)], { tag: 'H2', before: 8, keep: true }),
      ...run.notes.slice(0, 10).map((note) => paragraph(sheet, [plain(said(say(note), 300))])),
    )
  if (input.referential === null)
    nodes.push(paragraph(sheet, [strong(say(words.noReferential))], { before: 8 }))
  return group('Sect', nodes)
}

function identification(
  { dossier, traces, timeZone, lang }: DossierInput,
  { context: { say, said, moment } }: DossierParts,
): [string, readonly Piece[]][] {
  const { run, summary, start, followUps } = dossier
  const rows: [string, readonly Piece[]][] = [
    [say(words.session), [plain(`${said(run.session.title, 200)}, ${day(run.session.date, lang)}`)]],
    [
      say(words.exam),
      [plain(`${said(typeset(run.exam.title, 'fr'), 200)} (${say(purposeWords[run.exam.purpose])})`)],
    ],
    [
      say(words.run),
      [
        strong(say(summary.complete ? words.complete : words.interrupted)),
        plain(`, ${period(summary.startedAt, summary.endedAt, timeZone, lang)}`),
      ],
    ],
  ]
  if (dossier.stages.get(summary.id) !== 'start')
    rows.push([
      say(paperWords.start),
      start
        ? [plain(`${moment(start.run.startedAt)}. ${say(paperWords.startMeans)}`)]
        : [plain(say(paperWords.noStart))],
    ])
  if (followUps.length > 0)
    rows.push([
      say(paperWords.askedAgain),
      [
        plain(
          followUps
            .slice(0, 8)
            .map(({ run: again }) => moment(again.startedAt))
            .join('\u2002·\u2002'),
        ),
      ],
    ])
  rows.push([
    say(paperWords.trace),
    traces.length === 0
      ? [plain(say(paperWords.noTrace))]
      : traces
          .slice(0, 3)
          .flatMap(({ name, sha256, at }) => [
            plain(`${said(name, 120)}, ${moment(at)} `),
            mono(`SHA-256\u00A0${sha256} `, 6.5),
          ]),
  ])
  return rows
}

function howToRead({ context }: DossierParts): Node[] {
  const { sheet, say } = context
  const line = (label: readonly Piece[], means: string) =>
    item(sheet, label, [{ pieces: [plain(means)] }], { labelWidth: verdictWidth })
  return [
    paragraph(sheet, [strong(say(words.howToRead), 10)], { tag: 'H2', before: 12, keep: true }),
    group('L', [
      ...verdictSchema.options.map((verdict) =>
        line(verdictPieces(verdict, context), say(verdictMeanings[verdict])),
      ),
      line([plain(cutSign)], say(paperWords.cut)),
      line([plain('‹U+202E›')], say(paperWords.unseen)),
    ]),
  ]
}

/** How many machines a list names before it refers to the findings. */
const most = 20

/** What stayed unknown: vantage point, machine, cause and side, each once, in the order of the run. */
function unobserved({ content, context }: DossierParts): Node[] {
  const { sheet, say, said } = context
  const lines = new Set<string>()
  for (const { verdict, from, target, address, cause, blame } of content.findings) {
    if (verdict !== 'unknown') continue
    const seen = from === 'agent' ? '' : `${say({ fr: ', vu de ', en: ', seen from ' })}${said(from, 64)}`
    const why = cause ? `, ${say(causeWords[cause])}` : ''
    const side = blame ? `\u00A0– ${say(blameShort[blame])}` : ''
    lines.add(`${said(target, 64)}${address ? ` (${said(address, 80)})` : ''}${seen}${why}${side}`)
  }
  const shown = [...lines].slice(0, most)
  const heading = paragraph(sheet, [strong(say(words.unobserved), 10)], { tag: 'H2', before: 10, keep: true })
  if (shown.length === 0) return [heading, paragraph(sheet, [plain(say(words.nothingUnobserved))])]
  const dash = (text: string) => item(sheet, [quiet('–')], [{ pieces: [plain(text)] }], { labelWidth: 12 })
  return [
    heading,
    group('L', [...shown.map(dash), ...(lines.size > most ? [dash(say(paperWords.more))] : [])]),
  ]
}
