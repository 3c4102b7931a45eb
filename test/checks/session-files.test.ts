import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { hashesOf, loadSession } from '../../agent/run/load.ts'
import { diagnosticLine, type Diagnostic } from '../../checks/document.ts'
import { assembleSession, authoritiesOf } from '../../checks/session-files.ts'
import { sources, valid } from './exam-file.ts'
import { validSession } from './session-file.ts'

const lines = (diagnostics: readonly Diagnostic[]) => diagnostics.map((one) => diagnosticLine(one, 'fr'))
const assemble = (
  session: string,
  exam: string | null = valid,
  authorities?: readonly { name: string; text: string }[],
) =>
  assembleSession(
    {
      session: { name: 'session.yaml', text: session },
      exam: exam === null ? null : { name: 'sujet.yaml', text: exam },
      ...(authorities ? { authorities } : {}),
    },
    sources,
  )
const folder = mkdtempSync(join(tmpdir(), 'probant-files-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('a session made of texts', () => {
  it('is whole where nothing is wrong, with every candidate planned', () => {
    const { assembled, diagnostics } = assemble(validSession)
    expect(diagnostics.filter((one) => one.severity === 'error')).toEqual([])
    expect(assembled?.candidates.map(({ resolved }) => resolved.candidate.code)).toEqual(['C01', 'C02'])
    expect(assembled?.candidates[1]?.resolved.targets['web']?.target.address).toBe('10.9.9.9')
    expect(assembled?.candidates[0]?.plan.checks).toHaveLength(5)
  })

  const wrongSession = validSession.replace('n: 2, targets', 'n: 1, targets')
  const wrongTarget = validSession.replace('credential: admin', 'credential: autre')
  const wrongExam = valid.replace('linux.port', 'linux.pport')
  it.each([
    ['right', validSession, valid],
    ['wrong in its session', wrongSession, valid],
    ['wrong in a machine', wrongTarget, valid],
    ['wrong in its exam', validSession, wrongExam],
    ['wrong in both', wrongTarget, valid.replace('{{service}}', '{{nulle-part}}')],
    ['not YAML', 'exam: [', valid],
    ['without its exam', validSession, null],
  ])('says the same as its files on a disk: %s', async (_what, session, exam) => {
    const own = mkdtempSync(join(folder, 'session-'))
    writeFileSync(join(own, 'session.yaml'), session)
    if (exam !== null) writeFileSync(join(own, 'sujet.yaml'), exam)
    const read = await loadSession(join(own, 'session.yaml'), sources)
    const { assembled, diagnostics } = assemble(session, exam)
    expect(lines(read.diagnostics).map((line) => line.replace(`${own}/`, ''))).toEqual(lines(diagnostics))
    expect(read.loaded === null).toBe(assembled === null)
    if (assembled && exam !== null) expect(read.loaded?.hashes).toEqual(hashesOf(assembled, session, exam))
  })

  const withAuthority = validSession.replace(
    'domain: "agence{{n}}.lan"',
    'domain: "agence{{n}}.lan", ca: "ca{{n}}.pem"',
  )
  const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'
  it('names its authorities, and wants them only where files are all that there is', () => {
    const { assembled } = assemble(withAuthority)
    expect(authoritiesOf(assembled!)).toEqual(['ca1.pem', 'ca2.pem'])
    const missing = assemble(withAuthority, valid, [{ name: 'ca1.pem', text: pem }])
    expect(missing.assembled).toBeNull()
    expect(lines(missing.diagnostics.filter((one) => one.severity === 'error'))).toEqual([
      "session.yaml:10:90: l'autorité « ca2.pem » manque : joignez ce fichier (le chemin part du dossier de la session)",
    ])
    const both = [1, 2].map((n) => ({ name: `ca${n}.pem`, text: pem }))
    expect(assemble(withAuthority, valid, both).assembled).not.toBeNull()
  })
  it.each([
    ['a key', `-----BEGIN PRIVATE KEY-----\nx\n${pem}`, 'contient une clé privée'],
    ['something else', 'DER', 'ne contient pas de certificat en PEM'],
  ])('refuses %s as an authority', (_what, text, words) => {
    const { assembled, diagnostics } = assemble(
      withAuthority,
      valid,
      [1, 2].map((n) => ({ name: `ca${n}.pem`, text })),
    )
    expect(assembled).toBeNull()
    expect(lines(diagnostics).filter((line) => line.includes(words))).toHaveLength(2)
  })
})
