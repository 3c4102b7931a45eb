import { createHash } from 'node:crypto'
import { readCandidates, withCandidates } from '../../checks/candidates-csv.ts'
import { sortedDiagnostics, type Diagnostic } from '../../checks/document.ts'
import { readExam } from '../../checks/exam.ts'
import {
  assembleSession,
  authoritiesOf,
  type AssembledSession,
  type Sources,
} from '../../checks/session-files.ts'
import { readSession } from '../../checks/session-reader.ts'
import type { Text } from '../../checks/text.ts'
import type { Launch, LivingCandidate, LivingSession, SessionFileText } from '../store/session-life.ts'
import type { Store } from '../store/store.ts'
import { officialMinutes } from './phase-one.ts'

/** Bounds of what is sent: far above any session, and what the form and the API have in common. */
export const maxFiles = 20
export const maxFileBytes = 1024 * 1024

/** What somebody sent. Files have the names under which mistakes in them are said. */
export interface Upload {
  readonly session: SessionFileText
  /** Null where only the name that the session gives tells which of `others` it is. */
  readonly exam: SessionFileText | null
  readonly others: readonly SessionFileText[]
  /** A CSV of candidates, who take the place of the session's own. */
  readonly candidates: SessionFileText | null
  /** Names of candidates by code, where no CSV gives them. */
  readonly names: ReadonlyMap<string, string>
}

/** A session whose files hold together, as it will be kept. */
export interface ReadUpload {
  readonly session: Omit<LivingSession, 'state' | 'stateAt' | 'hasFiles' | 'launch'>
  /** The session first, then its exam and its authorities under the names that it gives. */
  readonly files: readonly SessionFileText[]
  readonly candidates: readonly CandidateOnPaper[]
  /** What was sent and is not needed: it is not kept. */
  readonly warnings: readonly Text[]
}
type CandidateOnPaper = Pick<LivingCandidate, 'code' | 'seat' | 'name' | 'extraMinutes'>

/** Every session file is kept under this name, whatever it was called where it came from. */
const sessionName = 'session.yaml'

/**
 * Reads what was sent as a whole. `read` is null where something is wrong; `diagnostics` then says all of it, each at its
 * place, and otherwise what is worth a look. Pure; never throws.
 */
export function readUpload(
  upload: Upload,
  sources: Sources,
): { read: ReadUpload | null; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = []
  const { name } = upload.session
  let { text } = upload.session
  let names = upload.names
  if (upload.candidates) {
    const table = readCandidates(upload.candidates.name, upload.candidates.text)
    diagnostics.push(...table.diagnostics)
    if (table.list) {
      names = table.list.names
      const merged = withCandidates({ name, text }, table.list.candidates)
      diagnostics.push(...merged.diagnostics)
      text = merged.text ?? text
    }
  }
  // A mistake in the session hides nothing of those in its exam.
  const { readable } = readSession(name, text)
  const examName = readable?.file.exam
  const exam = upload.exam ?? upload.others.find((file) => file.name === examName) ?? null
  if (!readable && exam) diagnostics.push(...readExam(exam.name, exam.text, sources).diagnostics)
  const first = assembleSession({ session: { name, text }, exam }, sources)
  const wanted = first.assembled ? authoritiesOf(first.assembled) : []
  const others = upload.others.filter((file) => file !== exam)
  const authorities = matchedByName(wanted, others)
  // Planned once more only where there are authorities to look at: it is what takes time.
  const { assembled, diagnostics: whole } =
    wanted.length === 0 ? first : assembleSession({ session: { name, text }, exam, authorities }, sources)
  diagnostics.push(...first.diagnostics, ...whole)
  if (assembled && exam && examName !== undefined) {
    const files = [
      { name: sessionName, text },
      { name: examName, text: exam.text },
      ...authorities.map(({ name: of, text: pem }) => ({ name: of, text: pem })),
    ]
    diagnostics.push(...unfitToKeep(files, assembled))
    if (diagnostics.every(({ severity }) => severity !== 'error')) {
      const used = new Set(authorities.map(({ file }) => file))
      const candidates = assembled.candidates.map(({ resolved: { candidate } }) => ({
        code: candidate.code,
        seat: candidate.seat ?? null,
        name: names.get(candidate.code) ?? null,
        extraMinutes: candidate['extra-minutes'] ?? 0,
      }))
      const codes = new Set(candidates.map(({ code }) => code))
      const warnings = [
        ...others.filter((file) => !used.has(file)).map((file) => notNamed(file.name)),
        ...[...names.keys()].filter((code) => !codes.has(code)).map(nobody),
      ]
      const read = { session: sessionOf(text, assembled), files, candidates, warnings }
      return { read, diagnostics: sortedDiagnostics(diagnostics) }
    }
  }
  return { read: null, diagnostics: sortedDiagnostics(diagnostics) }
}

