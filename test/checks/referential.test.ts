import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Lang } from '../../checks/text.ts'
import { referentialJson } from '../../checks/referential/print.ts'
import {
  certificateOf,
  competency,
  criterion,
  modalitiesOf,
  parseReferential,
  readingOrder,
  ReferentialError,
} from '../../checks/referential/referential.ts'

const yaml = readFileSync(new URL('../../checks/referential/tp-01351-01.yaml', import.meta.url), 'utf8')
const ref = parseReferential(yaml)

/**
 * The criteria tables of the official document, taken from it and not from our data: the check boxes
 * (MSP, ET, QP, QPP), the number of criteria, and the SHA-256 (first 32 hexadecimal digits) of the
 * cell's text, its criteria joined by a space.
 */
const officialTable: Record<string, [boxes: string, criteria: number, sha256: string]> = {
  C1: ['x-x-', 4, '338615631550b21b1568c7a9789648ee'],
  C2: ['x---', 3, 'c6b04e8a911313d7fb6be6d376df0a2f'],
  C3: ['x-x-', 5, '8c11aac4d683939475c36ae3e4ed9ef5'],
  C4: ['-xx-', 2, '1c24f8dac7720b332a9b51e335beafdf'],
  C5: ['xxx-', 6, '7a3d2237a20a0ade6ff77ca740037ee4'],
  C6: ['xxx-', 5, '74515fd2e1138d6362934d924f3a5978'],
  C7: ['xxx-', 3, '1798d981b6a961b6ac8e3264e298d34b'],
  C8: ['xx--', 4, '9921b632c125e9706231987737f16a02'],
  C9: ['xxx-', 3, '4209d5adae598632ed0be1d8c7f965de'],
  C10: ['-xx-', 3, '251dd9a5038e49728c29312e7ed6ed9e'],
  C11: ['xx--', 4, 'e4d482ff04261e6eecc812e3b265fab4'],
  C12: ['xxx-', 2, 'cc71a2bbbf5518b2c1744edb360afdd1'],
  C13: ['-xx-', 4, 'ab2a3b0b7295a1fb767e895e428d2942'],
  C14: ['-xx-', 2, '19e9bd7a57d230a9e8aa28a020b53b78'],
  C15: ['-x--', 4, '0676c300ab379faf75857c325073c43d'],
  S1: ['xx--', 4, 'a32bf6c429916ce8133d65fe0e708609'],
  S2: ['---x', 4, 'c898c47f861cebf582a3c292b62002bb'],
  S3: ['xx--', 0, 'e3b0c44298fc1c149afbf4c8996fb924'],
  S4: ['---x', 2, '275c3e517fead6532834eef6c2f82824'],
  S5: ['xx--', 5, 'e85ff557dbbecda9a7f849dd774db690'],
}

describe('criteria', () => {
  test('20 competencies in the order of the official tables, 69 criteria', () => {
    expect(ref.competencies.map((c) => c.id)).toEqual(Object.keys(officialTable))
    expect(ref.competencies.flatMap((c) => c.criteria)).toHaveLength(69)
  })

  test.each(Object.entries(officialTable))('%s: wording and order', (id, [, count, sha256]) => {
    const labels = competency(ref, id)!.criteria.map((c) => c.label)
    expect(labels).toHaveLength(count)
    expect(createHash('sha256').update(labels.join(' ')).digest('hex').slice(0, 32)).toBe(sha256)
  })

  // The hash of a cell doesn't see where one criterion ends: each starts with a capital letter, and
  // no second sentence hides inside one.
  test('each criterion is one sentence', () => {
    for (const { id, label } of ref.competencies.flatMap((c) => c.criteria)) {
      expect(label, id).toMatch(/^\p{Lu}/u)
      expect(label, id).not.toMatch(/ (Les?|La|L'|Une?|Tous|Aucun)[ '\p{L}]/u)
    }
  })

  test('some, by their number', () => {
    expect(criterion(ref, 'C8.2')?.label).toBe(
      'Les règles de gestion (GPO) mises en place sont conformes à la demande',
    )
    expect(criterion(ref, 'C9.1')?.label).toBe('Le fonctionnement du serveur Linux est conforme à la demande')
    expect(criterion(ref, 'C13.4')?.label).toBe('Les alertes remontées sont exploitables')
    expect(criterion(ref, 'S1.3')?.label).toBe('Le choix du langage de script est pertinent.')
    expect(criterion(ref, 'S3.1')).toBeUndefined()
  })

  test('S3 has none, and says so', () => {
    const s3 = competency(ref, 'S3')!
    expect(s3.label).toBe('Superviser les serveurs Linux')
    expect(s3.criteria).toEqual([])
    expect(s3.note?.fr).toContain('aucun critère')
    expect(s3.note?.en).toContain('no criterion')
  })

  test('what a machine can show of each is that of the catalogue', () => {
    const letters = { full: 'F', part: 'p', none: '-' }
    const shown = ref.competencies.map((c) => c.criteria.map((k) => letters[k.observable]).join(''))
    expect(shown.join(' ')).toBe(
      'FFpF --- pp--p -- F-FFF- FFFp- FFF FFF- Fp- ppF pFFp F- -FFF F- ---- Fp-- FFp-  -- FFF-p',
    )
  })

  test('no two reasons are the same, and their French is typeset', () => {
    const reasons = ref.competencies.flatMap((c) => c.criteria.map((k) => k.why))
    expect(new Set(reasons.map((w) => w.fr)).size).toBe(69)
    expect(new Set(reasons.map((w) => w.en)).size).toBe(69)
    const notes = [...ref.competencies, ...ref.certificates, ...ref.transversal]
      .map((item) => item.note)
      .filter((note) => note !== undefined)
    for (const { fr } of [...reasons, ...notes]) {
      expect(fr).not.toMatch(/(?<!\u202f)[;:!?»]|«(?!\u202f)/)
      expect(fr).toMatch(/\.$/)
    }
  })
})

