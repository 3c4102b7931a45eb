import Pdf from 'pdfkit'
import type { Lang } from '../checks/text.ts'
import {
  paginate,
  type Element,
  type ElementOptions,
  type Lines,
  type Node,
  type Tag,
  type Unit,
} from './flow.ts'
import { setLines, type Line, type Measure, type Piece } from './line-setting.ts'
import type { Glyphs } from './printed.ts'
import { faces, typeface, type Face } from './typeface.ts'
import { drawVerdict } from './verdict-shape.ts'

type Document = PDFKit.PDFDocument
type Structure = PDFKit.PDFStructureElement

/** What is the same on every page, and what the file says of itself. */
export interface Furniture {
  readonly title: string
  /** At the top of every page but the first. */
  readonly header: { readonly left: string; readonly right: string }
  /** At the foot of every page: the fingerprint's line, and what stands beside the page's number. */
  readonly footer: { readonly mono: string; readonly left: string }
  readonly page: (number: number, of: number) => string
}

// A4 in points; the left margin leaves room for binding.
const paper = { width: 595.28, height: 841.89 }
const margins = { top: 50, right: 42, bottom: 54, left: 65 }
/** Width and height of the text area, in points. */
export const area = {
  width: paper.width - margins.left - margins.right,
  height: paper.height - margins.top - margins.bottom,
}
const grey = '#3f3f3f'
const ink = '#000000'

/** How far a line's baseline is below its top, and how far lines are apart, as a share of the size of the letters. */
export const ascentOf = (size: number): number => size * 0.93
export const leadingOf = (size: number): number => size * 1.25

/** One document on paper: measures what is to be set, then draws it as a tagged PDF. */
export class Sheet {
  readonly #document: Document
  readonly measure: Measure
  readonly glyphs: Glyphs
  /** What is set from now on is that much smaller than its nominal size. */
  scale = 1

  private constructor(document: Document) {
    this.#document = document
    this.measure = (text, face, size) => document.font(faces[face]).fontSize(size).widthOfString(text)
    const fonts = (Object.keys(faces) as Face[]).map((face) => glyphsOf(document.font(faces[face])))
    this.glyphs = {
      covers: remembered((code: number) => fonts.every((has) => has(code))),
      width: remembered((character: string) => this.measure(character, 'regular', 1)),
    }
  }

  /** Rejects where a font is missing: the installation is broken. */
  static async open(lang: Lang, at: Date): Promise<Sheet> {
    const fonts = await typeface()
    const document = new Pdf({
      size: [paper.width, paper.height],
      margin: 0,
      autoFirstPage: false,
      pdfVersion: '1.7',
      tagged: true,
      lang: lang === 'fr' ? 'fr-FR' : 'en-GB',
      displayTitle: true,
      info: { Creator: 'Probant', CreationDate: at, ModDate: at },
    })
    for (const face of Object.keys(faces) as Face[])
      document.registerFont(faces[face], Buffer.from(fonts[face]))
    return new Sheet(document)
  }

  /** Lines of these pieces, at the present scale. */
  lines(pieces: readonly Piece[], width: number): Line[] {
    const scaled = pieces.map((piece) => ({ ...piece, size: piece.size * this.scale }))
    return setLines(scaled, width, this.measure)
  }

  /** How many pages these would take. */
  pages(nodes: readonly Node[]): number {
    return paginate(nodes, area.height).pages
  }

  /** Draws everything and gives the file; once only. */
  async bytes(nodes: readonly Node[], furniture: Furniture): Promise<Buffer> {
    const document = this.#document
    document.info.Title = furniture.title
    const chunks: Uint8Array[] = []
    const done = new Promise<Buffer>((resolve, reject) => {
      document.on('data', (chunk: Uint8Array) => chunks.push(chunk))
      document.on('end', () => resolve(Buffer.concat(chunks)))
      document.on('error', reject)
    })
    this.#draw(nodes, furniture)
    document.end()
    return done
  }