/**
 * What became of an upload: `foreign` is a session that is there and is another responsable's, `purged` one that takes
 * nothing any more.
 */
export type UploadOutcome =
  | {
      readonly outcome: 'created' | 'already'
      readonly id: string
      readonly diagnostics: readonly Diagnostic[]
      readonly warnings: readonly Text[]
    }
  | { readonly outcome: 'refused'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly outcome: 'foreign' }
  | { readonly outcome: 'purged' }

/**
 * Takes a session in, or says everything that is wrong with it and keeps nothing. The same one again changes nothing.
 * @param minutes length of phase 1 where it is not the référentiel's.
 */
export async function takeUpload(
  upload: Upload,
  { launch, minutes }: { launch: Launch; minutes?: number | undefined },
  { store, sources, by }: { store: Store; sources: Sources; by: { account: string; name: string } },
): Promise<UploadOutcome> {
  const { read, diagnostics } = readUpload(upload, sources)
  if (!read) return { outcome: 'refused', diagnostics }
  const { id } = read.session
  const there = await store.life.access(id, by.account, 'responsable')
  if (there?.state === 'purged') return { outcome: 'purged' }
  if (there && !there.own) return { outcome: 'foreign' }
  const created = await store.life.create({
    session: { ...read.session, launch, minutes: minutes ?? read.session.minutes },
    files: read.files,
    candidates: read.candidates,
    by,
  })
  return { outcome: created ? 'created' : 'already', id, diagnostics, warnings: read.warnings }
}

interface Matched extends SessionFileText {
  readonly file: SessionFileText
}

/** The files that the session names; a browser sends them without their folder, so that the last part must do. */
function matchedByName(wanted: readonly string[], files: readonly SessionFileText[]): Matched[] {
  const last = (path: string) => path.split(/[/\\]/).at(-1)
  return wanted.flatMap((name) => {
    const alike = wanted.filter((other) => last(other) === last(name))
    const file =
      files.find((one) => one.name === name) ??
      (alike.length === 1 ? files.find((one) => last(one.name) === last(name)) : undefined)
    return file ? [{ name, text: file.text, file }] : []
  })
}

/** Two files of one name, and texts that no database keeps as they are. */
function unfitToKeep(files: readonly SessionFileText[], { session }: AssembledSession): Diagnostic[] {
  const twice = files.find(({ name }, i) => files.findIndex((one) => one.name === name) !== i)
  const noText = files.filter(({ text }) => text.includes('\0') || !text.isWellFormed())
  return [
    ...(twice
      ? [
          session.document.diagnose(['exam'], {
            fr: `deux fichiers de la session s'appelleraient « ${twice.name} » : renommez-en un, ici aussi`,
            en: `two files of the session would be called “${twice.name}”: rename one of them, here as well`,
          }),
        ]
      : []),
    ...noText.map(({ name: file }): Diagnostic => ({ severity: 'error', file, ...start, message: notText })),
  ]
}

function sessionOf(text: string, { session: { file }, exam }: AssembledSession): ReadUpload['session'] {
  return {
    id: createHash('sha256').update(text).digest('hex'),
    title: file.title ?? exam.title,
    date: file.date,
    exam: exam.title,
    purpose: exam.purpose,
    referential: exam.referential.id,
    certificate: exam.certificate,
    minutes: officialMinutes(exam.referential, exam.certificate),
    purgeAfter: aYearLater(file.date),
  }
}

/**
 * Until when a session is kept unless its responsable says otherwise. No text gives a term for what Probant holds: it is
 * not the official file of the session (procès-verbal, dossier professionnel), which the centre keeps by its own rules,
 * some of them for five years. What is left is RGPD article 5(1)(e), no longer than the purpose: a result is contested
 * within two months of its notification (code de justice administrative, R. 421-1), twice that with an appeal to the
 * authority first, and a candidate who missed part of the title usually comes back within the year.
 */
function aYearLater(date: string): string {
  const day = new Date(`${date}T00:00:00Z`)
  day.setUTCFullYear(day.getUTCFullYear() + 1)
  return day.toISOString().slice(0, 10)
}

const start = { line: 1, column: 1 } as const
const notText: Text = {
  fr: 'ce fichier n’est pas du texte : enregistrez-le en UTF-8',
  en: 'this file is no text: save it as UTF-8',
}
const notNamed = (name: string): Text => ({
  fr: `« ${name} » n’est nommé nulle part dans la session : il n’a pas été gardé ; nommez-le s’il en fait partie`,
  en: `“${name}” is named nowhere in the session: it was not kept; name it there if it belongs to it`,
})
const nobody = (code: string): Text => ({
  fr: `un nom est donné pour « ${code} », qui n’est pas un candidat de la session : il n’a pas été gardé ; vérifiez ce code`,
  en: `a name is given for “${code}”, who is no candidate of the session: it was not kept; check that code`,
})
