import type { Check } from './define.ts'
import type { Diagnostic } from './document.ts'
import { readExam, type Exam } from './exam.ts'
import { missingWays } from './missing-ways.ts'
import { planCandidate, type Plan } from './plan.ts'
import type { Referential } from './referential/referential.ts'
import { readSession, resolveCandidate, type Session } from './session-reader.ts'
import type { ResolvedCandidate } from './session.ts'

/** One text file of a session, under the name that diagnostics have for it. */
export interface SessionFileText {
  readonly name: string
  readonly text: string
}

/** What exams are read with: the checks of this version and the référentiels that are installed. */
export interface Sources {
  readonly catalogue: ReadonlyMap<string, Check>
  readonly referentials: ReadonlyMap<string, Referential>
}

export interface AssembledCandidate {
  readonly resolved: ResolvedCandidate
  readonly plan: Plan
}

/** A session with its exam: read, placeholders resolved, parameters checked, every candidate planned. */
export interface AssembledSession {
  readonly session: Session
  readonly exam: Exam
  readonly candidates: readonly AssembledCandidate[]
}

export interface Assembly {
  /** Null where something is wrong; `diagnostics` then says all of it, each at its place. */
  readonly assembled: AssembledSession | null
  readonly diagnostics: Diagnostic[]
}

/**
 * Assembles a session from the texts of its files, without a disk: the same messages wherever it is done.
 * @param exam null where the file that the session names is not there.
 * @param authorities the CA files, under the names that the session gives; where absent, they are not looked at.
 * Never throws.
 */
export function assembleSession(
  files: {
    readonly session: SessionFileText
    readonly exam: SessionFileText | null
    readonly authorities?: readonly SessionFileText[]
  },
  sources: Sources,
): Assembly {
  const { readable, diagnostics } = readSession(files.session.name, files.session.text)
  if (!readable) return { assembled: null, diagnostics }
  const { assembled, diagnostics: more } = assembleExam(readable, files.exam, sources)
  const missing =
    assembled && files.authorities ? unfitAuthorities(assembled, files.authorities) : ([] as Diagnostic[])
  return {
    assembled: missing.length > 0 ? null : assembled,
    diagnostics: [...diagnostics, ...more, ...missing],
  }
}

/**
 * The same for a session that was read already, by whoever had to look into it for the name of its exam. One that is only
 * readable in part is looked at for its mistakes, and never assembled.
 */
export function assembleExam(session: Session, file: SessionFileText | null, sources: Sources): Assembly {
  // A session that names no exam says so already; one that was sent with it may have mistakes of its own.
  if (session.file.exam === '') {
    const ofExam = file ? readExam(file.name, file.text, sources).diagnostics : []
    return { assembled: null, diagnostics: [...ofExam, ...mistakesWithout(session)] }
  }
  if (!file) {
    const missing = session.document.diagnose(['exam'], {
      fr: `le sujet « ${session.file.exam} » ne peut pas être lu : vérifiez son chemin, qui part du dossier de la session`,
      en: `the exam “${session.file.exam}” cannot be read: check its path, which starts from the session's folder`,
    })
    return { assembled: null, diagnostics: [missing, ...mistakesWithout(session)] }
  }
  const { exam, diagnostics: ofExam } = readExam(file.name, file.text, sources)
  const diagnostics = [...ofExam]
  if (!exam || session.places) {
    for (const candidate of session.file.candidates)
      diagnostics.push(...resolveCandidate(session, exam, candidate).diagnostics)
    return { assembled: null, diagnostics }
  }
  const candidates: AssembledCandidate[] = []
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
  const wrong = diagnostics.some((d) => d.severity === 'error')
  return { assembled: wrong ? null : { session, exam, candidates }, diagnostics }
}

/** What is wrong with the machines and credentials, whatever the exam is. */
const mistakesWithout = (session: Session): Diagnostic[] =>
  session.file.candidates.flatMap((candidate) => resolveCandidate(session, null, candidate).diagnostics)

const waysWithAuthority = ['winrm', 'ldap', 'http'] as const

/** The CA files that a session names, each once, as it writes them. */
export const authoritiesOf = (assembled: AssembledSession): string[] => [
  ...new Set(authorityPlaces(assembled).map(({ name }) => name)),
]

function authorityPlaces({ candidates }: AssembledSession) {
  return candidates.flatMap(({ resolved }) =>
    Object.values(resolved.targets).flatMap(({ role, target, shared }) =>
      waysWithAuthority.flatMap((way) => {
        const name = target[way]?.ca
        return name === undefined ? [] : [{ name, path: [shared ? 'shared' : 'targets', role, way, 'ca'] }]
      }),
    ),
  )
}

/** RFC 7468, as far as it tells a certificate from a key or from something else. */
const certificate = /^-----BEGIN CERTIFICATE-----\r?$/m
const privateKey = /^-----BEGIN [A-Z ]*PRIVATE KEY-----/m

/** Authorities that are not among the files, hold no certificate, or hold a key, which nobody should send anywhere. */
function unfitAuthorities(assembled: AssembledSession, files: readonly SessionFileText[]): Diagnostic[] {
  const texts = new Map(files.map(({ name, text }) => [name, text]))
  const wrong = new Map<string, Diagnostic>()
  for (const { name, path } of authorityPlaces(assembled)) {
    const text = texts.get(name)
    const message =
      text === undefined
        ? {
            fr: `l'autorité « ${name} » manque : joignez ce fichier (le chemin part du dossier de la session)`,
            en: `the authority “${name}” is missing: add this file (the path starts from the session's folder)`,
          }
        : privateKey.test(text)
          ? {
              fr: `« ${name} » contient une clé privée : n'y gardez que le certificat de l'autorité`,
              en: `“${name}” holds a private key: keep only the authority's certificate in it`,
            }
          : certificate.test(text)
            ? null
            : {
                fr: `« ${name} » ne contient pas de certificat en PEM : convertissez-le du DER (« openssl x509 -inform der -in ${name} »)`,
                en: `“${name}” holds no certificate as PEM: make it from DER (“openssl x509 -inform der -in ${name}”)`,
              }
    if (message) wrong.set(`${name} ${path.join(' ')}`, assembled.session.document.diagnose(path, message))
  }
  return [...wrong.values()]
}
