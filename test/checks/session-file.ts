import type { Exam } from '../../checks/exam.ts'
import { readExam } from '../../checks/exam.ts'
import { diagnosticLine, type Diagnostic } from '../../checks/document.ts'
import { readSession, resolveCandidate } from '../../checks/session-reader.ts'
import { sources, valid } from './exam-file.ts'

export const exam: Exam = readExam('sujet.yaml', valid, sources).exam!

/** A session of the exam without a mistake; tests count on its line numbers. */
export const validSession = `exam: sujet.yaml
date: 2026-12-01
credentials:
  admin: { user: root, password: env:ADMIN }
  ad: { user: "lecture@agence{{n}}.lan", password: vault:ad }
shared:
  sw: { address: 10.0.0.2, candidates: 4 }
targets:
  web: { address: "10.0.{{n}}.20", ssh: { credential: admin, port: "{{n+2200}}" } }
  dc: { address: "10.0.{{n}}.10", ldap: { credential: ad, domain: "agence{{n}}.lan" } }
control: { address: 10.0.0.1 }
candidates:
  - { code: C01, n: 1, seat: A1 }
  - { code: C02, n: 2, targets: { web: { address: 10.9.9.9 } } }
`

/** Everything that reading a session and resolving its candidates says. */
export function sessionDiagnostics(text: string): { all: Diagnostic[]; fr: string[]; en: string[] } {
  const { readable, diagnostics } = readSession('session.yaml', text)
  const all = [
    ...diagnostics,
    ...(readable?.file.candidates.flatMap((c) => resolveCandidate(readable, exam, c).diagnostics) ?? []),
  ]
  return { all, fr: all.map((d) => diagnosticLine(d, 'fr')), en: all.map((d) => diagnosticLine(d, 'en')) }
}
