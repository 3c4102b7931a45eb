import type { Line } from './line-setting.ts'

/** Types of ISO 32000-1, 14.8.4 that the papers use. */
export type Tag =
  | 'Sect'
  | 'H1'
  | 'H2'
  | 'H3'
  | 'H4'
  | 'P'
  | 'L'
  | 'LI'
  | 'Lbl'
  | 'LBody'
  | 'Table'
  | 'TR'
  | 'TH'
  | 'TD'

export interface ElementOptions {
  readonly lang?: string
  readonly title?: string
  readonly scope?: 'Column' | 'Row'
}

/** Lines of text in their place inside a unit. */
export interface Lines {
  readonly lines: readonly Line[]
  readonly x: number
  readonly dy: number
  readonly leading: number
  /** Distance from a line's top to its baseline. */
  readonly ascent: number
}

/** A structure element inside a unit. */
export interface Element {
  readonly tag: Tag
  readonly options?: ElementOptions
  readonly children: readonly (Element | Lines)[]
}

/** A rule: drawn, not read. Coordinates from the left and top of the unit. */
export interface Rule {
  readonly x1: number
  readonly x2: number
  readonly dy: number
  readonly dotted: boolean
  readonly weight: number
}

/** What is never split over two pages. */
export interface Unit {
  readonly kind: 'unit'
  readonly height: number
  /** Room before it, left out at the top of a page. */
  readonly before: number
  /** Whether it stays on the page of what follows: a heading. */
  readonly keep: boolean
  readonly children: readonly (Element | Lines)[]
  readonly rules: readonly Rule[]
  /** Title in the list of bookmarks, and its depth from 0. */
  readonly bookmark?: { readonly title: string; readonly depth: 0 | 1 }
}

/** A structure element that may go over several pages. */
export interface Group {
  readonly kind: 'group'
  readonly tag: Tag
  readonly options?: ElementOptions
  readonly children: readonly Node[]
  /** Shown again, as decoration, at the top of each page that it goes on to. */
  readonly head?: Unit
}

export type Node = Group | Unit

/** Where a unit stands: its page from 0, its distance from the top of the page's text area, and heads repeated above it. */
export interface Place {
  readonly page: number
  readonly y: number
  readonly heads: readonly { readonly head: Unit; readonly y: number }[]
}

/**
 * Gives every unit its place on pages whose text area is `height` points high: in order, whole, a heading never alone at
 * the foot of a page. Pure.
 */
export function paginate(
  nodes: readonly Node[],
  height: number,
): { places: Map<Unit, Place>; pages: number } {
  const units = [...flat(nodes, [])]
  const places = new Map<Unit, Place>()
  let page = 0
  let y = 0
  units.forEach(({ unit, heads }, index) => {
    const before = y === 0 ? 0 : unit.before
    if (y > 0 && y + before + together(units, index) > height) {
      page++
      y = 0
    }
    const repeated: { head: Unit; y: number }[] = []
    if (y === 0 && page > 0)
      for (const head of heads)
        // On its own page a head is not repeated above itself.
        if (head !== unit && (places.get(head)?.page ?? page) < page) {
          repeated.push({ head, y })
          y += head.height
        }
    y += y === 0 ? 0 : unit.before
    places.set(unit, { page, y, heads: repeated })
    y += unit.height
  })
  return { places, pages: page + 1 }
}

function* flat(
  nodes: readonly Node[],
  heads: readonly Unit[],
): Generator<{ unit: Unit; heads: readonly Unit[] }> {
  for (const node of nodes)
    if (node.kind === 'unit') yield { unit: node, heads }
    else yield* flat(node.children, node.head ? [...heads, node.head] : heads)
}

/** Height of a unit and of those that it must not be parted from. */
function together(units: readonly { unit: Unit }[], index: number): number {
  let height = units[index]?.unit.height ?? 0
  for (let at = index; units[at]?.unit.keep; at++) {
    const next = units[at + 1]?.unit
    if (!next) break
    height += next.before + next.height
  }
  return height
}
