import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import canonicalize from 'canonicalize'
import { issueWords } from '../../checks/issue-words.ts'
import { signedRunSchema, type Run } from '../../checks/run.ts'
import type { Text } from '../../checks/text.ts'
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
  readonly why: Text

  constructor(why: Text) {
    super(why.en)
    this.why = why
  }
}

/** Reads a run file. Rejects with NotARun (too long, not JSON, not of the shape) or the system's own error. */
export async function readRun(path: string): Promise<Run> {
  const { size } = await stat(path)
  if (size > MAX_BYTES) throw new NotARun(tooLong)
  let value: unknown
  try {
    value = JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) throw new NotARun(noJson)
    throw error
  }
  const parsed = signedRunSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  if (!issue) throw new NotARun(noJson)
  const place = issue.path.join('.')
  const { fr, en } = issueWords(issue)
  throw new NotARun({ fr: `${place} : ${fr}`, en: `${place}: ${en}` })
}

const tooLong: Text = {
  fr: `plus de ${MAX_BYTES / 1024 / 1024} Mio`,
  en: `more than ${MAX_BYTES / 1024 / 1024} MiB`,
}
const noJson: Text = { fr: 'ce n’est pas du JSON', en: 'not JSON' }