  #draw(nodes: readonly Node[], furniture: Furniture): void {
    const document = this.#document
    const { places, pages } = paginate(nodes, area.height)
    let page = -1
    const outline = [document.outline]
    const drawUnit = (unit: Unit, parent: Structure) => {
      const place = places.get(unit)
      if (!place) return
      while (page < place.page) this.#newPage(++page, pages, furniture)
      for (const { head, y } of place.heads) this.#artifact(() => this.#drawPlain(head, y))
      const top = margins.top + place.y
      if (unit.bookmark) {
        const { title, depth } = unit.bookmark
        const above = outline[depth] ?? document.outline
        outline.length = depth + 1
        outline.push(above.addItem(title, bookmarkPlace(top)))
      }
      if (unit.rules.length > 0) this.#artifact(() => this.#drawRules(unit, top, place.y === 0))
      this.#add(unit.children, parent, top)
    }
    const walk = (list: readonly Node[], parent: Structure) => {
      for (const node of list) {
        if (node.kind === 'unit') {
          drawUnit(node, parent)
          continue
        }
        const element = this.#structure(node.tag, node.options)
        parent.add(element)
        walk(node.children, element)
        element.end()
      }
    }
    const root = document.struct('Document')
    document.addStructure(root)
    walk(nodes, root)
    root.end()
  }

  #structure(tag: Tag, options: ElementOptions = {}): Structure {
    // Its types don't know of a header cell's scope.
    return this.#document.struct(tag, options as PDFKit.Mixins.StructureElementOptions)
  }

  #add(children: readonly (Element | Lines)[], parent: Structure, top: number): void {
    for (const child of children) {
      if ('lines' in child) {
        parent.add(() => this.#drawLines(child, top))
        continue
      }
      const element = this.#structure(child.tag, child.options)
      parent.add(element)
      this.#add(child.children, element, top)
      element.end()
    }
  }

  #drawPlain(unit: Unit, y: number): void {
    const top = margins.top + y
    this.#drawRules(unit, top)
    const draw = (children: readonly (Element | Lines)[]) => {
      for (const child of children)
        if ('lines' in child) this.#drawLines(child, top)
        else draw(child.children)
    }
    draw(unit.children)
  }

  #drawLines({ lines, x, dy, leading, ascent }: Lines, top: number): void {
    lines.forEach((line, index) => {
      const baseline = top + dy + index * leading + ascent
      for (const piece of line.pieces) {
        const left = margins.left + x + piece.x
        if ('mark' in piece)
          drawVerdict(this.#document, piece.mark, left, baseline - piece.size * 0.86, piece.size)
        else this.#write(piece.text, left, baseline, piece.face, piece.size, piece.grey ? grey : ink)
      }
    })
  }

  /** A rule above what stands first on a page would double that of the page's head. */
  #drawRules({ rules }: Unit, top: number, first = false): void {
    const document = this.#document
    for (const { x1, x2, dy, dotted, weight } of rules) {
      if (first && dy < 0) continue
      document.save().lineWidth(weight).lineCap('butt')
      if (dotted) document.dash(0.8, { space: 2.2 })
      document
        .moveTo(margins.left + x1, top + dy)
        .lineTo(margins.left + x2, top + dy)
        .stroke(grey)
        .undash()
        .restore()
    }
  }

  #write(text: string, x: number, baseline: number, face: Face, size: number, colour: string): void {
    this.#document
      .font(faces[face])
      .fontSize(size)
      .fillColor(colour)
      .text(text, x, baseline, { lineBreak: false, baseline: 'alphabetic' })
  }

  #artifact(draw: () => void, options?: PDFKit.Mixins.MarkingOptions): void {
    this.#document.markContent('Artifact', options)
    draw()
    this.#document.endMarkedContent()
  }

  #newPage(page: number, pages: number, { header, footer, page: numbered }: Furniture): void {
    this.#document.addPage()
    const right = margins.left + area.width
    const atRight = (text: string, baseline: number) =>
      this.#write(text, right - this.measure(text, 'regular', 7), baseline, 'regular', 7, ink)
    this.#artifact(
      () => {
        if (page > 0) {
          this.#write(header.left, margins.left, 34, 'regular', 7, ink)
          atRight(header.right, 34)
          this.#hairline(39)
        }
      },
      { type: 'Pagination', attached: ['Top'] } as PDFKit.Mixins.MarkingOptions,
    )
    this.#artifact(
      () => {
        const foot = paper.height - margins.bottom
        this.#hairline(foot + 12)
        this.#write(footer.mono, margins.left, foot + 22, 'mono', 6.2, ink)
        this.#write(footer.left, margins.left, foot + 32, 'regular', 7, ink)
        atRight(numbered(page + 1, pages), foot + 32)
      },
      { type: 'Pagination', attached: ['Bottom'] } as PDFKit.Mixins.MarkingOptions,
    )
  }

  #hairline(y: number): void {
    this.#document
      .lineWidth(0.5)
      .moveTo(margins.left, y)
      .lineTo(margins.left + area.width, y)
      .stroke(grey)
  }
}

/** In pdfkit's own coordinates: `left` counts from the right edge. */
const bookmarkPlace = (top: number) => ({ top: Math.max(top - 8, 0), left: paper.width, expanded: false })

/** Which characters the document's current font has: fontkit knows, pdfkit does not say. */
function glyphsOf(document: Document): (code: number) => boolean {
  const font = Reflect.get(document, '_font') as {
    font: { hasGlyphForCodePoint(code: number): boolean }
  }
  return (code) => font.font.hasGlyphForCodePoint(code)
}

/** The same function, each answer found once: texts are long and letters few. */
function remembered<K, V>(find: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>()
  return (key) => {
    const found = known.get(key) ?? find(key)
    known.set(key, found)
    return found
  }
}
