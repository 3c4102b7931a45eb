import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { readCandidates, withCandidates } from '../../../checks/candidates-csv.ts'
import { decodedText } from '../../../checks/delimited-text.ts'
import type { Diagnostic } from '../../../checks/document.ts'
import {
  assembleSession,
  authoritiesOf,
  type SessionFileText,
  type Sources,
} from '../../../checks/session-files.ts'
import { readSession } from '../../../checks/session-reader.ts'
import { readText } from '../../run/load.ts'

/** What a session is sent as. */
export interface SessionUpload {
  /** The session file first, as `session.yaml`; then its exam and CA files, under the names that it gives. */
  readonly files: readonly SessionFileText[]
  /** Who each code is, where the list of candidates says so. */
  readonly names: ReadonlyMap<string, string>
  /** SHA-256 (hex) of the session's text: what the session will be called. */
  readonly id: string
}

/**
 * Reads a session and everything that it names, with the candidates of a CSV in place of its own where one is given, and
 * checks all of it, as the server will. `upload` is null where something is wrong; `diagnostics` then says all of it.
 */
export async function readUpload(
  path: string,
  csv: string | null,
  sources: Sources,
): Promise<{ upload: SessionUpload | null; diagnostics: Diagnostic[] }> {
  const diagnostics: Diagnostic[] = []
  const failed = (...more: Diagnostic[]) => ({ upload: null, diagnostics: [...diagnostics, ...more] })
  const written = await readText(path)
  if (typeof written !== 'string') return failed(written)
  let text = written
  let names: ReadonlyMap<string, string> = new Map()
  if (csv !== null) {
    const table = await readTable(csv)
    if (typeof table !== 'string') return failed(table)
    const { list, diagnostics: wrong } = readCandidates(csv, table)
    diagnostics.push(...wrong)
    if (!list) return failed()
    names = list.names
    const merged = withCandidates({ name: path, text }, list.candidates)
    diagnostics.push(...merged.diagnostics)
    if (merged.text === null) return failed()
    text = merged.text
  }
  // Mistakes are said of the files where they are here; what is sent is named as the session names it.
  const { readable: session } = readSession(path, text)
  const folder = dirname(resolve(path))
  const examText = session ? await readText(resolve(folder, session.file.exam)) : null
  const exam =
    session && typeof examText === 'string'
      ? { name: join(dirname(path), session.file.exam), text: examText }
      : null
  const files = { session: { name: path, text }, exam }
  const { assembled } = assembleSession(files, sources)
  const authorities: SessionFileText[] = []
  for (const name of assembled ? authoritiesOf(assembled) : []) {
    const pem = await readText(resolve(folder, name))
    if (typeof pem === 'string') authorities.push({ name, text: pem })
  }
  const whole = assembleSession({ ...files, authorities }, sources)
  diagnostics.push(...whole.diagnostics)
  if (!whole.assembled || !session || !exam) return failed()
  return {
    upload: {
      files: [{ name: 'session.yaml', text }, { name: session.file.exam, text: exam.text }, ...authorities],
      names,
      id: createHash('sha256').update(text).digest('hex'),
    },
    diagnostics,
  }
}

/** The text of a table, whatever the spreadsheet that wrote it encodes in. */
async function readTable(path: string): Promise<string | Diagnostic> {
  const unreadable = await readText(path)
  return typeof unreadable === 'string' ? decodedText(await readFile(path)) : unreadable
}
