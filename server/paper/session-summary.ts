import type { Referential } from '../../checks/referential/referential.ts'
import { verdictSchema, type Verdict } from '../../checks/verdict.ts'
import { withFollowUps } from '../dossier/follow-ups.ts'
import { layOut, type CompetencySection } from '../pages/dossier/outline.ts'
import { blameShort, causeWords, verdictWords, words } from '../pages/wording.ts'
import type { DossierOutline } from '../store/store.ts'
import type { Node } from '../../paper/flow.ts'
import type { PaperContext } from './paper-context.ts'
import { part, sessionPdf, type SessionPaper } from './session-paper.ts'
import {
  group,
  item,
  mark,
  paragraph,
  plain,
  quiet,
  smallSize,
  strong,
  table,
  type Column,
} from '../../paper/setting.ts'
import { paperWords } from './wording.ts'

export interface SummaryInput extends SessionPaper {
  /** Null where this server doesn't know it. */
  readonly referential: Referential | null
  /** By code, as the store gives them. */
  readonly outlines: readonly DossierOutline[]
}

/**
 * The session at a glance, for the jury: for each competency, how many demands of each candidate have which verdict, in
 * words. No sum over a row, a column or competencies: there is nothing to add up.
 */
export function summaryPdf(input: SummaryInput): Promise<Buffer> {
  const say = (text: { fr: string; en: string }) => text[input.lang]
  return sessionPdf(input, {
    title: say(paperWords.summary),
    means: say(paperWords.summaryMeans),
    parts: (context) => [...competencies(input, context), unobserved(input, context)],
  })
}

interface Row {
  readonly code: string
  readonly seat: string | null
  readonly counts: ReadonlyMap<Verdict, number>
}

function competencies({ outlines, referential }: SummaryInput, context: PaperContext): Node[] {
  const { sheet, say } = context
  const order: CompetencySection['competency'][] = []
  const rows = new Map<string, Row[]>()
  for (const outline of outlines)
    for (const { section, counts } of countsOf(outline, referential)) {
      const { id } = section.competency
      const of = rows.get(id)
      if (of) of.push({ code: outline.code, seat: outline.seat, counts })
      else {
        order.push(section.competency)
        rows.set(id, [{ code: outline.code, seat: outline.seat, counts }])
      }
    }
  if (order.length === 0 && outlines.length > 0)
    return [paragraph(sheet, [strong(say(words.noReferential))], { before: 10 })]
  return order.map((competency) => {
    const of = rows.get(competency.id) ?? []
    const asked = of.some(({ counts }) => counts.size > 0)
    return part(
      context,
      `${competency.id}\u2002${competency.label}`,
      asked ? [countTable(of, context)] : [paragraph(sheet, [quiet(say(words.notCovered))])],
    )
  })
}

/** How many demands under each competency have which verdict; what a run says nothing of is not verified. */
function countsOf(
  { runs }: DossierOutline,
  referential: Referential | null,
): { section: CompetencySection; counts: Map<Verdict, number> }[] {
  const [shown, ...again] = runs
  if (!shown) return []
  const contents = (run: (typeof runs)[number]) => ({ run, findings: [] })
  const demands = withFollowUps(contents(shown), again.map(contents))
  return layOut(shown, demands, referential).competencies.map((section) => {
    const counts = new Map<Verdict, number>()
    const views = new Set([...section.own, ...section.criteria.flatMap((criterion) => criterion.demands)])
    for (const { result } of views) {
      const verdict = result?.verdict ?? 'unknown'
      counts.set(verdict, (counts.get(verdict) ?? 0) + 1)
    }
    return { section, counts }
  })
}

/** In points, by the length of the word. */
const widths: Record<Verdict, number> = { pass: 70, fail: 84, unknown: 80, jury: 118, na: 70 }

function countTable(rows: readonly Row[], { sheet, say, said }: PaperContext): Node {
  const columns: Column[] = [
    { width: 66, head: say(words.candidate) },
    ...verdictSchema.options.map((verdict) => ({
      width: widths[verdict],
      head: [mark(verdict, smallSize + 0.5), strong(say(verdictWords[verdict]), smallSize)],
    })),
  ]
  return table(
    sheet,
    columns,
    rows.map(({ code, seat, counts }) => [
      [strong(said(code, 20)), ...(seat === null ? [] : [quiet(`\u2002${said(seat, 12)}`)])],
      ...verdictSchema.options.map((verdict) => {
        const count = counts.get(verdict)
        return [count === undefined ? quiet('–') : plain(String(count))]
      }),
    ]),
  )
}

/** What could not be verified, candidate by candidate; where nothing is missing, said so. */
function unobserved({ outlines }: SummaryInput, context: PaperContext): Node {
  const { sheet, say, said } = context
  const lines = outlines.flatMap(({ code, runs, unobserved: all }) => {
    // What was asked again and then observed is no longer missing.
    const [shown, ...again] = runs
    if (!shown) return []
    const contents = (run: (typeof runs)[number]) => ({ run, findings: [] })
    const open = new Map(
      withFollowUps(contents(shown), again.map(contents)).map(({ demand, run }) => [demand.id, run]),
    )
    const told = new Set<string>()
    for (const { run, demand, from, target, address, cause, blame } of all) {
      if (open.get(demand) !== run) continue
      const seen = from === 'agent' ? '' : `${say({ fr: ', vu de ', en: ', seen from ' })}${said(from, 40)}`
      told.add(
        `${said(target, 40)} (${said(address, 60)})${seen}${cause ? `, ${say(causeWords[cause])}` : ''}${blame ? `\u00A0– ${say(blameShort[blame])}` : ''}`,
      )
    }
    const shownLines = [...told].slice(0, most)
    const label = [strong(said(code, 20))]
    if (shownLines.length === 0)
      return [item(sheet, label, [{ pieces: [plain(say(words.nothingUnobserved))] }], { labelWidth: 68 })]
    const body = shownLines.map((line) => ({ pieces: [plain(line)] }))
    if (told.size > most) body.push({ pieces: [plain(say(paperWords.moreInDossier))] })
    return [item(sheet, label, body, { labelWidth: 68 })]
  })
  return part(
    context,
    say(words.unobserved),
    lines.length > 0 ? [group('L', lines)] : [paragraph(sheet, [plain(say(words.noSession))])],
  )
}

/** How many lines of one candidate are printed. */
const most = 12
