import { expect, it } from 'vitest'
import { diagnosticLine, sortedDiagnostics } from '../../checks/document.ts'
import { assembleSession } from '../../checks/session-files.ts'
import { sources, valid } from './exam-file.ts'
import { validSession } from './session-file.ts'

const said = (session: string, exam: string | null = valid) => {
  const { assembled, diagnostics } = assembleSession(
    {
      session: { name: 'session.yaml', text: session },
      exam: exam === null ? null : { name: 'sujet.yaml', text: exam },
    },
    sources,
  )
  const errors = sortedDiagnostics(diagnostics).filter(({ severity }) => severity === 'error')
  expect(assembled === null).toBe(errors.length > 0)
  return errors.map((one) => diagnosticLine(one, 'fr'))
}
/** Each mistake, how it is planted, and what must be said of it. */
const mistakes: readonly (readonly [string, string, string, string])[] = [
  ['a wrong date', 'date: 2026-12-01', 'date: 2026-13-01', '2:7: « date »'],
  ['a key given twice', 'control:', 'date: 2026-12-02\ncontrol:', '11:1: cette clé est déjà donnée'],
  ['a secret written out', 'env:ADMIN', 'hunter2', '4:34: « password » : un secret ne s’écrit pas ici'],
  ['an unknown credential', 'credential: ad,', 'credential: adm,', '10:55: identifiants inconnus « adm »'],
  ['an unknown way of asking', 'ldap: {', 'ldpa: {', '10:35: clé inconnue « ldpa »'],
  ['a placeholder for nothing', '10.0.{{n}}.20', '10.0.{{m}}.20', '9:19: {{m}} ne désigne rien'],
  [
    'a machine that is shared already',
    '  web: {',
    '  sw: { address: 10.0.0.3 }\n  web: {',
    '9:7: « sw » est déjà',
  ],
  ['a number given twice', 'n: 2,', 'n: 1,', '14:21: « 1 » est déjà donné'],
  ['a wrong code', 'code: C01', 'code: "C 1"', '13:13: « code » : un code fait de lettres'],
  ['an unknown key', 'control:', 'contrl:', '11:1: clé inconnue « contrl »'],
]
/** Lines that were put in move what stands below. */
const withoutLine = (words: string) => words.replace(/^\d+:/, '')

it.each(mistakes)('says %s alone, once', (_what, from, to, words) => {
  const text = validSession.replace(from, to)
  expect(text).not.toBe(validSession)
  const lines = said(text)
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(new RegExp(`^session\\.yaml:`))
  expect(lines[0]).toContain(words)
})

it('says all of them in one pass, and nothing else', () => {
  // The same number and the wrong code are both of candidates: each is said.
  const planted = mistakes.filter(([what]) => what !== 'an unknown key')
  const text = planted.reduce((written, [, from, to]) => written.replace(from, to), validSession)
  const lines = said(text)
  for (const [what, , , words] of planted)
    expect(
      lines.some((line) => line.includes(withoutLine(words))),
      `${what}\n${lines.join('\n')}`,
    ).toBe(true)
  expect(lines).toHaveLength(planted.length)
})

it('says those of the exam and those of the session together', () => {
  const lines = said(validSession.replace('n: 2,', 'n: 1,'), valid.replace('linux.port', 'linux.prt'))
  expect(lines).toHaveLength(2)
  expect(lines.join('\n')).toMatch(/« 1 » est déjà donné[^]*contrôle inconnu « linux\.prt »/)
})

it('looks at the machines where no candidate and no exam can be read', () => {
  const text = validSession
    .replace(/\ncandidates:[^]*$/, '\ncandidates: []\n')
    .replace('env:ADMIN', 'hunter2')
  const lines = said(text, null)
  expect(lines.join('\n')).toContain('« password » : un secret ne s’écrit pas ici')
  expect(lines.join('\n')).toContain('« candidates »')
  expect(lines.join('\n')).toContain('ne peut pas être lu')
  expect(lines).toHaveLength(3)
})
