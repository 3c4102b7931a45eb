import { createHash } from 'node:crypto'
import type { Diagnostic } from '../../checks/document.ts'
import { certificateOf } from '../../checks/referential/referential.ts'
import { readSession } from '../../checks/session-reader.ts'
import {
  assembleSession,
  authoritiesOf,
  type AssembledSession,
  type Sources,
} from '../../checks/session-files.ts'
import type { Text } from '../../checks/text.ts'
import type { Launch, LivingCandidate, LivingSession, SessionFileText } from '../store/session-life.ts'
import type { Store } from '../store/store.ts'

/**
 * How long dossiers are kept unless the responsable says otherwise: a year, as papers of an examination are commonly kept
 * for contestations. RGPD article 5(1)(e) asks for a limit, not for this one.
 */
const keptDays = 365

export interface Upload {
  /** The session's text first, then the exam under the name that the session gives it, then CA files. */
  readonly files: readonly SessionFileText[]
  readonly names: ReadonlyMap<string, string>
  readonly launch: Launch
}

export type UploadOutcome =
  | { readonly outcome: 'created' | 'already'; readonly id: string; readonly warnings: readonly Diagnostic[] }
  | { readonly outcome: 'refused'; readonly diagnostics: readonly Diagnostic[] }

/** Takes a session in, or says everything that is wrong with it and keeps nothing. The same one again changes nothing. */
export async function takeUpload(
  upload: Upload,
  { store, sources, by }: { store: Store; sources: Sources; by: { account: string; name: string } },
): Promise<UploadOutcome> {
  const [session, ...others] = upload.files
  if (!session) return { outcome: 'refused', diagnostics: [nothingSent] }
  const examName = readSession(session.name, session.text).session?.file.exam
  const exam = others.find(({ name }) => name === examName) ?? null
  const authorities = others.filter((file) => file !== exam)
  const { assembled, diagnostics } = assembleSession({ session, exam, authorities }, sources)
  if (!assembled || !exam) return { outcome: 'refused', diagnostics }
  const id = createHash('sha256').update(session.text).digest('hex')
  const wanted = new Set(authoritiesOf(assembled))
  const created = await store.life.create({
    session: sessionOf(id, assembled, upload.launch),
    files: [session, exam, ...authorities.filter(({ name }) => wanted.has(name))],
    candidates: assembled.candidates.map(({ resolved: { candidate } }): CandidateOnPaper => ({
      code: candidate.code,
      seat: candidate.seat ?? null,
      name: upload.names.get(candidate.code) ?? null,
      extraMinutes: candidate['extra-minutes'] ?? 0,
    })),
    by,
  })
  return { outcome: created ? 'created' : 'already', id, warnings: diagnostics }
}

type CandidateOnPaper = Pick<LivingCandidate, 'code' | 'seat' | 'name' | 'extraMinutes'>

function sessionOf(
  id: string,
  { session: { file }, exam }: AssembledSession,
  launch: Launch,
): Omit<LivingSession, 'state' | 'stateAt' | 'hasFiles'> {
  const purge = new Date(`${file.date}T00:00:00Z`)
  purge.setUTCDate(purge.getUTCDate() + keptDays)
  return {
    id,
    title: file.title ?? exam.title,
    date: file.date,
    exam: exam.title,
    purpose: exam.purpose,
    referential: exam.referential.id,
    certificate: exam.certificate,
    launch,
    minutes: phaseMinutes(exam),
    purgeAfter: purge.toISOString().slice(0, 10),
  }
}

/** Length of the phase of the mise en situation that the jury does not attend, as the référentiel has it. */
function phaseMinutes(exam: AssembledSession['exam']): number | null {
  const phases = certificateOf(exam.referential, exam.certificate)?.modalities.MSP?.phases ?? []
  return phases.find(({ jury }) => jury === 'absent')?.minutes ?? null
}

const nothingSent: Diagnostic = {
  severity: 'error',
  file: 'session.yaml',
  line: 1,
  column: 1,
  message: { fr: 'aucun fichier de session n’a été envoyé', en: 'no session file was sent' } satisfies Text,
}
