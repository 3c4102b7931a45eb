import type { CompetencySection, CriterionSection, DemandView } from '../pages/dossier/outline.ts'
import { timeOfDay, typeset } from '../pages/typography.ts'
import { modalityWords, words } from '../pages/wording.ts'
import type { Density } from './density.ts'
import type { DossierContent } from './dossier-content.ts'
import { findingItem, notePieces, verdictPieces } from './dossier-finding.ts'
import type { Group, Node } from '../../paper/flow.ts'
import type { PaperContext } from './paper-context.ts'
import { area } from '../../paper/sheet.ts'
import { bodySize, group, paragraph, plain, quiet, ruled, smallSize, strong } from '../../paper/setting.ts'
import { paperWords } from './wording.ts'

/** What the parts of a dossier share. */
export interface DossierParts {
  readonly content: DossierContent
  readonly density: Density
  readonly context: PaperContext
}

/** A line above a part, over the whole width. */
export const ruleAbove = [{ x1: 0, x2: area.width, dy: -4, dotted: false, weight: 0.9 }] as const

/** A competency: its official wording, what evaluates it, its criteria in the official order, and room to write. */
export function competencySection(section: CompetencySection, parts: DossierParts): Group {
  const { context, density } = parts
  const { sheet, say } = context
  const { competency, modalities, own, criteria } = section
  return group('Sect', [
    paragraph(sheet, [strong(`${competency.id}\u2002${competency.label}`, 11)], {
      tag: 'H2',
      before: 16,
      keep: true,
      options: official,
      rules: ruleAbove,
      bookmark: { title: `${competency.id} ${competency.label}`, depth: 0 },
    }),
    paragraph(
      sheet,
      [
        quiet(
          `${say(words.evaluatedBy)} ${modalities.map((modality) => say(modalityWords[modality])).join(', ')}`,
        ),
      ],
      { keep: true },
    ),
    ...(competency.note ? [paragraph(sheet, [quiet(say(competency.note))], { keep: true })] : []),
    ...own.flatMap((view) => placed(view, competency.id, parts)),
    ...(competency.criteria.length === 0 && own.length === 0
      ? [paragraph(sheet, [quiet(say(words.notCovered))])]
      : []),
    ...criteria.map((criterion) => criterionSection(criterion, parts)),
    paragraph(sheet, [quiet(`${say(paperWords.juryNotes)}, ${competency.id}`)], { before: 8, keep: true }),
    ruled(density.competencyLines, { gap: density.gap }),
  ])
}

function criterionSection({ criterion, demands }: CriterionSection, parts: DossierParts): Group {
  const { context, content, density } = parts
  const { sheet, say } = context
  const uncovered = criterion.observable !== 'none' && demands.length === 0
  const appreciations = content.appreciationsOf(criterion.id)
  const nodes: Node[] = [
    paragraph(
      sheet,
      uncovered
        ? [plain(`${criterion.id}\u2002${criterion.label}\u2002`), quiet(`(${say(words.notCovered)})`)]
        : [strong(`${criterion.id}\u2002${criterion.label}`, 9)],
      { tag: 'H3', before: uncovered ? 4 : 9, keep: !uncovered, options: official },
    ),
  ]
  if (criterion.observable === 'none') {
    nodes.push(
      paragraph(
        sheet,
        [
          ...verdictPieces('jury', context),
          ...(density.reasons ? [quiet(`\u2002${say(criterion.why)}`)] : []),
        ],
        { keep: true },
      ),
      ruled(density.juryLines, { gap: density.gap }),
    )
  } else if (demands.length > 0 && criterion.observable === 'part' && density.reasons)
    nodes.push(
      paragraph(sheet, [quiet(`${say(words.partly)} ${lowerFirst(say(criterion.why))}`)], { keep: true }),
    )
  for (const view of demands) nodes.push(...placed(view, criterion.id, parts))
  for (const note of appreciations)
    nodes.push(
      paragraph(
        sheet,
        [plain(`${say(paperWords.appreciation)} `, smallSize), ...notePieces(note, density, context)],
        { before: 4 },
      ),
    )
  return group('Sect', nodes)
}