describe('certificates', () => {
  const letters = (certificate: string, id: string) => {
    const evaluated = modalitiesOf(ref, certificate, id)
    return (['MSP', 'ET', 'QP', 'QPP'] as const).map((m) => (evaluated.includes(m) ? 'x' : '-')).join('')
  }

  test.each(Object.entries(officialTable))('%s: check boxes agree with the lists', (id, [boxes]) => {
    expect(letters(id.startsWith('S') ? 'CCS1' : 'TITRE', id)).toBe(boxes)
    expect(letters(id.startsWith('S') ? 'TITRE' : 'CCS1', id)).toBe('----')
  })

  // The official document has no table of check boxes for the CCP: this one is a second reading of
  // their lists of competencies.
  test.each([
    ['CCP1', { C1: 'xx--', C2: 'xx--', C3: 'x---', C4: 'xx--' }],
    ['CCP2', { C5: 'xxx-', C6: 'xxx-', C7: 'xxx-', C8: 'xx--', C9: 'xxx-' }],
    ['CCP3', { C10: 'xxx-', C11: 'xx--', C12: 'xxx-', C13: '-xx-', C14: '-xx-', C15: '-x--' }],
  ])('%s: modalities', (certificate, expected) => {
    const evaluated = ref.competencies
      .map((c) => [c.id, letters(certificate, c.id)] as const)
      .filter(([, boxes]) => boxes !== '----')
    expect(Object.fromEntries(evaluated)).toEqual(expected)
    expect(ref.competencies.filter((c) => c.certificate === certificate).map((c) => c.id)).toEqual(
      Object.keys(expected),
    )
  })

  test.each([
    // total, jury, MSP and its phases (j: with the jury, s: supervised), ET, QP, QPP, EF
    ['TITRE', '5h05', '1h35', '135: 90s 45j', 30, 120, null, 20],
    ['CCP1', '2h15', '1h15', '105: 60s 45j', 30, null, null, null],
    ['CCP2', '3h45', '1h15', '105: 60s 45j', 30, 90, null, null],
    ['CCP3', '3h15', '1h15', '105: 60s 45j', 30, 60, null, null],
    ['CCS1', '4h10', '1h10', '180: 180s', 30, null, 30, 10],
  ])('%s: durations', (id, total, jury, msp, et, qp, qpp, ef) => {
    const { minutes, juryMinutes, modalities } = certificateOf(ref, id)!
    const clock = (m: number) => `${Math.floor(m / 60)}h${String(m % 60).padStart(2, '0')}`
    expect([clock(minutes), clock(juryMinutes)]).toEqual([total, jury])
    const phases = modalities.MSP!.phases.map(
      (p) => `${p.minutes}${p.supervised ? 's' : ''}${p.jury === 'present' ? 'j' : ''}`,
    )
    expect(`${modalities.MSP!.minutes}: ${phases.join(' ')}`).toBe(msp)
    const others = (['ET', 'QP', 'QPP', 'EF'] as const).map((m) => modalities[m]?.minutes ?? null)
    expect(others).toEqual([et, qp, qpp, ef])
  })

  test.each([
    ['TITRE', 'C1 C2 C3 C5 C6 C7 C8 C9 C11 C12 C4 C10 C13 C14 C15'],
    ['CCP1', 'C3 C4 C1 C2'],
    ['CCP2', 'C8 C9 C5 C6 C7'],
    ['CCP3', 'C10 C12 C11 C15 C14 C13'],
    ['CCS1', 'S1 S3 S5 S2 S4'],
  ])('%s: reading order', (id, order) => {
    expect(readingOrder(ref, id).join(' ')).toBe(order)
  })

  test('each list keeps the order of the official text', () => {
    const lists = ref.certificates.flatMap(({ id, modalities }) =>
      (['ET', 'QP', 'QPP'] as const).map(
        (m) => `${id} ${m} ${modalities[m]?.competencies.join(' ') ?? 'sans objet'}`,
      ),
    )
    expect(lists).toEqual([
      'TITRE ET C4 C5 C6 C7 C8 C9 C10 C11 C12 C13 C14 C15',
      'TITRE QP C1 C3 C4 C5 C6 C7 C9 C10 C12 C13 C14',
      'TITRE QPP sans objet',
      'CCP1 ET C4 C1 C2',
      'CCP1 QP sans objet',
      'CCP1 QPP sans objet',
      'CCP2 ET C8 C9 C5 C6 C7',
      'CCP2 QP C9 C5 C6 C7',
      'CCP2 QPP sans objet',
      'CCP3 ET C10 C15 C12 C14 C13 C11',
      'CCP3 QP C10 C12 C14 C13',
      'CCP3 QPP sans objet',
      'CCS1 ET S1 S3 S5',
      'CCS1 QP sans objet',
      'CCS1 QPP S2 S4',
    ])
  })

  test('an unknown certificate is an error, an unknown competency is evaluated nowhere', () => {
    expect(() => readingOrder(ref, 'CCP4')).toThrow(RangeError)
    expect(() => modalitiesOf(ref, 'CCP4', 'C1')).toThrow(RangeError)
    expect(modalitiesOf(ref, 'TITRE', 'C99')).toEqual([])
    expect(competency(ref, 'C99')).toBeUndefined()
  })
})

