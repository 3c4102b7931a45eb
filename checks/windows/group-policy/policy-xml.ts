import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { MalformedPolicyFile } from './policy-file.ts'
import { policyText } from './policy-text.ts'

/** One element: its attributes by name, the elements inside it in order, and its own text. */
export interface XmlElement {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  readonly text: string
}

const MAX_BYTES = 1024 * 1024
const MAX_DEPTH = 32
const MAX_ELEMENTS = 20_000

/** In document order: an array of `{name: [...], ':@': attributes}` and `{'#text': …}`. */
type Parsed = Record<string, unknown>

/**
 * The root element of a document without a document type: entities of its own, and what they may refer to, are refused
 * before anything is parsed. Throws MalformedPolicyFile for what is not well-formed or beyond the limits.
 */
export function policyXml(bytes: Uint8Array): XmlElement {
  if (bytes.length > MAX_BYTES) throw new MalformedPolicyFile(`longer than ${MAX_BYTES} bytes`, MAX_BYTES)
  const text = policyText(bytes)
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) throw new MalformedPolicyFile('a document type is refused', null)
  const roots = parsed(text).filter((node) => nameOf(node) !== undefined)
  if (roots.length !== 1) throw new MalformedPolicyFile('no single root element', null)
  let elements = 0
  const element = (node: Parsed, name: string, depth: number): XmlElement => {
    if (depth > MAX_DEPTH || ++elements > MAX_ELEMENTS)
      throw new MalformedPolicyFile('too many elements', null)
    const inside = node[name] as Parsed[]
    return {
      name,
      attributes: new Map(Object.entries((node[':@'] ?? {}) as Record<string, string>)),
      children: inside.flatMap((child) => {
        const childName = nameOf(child)
        return childName === undefined ? [] : [element(child, childName, depth + 1)]
      }),
      text: inside.map((child) => (typeof child['#text'] === 'string' ? child['#text'] : '')).join(''),
    }
  }
  return element(roots[0]!, nameOf(roots[0]!)!, 1)
}

function parsed(text: string): Parsed[] {
  try {
    if (XMLValidator.validate(text) !== true) throw new Error('not well-formed')
    return new XMLParser({
      preserveOrder: true,
      ignoreAttributes: false,
      attributeNamePrefix: '',
      parseTagValue: false,
      parseAttributeValue: false,
      ignoreDeclaration: true,
      ignorePiTags: true,
      maxNestedTags: MAX_DEPTH,
      // Numeric references (&#233;) belong to what this option decodes; there is no document type to add others.
      htmlEntities: true,
    }).parse(text) as Parsed[]
  } catch {
    // The library's words may quote the file, and a password in it.
    throw new MalformedPolicyFile('not well-formed XML', null)
  }
}

const nameOf = (node: Parsed): string | undefined =>
  Object.keys(node).find((key) => key !== ':@' && key !== '#text')
