import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { paginate, type Node, type Unit } from '../../paper/flow.ts'
import { setLines, type Measure, type Piece } from '../../paper/line-setting.ts'
import { cutSign, printed } from '../../paper/printed.ts'

const measure: Measure = (text, _face, size) => [...text].length * size * 0.5
const glyphs = { covers: (code: number) => code < 0x3000, width: () => 0.5 }
const unit = (height: number, over: Partial<Unit> = {}): Unit => ({
  kind: 'unit',
  height,
  before: 0,
  keep: false,
  children: [],
  rules: [],
  ...over,
})
const piece = (text: string): Piece => ({ text, face: 'regular', size: 10, grey: false })

describe('lines', () => {
  it('are never wider than their column, and lose nothing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 80 }), { maxLength: 6 }),
        fc.integer({ min: 60, max: 300 }),
        (texts, width) => {
          const lines = setLines(texts.map(piece), width, measure)
          for (const line of lines) expect(line.width).toBeLessThanOrEqual(width + 0.01)
          const set = lines.flatMap(({ pieces }) => pieces.map((one) => ('text' in one ? one.text : '')))
          expect(set.join('')).toBe(texts.join(''))
        },
      ),
    )
  })
  it('break at an ordinary space, never at a no-break one', () => {
    const texts = (text: string) =>
      setLines([piece(text)], 50, measure).map(
        ({ pieces: [first] }) => first && 'text' in first && first.text,
      )
    expect(texts('un deux trois')).toEqual(['un deux ', 'trois'])
    expect(texts('sept mots\u202F:')).toEqual(['sept ', 'mots\u202F:'])
  })
})

describe('pages', () => {
  it('hold what fits, in order, whole, and never end with a heading', () => {
    const heights = fc.record({ height: fc.integer({ min: 1, max: 300 }), keep: fc.boolean() })
    fc.assert(
      fc.property(fc.array(heights, { minLength: 1, maxLength: 60 }), (list) => {
        const units = list.map(({ height, keep }) => unit(height, { keep: keep && height < 40, before: 5 }))
        const { places, pages } = paginate(units, 700)
        let [page, bottom] = [0, 0]
        units.forEach((one, index) => {
          const place = places.get(one)!
          if (place.page !== page) [page, bottom] = [place.page, 0]
          expect(place.y).toBeGreaterThanOrEqual(bottom)
          bottom = place.y + one.height
          expect(bottom).toBeLessThanOrEqual(700)
          const next = units[index + 1]
          // A chain of headings that is longer than a page has to break somewhere.
          if (one.keep && next && !next.keep && !units[index - 1]?.keep)
            expect(places.get(next)!.page).toBe(place.page)
        })
        expect(pages).toBe(page + 1)
      }),
    )
  })
  it('begin with the head of the table that goes on', () => {
    const head = unit(20, { keep: true })
    const rows = Array.from({ length: 50 }, () => unit(20))
    const table: Node = { kind: 'group', tag: 'Table', children: [head, ...rows], head }
    const { places, pages } = paginate([table], 400)
    expect(pages).toBe(3)
    const first = rows.find((row) => places.get(row)!.page === 1)!
    expect(places.get(first)).toEqual({ page: 1, y: 20, heads: [{ head, y: 0 }] })
    expect(rows.filter((row) => places.get(row)!.heads.length > 0)).toHaveLength(2)
  })
})

describe('a printed text', () => {
  it('is bounded and holds nothing that moves, hides or has no sign', { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc.integer({ min: 10, max: 200 }),
        (text, limit) => {
          const shown = printed(text, limit, glyphs)
          expect(shown.length).toBeLessThanOrEqual(limit + cutSign.length + 1)
          expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Script=Hebrew}\p{Script=Arabic}]/u)
          expect([...shown].filter((one) => !glyphs.covers(one.codePointAt(0)!))).toEqual([])
        },
      ),
    )
  })
  it('says where it was cut, and shows lines on one', () => {
    expect(printed('un\ndeux\ttrois', 100, glyphs)).toBe('un ↵ deux trois')
    expect(printed('abcdef', 6, glyphs)).toBe('abcdef')
    expect(printed('abcdefg', 6, glyphs)).toBe(`abcdef ${cutSign}`)
    expect(printed('中\u202E', 100, glyphs)).toBe('‹U+4E2D›‹U+202E›')
  })
})
