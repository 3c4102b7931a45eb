import type { Verdict } from '../checks/verdict.ts'
import type { ElementOptions, Element, Group, Lines, Node, Rule, Tag, Unit } from './flow.ts'
import type { Piece } from './line-setting.ts'
import { area, ascentOf, leadingOf, type Sheet } from './sheet.ts'

/** Size of the letters of a text, in points. DejaVu is large for its size: 8.5 reads like 10 of a book's face. */
export const bodySize = 8.5
export const smallSize = 7.5

export const plain = (text: string, size = bodySize): Piece => ({ text, face: 'regular', size, grey: false })
export const strong = (text: string, size = bodySize): Piece => ({ text, face: 'bold', size, grey: false })
export const quiet = (text: string, size = smallSize): Piece => ({ text, face: 'regular', size, grey: true })
export const mono = (text: string, size = 7): Piece => ({ text, face: 'mono', size, grey: false })
export const mark = (verdict: Verdict, size = bodySize): Piece => ({ mark: verdict, size })

export interface TextOptions {
  readonly tag?: Tag
  readonly x?: number
  readonly width?: number
  readonly before?: number
  readonly keep?: boolean
  readonly options?: ElementOptions
  readonly bookmark?: Unit['bookmark']
  readonly rules?: readonly Rule[]
}

/** Longer paragraphs may go on to the next page, so many lines at a time. */
const splitAfter = 12

/** A paragraph or a heading. */
export function paragraph(sheet: Sheet, pieces: readonly Piece[], text: TextOptions = {}): Node {
  const { tag = 'P', x = 0, keep = false, options, bookmark, rules = [] } = text
  const before = spaced(sheet, text.before ?? 0)
  const set = sheet.lines(pieces, text.width ?? area.width - x)
  const size = sizeOf(sheet, pieces)
  const block = (from: number, to: number): Lines => ({
    lines: set.slice(from, to),
    x,
    dy: 0,
    leading: leadingOf(size),
    ascent: ascentOf(size),
  })
  if (set.length <= splitAfter)
    return unit([element(tag, [block(0, set.length)], options)], set.length * leadingOf(size), {
      before,
      keep,
      rules,
      ...(bookmark && { bookmark }),
    })
  const children: Unit[] = []
  for (let from = 0; from < set.length; from += splitAfter) {
    const to = Math.min(from + splitAfter, set.length)
    children.push(
      unit([block(from, to)], (to - from) * leadingOf(size), {
        before: from === 0 ? before : 0,
        keep: keep && to === set.length,
      }),
    )
  }
  return group(tag, children, options)
}

/** One paragraph of an item's body. */
export interface BodyText {
  readonly pieces: readonly Piece[]
  /** Says what the text is, in a column of its own before it. */
  readonly term?: string
}

/** An item of a list: a label in its column, and beside it a body of one or several paragraphs. Never split. */
export function item(
  sheet: Sheet,
  label: readonly Piece[],
  body: readonly BodyText[],
  at: { x?: number; labelWidth: number; before?: number; keep?: boolean },
): Unit {
  const { x = 0, labelWidth, before = 1.5, keep = false } = at
  const left = x + labelWidth
  const labelLines = lines(sheet, label, x, 0, labelWidth - 4, body[0]?.pieces)
  let dy = 0
  const paragraphs = body.map(({ pieces, term }) => {
    const indent = term === undefined ? 0 : termWidth
    const text = lines(sheet, pieces, left + indent, dy, area.width - left - indent)
    const own = term === undefined ? [] : [lines(sheet, [quiet(term)], left, dy, termWidth, pieces)]
    dy += heightOf(text)
    return element('P', [...own, text])
  })
  return unit(
    [element('LI', [element('Lbl', [labelLines]), element('LBody', paragraphs)])],
    Math.max(heightOf(labelLines), dy),
    { before: spaced(sheet, before), keep },
  )
}
const termWidth = 52

/** An item whose body may go on to further pages: its label stands beside the first line of the body. */
export function openItem(
  sheet: Sheet,
  label: readonly Piece[],
  body: readonly Node[],
  before: number,
): Group {
  // It takes no room of its own, so that the body begins where the label does.
  const own = unit([element('Lbl', [lines(sheet, label, 0, 0, area.width)])], 0, {
    before: spaced(sheet, before),
    keep: true,
  })
  return group('LI', [own, group('LBody', body)])
}

