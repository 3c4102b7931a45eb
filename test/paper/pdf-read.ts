import { inflateSync } from 'node:zlib'

/** A structure element: its type, its own text in reading order, what is below it. */
export interface Tagged {
  readonly tag: string
  readonly lang: string | null
  readonly scope: string | null
  readonly text: string
  readonly children: readonly Tagged[]
}

export interface ReadPdf {
  /** All text of each page as drawn, decoration included. */
  readonly pages: readonly string[]
  /** What is marked as decoration on each page. */
  readonly artifacts: readonly string[]
  /** Text that is neither tagged nor decoration: there should be none. */
  readonly stray: string
  readonly root: Tagged
  readonly catalogue: string
  readonly info: string
}

/**
 * Reads a PDF as far as these papers go, apart from the library that wrote it: objects as text, streams inflated, glyphs
 * back to characters by ToUnicode, marked content joined to the structure tree. Throws on what it does not know.
 */
export function readPdf(bytes: Uint8Array): ReadPdf {
  const file = Buffer.from(bytes).toString('latin1')
  const objects = new Map<string, { body: string; stream: string }>()
  for (const match of file.matchAll(/(?:^|\n)(\d+) 0 obj\n/g)) {
    const start = match.index + match[0].length
    const at = file.slice(start).search(/\nendobj|\nstream\n/)
    const body = file.slice(start, start + at)
    objects.set(match[1]!, { body, stream: streamOf(bytes, file, body, start + at) })
  }
  const object = (reference: string | undefined) => {
    const found = objects.get(/^(\d+)/.exec(reference ?? '')?.[1] ?? '')
    if (!found) throw new Error(`no object ${reference}`)
    return found
  }
  const one = (body: string, name: string) => new RegExp(`/${name} (\\d+) 0 R`).exec(body)?.[1]
  const trailer = file.slice(file.lastIndexOf('trailer'))
  const catalogue = object(one(trailer, 'Root')).body
  const kids = /\/Kids \[([^\]]*)\]/.exec(object(one(catalogue, 'Pages')).body)?.[1] ?? ''
  const pageIds = [...kids.matchAll(/(\d+) 0 R/g)].map((match) => match[1]!)

  const marked = new Map<string, string>()
  const pages: string[] = []
  const artifacts: string[] = []
  let stray = ''
  for (const id of pageIds) {
    const { body } = object(id)
    const fonts = new Map<string, string[]>()
    const resources = object(one(body, 'Resources')).body
    for (const [, name, font] of resources.matchAll(/\/(F\d+) (\d+) 0 R/g))
      fonts.set(name!, characters(object(one(object(font).body, 'ToUnicode')).stream))
    let [all, decoration] = ['', '']
    for (const { text, mcid } of shown(object(one(body, 'Contents')).stream, fonts)) {
      all += text
      if (mcid === 'Artifact') decoration += text
      else if (mcid === null) stray += text
      else marked.set(`${id} ${mcid}`, (marked.get(`${id} ${mcid}`) ?? '') + text)
    }
    pages.push(all)
    artifacts.push(decoration)
  }
  const element = (id: string): Tagged => {
    const { body } = object(id)
    const page = one(body.replace(/\/K \[[^\]]*\]/, ''), 'Pg')
    const list = body.slice(body.indexOf('/K ')).replace(/^\/K /, '')
    const children: Tagged[] = []
    let text = ''
    // Its own pieces of marked content are either numbers on its page or dictionaries with theirs.
    for (const [, dictionary, reference, number] of contents(list).matchAll(/(<<[^>]*>>)|(\d+) 0 R|(\d+)/g))
      if (dictionary !== undefined)
        text += marked.get(`${one(dictionary, 'Pg')} ${/\/MCID (\d+)/.exec(dictionary)?.[1]}`) ?? ''
      else if (reference !== undefined) children.push(element(reference))
      else text += marked.get(`${page} ${number}`) ?? ''
    return {
      tag: /\/S \/(\w+)/.exec(body)?.[1] ?? '',
      lang: /\/Lang \(([^)]*)\)/.exec(body)?.[1] ?? null,
      scope: /\/Scope \/(\w+)/.exec(body)?.[1] ?? null,
      text,
      children,
    }
  }
  const tree = object(one(catalogue, 'StructTreeRoot')).body
  const root = element(/\/K \[(\d+) 0 R\]/.exec(tree)?.[1] ?? '')
  return { pages, artifacts, stray, root, catalogue, info: object(one(trailer, 'Info')).body }
}

/** An element and all below it. */
export const every = (element: Tagged): Tagged[] => [element, ...element.children.flatMap(every)]
/** Text of an element and of all below it, in reading order. */
export const textOf = (element: Tagged): string => element.text + element.children.map(textOf).join('')

function contents(list: string): string {
  if (!list.startsWith('[')) return /^(\d+ 0 R|\d+|<<[\s\S]*?>>)/.exec(list)?.[1] ?? ''
  return list.slice(1, list.indexOf(']'))
}

function streamOf(bytes: Uint8Array, file: string, body: string, at: number): string {
  if (!file.startsWith('\nstream\n', at)) return ''
  const length = Number(/\/Length (\d+)/.exec(body)?.[1])
  const data = bytes.subarray(at + '\nstream\n'.length, at + '\nstream\n'.length + length)
  return Buffer.from(body.includes('/FlateDecode') ? inflateSync(data) : data).toString('latin1')
}

/** Characters of each glyph, from a ToUnicode map of ranges with lists. */
function characters(map: string): string[] {
  const found: string[] = []
  for (const [, from, list] of map.matchAll(/<([0-9a-f]+)> <[0-9a-f]+> \[([^\]]*)\]/g))
    for (const [index, [, units]] of [...list!.matchAll(/<([0-9a-f ]*)>/g)].entries())
      found[Number.parseInt(from!, 16) + index] = String.fromCharCode(
        ...units!
          .split(' ')
          .filter((unit) => unit !== '')
          .flatMap((unit) => unit.match(/.{4}/g)!.map((code) => Number.parseInt(code, 16))),
      )
  return found
}

/** Texts in the order in which they are drawn, each with the marked content that it is in. */
function* shown(
  stream: string,
  fonts: ReadonlyMap<string, string[]>,
): Generator<{ text: string; mcid: string | null }> {
  const open: string[] = []
  let font: string[] = []
  for (const [, begins, mcid, ends, name, drawn] of stream.matchAll(
    /\/(\w+)(?: BMC| <<(?:[^>]*?\/MCID (\d+))?[^>]*>> BDC)|\b(EMC)\b|\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g,
  ))
    if (begins !== undefined) open.push(begins === 'Artifact' ? 'Artifact' : (mcid ?? ''))
    else if (ends !== undefined) open.pop()
    else if (name !== undefined) font = fonts.get(name) ?? []
    else if (drawn !== undefined)
      yield {
        text: [...drawn.matchAll(/<([0-9a-f]*)>/g)]
          .flatMap(([, glyphs]) => glyphs!.match(/.{4}/g) ?? [])
          .map((glyph) => font[Number.parseInt(glyph, 16)] ?? '\ufffd')
          .join(''),
        mcid: open.at(-1) ?? null,
      }
}
