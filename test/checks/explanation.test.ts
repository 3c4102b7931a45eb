import { describe, expect, it } from 'vitest'
import { catalogue } from '../../checks/catalogue.ts'
import { explanationOf, isNegated, type Explanation } from '../../checks/explanation.ts'
import { remedyFor } from '../../checks/explanation/causes.ts'
import { lessons } from '../../checks/explanation/lessons.ts'
import type { Finding } from '../../checks/finding.ts'
import type { Answer, Observation } from '../../checks/observation.ts'
import type { RunBody } from '../../checks/run.ts'
import { causeSchema } from '../../checks/verdict.ts'
import { noFile, observed, unanswered } from './observed.ts'

const finding = (more: Partial<Finding> = {}): Finding => ({
  demand: 'd',
  alternative: 0,
  check: 'linux.file',
  says: { fr: 'dit', en: 'says' },
  cell: null,
  criteria: ['C9.1'],
  from: 'agent',
  target: 'web',
  address: '192.0.2.20',
  transport: 'ssh',
  verdict: 'fail',
  cause: null,
  blame: null,
  detail: null,
  expected: { fr: 'droits 600', en: 'mode 600' },
  observed: { fr: 'droits 644', en: 'mode 644' },
  contradiction: false,
  byHand: { fr: 'stat', en: 'stat' },
  evidence: [],
  ms: 1,
  ...more,
})
const run = (
  answers: readonly (Answer | Observation)[] = [],
  not = false,
): Pick<RunBody, 'observations' | 'exam'> => ({
  observations: Object.fromEntries(
    answers.map((one, i) => [`key${i}`, 'probe' in one ? one : observed(one)]),
  ),
  exam: {
    title: 't',
    purpose: 'training',
    referential: 'tp-01351-01',
    certificate: 'TITRE',
    demands: [
      {
        id: 'd',
        text: 'd',
        criteria: ['C9.1'],
        question: null,
        transient: false,
        alternatives: [[{ check: 'linux.file', params: {}, not }]],
      },
    ],
  },
})
const explain = (one: Finding, seen = run()): Explanation =>
  explanationOf(one, seen, catalogue.get(one.check))
const sentence = ({ why }: Explanation, lang: 'fr' | 'en' = 'fr') =>
  why.map(({ text }) => text[lang]).join('')

describe('an explanation', () => {
  it('says what was expected and what the machine shows, and what such a difference comes from', () => {
    const told = explain(finding())
    expect(sentence(told)).toBe('On attendait : droits 600. La machine montre : droits 644.')
    expect(sentence(told, 'en')).toBe('Expected: mode 600. The machine shows: mode 644.')
    expect(told.lesson?.fr).toContain('chmod')
    expect(told.next).toBeNull()
  })

  it('keeps what the exam and the machine say apart from our own words, which alone are typeset', () => {
    const told = explain(finding({ observed: { fr: 'a : b', en: 'a: b' } }))
    expect(told.why.filter(({ ours }) => !ours).map(({ text }) => text.fr)).toEqual(['droits 600', 'a : b'])
  })

  it('names the vantage point where it is a machine of the session', () => {
    expect(sentence(explain(finding({ from: 'poste' })))).toContain('Vu de « poste » : droits 644')
  })

  it('of an absence teaches where to look for it', () => {
    const told = explain(finding({ evidence: ['key0'] }), run([noFile]))
    expect(told.lesson?.fr).toContain('Rien ne porte ce nom à cet endroit')
    // A file that another check looks at on its way is not what is missing.
    const task = explain(finding({ check: 'linux.scheduled-task', evidence: ['key0'] }), run([noFile]))
    expect(task.lesson).toBe(lessons['linux.scheduled-task'])
  })

  it('of a refusal that proves an absence speaks of the refusal', () => {
    const told = explain(finding({ check: 'http.site', evidence: ['key0'] }), run([unanswered('refused')]))
    expect(told.lesson?.fr).toContain('Une connexion refusée')
  })

  it.each([
    [{ kind: 'tcp', state: 'refused' }, 'ss -ltn'],
    [{ kind: 'tcp', state: 'silent' }, 'pare-feu'],
    [{ kind: 'dns', rcode: 'NXDOMAIN', authoritative: true, answers: [] }, 'NXDOMAIN'],
    [{ kind: 'http', status: 502, headers: {}, body: '', certificateSha256: null }, 'journal d’erreurs'],
  ] as const)('of %j teaches from the answer itself', (answer, words) => {
    const told = explain(finding({ check: 'linux.port', evidence: ['key0'] }), run([answer as Answer]))
    expect(told.lesson?.fr).toContain(words)
  })

  it('of a demand for the contrary says that the contrary is asked for, whatever the answer teaches', () => {
    const seen = run([noFile], true)
    expect(isNegated(seen, finding())).toBe(true)
    expect(explain(finding({ evidence: ['key0'] }), seen).lesson?.fr).toBe(
      'La demande veut justement que ce ne soit pas le cas.',
    )
  })

  it('has something to teach for every check of the catalogue, and no lesson without a check', () => {
    for (const check of catalogue.keys()) expect(explain(finding({ check })).lesson?.fr, check).toBeTruthy()
    expect(Object.keys(lessons).filter((id) => !catalogue.has(id))).toEqual([])
    const other = explanationOf(finding({ check: 'new.check' }), run(), catalogue.get('linux.mount'))
    expect(other.lesson?.fr).toMatch(/^Ce qui est regardé : /)
  })

  it.each(causeSchema.options)(
    'of an unknown by %s gives the cause and what to do, by every way, in both languages',
    (cause) => {
      for (const transport of [
        'ssh',
        'local',
        'winrm',
        'powershell-ssh',
        'powershell-local',
        'smb',
        'ldap',
        'snmp',
        'icmp',
        'tcp',
        'http',
        'dns',
        '',
      ]) {
        const told = explain(finding({ verdict: 'unknown', cause, transport, blame: 'undecidable' }))
        const { because } = remedyFor(cause, transport)
        expect(sentence(told)).toContain('Cela n’a pas pu être vérifié : ')
        for (const lang of ['fr', 'en'] as const) {
          expect(sentence(told, lang)).toContain(because[lang].replace('{address}', '192.0.2.20'))
          expect(told.next?.[lang]).toBeTruthy()
          expect(`${sentence(told, lang)}${told.next?.[lang]}`).not.toContain('{')
        }
        // Nothing was observed: no difference is explained, and nothing is said to be wrong.
        expect(sentence(told)).not.toContain('La machine montre')
      }
    },
  )

  it('of a failed control says what the control is', () => {
    const told = explain(finding({ check: 'linux.service', verdict: 'unknown', cause: 'control' }))
    expect(told.lesson?.fr).toContain('systemd-journald')
  })

  it.each([
    [{ kind: 'tcp', state: 'refused' }, '127.0.0.1'],
    [{ kind: 'tcp', state: 'open' }, 'redirection de port'],
  ] as const)('of a contradiction with %j says what it usually means', (answer, words) => {
    const told = explain(
      finding({ contradiction: true, evidence: ['key0', 'key1'] }),
      run([answer, unanswered('timeout')]),
    )
    expect(told.contradiction?.fr).toContain(words)
  })

  it('says nothing to mend of what matches or does not apply, and leaves the jury what is theirs', () => {
    for (const verdict of ['pass', 'na'] as const)
      expect(explain(finding({ verdict }))).toMatchObject({ lesson: null, next: null, contradiction: null })
    expect(explain(finding({ verdict: 'jury' })).lesson?.fr).toContain('Aucune machine ne peut le dire')
  })
})