export interface Column {
  readonly width: number
  readonly head: string | readonly Piece[]
}

/**
 * A table: its first row heads the columns, the first cell of the others heads their row.
 * @param rowHeight at least, in points.
 */
export function table(
  sheet: Sheet,
  columns: readonly Column[],
  rows: readonly (readonly (readonly Piece[])[])[],
  rowHeight = 0,
): Group {
  const heads = columns.map(({ head: of }) => (typeof of === 'string' ? [strong(of, smallSize)] : of))
  const head = row(sheet, columns, heads, 'head')
  const body = rows.map((cells) => row(sheet, columns, cells, 'body', rowHeight))
  return group('Table', [head, ...body], undefined, head)
}

/** Facts by name: a table of two columns without a head. */
export function facts(
  sheet: Sheet,
  rows: readonly (readonly [string, readonly Piece[]])[],
  termAt = 104,
): Group {
  const columns: readonly Column[] = [
    { width: termAt, head: '' },
    { width: area.width - termAt, head: '' },
  ]
  return group(
    'Table',
    rows.map(([term, pieces], index) => {
      const made = row(sheet, columns, [[quiet(term)], pieces], 'body')
      return index === 0 ? { ...made, before: 4 } : made
    }),
  )
}

function row(
  sheet: Sheet,
  columns: readonly Column[],
  cells: readonly (readonly Piece[])[],
  kind: 'head' | 'body',
  rowHeight = 0,
): Unit {
  let x = 0
  let height = rowHeight
  const set = columns.map(({ width }, index) => {
    const room = width - 6
    const text = lines(sheet, cells[index] ?? [], x, 2, room, cells.flat())
    x += width
    height = Math.max(height, heightOf(text))
    const heads = kind === 'head' || index === 0
    return element(
      heads ? 'TH' : 'TD',
      [text],
      heads ? { scope: kind === 'head' ? 'Column' : 'Row' } : undefined,
    )
  })
  return unit([element('TR', set)], height + 4, {
    before: kind === 'body' ? 0 : 3,
    keep: kind === 'head',
    rules: [{ x1: 0, x2: x, dy: height + 4, dotted: false, weight: kind === 'head' ? 0.9 : 0.3 }],
  })
}

/** Empty lines to write on by hand, as far apart as handwriting needs. */
export function ruled(count: number, { x = 0, gap = 17, before = 0 } = {}): Unit {
  return unit([], count * gap + 5, {
    before,
    rules: Array.from({ length: count }, (_, index) => ({
      x1: x,
      x2: area.width,
      dy: (index + 1) * gap,
      dotted: true,
      weight: 0.6,
    })),
  })
}

export const group = (tag: Tag, children: readonly Node[], options?: ElementOptions, head?: Unit): Group => ({
  kind: 'group',
  tag,
  children,
  ...(options && { options }),
  ...(head && { head }),
})

function unit(
  children: readonly (Element | Lines)[],
  height: number,
  rest: Partial<Pick<Unit, 'before' | 'keep' | 'rules' | 'bookmark'>> = {},
): Unit {
  return { kind: 'unit', children, height, before: 0, keep: false, rules: [], ...rest }
}

const element = (tag: Tag, children: readonly (Element | Lines)[], options?: ElementOptions): Element => ({
  tag,
  children,
  ...(options && { options }),
})

/** Lines whose first baseline is that of letters of `beside`, so that what stands side by side is on one line. */
function lines(
  sheet: Sheet,
  pieces: readonly Piece[],
  x: number,
  dy: number,
  width: number,
  beside: readonly Piece[] = pieces,
): Lines {
  const size = sizeOf(sheet, pieces)
  return {
    lines: sheet.lines(pieces, width),
    x,
    dy,
    leading: leadingOf(size),
    ascent: ascentOf(Math.max(size, sizeOf(sheet, beside))),
  }
}

/** Room between paragraphs, which shrinks faster than the letters. */
const spaced = (sheet: Sheet, points: number): number => points * sheet.scale ** 3

/** Of the largest letters, in points as they are printed. */
const sizeOf = (sheet: Sheet, pieces: readonly Piece[]): number =>
  sheet.scale * Math.max(...pieces.map((piece) => piece.size), 1)

const heightOf = ({ lines: set, leading }: Lines): number => set.length * leading
