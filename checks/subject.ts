import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { RoleKind } from './define.ts'
import type { Exam } from './exam.ts'
import { resolvePlaceholders, type Variables } from './placeholder.ts'
import { certificateOf, type Certificate } from './referential/referential.ts'
import { variablesOf } from './session-reader.ts'
import type { Candidate, ResolvedCandidate } from './session.ts'
import type { Lang } from './text.ts'
import { frenchSpacesAround } from './typography.ts'

/** Whose paper it is: a candidate's of a session, or nobody's, with the values that a number would get from a seed. */
export type Holder =
  | {
      readonly kind: 'candidate'
      readonly resolved: ResolvedCandidate
      readonly sitting: { readonly title: string | null; readonly date: string }
    }
  | { readonly kind: 'sample'; readonly n: number; readonly seed: string }

export interface SubjectMachine {
  readonly role: string
  readonly kind: RoleKind
  /** Null where no session says it. */
  readonly address: string | null
  /** Whether other candidates have the same one. */
  readonly shared: boolean
}

/** What a candidate receives, as data: nothing else of the exam is in here, neither checks, nor questions, nor criteria. */
export interface Subject {
  readonly title: string
  readonly purpose: Exam['purpose']
  readonly certificate: Certificate
  readonly referential: { readonly code: string; readonly millesime: string }
  /** The part of the mise en situation that the paper is for: the candidate at work, the jury absent. Official wording. */
  readonly phase: { readonly minutes: number; readonly text: string; readonly first: boolean } | null
  readonly extraMinutes: number
  readonly candidate: { readonly code: string; readonly seat: string | null } | null
  readonly sitting: { readonly title: string | null; readonly date: string } | null
  readonly sample: { readonly n: number; readonly seed: string } | null
  /** The situation. */
  readonly introduction: string | null
  readonly machines: readonly SubjectMachine[]
  /** In the order of the file. */
  readonly demands: readonly { readonly text: string; readonly hints: readonly string[] }[]
  /** The beginning of the SHA-256 of the exam's file. */
  readonly fingerprint: string
  /** The same for two candidates exactly if their papers say the same and their values are the same. */
  readonly variant: string
}

/**
 * The paper of one candidate, its placeholders replaced by the very values that the checks of this candidate expect.
 * @param exam.hash SHA-256 of its file, in hexadecimal.
 * @param options.hints with the hints of a training exam; an examination has none.
 * Pure.
 */
export function subjectOf(
  { exam, hash }: { readonly exam: Exam; readonly hash: string },
  holder: Holder,
  options: { readonly lang: Lang; readonly hints?: boolean },
): Subject {
  const variables = variablesOfHolder(exam, holder)
  const certificate = certificateOf(exam.referential, exam.certificate)
  if (!certificate) throw new RangeError(`${exam.referential.id} has no certificate ${exam.certificate}`)
  const resolved = holder.kind === 'candidate' ? holder.resolved : null
  // Typeset before they are filled: a value is never touched.
  const set = (text: string) =>
    filled(options.lang === 'fr' ? frenchSpacesAround(text) : text, variables).trim()
  const hintsOf = options.hints && exam.purpose === 'training' ? (all: readonly string[]) => all : () => []
  return {
    title: options.lang === 'fr' ? frenchSpacesAround(exam.title) : exam.title,
    purpose: exam.purpose,
    certificate,
    referential: { code: exam.referential.code, millesime: exam.referential.millesime },
    phase: phaseOf(certificate),
    extraMinutes: resolved?.candidate['extra-minutes'] ?? 0,
    candidate: resolved && { code: resolved.candidate.code, seat: resolved.candidate.seat || null },
    sitting: holder.kind === 'candidate' ? holder.sitting : null,
    sample: holder.kind === 'sample' ? { n: holder.n, seed: holder.seed } : null,
    introduction: exam.introduction === null ? null : set(exam.introduction),
    machines: Object.entries(exam.roles).map(([role, kind]) => {
      const target = resolved?.targets[role]
      return { role, kind, address: target?.target.address ?? null, shared: Boolean(target?.shared) }
    }),
    demands: exam.demands.map(({ text, hints }) => ({ text: set(text), hints: hintsOf(hints).map(set) })),
    fingerprint: hash.slice(0, 12),
    variant: variantOf(exam, variables),
  }
}

/** Whoever has number `n`: its code only stands where a text asks for one. */
const nobody = (n: number): Candidate => ({ code: `C${String(n).padStart(2, '0')}`, n, seat: `A${n}` })

const variablesOfHolder = (exam: Exam, holder: Holder): Variables =>
  holder.kind === 'candidate' ? holder.resolved.variables : variablesOf(exam, nobody(holder.n), holder.seed)

const filled = (text: string, variables: Variables): string =>
  String(resolvePlaceholders(text, variables).value)

function phaseOf({ modalities: { MSP } }: Certificate): Subject['phase'] {
  const phase = MSP?.phases.find(({ jury }) => jury === 'absent') ?? MSP?.phases[0]
  return phase && MSP ? { minutes: phase.minutes, text: phase.text, first: MSP.phases.length > 1 } : null
}

/** What a paper says and the values of the exam's variables, in eight digits. */
function variantOf(exam: Exam, variables: Variables): string {
  const texts = [exam.introduction ?? '', ...exam.demands.map(({ text }) => text)]
  const said = texts.map((text) => filled(text, variables))
  const values = Object.keys(exam.variables).map((name) => [name, variables[name]])
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify([said, values])))).slice(0, 8)
}