const placed = (view: DemandView, place: string, parts: DossierParts): Node[] =>
  view.printedUnder === place ? demandNodes(view, place, parts) : [demandReference(view, parts)]

/** A demand as printed once: what was asked, its verdict, its findings, the question for the interview. */
export function demandNodes(view: DemandView, place: string | null, parts: DossierParts): Node[] {
  const { context, density, content } = parts
  const { sheet, say, said } = context
  const { demand, result, alternatives } = view
  const others = demand.criteria.filter((id) => id !== place)
  const nodes: Node[] = [
    paragraph(
      sheet,
      [
        strong(`${say(words.demand)} ${said(demand.id, 40)}\u2003`, bodySize),
        ...(result ? verdictPieces(result.verdict, context) : []),
        ...(others.length > 0 ? [quiet(`\u2003${say(words.alsoUnder)} ${said(others.join(', '), 80)}`)] : []),
      ],
      { tag: 'H4', before: 6, keep: true },
    ),
    paragraph(sheet, [plain(said(typeset(demand.text, 'fr'), density.asked))], {
      keep: true,
      options: official,
    }),
    ...againNodes(view, parts),
  ]
  if (!alternatives.some((findings) => findings.length > 0))
    nodes.push(paragraph(sheet, [plain(say(words.noFinding))]))
  // The question is not parted from what it is about.
  const last = demand.question === null ? undefined : alternatives.at(-1)?.at(-1)
  alternatives.forEach((findings, index) => {
    if (alternatives.length > 1)
      nodes.push(
        paragraph(
          sheet,
          [
            quiet(
              `${say(words.alternative)} ${index + 1}${result?.alternative === index ? ` (${say(words.matched)})` : ''}`,
            ),
          ],
          { before: 2, keep: findings.length > 0 },
        ),
      )
    if (findings.length > 0)
      nodes.push(
        group(
          'L',
          findings.map((finding) => findingItem(finding, content, density, context, finding === last)),
        ),
      )
  })
  if (demand.question !== null) {
    nodes.push(
      paragraph(
        sheet,
        [
          strong(`${say(words.question)}${context.lang === 'fr' ? '\u202F' : ''}: `, smallSize),
          plain(said(typeset(demand.question, 'fr'), density.question)),
        ],
        { before: 3, keep: density.questionLines > 0 },
      ),
    )
    if (density.questionLines > 0) nodes.push(ruled(density.questionLines, { gap: density.gap }))
  }
  return nodes
}

/** From which later run a demand is told, and when it was asked again in vain. */
function againNodes({ again, at: since, inVain }: DemandView, { context }: DossierParts): Node[] {
  const { sheet, say, timeZone, lang } = context
  const told = [
    ...(again ? [`${say(paperWords.askedAgainAt)} ${timeOfDay(since, timeZone, lang)}`] : []),
    ...(inVain.length > 0
      ? [
          `${say(paperWords.inVain)} ${inVain
            .slice(0, 5)
            .map(({ at }) => timeOfDay(at, timeZone, lang))
            .join(', ')}`,
        ]
      : []),
  ]
  return told.length > 0 ? [paragraph(sheet, [quiet(told.join('\u2002·\u2002'))], { keep: true })] : []
}

function demandReference(view: DemandView, { context, density }: DossierParts): Node {
  const { sheet, say, said } = context
  const { demand, result, printedUnder } = view
  return paragraph(
    sheet,
    [
      ...(result ? [...verdictPieces(result.verdict, context), plain('\u2002')] : []),
      plain(said(typeset(demand.text, 'fr'), Math.min(90, density.asked / 2))),
      quiet(`\u2002${say(words.printedUnder)} ${printedUnder ?? ''} (${said(demand.id, 40)})`),
    ],
    { before: density.inline ? 1 : 3 },
  )
}

/** After a colon; an acronym at the start keeps its capitals. */
const lowerFirst = (text: string): string =>
  /^\p{Lu}\p{Lu}/u.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1)

const official = { lang: 'fr-FR' }
