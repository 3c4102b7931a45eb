import { NotObserved } from '../observation.ts'
import { guid, securityIdentifier } from './security-identifier.ts'

/** An entry of an access list, of the four kinds that grant or refuse. */
export interface AccessEntry {
  readonly effect: 'allow' | 'deny'
  /** Access mask ([MS-ADTS] 5.1.3.2): 0x100 is an extended right, 0x10 reads properties, 0x10000000 is everything. */
  readonly mask: number
  /** The extended right or property it is limited to, or null: all of them. */
  readonly object: string | null
  readonly trustee: string
  /** It applies to this object, and not only to what is below it. */
  readonly effective: boolean
}

/** `Apply Group Policy` ([MS-GPOL] 3.2.5.1.6; controlAccessRight in the schema's extended rights). */
export const APPLY_GROUP_POLICY = 'edacfd8f-ffb3-11d1-b41d-00a0c968f939'

const CONTROL_ACCESS = 0x100
const GENERIC_ALL = 0x10000000
const INHERIT_ONLY = 0x08
const SELF_RELATIVE = 0x8000
const DACL_PRESENT = 0x0004
const MAX_ENTRIES = 2048
const KINDS = new Map<number, { effect: AccessEntry['effect']; hasObject: boolean }>([
  [0x00, { effect: 'allow', hasObject: false }],
  [0x01, { effect: 'deny', hasObject: false }],
  [0x05, { effect: 'allow', hasObject: true }],
  [0x06, { effect: 'deny', hasObject: true }],
])

/**
 * The discretionary access list of a self-relative security descriptor ([MS-DTYP] 2.4.6), in order; null where there
 * is none, which grants everything to everybody. Entries of other kinds (callbacks, audit) are left out.
 * Throws NotObserved `unparsable` for a descriptor that is cut, overlaps its end or is of another revision.
 */
export function accessEntries(bytes: Uint8Array): AccessEntry[] | null {
  if (bytes.length < 20 || bytes[0] !== 1) throw unparsable('not of revision 1, or cut')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const control = view.getUint16(2, true)
  if ((control & SELF_RELATIVE) === 0) throw unparsable('not self-relative')
  const start = view.getUint32(16, true)
  if ((control & DACL_PRESENT) === 0 || start === 0) return null
  if (start < 20 || start + 8 > bytes.length) throw unparsable('access list outside')
  const revision = view.getUint8(start)
  const end = start + view.getUint16(start + 2, true)
  const count = view.getUint16(start + 4, true)
  if ((revision !== 2 && revision !== 4) || end > bytes.length || count > MAX_ENTRIES)
    throw unparsable('access list of another revision, or longer than its descriptor')
  const entries: AccessEntry[] = []
  let at = start + 8
  for (let i = 0; i < count; i++) {
    if (at + 8 > end) throw unparsable('access entry outside')
    const size = view.getUint16(at + 2, true)
    if (size < 8 || at + size > end) throw unparsable('access entry longer than its list')
    const entry = accessEntry(bytes.subarray(at, at + size))
    if (entry) entries.push(entry)
    at += size
  }
  return entries
}

/** [MS-DTYP] 2.4.4.2 to 2.4.4.5. */
function accessEntry(bytes: Uint8Array): AccessEntry | null {
  const kind = KINDS.get(bytes[0] ?? -1)
  if (!kind) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 8
  let object: string | null = null
  if (kind.hasObject) {
    if (bytes.length < 12) throw unparsable('access entry cut')
    const present = view.getUint32(8, true)
    at = 12
    if (present & 1) {
      object = guid(bytes.subarray(at, at + 16))
      at += 16
    }
    if (present & 2) at += 16 // the class of objects that inherit it
  }
  if (at > bytes.length) throw unparsable('access entry cut')
  return {
    effect: kind.effect,
    mask: view.getUint32(4, true),
    object,
    trustee: securityIdentifier(bytes.subarray(at)),
    effective: ((bytes[1] ?? 0) & INHERIT_ONLY) === 0,
  }
}

/** Whom a GPO is filtered to, as security identifiers. */
export interface SecurityFilter {
  readonly allowed: readonly string[]
  readonly denied: readonly string[]
  /** No access list at all: everybody. */
  readonly everyone: boolean
}

/**
 * Security filtering of a GPO: whose `Apply Group Policy` right is granted, and whose is refused, as identifiers
 * without repetition. `everyone` where there is no access list at all.
 */
export function groupPolicyFilter(bytes: Uint8Array): SecurityFilter {
  const entries = accessEntries(bytes)
  const applies = (effect: AccessEntry['effect']) => [
    ...new Set(
      (entries ?? [])
        .filter((e) => e.effect === effect && e.effective && grantsApply(e))
        .map((e) => e.trustee),
    ),
  ]
  return { allowed: applies('allow'), denied: applies('deny'), everyone: entries === null }
}

const grantsApply = ({ mask, object }: AccessEntry): boolean =>
  (mask & GENERIC_ALL) !== 0 ||
  ((mask & CONTROL_ACCESS) !== 0 && (object === null || object === APPLY_GROUP_POLICY))

/** Authenticated Users, Everyone, Pre-Windows 2000 Compatible Access: whoever reads a directory is one of them. */
const EVERY_READER = ['S-1-5-11', 'S-1-1-0', 'S-1-5-32-554']
const LIST_CHILDREN = 0x4
const GENERIC_READ = 0x80000000

/** Whether any reader may list what is in a container: granted to all of them, and refused to nobody. */
export function listsChildren(bytes: Uint8Array): boolean {
  const entries = accessEntries(bytes)
  if (entries === null) return true
  const listing = entries.filter(
    ({ mask, effective, object }) =>
      effective && object === null && (mask & (LIST_CHILDREN | GENERIC_READ | GENERIC_ALL)) !== 0,
  )
  return (
    listing.some((e) => e.effect === 'allow' && EVERY_READER.includes(e.trustee)) &&
    !listing.some((e) => e.effect === 'deny')
  )
}

const unparsable = (why: string) => new NotObserved('unparsable', `security descriptor: ${why}`)
