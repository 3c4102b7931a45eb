import type { Lang } from '../../checks/text.ts'
import { day } from '../pages/typography.ts'
import { purposeWords, words } from '../pages/wording.ts'
import type { SessionSummary } from '../store/store.ts'
import type { Column } from '../../paper/setting.ts'
import type { Group, Node } from '../../paper/flow.ts'
import { contextOf, type PaperContext } from './paper-context.ts'
import { facts, group, paragraph, plain, strong, table } from '../../paper/setting.ts'
import { area, Sheet } from '../../paper/sheet.ts'
import { paperWords } from './wording.ts'

/** What every paper of a session starts from. */
export interface SessionPaper {
  readonly session: Pick<SessionSummary, 'id' | 'title' | 'date' | 'exam' | 'purpose'>
  readonly lang: Lang
  /** IANA name of the zone in which moments are printed. */
  readonly timeZone: string
  readonly generatedAt: Date
}

/**
 * One paper about a session, as a tagged PDF on A4: its title, the session, what the paper means, and its parts. At the
 * foot of each page stands the id of the session, which is the fingerprint of its file.
 */
export async function sessionPdf(
  paper: SessionPaper,
  { title, means, parts }: { title: string; means: string; parts: (context: PaperContext) => Node[] },
): Promise<Buffer> {
  const { session, lang, timeZone, generatedAt } = paper
  const sheet = await Sheet.open(lang, generatedAt)
  const context = contextOf(sheet, lang, timeZone)
  const { say, said, moment } = context
  const name = said(session.title, 120)
  const front = group('Sect', [
    paragraph(sheet, [strong(title, 17)], { tag: 'H1' }),
    paragraph(sheet, [plain(means)], { before: 4 }),
    facts(sheet, [
      [say(words.session), [plain(`${name}, ${day(session.date, lang)}`)]],
      [say(words.exam), [plain(`${said(session.exam, 200)} (${say(purposeWords[session.purpose])})`)]],
    ]),
  ])
  return sheet.bytes([front, ...parts(context)], {
    title: `${title}, ${name}`,
    header: { left: said(session.title, 90), right: said(title, 60) },
    footer: {
      mono: `${say(paperWords.session)} ${session.id}`,
      left: `${say(paperWords.madeOn)} ${moment(generatedAt.toISOString())}`,
    },
    page: (number, of) => say(paperWords.page(number, of)),
  })
}

/** A part of a paper under its heading. */
export const part = ({ sheet }: PaperContext, title: string, nodes: readonly Node[]): Group =>
  group('Sect', [
    paragraph(sheet, [strong(title, 11)], {
      tag: 'H2',
      before: 14,
      keep: true,
      bookmark: { title, depth: 0 },
    }),
    ...nodes,
  ])

/** A place to sign, one row for each of these capacities; the cells are high enough to write in. */
export function signatures(context: PaperContext, capacities: readonly string[]): Group {
  const { sheet, say } = context
  const columns: Column[] = [
    { width: 110, head: say(paperWords.quality) },
    { width: 150, head: say(paperWords.name) },
    { width: area.width - 260, head: say(paperWords.signature) },
  ]
  return part(context, say(paperWords.signatures), [
    table(
      sheet,
      columns,
      capacities.map((capacity) => [[strong(capacity)], [], []]),
      34,
    ),
  ])
}
