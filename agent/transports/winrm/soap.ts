import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { TransportFailure } from '../transport.ts'

const namespaces = {
  s: 'http://www.w3.org/2003/05/soap-envelope',
  a: 'http://schemas.xmlsoap.org/ws/2004/08/addressing',
  w: 'http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd',
  p: 'http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd',
  rsp: 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell',
} as const

/** An element to write: its prefixed name, attributes and content. Names are constants of this program's. */
export interface Element {
  readonly name: string
  readonly attributes?: Readonly<Record<string, string>>
  readonly content?: string | readonly Element[]
}

export interface Request {
  /** `http://host:5985/wsman`. */
  readonly to: string
  readonly action: string
  readonly messageId: string
  /** How long the machine may wait for something to say, in ms. */
  readonly operationTimeoutMs: number
  /** Largest answer that is taken, in bytes. */
  readonly maxEnvelopeSize: number
  readonly options?: Readonly<Record<string, string>>
  readonly selectors?: Readonly<Record<string, string>>
  readonly body?: readonly Element[]
}

const must = { 's:mustUnderstand': 'true' }
const resource = 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell/cmd'
const anonymous = 'http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous'

/** A WS-Management request for the shell resource ([MS-WSMV] 2.2.4, DSP0226), every value escaped. */
export function writeEnvelope(request: Request): string {
  const named = (name: string, values: Readonly<Record<string, string>> = {}): Element[] =>
    Object.entries(values).map(([key, content]) => ({ name, attributes: { Name: key }, content }))
  const options = named('w:Option', request.options)
  const selectors = named('w:Selector', request.selectors)
  const header: Element[] = [
    { name: 'a:To', content: request.to },
    { name: 'w:ResourceURI', attributes: must, content: resource },
    { name: 'a:ReplyTo', content: [{ name: 'a:Address', attributes: must, content: anonymous }] },
    { name: 'a:Action', attributes: must, content: request.action },
    { name: 'w:MaxEnvelopeSize', attributes: must, content: String(request.maxEnvelopeSize) },
    { name: 'a:MessageID', content: `uuid:${request.messageId}` },
    { name: 'w:Locale', attributes: { 'xml:lang': 'en-US', 's:mustUnderstand': 'false' } },
    { name: 'p:DataLocale', attributes: { 'xml:lang': 'en-US', 's:mustUnderstand': 'false' } },
    { name: 'w:OperationTimeout', content: `PT${(request.operationTimeoutMs / 1000).toFixed(3)}S` },
    ...(options.length > 0 ? [{ name: 'w:OptionSet', attributes: must, content: options }] : []),
    ...(selectors.length > 0 ? [{ name: 'w:SelectorSet', content: selectors }] : []),
  ]
  const xmlns = Object.fromEntries(
    Object.entries(namespaces).map(([prefix, uri]) => [`xmlns:${prefix}`, uri]),
  )
  return written({
    name: 's:Envelope',
    attributes: xmlns,
    content: [
      { name: 's:Header', content: header },
      { name: 's:Body', content: request.body ?? [] },
    ],
  })
}

function written({ name, attributes = {}, content = '' }: Element): string {
  const said = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`)
  const inside = typeof content === 'string' ? escaped(content) : content.map(written).join('')
  return `<${name}${said.join('')}>${inside}</${name}>`
}

/** Escapes what XML 1.0 gives a meaning, and refuses what it cannot hold. */
function escaped(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text))
    throw new RangeError('XML cannot hold control characters')
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return text.replace(/[&<>"]/g, (character) => entities[character]!)
}

/** An element that was read: namespace prefixes gone, attributes as `@name`, text as `#text`, repeated children as arrays. */
export interface Node {
  readonly [name: string]: string | Node | readonly (string | Node)[] | undefined
}

const deepest = 32
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: true,
})

/** The body of an answer. Throws a TransportFailure `unparsable`, as `readEnvelope` does. */
export function readBody(bytes: Uint8Array): Node {
  const body = child(readEnvelope(bytes), 'Body')
  if (!body) throw unreadable('it has no SOAP body')
  return body
}

/**
 * A SOAP envelope. Throws a TransportFailure `unparsable` for what is none, brings a document type or entities of its
 * own, or nests deeper than any message does. Bounded in bytes by who read it.
 */
export function readEnvelope(bytes: Uint8Array): Node {
  const text = new TextDecoder('utf-8').decode(bytes)
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) throw unreadable('it declares a document type')
  if (deeperThan(text, deepest)) throw unreadable('it nests too deep')
  if (XMLValidator.validate(text) !== true) throw unreadable('it is not well-formed XML')
  const envelope = child(parser.parse(text) as Node, 'Envelope')
  if (!envelope) throw unreadable('it is no SOAP envelope')
  return envelope
}

const unreadable = (why: string): TransportFailure =>
  new TransportFailure('unparsable', `the answer can't be read: ${why}`)

function deeperThan(text: string, limit: number): boolean {
  let depth = 0
  for (const [tag] of text.matchAll(/<[^<>]{0,8192}>/g)) {
    if (tag.startsWith('</')) depth--
    else if (!tag.endsWith('/>') && !tag.startsWith('<?')) depth++
    if (depth > limit) return true
  }
  return false
}

/** The first child of that name, or null. An element without content is an empty node. */
export function child(node: Node | null, name: string): Node | null {
  return children(node, name)[0] ?? null
}

/** All children of that name. */
export function children(node: Node | null, name: string): readonly Node[] {
  const value = node && Object.hasOwn(node, name) ? node[name] : undefined
  if (value === undefined) return []
  return (Array.isArray(value) ? (value as readonly (string | Node)[]) : [value as string | Node]).map(
    (item) => (typeof item === 'string' ? { '#text': item } : item),
  )
}

/** The text of a node, or an empty text. */
export const textOf = (node: Node | null): string =>
  typeof node?.['#text'] === 'string' ? node['#text'].trim() : ''

/** An attribute of a node, or null. */
export function attributeOf(node: Node | null, name: string): string | null {
  const value = node && Object.hasOwn(node, `@${name}`) ? node[`@${name}`] : undefined
  return typeof value === 'string' ? value : null
}
