import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Check } from '../../checks/define.ts'
import type { Diagnostic } from '../../checks/document.ts'
import { readExam, type Exam } from '../../checks/exam.ts'
import { planCandidate, type Plan } from '../../checks/plan.ts'
import type { Referential } from '../../checks/referential/referential.ts'
import { readSession, resolveCandidate, type Session } from '../../checks/session-reader.ts'
import type { ResolvedCandidate } from '../../checks/session.ts'
import { missingWays } from './missing-ways.ts'

export interface LoadedCandidate {
  readonly resolved: ResolvedCandidate
  readonly plan: Plan
}

/** A session with its exam, ready to run: files read, placeholders resolved, parameters checked. */
export interface LoadedSession {
  readonly session: Session
  readonly exam: Exam
  readonly candidates: readonly LoadedCandidate[]
  /** Where files named in the session (a CA) are looked for. */
  readonly folder: string
  /** SHA-256 (hex) of what was read. */
  readonly hashes: { readonly exam: string; readonly session: string; readonly referential: string }
}

export interface Sources {
  readonly catalogue: ReadonlyMap<string, Check>
  readonly referentials: ReadonlyMap<string, Referential>
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
  const { session, diagnostics } = readSession(path, text)
  if (!session) return { loaded: null, diagnostics }

  const folder = dirname(resolve(path))
  const examPath = resolve(folder, session.file.exam)
  const examText = await readText(examPath)
  if (typeof examText !== 'string') {
    const missing = session.document.diagnose(['exam'], {
      fr: `le sujet « ${session.file.exam} » ne peut pas être lu (le chemin part du dossier de la session)`,
      en: `the exam “${session.file.exam}” cannot be read (the path starts from the session's folder)`,
    })
    return { loaded: null, diagnostics: [...diagnostics, missing] }
  }
  const read = readExam(join(dirname(path), session.file.exam), examText, sources)
  diagnostics.push(...read.diagnostics)
  const { exam } = read
  if (!exam) return { loaded: null, diagnostics }

  const candidates: LoadedCandidate[] = []
  for (const candidate of session.file.candidates) {
    const { resolved, diagnostics: wrong } = resolveCandidate(session, exam, candidate)
    diagnostics.push(...wrong)
    if (!resolved) continue
    const { plan, diagnostics: unfit } = planCandidate(exam, resolved)
    diagnostics.push(...unfit)
    candidates.push({ resolved, plan })
  }
  // Ways differ little from one candidate to the next: the first one's are enough to say what is missing.
  if (candidates[0]) diagnostics.push(...missingWays(session, candidates[0]))
  if (diagnostics.some((d) => d.severity === 'error')) return { loaded: null, diagnostics }
  const referential = sha256(JSON.stringify(exam.referential))
  const hashes = { exam: sha256(examText), session: sha256(text), referential }
  return { loaded: { session, exam, candidates, folder, hashes }, diagnostics }
}

async function readText(path: string): Promise<string | Diagnostic> {
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
