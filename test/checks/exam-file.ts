import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalogue } from '../../checks/catalogue.ts'
import { diagnosticLine, sortedDiagnostics, type Diagnostic } from '../../checks/document.ts'
import { readExam, type ExamSources } from '../../checks/exam.ts'
import { parseReferential } from '../../checks/referential/referential.ts'

const yaml = join(import.meta.dirname, '../../checks/referential/tp-01351-01.yaml')
const referential = parseReferential(readFileSync(yaml, 'utf8'))

/** What exams of the tests are read with: the real checks and the real référentiel. */
export const sources: ExamSources = { catalogue, referentials: new Map([[referential.id, referential]]) }

/** A small exam without a mistake; the line numbers of its demands are counted on by tests. */
export const valid = `title: Sujet d'essai
purpose: training
referential: tp-01351-01
certificate: TITRE
roles: { web: linux, dc: windows, sw: switch }
variables: { service: nginx }
demands:
  - id: serveur-web
    text: "Le site {{n}} répond."
    criteria: [C9.1]
    checks:
      - linux.service: { on: web, name: "{{service}}" }
      - linux.port: { on: web, port: "{{n+8000}}" }
  - id: ailleurs
    criteria: [C9.1]
    any:
      - linux.package: { on: web, name: nginx }
      - [not: { linux.package: { on: web, name: apache2 } }, linux.service: { on: web, name: nginx }]
`

/** The diagnostics of an exam, as lines, in both languages. */
export function diagnosed(text: string): { fr: string[]; en: string[]; all: Diagnostic[] } {
  const all = sortedDiagnostics(readExam('sujet.yaml', text, sources).diagnostics)
  return { all, fr: all.map((d) => diagnosticLine(d, 'fr')), en: all.map((d) => diagnosticLine(d, 'en')) }
}
