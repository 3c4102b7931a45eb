import { ObjectType } from 'net-snmp'
import type { ProbeOf } from '../../../checks/probe.ts'
import type { Reply } from '../asking.ts'
import { TransportFailure } from '../transport.ts'
import type { GuardedSession } from './guarded-session.ts'
import { isAfter, isBelow, rowOf, type Row } from './varbind.ts'

/** Rows asked for at once: their answer fits a few datagrams. */
const REPETITIONS = 25
/** Subtrees walked at once; a switch has a small processor. */
const AT_ONCE = 4

type Limits = Pick<ProbeOf<'snmp'>, 'maxRows' | 'maxBytes'>

/** What may still be kept of one answer. */
class Room {
  #rows: number
  #bytes: number
  full = false

  constructor({ maxRows, maxBytes }: Limits) {
    this.#rows = maxRows
    this.#bytes = maxBytes
  }

  get rows(): number {
    return this.#rows
  }

  /** Whether one more row fits; from the first that doesn't, none does. */
  takes({ oid, value }: Row): boolean {
    this.#rows--
    this.#bytes -= oid.length + value.length
    this.full ||= this.#rows < 0 || this.#bytes < 0
    return !this.full
  }
}

/** The objects as asked for, cut where they are too long. */
export async function readObjects(
  session: GuardedSession,
  oids: readonly string[],
  limits: Limits,
): Promise<Reply> {
  const room = new Room(limits)
  const answered = await session.read(oids)
  if (answered.some(({ oid }, i) => oid !== oids[i]))
    throw new TransportFailure('unparsable', 'the device answers about other objects than those asked for')
  const varbinds = answered.map(rowOf).filter((row) => room.takes(row))
  return { answer: { kind: 'snmp', varbinds }, truncated: room.full }
}

/**
 * Walks subtrees with GETBULK, several at once, and gives their rows in the order of `oids`. A device that goes round
 * in circles (OIDs that don't increase) or has more than the limits is cut, and the cut is said.
 */
export async function walk(
  session: GuardedSession,
  oids: readonly string[],
  limits: Limits,
  signal: AbortSignal,
): Promise<Reply> {
  const room = new Room(limits)
  const found = oids.map((): Row[] => [])
  let truncated = false
  const waiting = [...oids.entries()]
  const work = async () => {
    for (let next = waiting.shift(); next && !room.full; next = waiting.shift())
      if (!(await walkOne(session, next[1], found[next[0]]!, room, signal))) truncated = true
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, oids.length) }, work))
  return { answer: { kind: 'snmp', varbinds: found.flat() }, truncated: truncated || room.full }
}

/** Walks one subtree to its end (true), or as far as it makes sense (false). */
async function walkOne(
  session: GuardedSession,
  root: string,
  rows: Row[],
  room: Room,
  signal: AbortSignal,
): Promise<boolean> {
  let last = root
  while (!signal.aborted) {
    const varbinds = await session.readAfter(last, Math.max(1, Math.min(REPETITIONS, room.rows + 1)))
    if (varbinds.length === 0) return true
    for (const varbind of varbinds) {
      if (varbind.type === ObjectType['EndOfMibView'] || !isBelow(varbind.oid, root)) return true
      if (!isAfter(varbind.oid, last)) return false
      const row = rowOf(varbind)
      if (!room.takes(row)) return false
      rows.push(row)
      last = varbind.oid
    }
  }
  return false
}
