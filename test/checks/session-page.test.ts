import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { waysWithCredential } from '../../checks/credential-needs.ts'
import { diagnosticLine } from '../../checks/document.ts'
import { readExam } from '../../checks/exam.ts'
import { sessionJsonSchema } from '../../checks/schema.ts'
import { readSession, resolveCandidate } from '../../checks/session-reader.ts'
import { sources } from './exam-file.ts'

const folder = join(import.meta.dirname, '../../docs/fr')
const page = readFileSync(join(folder, 'session.md'), 'utf8')
type Written = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>
const examples = [...page.matchAll(/^```yaml\n([^]*?)^```$/gm)].map((match) => match[1] ?? '')
const accepts = new Ajv2020({ strict: false, validateFormats: false }).compile(sessionJsonSchema('fr'))

/** A part of a session, made whole by what the page has said above it. */
const whole = (text: string): string =>
  text.startsWith('exam:')
    ? text
    : `exam: sujet.yaml\ndate: 2026-12-01\n${text}candidates: [{ code: C01, n: 1 }]\n`

/** An exam whose roles are the machines of a session. */
function examFor({ targets = {}, shared = {} }: Written) {
  const roles = Object.keys({ ...targets, ...shared })
  const text = stringify({
    title: 'Sujet',
    purpose: 'training',
    referential: 'tp-01351-01',
    certificate: 'TITRE',
    roles: Object.fromEntries(roles.map((role) => [role, 'windows'])),
    demands: [{ id: 'd', criteria: ['C8.3'], checks: [{ 'network.reachable': { on: roles[0] } }] }],
  })
  return readExam('sujet.yaml', text, sources).exam!
}

describe('the page about sessions', () => {
  it('has an example of each way to a machine', () => {
    expect(examples.length).toBeGreaterThan(12)
    const written = examples.join('\n')
    for (const way of [...waysWithCredential, 'local']) expect(written).toMatch(new RegExp(`\\b${way}:`))
    for (const words of ['shell: powershell', 'through: powershell', 'local: powershell', 'scheme: https'])
      expect(written).toContain(words)
  })

  it.each(examples.map((text, i) => [i + 1, whole(text)] as const))(
    'is right in its example %i',
    (_number, text) => {
      const { session, diagnostics } = readSession('session.yaml', text)
      expect(diagnostics.map((one) => diagnosticLine(one, 'fr'))).toEqual([])
      const exam = examFor(parse(text) as Written)
      const wrong = session!.file.candidates.flatMap(
        (candidate) => resolveCandidate(session!, exam, candidate).diagnostics,
      )
      expect(wrong.map((one) => diagnosticLine(one, 'fr'))).toEqual([])
      accepts(parse(text))
      expect(accepts.errors ?? []).toEqual([])
    },
  )

  it('is found from the two others', () => {
    for (const name of ['LISEZMOI.md', 'windows.md'])
      expect(readFileSync(join(folder, name), 'utf8')).toContain('(session.md')
  })
})