test('transversal competencies and shared resources', () => {
  expect(ref.transversal.map((t) => t.competencies.join(' '))).toEqual([
    'C3 C14 C9',
    'C15 C11 C14 C5 C7 C9 C13',
    'C3 C5',
  ])
  expect(ref.sharedResources.map((r) => r.maxCandidates)).toEqual([1, 4, 4, 4, 4, 4, 16, 4])
})

describe('the printed form', () => {
  const printed = referentialJson(ref)

  test('has exactly the public keys', () => {
    const [first] = printed.competencies
    expect(Object.keys(printed)).toEqual([
      'id',
      'competencies',
      'certificates',
      'transversal',
      'sharedResources',
    ])
    expect(Object.keys(first!)).toEqual(['id', 'certificate', 'label', 'criteria'])
    expect(Object.keys(first!.criteria[0]!)).toEqual(['id', 'label', 'observable', 'why'])
    for (const certificate of printed.certificates) {
      expect(Object.keys(certificate)).toEqual(['id', 'minutes', 'juryMinutes', 'modalities'])
      expect(Object.keys(certificate.modalities)).toEqual(['MSP', 'ET', 'QP', 'QPP', 'EF'])
      expect(Object.keys(certificate.modalities.MSP!)).toEqual(['minutes', 'phases', 'competencies'])
    }
  })

  test('survives JSON unchanged', () => {
    expect(JSON.parse(JSON.stringify(printed))).toEqual(printed)
  })

  test('says what is « Sans objet » with null, and the entretien final without competencies', () => {
    const ccp1 = printed.certificates.find((c) => c.id === 'CCP1')!
    expect([ccp1.modalities.QP, ccp1.modalities.QPP, ccp1.modalities.EF]).toEqual([null, null, null])
    expect(printed.certificates[0]!.modalities.EF).toEqual({ minutes: 20, competencies: [] })
  })

  test('gives the reasons in the language asked', () => {
    const why = (language?: Lang) => referentialJson(ref, language).competencies[1]!.criteria[1]!.why
    expect(why()).toContain('niveau de langage')
    expect(why()).toBe(why('fr'))
    expect(why('en')).toContain('level of language')
  })
})

