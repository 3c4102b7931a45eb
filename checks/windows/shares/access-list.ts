import { z } from 'zod'
import { NotObserved } from '../../observation.ts'
import { whole } from '../../aspects.ts'

const sid = z
  .string()
  .max(200)
  .regex(/^S-1-[0-9A-Fx]+(-\d+)*$/)
const entryShape = z.object({
  /** Kind of entry ([MS-DTYP] 2.4.4.1): 0 allows, 1 denies, 9 and 10 do so under a condition. */
  type: z.int(),
  /** Inheritance: 1 files, 2 folders, 8 what is inside only. */
  flags: z.int(),
  mask: z.int().nullable(),
  sid: sid.nullable(),
})

/** An access list as a script gives it, in the order of the security descriptor. */
export const accessListShape = z.object({
  owner: sid.nullable(),
  /** No list at all: everything is granted to everybody. */
  unlimited: z.boolean(),
  total: z.int(),
  entries: z.array(entryShape).max(1024),
})
export type AccessList = z.infer<typeof accessListShape>
type AccessEntry = z.infer<typeof entryShape>

/** Whether an account's token holds a SID; `maybe` where that can't be known. */
export type Belongs = (sid: string) => 'yes' | 'no' | 'maybe'

/** What the list is asked for: the folder itself, or the files and the folders that others create in it. */
export type Place = 'here' | 'files' | 'folders'

/** Rights that are granted in any case, and those that are where everything unknown is in favour. */
export interface Granted {
  readonly least: number
  readonly most: number
  /** SIDs of the entries that `least` comes from. */
  readonly by: readonly string[]
}

const FILES = 0x1
const FOLDERS = 0x2
const INSIDE_ONLY = 0x8
const ALL_ACCESS = 0x1f01ff
const READ_CONTROL = 0x20000
const WRITE_DAC = 0x40000
const OWNER_RIGHTS = 'S-1-3-4'
/** Stands for whoever creates a file; of what others create, nobody else gets anything by it. */
const CREATORS = new Set(['S-1-3-0', 'S-1-3-1', 'S-1-3-2', 'S-1-3-3'])

/** The generic rights of a file ([MS-DTYP] 2.4.3, the mapping of [MS-FSA]). */
const GENERIC = [
  [0x80000000, 0x120089],
  [0x40000000, 0x120116],
  [0x20000000, 0x1200a0],
  [0x10000000, ALL_ACCESS],
] as const

const mapped = (mask: number): number =>
  GENERIC.reduce(
    (rights, [generic, own]) => ((mask & generic) === 0 ? rights : rights | own),
    mask & ALL_ACCESS,
  )

const KINDS = new Map<number, { readonly effect: 'allow' | 'deny'; readonly conditional: boolean }>([
  [0, { effect: 'allow', conditional: false }],
  [1, { effect: 'deny', conditional: false }],
  [9, { effect: 'allow', conditional: true }],
  [10, { effect: 'deny', conditional: true }],
])

const applies = ({ flags }: AccessEntry, place: Place): boolean =>
  place === 'here' ? (flags & INSIDE_ONLY) === 0 : (flags & (place === 'files' ? FILES : FOLDERS)) !== 0

/**
 * What an access list grants to a token, as Windows' access check works it out ([MS-DTYP] 2.5.3.2): entry after entry in
 * their order, what was refused is no longer granted, nor the other way round. Throws NotObserved for a list that is not
 * whole, or holds an entry of a kind that no file has.
 */
export function granted(list: AccessList, belongs: Belongs, place: Place): Granted {
  if (list.unlimited) return { least: ALL_ACCESS, most: ALL_ACCESS, by: [] }
  const entries = whole(list.entries, list.total, 'access list').filter((entry) => applies(entry, place))
  const owned = ownership(list, entries, belongs, place)
  const inList = (trustee: string) => {
    if (CREATORS.has(trustee)) return 'no'
    return trustee === OWNER_RIGHTS ? owned.is : belongs(trustee)
  }
  const by = new Set<string>()
  const walk = (favourable: boolean): number => {
    let allowed = favourable ? owned.most : owned.least
    let denied = 0
    for (const entry of entries) {
      const { effect, rights, certain } = read(entry, inList)
      const counts = certain === 'yes' || (certain === 'maybe' && (effect === 'allow') === favourable)
      if (!counts) continue
      if (effect === 'allow') {
        if (!favourable && (rights & ~denied & ~allowed) !== 0 && entry.sid !== null) by.add(entry.sid)
        allowed |= rights & ~denied
      } else denied |= rights & ~allowed
    }
    return allowed
  }
  return { least: walk(false), most: walk(true), by: [...by] }
}

function read({ type, mask, sid }: AccessEntry, belongs: Belongs) {
  const kind = KINDS.get(type)
  if (!kind || mask === null || sid === null)
    throw new NotObserved('unparsable', `access list: an entry of kind ${type}`)
  const inToken = belongs(sid)
  const certain = kind.conditional && inToken === 'yes' ? 'maybe' : inToken
  return { effect: kind.effect, rights: mapped(mask), certain }
}

/** The owner reads and changes the list whatever it says, unless it says what the owner may do. */
function ownership(list: AccessList, entries: readonly AccessEntry[], belongs: Belongs, place: Place) {
  const is = list.owner === null || place !== 'here' ? 'no' : belongs(list.owner)
  const limited = entries.some(({ sid }) => sid === OWNER_RIGHTS)
  const rights = limited ? 0 : READ_CONTROL | WRITE_DAC
  return { is, least: is === 'yes' ? rights : 0, most: is === 'no' ? 0 : rights } as const
}
