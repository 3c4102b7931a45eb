import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readExam } from '../../checks/exam.ts'
import { diagnosed, sources } from './exam-file.ts'
import { errorsOf, examWith, planted } from './sixty-demands.ts'

it('is right without a mistake', () => {
  const { text } = examWith([])
  expect(diagnosed(text).fr).toEqual([])
  expect(readExam('sujet.yaml', text, sources).exam?.demands).toHaveLength(60)
})

it('has every mistake said in one pass, at its line and column, in both languages, and nothing else', () => {
  expect(new Set(planted.map(({ what }) => what)).size).toBeGreaterThanOrEqual(20)
  const { text, expected } = examWith(planted)
  expect(expected).toHaveLength(planted.length)
  const said = errorsOf(text)
  const missing = expected.filter(
    ({ at, fr, en }) =>
      !said.some(
        (one) => one.fr.startsWith(at) && one.fr.includes(fr) && one.en.startsWith(at) && one.en.includes(en),
      ),
  )
  expect(missing, said.map((one) => one.fr).join('\n')).toEqual([])
  expect(said.map((one) => one.fr)).toHaveLength(planted.length)
  expect(readExam('sujet.yaml', text, sources).exam).toBeNull()
})

it('has them sorted by place', () => {
  const lines = diagnosed(examWith(planted).text).all.map(({ line }) => line)
  expect(lines).toEqual(lines.toSorted((a, b) => a - b))
})

it('has each of them said whatever others there are', () => {
  fc.assert(
    fc.property(fc.subarray([...planted], { minLength: 1 }), (mistakes) => {
      const { text, expected } = examWith(mistakes)
      const said = errorsOf(text).map((one) => one.fr)
      for (const { at, fr } of expected)
        expect(
          said.some((one) => one.startsWith(at) && one.includes(fr)),
          `${at}${fr}\n${said.join('\n')}`,
        ).toBe(true)
      expect(said).toHaveLength(expected.length)
    }),
    { numRuns: 40 },
  )
}, 60_000)

it.each([
  ['référentiel', 'tp-01351-01', 'tp-1', '3:14: référentiel inconnu « tp-1 »'],
  ['certificate', 'certificate: TITRE', 'certificate: CCP9', '4:14: certificat inconnu « CCP9 »'],
])('says an unknown %s, and all that does not depend on it', (_what, from, to, words) => {
  const { text, expected } = examWith(planted)
  const dependent = /^critère inconnu|^le critère/
  const said = errorsOf(text.replace(from, to)).map((one) => one.fr)
  expect(said.some((one) => one.startsWith(`sujet.yaml:${words}`))).toBe(true)
  for (const { at, fr } of expected.filter((one) => !dependent.test(one.fr)))
    expect(
      said.some((one) => one.startsWith(at) && one.includes(fr)),
      `${at}${fr}`,
    ).toBe(true)
})

it('notes what is no mistake', () => {
  const { text } = examWith([])
  const notes = (written: string) =>
    diagnosed(written).all.map(({ severity, line, message }) => [severity, line, message.fr.slice(0, 30)])
  expect(notes(text.replace('  service: nginx', '  service: nginx\n  libre: 3'))).toEqual([
    ['note', 11, "aucune demande n'emploie « lib"],
  ])
  expect(notes(text.replace('Texte de d02', 'Texte  de d01'))).toEqual([
    ['note', 20, 'ce texte est aussi celui de la'],
  ])
  const examination = text
    .replace('purpose: training', 'purpose: examination')
    .replace('    criteria', '    hint: Regardez.\n    criteria')
  expect(notes(examination)).toEqual([['note', 15, 'une épreuve ne montre aucun in']])
  expect(readExam('sujet.yaml', examination, sources).exam?.demands.flatMap(({ hints }) => hints)).toEqual([])
})
