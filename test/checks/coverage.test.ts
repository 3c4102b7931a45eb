import { expect, it } from 'vitest'
import { catalogue } from '../../checks/catalogue.ts'
import { otherVantages, singleVantage, uncoveredCriteria } from '../../checks/coverage.ts'
import { readExam } from '../../checks/exam.ts'
import { criterion, modalitiesOf } from '../../checks/referential/referential.ts'
import { sources, valid } from './exam-file.ts'

const read = (text: string) => readExam('s.yaml', text, sources).exam!

it('lists the criteria that no demand touches, of the MSP and observable only', () => {
  const exam = read(valid)
  const ids = uncoveredCriteria(exam).map(({ id }) => id)
  expect(ids).not.toContain('C9.1')
  expect(ids.length).toBeGreaterThan(10)
  for (const id of ids) {
    expect(criterion(exam.referential, id)?.observable).not.toBe('none')
    expect(modalitiesOf(exam.referential, 'TITRE', id.split('.')[0]!)).toContain('MSP')
  }
  const touched = ids[0]!
  const more = uncoveredCriteria(read(valid.replace('criteria: [C9.1]', `criteria: [C9.1, ${touched}]`)))
  expect(more.map(({ id }) => id)).toEqual(ids.slice(1))
})

it('names only checks that exist', () => {
  for (const [id, { others }] of Object.entries(otherVantages))
    for (const one of [id, ...others]) expect(catalogue.has(one), one).toBe(true)
})

it('says a demand that looks from one side only, with the other', () => {
  const found = singleVantage(read(valid))
  // The first demand asks for the port too; the second alternative of the other only for the service.
  expect(found.map(({ demand, call }) => [demand.id, call.check.id])).toEqual([['ailleurs', 'linux.service']])
  expect(found[0]?.others).toContain('linux.port')
  expect(found[0]?.suggestion.fr).toContain('vu d’une autre machine : linux.port')
  const both = valid.replace('name: nginx }]', 'name: nginx }, linux.port: { on: web, port: 80 }]')
  expect(singleVantage(read(both.replace('}, linux.port', '}, http.site: { on: web }, linux.port')))).toEqual(
    [],
  )
})

it('leaves alone what has no other side', () => {
  const alone = valid.slice(0, valid.indexOf('  - id: ailleurs')).replace(/ {6}- linux\.port.*\n/, '')
  expect(singleVantage(read(alone))).toHaveLength(1)
  expect(singleVantage(read(alone.replace('name: "{{service}}"', 'name: cron')))).toEqual([])
  expect(singleVantage(read(alone.replace('name: "{{service}}"', 'name: nginx, running: false')))).toEqual([])
})
