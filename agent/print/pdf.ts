import type { Subject } from '../../checks/subject.ts'
import type { Lang } from '../../checks/text.ts'
import type { Group, Node } from '../../paper/flow.ts'
import type { Piece } from '../../paper/line-setting.ts'
import { printed } from '../../paper/printed.ts'
import { facts, group, openItem, paragraph, plain, quiet, strong, table } from '../../paper/setting.ts'
import { area, Sheet } from '../../paper/sheet.ts'
import {
  certificateText,
  kindWords,
  lengthText,
  numbered,
  sampleText,
  sayIn,
  sittingText,
  words,
} from './wording.ts'

/** Read at a table, beside a screen: larger than what a dossier is set in. */
const size = 9.5
const official = { lang: 'fr-FR' }
const labelWidth = 24

interface Setting {
  readonly sheet: Sheet
  readonly lang: Lang
  readonly say: ReturnType<typeof sayIn>
  /** A text of the exam or the session on one line, fit to be printed. Never cut: a candidate has nothing else. */
  readonly said: (text: string) => string
}

/**
 * A candidate's paper as a tagged PDF on A4.
 * Rejects where the fonts are missing: the installation is broken.
 */
export async function pdfOf(subject: Subject, lang: Lang, at: Date): Promise<Buffer> {
  const sheet = await Sheet.open(lang, at)
  const say = sayIn(lang)
  const said = (text: string) =>
    // No sign that stands for a character is longer than this.
    printed(text.replace(/\s*\n\s*/g, ' '), text.length * 24 + 24, sheet.glyphs)
  const setting: Setting = { sheet, lang, say, said }
  const { candidate, sample } = subject
  const holder = candidate ? holderText(setting, candidate) : sample ? say(words.sample) : ''
  const title = said(subject.title)
  return sheet.bytes(
    [
      head(setting, subject),
      ...situation(setting, subject),
      ...machines(setting, subject),
      demands(setting, subject),
    ],
    {
      title: holder ? `${title}, ${holder}` : title,
      header: { left: shortened(title, 90), right: holder },
      footer: {
        mono: `${say(words.paper)} ${subject.fingerprint} · ${say(words.variant)} ${subject.variant}`,
        left: [say(words[subject.purpose]), holder].filter(Boolean).join(', '),
      },
      page: (number, of) => say(numbered(number, of)),
    },
  )
}

const holderText = ({ say, said }: Setting, { code, seat }: NonNullable<Subject['candidate']>): string =>
  seat === null ? code : `${code}, ${say(words.seat)} ${said(seat)}`

const shortened = (text: string, limit: number): string =>
  text.length > limit ? `${text.slice(0, limit - 1).trimEnd()}…` : text

function head(setting: Setting, subject: Subject): Group {
  const { sheet, lang, say, said } = setting
  const { candidate, sitting, sample, phase } = subject
  const rows: [string, readonly Piece[]][] = []
  if (candidate) rows.push([say(words.candidate), [strong(holderText(setting, candidate), 12)]])
  if (sample) rows.push([say(words.sample), [strong(said(say(sampleText(sample))), size)]])
  if (sitting) rows.push([say(words.session), [plain(said(sittingText(sitting, lang)), size)]])
  const { total, of } = lengthText(subject, lang)
  rows.push([say(words.length), [strong(say(total), 12), ...(of ? [plain(`, ${say(of)}`, size)] : [])]])
  const conditions = [phase?.text, subject.certificate.surveillance].filter(Boolean).join(' ')
  return group('Sect', [
    paragraph(sheet, [quiet(say(words[subject.purpose]), 10)]),
    paragraph(sheet, [strong(said(subject.title), 17)], { tag: 'H1', before: 2 }),
    paragraph(sheet, [plain(said(certificateText(subject)), 10)], { before: 2, options: official }),
    facts(sheet, rows, 84),
    paragraph(sheet, [plain(said(conditions), 8.5)], { before: 6, options: official }),
  ])
}

function part({ sheet }: Setting, title: string, nodes: readonly Node[]): Group {
  const heading = paragraph(sheet, [strong(title, 12)], {
    tag: 'H2',
    before: 16,
    keep: true,
    bookmark: { title, depth: 0 },
  })
  return group('Sect', [heading, ...nodes])
}

/** Each line of the text is a paragraph of its own; empty ones are the room between them. At least one. */
function texts({ sheet, said }: Setting, text: string, at: { x: number; before: number }): Node[] {
  let before = at.before
  const lines = text.split(/\r?\n/)
  const nodes = lines.flatMap((line) => {
    if (line.trim() === '') {
      before = 4
      return []
    }
    const indent = Math.min(/^[ \t]*/.exec(line)?.[0].length ?? 0, 20) * 3
    const node = paragraph(sheet, [plain(said(line.trim()), size)], { x: at.x + indent, before })
    before = 1
    return [node]
  })
  return nodes.length > 0 ? nodes : [paragraph(sheet, [plain('', size)], at)]
}

const situation = (setting: Setting, { introduction }: Subject): Node[] =>
  introduction === null
    ? []
    : [part(setting, setting.say(words.situation), texts(setting, introduction, { x: 0, before: 4 }))]

function machines(setting: Setting, { machines: all }: Subject): Node[] {
  if (all.length === 0) return []
  const { sheet, say } = setting
  const known = all.some(({ address }) => address !== null)
  const columns = [
    { width: 130, head: say(words.machine) },
    { width: 110, head: say(words.kind) },
    ...(known ? [{ width: area.width - 240, head: say(words.address) }] : []),
  ]
  const rows = all.map(({ role, kind, address, shared }) => [
    [strong(role, size)],
    [plain(say(kindWords[kind]), size)],
    ...(known
      ? [[plain(address ?? '', size), ...(shared ? [quiet(` (${say(words.shared)})`, 8.5)] : [])]]
      : []),
  ])
  return [part(setting, say(words.machines), [table(sheet, columns, rows)])]
}

function demands(setting: Setting, { demands: all }: Subject): Node {
  const { sheet, say, said } = setting
  const items = all.map(({ text, hints }, index) => {
    const body = texts(setting, text, { x: labelWidth, before: 0 })
    const helped = hints.flatMap((hint, which) => {
      const name = hints.length > 1 ? `${say(words.hint)} ${which + 1}` : say(words.hint)
      return paragraph(sheet, [strong(`${name}\u2002`, 8.5), quiet(said(hint), 8.5)], {
        x: labelWidth,
        before: 2,
      })
    })
    return openItem(sheet, [strong(`${index + 1}.`, size)], [...body, ...helped], 6)
  })
  return part(setting, say(words.demands), [group('L', items)])
}