describe('a mistake in the file', () => {
  const problems = (text: string, language?: Lang) => {
    try {
      parseReferential(text, language)
    } catch (error) {
      if (error instanceof ReferentialError) return error.problems
      throw error
    }
    return []
  }
  /** The real file with one passage replaced, the first time it occurs. */
  const edited = (from: string, to: string) => {
    expect(yaml).toContain(from)
    return yaml.replace(from, () => to)
  }
  const lineOf = (text: string, passage: string) => text.slice(0, text.indexOf(passage)).split('\n').length

  test.each([
    ['a total that does not add up', 'minutes: 305', 'minutes: 300', 'certificates[0].minutes', 305],
    [
      'the jury longer than it is there',
      'juryMinutes: 95',
      'juryMinutes: 96',
      'certificates[0].juryMinutes',
      95,
    ],
    [
      'phases that do not add up',
      'minutes: 90\n',
      'minutes: 80\n',
      'certificates[0].modalities.MSP.minutes',
      125,
    ],
    ['an unknown competency', '[C3, C5]', '[C3, C55]', 'transversal[2].competencies[1]', 'C55'],
    ['a competency twice', '[C3, C5]', '[C3, C3]', 'transversal[2].competencies[1]', 'C3'],
    [
      'a competency that nothing evaluates any more',
      'competencies: [S2, S4]',
      'competencies: [S4]',
      'certificates[4].modalities',
      'S2',
    ],
    [
      "another certificate's competency",
      'competencies: [S2, S4]',
      'competencies: [S2, S4, C1]',
      'certificates[4].modalities',
      'C1',
    ],
    ['a criterion out of sequence', 'id: C1.2', 'id: C1.3', 'competencies[0].criteria[1].id', 'C1.2'],
    ['a resource twice', 'id: R8', 'id: R7', 'sharedResources[7].id', 'R7'],
    [
      'a block that is the title itself',
      'certificate: CCS1',
      'certificate: TITRE',
      'competencies[15].certificate',
      'TITRE',
    ],
    [
      'a block that does not exist',
      'certificate: CCS1',
      'certificate: CCS2',
      'competencies[15].certificate',
      'CCS2',
    ],
  ])('%s', (_, from, to, path, names) => {
    const text = edited(from, to)
    const found = problems(text).find((p) => p.path === path)
    expect(found?.message).toContain(String(names))
    expect(problems(text, 'en').find((p) => p.path === path)?.message).not.toBe(found?.message)
  })

  test('says line and column', () => {
    const text = edited('minutes: 305', 'minutes: 300')
    expect(problems(text)).toEqual([
      {
        path: 'certificates[0].minutes',
        line: lineOf(text, 'minutes: 300'),
        column: 14,
        message: '300 min sont annoncées, les modalités font 305 min',
      },
    ])
  })

  test('an empty list of criteria needs a note', () => {
    const text = yaml.replace(/(criteria: \[\]\n) {4}note:\n.*\n.*\n/, '$1')
    expect(problems(text).map((p) => p.path)).toEqual(['competencies[17]'])
  })

  test('an unknown key, a wrong type, a wrong word are told in French and in English', () => {
    const text = edited('observable: full', 'observable: fully\n        mark: 20')
    const fr = problems(text)
    const en = problems(text, 'en')
    expect(fr.map((p) => p.path)).toEqual([
      'competencies[0].criteria[0].observable',
      'competencies[0].criteria[0].mark',
    ])
    expect(fr.map((p) => p.line)).toEqual([lineOf(text, 'observable: fully'), lineOf(text, 'mark: 20')])
    expect(fr[1]!.message).toContain('mark')
    expect(en[0]!.message).not.toBe(fr[0]!.message)
  })

  test('a duplicate key, an alias, broken or empty YAML', () => {
    expect(problems(yaml + 'id: other\n')).toMatchObject([
      { line: yaml.split('\n').length, column: 1, message: 'clé en double' },
    ])
    const alias = edited('acronym: TSSR', 'acronym: &a TSSR').replace('level: III', 'level: *a')
    expect(problems(alias)[0]!.message).toContain('alias')
    expect(problems('id: "tp')[0]!.message).toContain('YAML mal formé')
    expect(problems('')[0]!.path).toBe('(root)')
  })
})
