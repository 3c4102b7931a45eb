import { NotObserved } from '../../observation.ts'
import { MalformedPolicyFile } from '../group-policy/policy-file.ts'
import { policyXml, type XmlElement } from '../group-policy/policy-xml.ts'

/** One CIM instance: its class, and its properties by name in lower case; null where a property has no value. */
export interface CimInstance {
  readonly className: string
  readonly properties: ReadonlyMap<string, string | readonly string[] | null>
}

/**
 * An instance as Windows writes it in XML (DSP0201 5.2: INSTANCE, PROPERTY, PROPERTY.ARRAY), under the limits of every XML
 * of a machine. Throws NotObserved `unparsable`.
 */
export function cimInstance(xml: string): CimInstance {
  const root = element(xml)
  const className = root.attributes.get('CLASSNAME')
  if (root.name !== 'INSTANCE' || !className) throw new NotObserved('unparsable', 'no CIM instance')
  const properties = new Map<string, string | readonly string[] | null>()
  for (const child of root.children) {
    const name = child.attributes.get('NAME')?.toLowerCase()
    if (name === undefined) continue
    if (child.name === 'PROPERTY') properties.set(name, child.children.find(isValue)?.text ?? null)
    if (child.name === 'PROPERTY.ARRAY')
      properties.set(
        name,
        child.children
          .find((one) => one.name === 'VALUE.ARRAY')
          ?.children.filter(isValue)
          .map(({ text }) => text) ?? null,
      )
  }
  return { className, properties }
}

const isValue = ({ name }: XmlElement): boolean => name === 'VALUE'

function element(xml: string): XmlElement {
  try {
    return policyXml(new TextEncoder().encode(xml))
  } catch (error) {
    if (!(error instanceof MalformedPolicyFile)) throw error
    throw new NotObserved('unparsable', `CIM-XML: ${error.message}`)
  }
}

const missing = ({ className }: CimInstance, name: string): NotObserved =>
  new NotObserved('unparsable', `${className}: ${name}`)

/** A text property; empty where it has no value. */
export function textOf(instance: CimInstance, name: string): string {
  const value = instance.properties.get(name.toLowerCase())
  if (value === undefined || (value !== null && typeof value !== 'string')) throw missing(instance, name)
  return value ?? ''
}

export function numberOf(instance: CimInstance, name: string): number {
  const value = textOf(instance, name)
  if (!/^\d{1,15}$/.test(value)) throw missing(instance, name)
  return Number(value)
}

export function booleanOf(instance: CimInstance, name: string): boolean {
  const value = textOf(instance, name).toLowerCase()
  if (value !== 'true' && value !== 'false') throw missing(instance, name)
  return value === 'true'
}

/** The bytes of a uint8 array; none where it has no value. */
export function bytesOf(instance: CimInstance, name: string): Uint8Array {
  const value = instance.properties.get(name.toLowerCase())
  if (value === undefined || typeof value === 'string') throw missing(instance, name)
  const numbers = (value ?? []).map((one) => (/^\d{1,3}$/.test(one) ? Number(one) : 256))
  if (numbers.some((one) => one > 255)) throw missing(instance, name)
  return Uint8Array.from(numbers)
}

/** A date ([DSP0004] 5.3.1: local time, and the minutes that it is ahead of UTC) as ISO 8601 in UTC. */
export function dateOf(instance: CimInstance, name: string): string {
  const [, year, month, day, hour, minute, second, offset] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\.\d{6}([+-]\d{3})$/.exec(textOf(instance, name)) ?? []
  const at = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute) - Number(offset),
    Number(second),
  )
  if (Number.isNaN(at)) throw missing(instance, name)
  return new Date(at).toISOString().replace(/\.000Z$/, 'Z')
}
