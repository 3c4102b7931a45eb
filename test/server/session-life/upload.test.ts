import { describe, expect, it } from 'vitest'
import { diagnosticLine } from '../../../checks/document.ts'
import { officialMinutes } from '../../../server/session-life/phase-one.ts'
import { readUpload, type Upload } from '../../../server/session-life/upload.ts'
import { testReferential } from '../exam-day-server.ts'
import { examText, idOf, sessionText, sources, uploadOf } from './session-files.ts'

const said = (upload: Upload, lang: 'fr' | 'en' = 'fr') => {
  const { read, diagnostics } = readUpload(upload, sources)
  return { read, lines: diagnostics.map((one) => diagnosticLine(one, lang)) }
}
const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'

describe('an upload', () => {
  it('becomes a session known by the SHA-256 of its text, its files under the names that it gives', () => {
    const { read, lines } = said(uploadOf())
    expect(lines).toEqual([])
    expect(read?.session).toEqual({
      id: idOf(sessionText),
      title: 'Lyon, décembre',
      date: '2026-12-01',
      exam: 'Agence de Lyon',
      purpose: 'examination',
      referential: 'tp-01351-01',
      certificate: 'TITRE',
      minutes: 90,
      purgeAfter: '2027-12-01',
    })
    expect(read?.files.map(({ name }) => name)).toEqual(['session.yaml', 'sujets/lyon.yaml'])
    expect(read?.candidates).toEqual([
      { code: 'C01', seat: 'A1', name: null, extraMinutes: 0 },
      { code: 'C02', seat: 'A2', name: null, extraMinutes: 30 },
    ])
  })

  it('takes its candidates from a CSV, whose names stay out of the session’s text', () => {
    const { read, lines } = said(
      uploadOf({
        candidates: { name: 'liste.csv', text: 'code;n;nom;place\nC02;2;Chloé Durand;B2\nC07;7;;B7\n' },
      }),
    )
    expect(lines).toEqual(["lyon-session.yaml:8:13: « C01 » n'est pas dans la liste : laissé de côté"])
    expect(read?.candidates).toEqual([
      { code: 'C02', seat: 'B2', name: 'Chloé Durand', extraMinutes: 30 },
      { code: 'C07', seat: 'B7', name: null, extraMinutes: 0 },
    ])
    expect(read?.session.id).toBe(idOf(read?.files[0]?.text ?? ''))
    expect(JSON.stringify(read?.files)).not.toContain('Durand')
  })

  it('is refused with every mistake of every file at once, each at its place', () => {
    const { read, lines } = said(
      uploadOf({
        session: sessionText.replace('credential: admin }', 'credential: nobody }'),
        exam: examText().replace('C9.1', 'C99.1'),
        candidates: { name: 'liste.csv', text: 'code;place\nC01;A1\n' },
      }),
    )
    expect(read).toBeNull()
    expect(lines.map((line) => line.split(': ')[0])).toEqual(
      expect.arrayContaining(['liste.csv:1:1', 'lyon.yaml:7:28']),
    )
    const broken = said(
      uploadOf({ session: 'date: hier\n', exam: examText().replace('C9.1', 'C99.1') }),
    ).lines
    expect(broken.some((line) => line.startsWith('lyon-session.yaml:1:7: '))).toBe(true)
    expect(broken.some((line) => line.startsWith('lyon.yaml:7:28: '))).toBe(true)
  })

  it('says a mistake once, in both languages', () => {
    const upload = uploadOf({ exam: examText().replace('linux.file', 'linux.fil') })
    const [fr, en] = [said(upload).lines, said(upload, 'en').lines]
    expect(fr).toHaveLength(1)
    expect(fr[0]).toMatch(/^lyon\.yaml:7:\d+: /)
    expect(en[0]).not.toBe(fr[0])
  })

  it('finds an authority by the last part of its path, says which is missing, and keeps nothing that is not named', () => {
    const session = sessionText.replace(
      'ssh: { credential: admin }',
      'ssh: { credential: admin }, http: { ca: ca/racine.pem }',
    )
    const missing = said(uploadOf({ session }))
    expect(missing.read).toBeNull()
    expect(missing.lines.join()).toContain('ca/racine.pem')
    const { read } = said(
      uploadOf({
        session,
        others: [
          { name: 'racine.pem', text: pem },
          { name: 'notes.txt', text: 'x' },
        ],
      }),
    )
    expect(read?.files.map(({ name }) => name)).toEqual(['session.yaml', 'sujets/lyon.yaml', 'ca/racine.pem'])
    expect(read?.warnings.map(({ fr }) => fr)).toEqual([expect.stringContaining('notes.txt')])
  })

  it('does not guess between two authorities of one name', () => {
    const session = sessionText.replace(
      'ssh: { credential: admin }',
      'ssh: { credential: admin }, http: { ca: a/ca.pem }, winrm: { credential: admin, scheme: https, ca: b/ca.pem }',
    )
    const { read, lines } = said(uploadOf({ session, others: [{ name: 'ca.pem', text: pem }] }))
    expect(read).toBeNull()
    expect(lines.join()).toContain('a/ca.pem')
    expect(lines.join()).toContain('b/ca.pem')
  })

  it('refuses two files of one name and what is no text', () => {
    const clash = said(uploadOf({ session: sessionText.replace('sujets/lyon.yaml', 'session.yaml') }))
    expect([clash.read, clash.lines]).toEqual([null, [expect.stringContaining('session.yaml:1:7')]])
    const nul = said(uploadOf({ exam: `${examText()}# \0\n` }))
    expect(nul.read).toBeNull()
    expect(said(uploadOf({ exam: `${examText()}# \ud800\n` })).read).toBeNull()
  })

  it('warns of a name for nobody', () => {
    const { read } = said(
      uploadOf({
        names: new Map([
          ['C01', 'Ada'],
          ['C09', 'Bob'],
        ]),
      }),
    )
    expect(read?.candidates.map(({ name }) => name)).toEqual(['Ada', null])
    expect(read?.warnings).toHaveLength(1)
    expect(read?.warnings[0]?.en).toContain('C09')
    expect(JSON.stringify(read?.warnings)).not.toContain('Bob')
  })
})

describe('the length of phase 1', () => {
  it.each([
    ['TITRE', 90],
    ['CCP1', 60],
    ['nothing', null],
  ])('of %s is %s minutes', (certificate, minutes) => {
    expect(officialMinutes(testReferential, certificate)).toBe(minutes)
  })
  it('is not known without a référentiel', () => expect(officialMinutes(null, 'TITRE')).toBeNull())
  it('is three hours for a CCS', () => {
    const ccs = testReferential.certificates.filter(({ kind }) => kind === 'ccs').map(({ id }) => id)
    expect(ccs.length).toBeGreaterThan(0)
    expect(ccs.map((id) => officialMinutes(testReferential, id))).toEqual(ccs.map(() => 180))
  })
})
