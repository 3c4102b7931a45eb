import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import canonicalize from 'canonicalize'
import { signedRunSchema, type Run } from '../../checks/run.ts'
import { writeWhole } from './atomic-file.ts'

const MAX_BYTES = 64 * 1024 * 1024

/** Writes a run as one file of canonical JSON, whole or not at all. Gives its path. */
export async function writeRun(run: Run, folder: string): Promise<string> {
  const path = join(folder, `${run.session.date}-${run.candidate.code}-${run.id}.run.json`)
  await writeWhole(path, `${canonicalize(run)}\n`)
  return path
}

/** Why a file is not a run. */
export class NotARun extends Error {
  override readonly name = 'NotARun'
}

/** Reads a run file. Rejects with NotARun (too long, not JSON, not of the shape) or the system's own error. */
export async function readRun(path: string): Promise<Run> {
  const { size } = await stat(path)
  if (size > MAX_BYTES) throw new NotARun(`${size} bytes, more than ${MAX_BYTES}`)
  let value: unknown
  try {
    value = JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) throw new NotARun('not JSON')
    throw error
  }
  const parsed = signedRunSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new NotARun(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`)
}
