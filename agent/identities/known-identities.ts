import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { CheckIdentity } from '../transports/transport.ts'

/**
 * The identities of machines trusted on first use: one JSON record a line in a file of mode 0600 to which lines are
 * only ever added, so that several processes may use it at once and nothing is overwritten. Of two that meet a machine
 * for the first time together, the line that came first holds for both.
 */
const recordSchema = z.discriminatedUnion('event', [
  z.strictObject({
    event: z.literal('seen'),
    session: z.string(),
    where: z.string(),
    identity: z.string(),
    at: z.iso.datetime(),
  }),
  z.strictObject({
    event: z.literal('forgotten'),
    /** Null: in every session. */
    session: z.string().nullable(),
    where: z.string(),
    reason: z.string(),
    at: z.iso.datetime(),
  }),
])
type IdentityRecord = z.infer<typeof recordSchema>
export type KnownIdentity = Omit<Extract<IdentityRecord, { event: 'seen' }>, 'event'>

const fileIn = (folder: string) => join(folder, 'known-identities.jsonl')

/**
 * Decides on identities for one session, remembering first ones in `folder`. A pinned identity must match and is not
 * remembered. Throws the system's error where the file can't be read or written: nobody is trusted then.
 */
export function knownIdentities(folder: string, session: string): CheckIdentity {
  const path = fileIn(folder)
  return (where, shown, pinned) => {
    if (pinned !== 'first-use') return shown === pinned
    const known = find(path, session, where)
    if (known !== undefined) return known === shown
    append(path, { event: 'seen', session, where, identity: shown, at: new Date().toISOString() })
    return find(path, session, where) === shown
  }
}

/** What is known now, in the order in which it was first seen. */
export function listIdentities(folder: string): KnownIdentity[] {
  return current(fileIn(folder))
}

/**
 * Forgets the identity of one machine by one way ("ssh 10.0.1.20:22"), in one session or in all (null); the reason is
 * kept. Gives how many were forgotten.
 */
export function forgetIdentity(
  folder: string,
  where: string,
  reason: string,
  session: string | null = null,
): number {
  const path = fileIn(folder)
  const found = current(path).filter(
    (known) => known.where === where && (session ?? known.session) === known.session,
  )
  if (found.length > 0)
    append(path, { event: 'forgotten', session, where, reason, at: new Date().toISOString() })
  return found.length
}

const find = (path: string, session: string, where: string): string | undefined =>
  current(path).find((known) => known.session === session && known.where === where)?.identity

/** First come, first held: a later line for the same machine counts only after it was forgotten. */
function current(path: string): KnownIdentity[] {
  const known = new Map<string, KnownIdentity>()
  for (const record of records(path)) {
    const { session, where } = record
    if (record.event === 'seen') {
      const key = JSON.stringify([session, where])
      const { identity, at } = record
      if (!known.has(key)) known.set(key, { session: record.session, where, identity, at })
    } else
      for (const [key, other] of known)
        if (other.where === where && (session ?? other.session) === other.session) known.delete(key)
  }
  return [...known.values()]
}

function records(path: string): IdentityRecord[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  return text.split('\n').flatMap((line) => {
    try {
      return [recordSchema.parse(JSON.parse(line))]
    } catch {
      return [] // empty, or half a line of a process that was killed: it was never relied on
    }
  })
}

/** One write to a file opened for appending: lines of several processes never mix. Begins with a line end, for half lines. */
function append(path: string, record: IdentityRecord): void {
  const file = openSync(path, 'a', 0o600)
  try {
    writeSync(file, `\n${JSON.stringify(record)}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
