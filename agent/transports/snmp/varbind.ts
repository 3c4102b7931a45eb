import { ObjectType, type Varbind } from 'net-snmp'
import type { AnswerOf } from '../../../checks/observation.ts'

export type Row = AnswerOf<'snmp'>['varbinds'][number]

/** A varbind as an observation has it: type names of SMI, values as text; octet strings with their bytes in `hex`. */
export function rowOf({ oid, type, value }: Varbind): Row {
  const row = { oid, type: ObjectType[type] ?? String(type) }
  if (!Buffer.isBuffer(value))
    return { ...row, value: value === null || value === undefined ? '' : String(value as number) }
  if (type === ObjectType['Counter64'])
    return { ...row, value: BigInt(`0x0${value.toString('hex')}`).toString() }
  const hex = value.toString('hex')
  return { ...row, value: printable(value) ?? `hex:${hex}`, hex }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The bytes as text where they are valid UTF-8 without control characters other than tab and line ends. */
function printable(bytes: Buffer): string | null {
  try {
    const text = utf8.decode(bytes)
    return /^[^\p{Cc}\p{Cf}\p{Cn}\p{Co}]*$/u.test(text.replace(/[\t\r\n]/g, '')) ? text : null
  } catch {
    return null
  }
}

/** Whether `oid` is below `root`. */
export const isBelow = (oid: string, root: string): boolean => oid.startsWith(`${root}.`)

/** Whether `oid` comes after `before` in the order of a walk (RFC 3416, 4.2.2). */
export function isAfter(oid: string, before: string): boolean {
  const a = oid.split('.')
  const b = before.split('.')
  for (let i = 0; i < b.length; i++) {
    if (i >= a.length) return false
    const difference = Number(a[i]) - Number(b[i])
    if (difference !== 0) return difference > 0
  }
  return a.length > b.length
}
