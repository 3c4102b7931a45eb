import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Diagnostic } from '../../checks/document.ts'
import { assembleExam, type AssembledSession, type Sources } from '../../checks/session-files.ts'
import { readSession } from '../../checks/session-reader.ts'

export type { AssembledCandidate as LoadedCandidate, Sources } from '../../checks/session-files.ts'

/** A session with its exam, ready to run: files read, placeholders resolved, parameters checked. */
export interface LoadedSession extends AssembledSession {
  /** Where files named in the session (a CA) are looked for. */
  readonly folder: string
  /** SHA-256 (hex) of what was read. */
  readonly hashes: { readonly exam: string; readonly session: string; readonly referential: string }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/**
 * Reads a session file and the exam that it names (a path relative to it), and plans every candidate.
 * `loaded` is null where something is wrong; `diagnostics` then says all of it, each at its place.
 */
export async function loadSession(
  path: string,
  sources: Sources,
): Promise<{ loaded: LoadedSession | null; diagnostics: Diagnostic[] }> {
  const text = await readText(path)
  if (typeof text !== 'string') return { loaded: null, diagnostics: [text] }
  const { readable: session, diagnostics } = readSession(path, text)
  if (!session) return { loaded: null, diagnostics }

  const folder = dirname(resolve(path))
  const named = session.file.exam !== ''
  const examText = named ? await readText(resolve(folder, session.file.exam)) : null
  const exam =
    typeof examText === 'string' ? { name: join(dirname(path), session.file.exam), text: examText } : null
  const { assembled, diagnostics: more } = assembleExam(session, exam, sources)
  diagnostics.push(...more)
  if (!assembled || !exam) return { loaded: null, diagnostics }
  return { loaded: { ...assembled, folder, hashes: hashesOf(assembled, text, exam.text) }, diagnostics }
}

/** What a session is known by; that of its own file names it everywhere. */
export function hashesOf(
  { exam }: AssembledSession,
  session: string,
  examText: string,
): LoadedSession['hashes'] {
  return {
    exam: sha256(examText),
    session: sha256(session),
    referential: sha256(JSON.stringify(exam.referential)),
  }
}

/** The text of a file, or why it cannot be read, as a diagnostic at its first character. */
export async function readText(path: string): Promise<string | Diagnostic> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    const why: Record<string, [string, string]> = {
      ENOENT: ["ce fichier n'existe pas", 'this file does not exist'],
      EACCES: ["ce fichier n'est pas lisible par ce compte", 'this account may not read this file'],
      EISDIR: ["c'est un dossier, pas un fichier", 'this is a folder, not a file'],
    }
    const [fr, en] = why[code] ?? [`lecture impossible (${code})`, `cannot be read (${code})`]
    return { severity: 'error', file: path, line: 1, column: 1, message: { fr, en } }
  }
}
