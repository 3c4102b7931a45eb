import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readExam } from '../../checks/exam.ts'
import { diagnosed, sources, valid } from './exam-file.ts'

/** The valid exam with one thing changed. */
function changed(from: string, to: string): string {
  expect(valid).toContain(from)
  return valid.replace(from, to)
}

describe('an exam', () => {
  it('is read whole where nothing is wrong', () => {
    const { exam, diagnostics } = readExam('sujet.yaml', valid, sources)
    expect(diagnostics).toEqual([])
    expect(
      exam?.demands.map((d) => d.alternatives.map((a) => a.map((c) => (c.not ? '!' : '') + c.check.id))),
    ).toEqual([[['linux.service', 'linux.port']], [['linux.package'], ['!linux.package', 'linux.service']]])
  })

  const service = '- linux.service: { on: web, name: "{{service}}" }'
  it.each([
    [
      'a duplicate key',
      'purpose: training',
      'purpose: training\ntitle: Encore',
      '3:1: cette clé est déjà donnée',
      '3:1: this key is already given',
    ],
    [
      'an unknown key',
      'purpose: training',
      'purpose: training\nfoo: 1',
      '3:1: clé inconnue « foo »',
      '3:1: unknown key “foo”',
    ],
    ['a missing key', "title: Sujet d'essai\n", '', '1:1: il manque « title »', '1:1: “title” is missing'],
    ['a wrong word', 'purpose: training', 'purpose: test', '2:10: « purpose »', '2:10: “purpose”'],
    [
      'an unknown référentiel',
      'tp-01351-01',
      'tp-1',
      '3:14: référentiel inconnu « tp-1 »',
      '3:14: unknown referential “tp-1”',
    ],
    [
      'an unknown certificate',
      'TITRE',
      'CCP9',
      '4:14: certificat inconnu « CCP9 »',
      '4:14: unknown certificate “CCP9”',
    ],
    ['an unknown kind of role', 'dc: windows', 'dc: windoz', '5:26: « dc »', '5:26: “dc”'],
    [
      'a wrong name of a role',
      'dc: windows',
      'DC: windows',
      '5:22: « DC » : un nom fait de minuscules',
      '5:22: “DC”: a name is made of',
    ],
    ['a tab', '    text: "Le', '\ttext: "Le', '9:1: une tabulation', '9:1: a tab'],
    ['an unquoted placeholder', '"{{service}}"', '{{service}}', '12:42: une accolade', '12:42: a brace'],
    [
      'an unresolved placeholder',
      '{{service}}',
      '{{servise}}',
      '12:41: {{servise}} ne désigne rien',
      '12:41: {{servise}} stands for nothing',
    ],
    [
      'one in a text',
      'Le site {{n}}',
      'Le site {{m}}',
      '9:11: {{m}} ne désigne rien',
      '9:11: {{m}} stands for nothing',
    ],
    [
      'an unknown check',
      'linux.service',
      'linux.servce',
      '12:9: contrôle inconnu « linux.servce » ; vouliez-vous dire « linux.service »',
      '12:9: unknown check “linux.servce”; did you mean “linux.service”',
    ],
    [
      'an unknown role',
      'on: web, name: "',
      'on: wbe, name: "',
      '12:30: rôle inconnu « wbe »',
      '12:30: unknown role “wbe”',
    ],
    [
      'a role of the wrong kind',
      'on: web, name: "',
      'on: sw, name: "',
      '12:30: le rôle « sw » est de type switch',
      '12:30: role “sw” is of kind switch',
    ],
    [
      'an unknown parameter',
      'on: web, name: "',
      'on: web, nom: x, name: "',
      '12:35: clé inconnue « nom »',
      '12:35: unknown key “nom”',
    ],
    [
      'a missing parameter',
      ', name: "{{service}}"',
      '',
      '12:24: il manque « name »',
      '12:24: “name” is missing',
    ],
    [
      'a number for a text',
      'name: "{{service}}"',
      'name: 3',
      '12:41: « name » : du texte est attendu',
      '12:41: “name”: text is expected',
    ],
    ['a parameter out of range', '"{{n+8000}}"', '"{{n+80000}}"', '13:38: « port »', '13:38: “port”'],
    [
      'a check without parameters',
      service,
      '- linux.service',
      '12:9: un contrôle s’écrit',
      '12:9: a check is written',
    ],
    [
      'two checks in one',
      service,
      '- { linux.service: { on: web, name: nginx }, linux.package: { on: web, name: nginx } }',
      '12:9: un contrôle s’écrit',
      '12:9: a check is written',
    ],
    [
      'two demands of one name',
      'id: ailleurs',
      'id: serveur-web',
      '14:9: la demande « serveur-web » existe déjà',
      '14:9: demand “serveur-web” exists already',
    ],
    [
      'a demand without check',
      /    any:[^]*$/,
      '',
      "14:5: la demande « ailleurs » n'a aucun contrôle",
      '14:5: demand “ailleurs” has no check',
    ],
    [
      'an unknown criterion',
      'criteria: [C9.1]\n    checks',
      'criteria: [C9.1, C9.99]\n    checks',
      '10:22: critère inconnu « C9.99 »',
      '10:22: unknown criterion “C9.99”',
    ],
    [
      'a criterion of another certificate',
      'criteria: [C9.1]\n    checks',
      'criteria: [S5.1]\n    checks',
      "10:16: le critère S5.1 n'est évalué par aucune modalité",
      '10:16: criterion S5.1 is evaluated by no modality',
    ],
  ])('says where there is %s, in both languages', (_what, from, to, fr, en) => {
    const text = typeof from === 'string' ? changed(from, to) : valid.replace(from, to)
    const said = diagnosed(text)
    expect(
      said.fr.find((line) => line.startsWith(`sujet.yaml:${fr}`)),
      said.fr.join('\n'),
    ).toBeDefined()
    expect(
      said.en.find((line) => line.startsWith(`sujet.yaml:${en}`)),
      said.en.join('\n'),
    ).toBeDefined()
    // What is taken out may leave a variable without use: that is a note.
    expect(said.all.filter(({ severity }) => severity === 'error')).toHaveLength(1)
    expect(readExam('sujet.yaml', text, sources).exam).toBeNull()
  })

  it('notes a criterion that only the entretien evaluates, and goes on', () => {
    const text = changed('criteria: [C9.1]\n    checks', 'criteria: [C13.2]\n    checks')
    const said = diagnosed(text)
    expect(said.all.map((d) => d.severity)).toEqual(['note'])
    expect(said.fr[0]).toContain(
      "sujet.yaml:10:16: le critère C13.2 n'est pas évalué par la mise en situation de TITRE (ET, QP)",
    )
    expect(said.en[0]).toContain('sujet.yaml:10:16: criterion C13.2 is not evaluated by the MSP of TITRE')
    expect(readExam('sujet.yaml', text, sources).exam).not.toBeNull()
  })

  it('notes a text that says another value than its check, at the value, and goes on', () => {
    const text = changed('text: "Le site {{n}} répond."', 'text: "Le site répond sur le port 8080."')
    const { fr, en, all } = diagnosed(text)
    expect(fr.map((line) => line.replaceAll(/[\u00a0\u202f]/g, ' '))).toEqual([
      'sujet.yaml:13:38: le texte dit « 8080 » et ce contrôle attend « 8001 » : accordez-les',
    ])
    expect(en[0]).toContain('the text says “8080” and this check expects “8001”')
    expect(all[0]?.severity).toBe('note')
    expect(readExam('sujet.yaml', text, sources).exam).not.toBeNull()
    expect(diagnosed(text.replace('8080', '8001')).all).toEqual([])
  })

  it('asks for criteria where the checks bring none of this certificate', () => {
    const text = valid.replace('TITRE', 'CCP3').replaceAll(/ {4}criteria: .*\n/g, '')
    const said = diagnosed(text)
    const none = said.all.filter((d) => d.message.en.includes('belongs to no criterion'))
    for (const d of none) expect(d.severity).toBe('error')
    // Whatever the defaults are: a demand is either given criteria of the certificate, or refused.
    const { exam } = readExam('sujet.yaml', text, sources)
    expect(exam === null).toBe(none.length > 0)
    for (const demand of exam?.demands ?? []) expect(demand.criteria.length).toBeGreaterThan(0)
  })

  it('says everything that is wrong in one pass', () => {
    const text = changed('on: web, name: "', 'on: wbe, name: "')
      .replace('linux.port', 'linux.prt')
      .replace('id: ailleurs', 'id: serveur-web')
    expect(diagnosed(text).fr).toHaveLength(3)
  })

  it('never throws, whatever is cut, doubled, or put in', () => {
    const odd = fc.constantFrom(
      '',
      '{',
      '}',
      '[',
      '&a ',
      '*a',
      '"',
      ': ',
      '- ',
      '\n',
      '\t',
      'null',
      '{{n}}',
      '{{',
      '__proto__',
      'constructor',
      '~',
      '!!binary ',
      '<<: *a',
      '\u0000',
      '1e999',
    )
    const position = fc.nat({ max: valid.length })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(position, fc.nat({ max: 30 }), odd), { minLength: 1, maxLength: 4 }),
        (edits) => {
          let text = valid
          for (const [at, length, put] of edits) text = text.slice(0, at) + put + text.slice(at + length)
          const { exam, diagnostics } = readExam('sujet.yaml', text, sources)
          expect(exam === null).toBe(diagnostics.some((d) => d.severity === 'error'))
          for (const d of diagnostics) {
            expect(d.line).toBeGreaterThan(0)
            expect(d.column).toBeGreaterThan(0)
            expect(d.message.fr && d.message.en).toBeTruthy()
          }
        },
      ),
      { numRuns: 600 },
    )
  }, 30_000)

  it('never throws, whatever values stand where', () => {
    const leaf = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('{{n}}', '*', 'web', 'C9.1'))
    const keys = fc.constantFrom(
      'title',
      'purpose',
      'referential',
      'certificate',
      'roles',
      'variables',
      'demands',
    )
    fc.assert(
      fc.property(keys, leaf, (key, value) => {
        const text = valid.replace(new RegExp(`^${key}:.*$`, 'm'), `${key}: ${JSON.stringify(value)}`)
        const { exam, diagnostics } = readExam('sujet.yaml', text, sources)
        expect(exam === null).toBe(diagnostics.some((d) => d.severity === 'error'))
      }),
      { numRuns: 300 },
    )
  }, 30_000)
})
