import { answered, NotObserved, type AnswerOf, type Observed } from '../observation.ts'

/** SNMPv2-MIB::sysName.0 (RFC 3418). */
export const SYS_NAME = '1.3.6.1.2.1.1.5.0'

type Varbind = AnswerOf<'snmp'>['varbinds'][number]

/** The objects that exist in an answer, by OID: `noSuchObject` and its like are answers without a value. */
export function valuesOf(observation: Observed<'snmp'> | undefined): Map<string, Varbind> {
  return new Map(
    answered(observation)
      .varbinds.filter(({ type }) => !/^(noSuch|endOfMib)/i.test(type))
      .map((varbind) => [varbind.oid, varbind]),
  )
}

/** The rows of one column: the index that follows its OID, to the object. */
export function column(values: ReadonlyMap<string, Varbind>, oid: string): Map<string, Varbind> {
  return new Map(
    [...values].flatMap(([key, varbind]) =>
      key.startsWith(`${oid}.`) ? [[key.slice(oid.length + 1), varbind] as const] : [],
    ),
  )
}

/** The bytes of an octet string; `unknown/unparsable` where the agent gave something else. */
export function octets({ hex, oid }: Varbind): Uint8Array {
  const digits = (hex ?? '').replace(/[^0-9a-fA-F]/g, '')
  if (hex === undefined || digits.length % 2 === 1)
    throw new NotObserved('unparsable', `${oid} is not an octet string`)
  return Uint8Array.from(digits.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
}
