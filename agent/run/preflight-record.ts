import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { causeSchema } from '../../checks/verdict.ts'
import { writeWhole } from '../evidence/atomic-file.ts'
import { stateFolder } from '../evidence/state-folder.ts'
import type { Before } from './blame.ts'
import type { Route } from './ways.ts'

/** What the preflight saw: which ways worked, so that what refuses later can be attributed. */
export const preflightRecordSchema = z.strictObject({
  at: z.iso.datetime(),
  /** By `candidate role way`. `cause` is null where it worked. */
  ways: z.record(
    z.string(),
    z.strictObject({ worked: z.boolean(), cause: causeSchema.nullable(), detail: z.string() }),
  ),
})
export type PreflightRecord = z.infer<typeof preflightRecordSchema>

export const wayName = (candidate: string, route: Route): string => `${candidate} ${route.role} ${route.way}`

const pathOf = (session: string, folder = stateFolder('preflight')) => join(folder, `${session}.json`)

/** One record over an earlier one: what worked once has worked. */
export function mergedPreflight(earlier: PreflightRecord | null, record: PreflightRecord): PreflightRecord {
  const ways = { ...earlier?.ways }
  for (const [name, way] of Object.entries(record.ways))
    if (way.worked || !ways[name]?.worked) ways[name] = way
  return { at: record.at, ways }
}

/** Keeps a record for a session (its SHA-256), merged over an earlier one. */
export async function keepPreflight(
  session: string,
  record: PreflightRecord,
  folder?: string,
): Promise<void> {
  const merged = mergedPreflight(await readPreflight(session, folder), record)
  await writeWhole(pathOf(session, folder), `${JSON.stringify(merged, null, 1)}\n`)
}

/** The record of a session, or null where there was no preflight (or its file is not one). */
export async function readPreflight(session: string, folder?: string): Promise<PreflightRecord | null> {
  try {
    return preflightRecordSchema.parse(JSON.parse(await readFile(pathOf(session, folder), 'utf8')))
  } catch {
    return null
  }
}

/** Whether a way worked at preflight. A way that was not tried itself is judged by the machine's echo. */
export function before(record: PreflightRecord | null, candidate: string, route: Route | null): Before {
  if (!record || !route) return undefined
  const tried =
    record.ways[wayName(candidate, route)] ??
    record.ways[wayName(candidate, { role: route.role, way: 'icmp' })]
  return tried === undefined ? undefined : tried.worked ? 'worked' : 'failed'
}
