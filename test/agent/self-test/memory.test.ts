import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compared, isOpen, type Verdicts } from '../../../agent/self-test/comparison.ts'
import { pointsOf } from '../../../agent/self-test/curve.ts'
import { readTyped } from '../../../agent/self-test/prompt-line.ts'
import { forgetTries, keptTries, Memory } from '../../../agent/self-test/memory.ts'
import { summaryWords } from '../../../agent/self-test/words.ts'
import type { Run } from '../../../checks/run.ts'
import { folderForTests } from '../commands/probant.ts'

const folder = folderForTests()
const aRun = (): Run =>
  ({
    id: randomUUID(),
    startedAt: '2026-12-01T20:00:00.000Z',
    session: { date: '2026-12-01' },
    candidate: { code: 'moi' },
    demands: [{ demand: 'a' }],
  }) as unknown as Run

describe('a comparison of two tries', () => {
  const before: Verdicts = { a: 'pass', b: 'pass', c: 'fail', d: 'unknown', e: 'pass', f: 'jury', g: 'pass' }
  const now: Verdicts = {
    a: 'fail',
    b: 'unknown',
    c: 'pass',
    d: 'fail',
    e: 'pass',
    f: 'jury',
    g: 'na',
    h: 'pass',
  }

  it('tells what was lost from what can no longer be seen: that is no loss', () => {
    expect(compared(before, now)).toEqual({
      lost: ['a'],
      unseen: ['b'],
      gained: ['c'],
      moved: ['d', 'g'],
      same: ['e', 'f'],
    })
  })

  it('is not fooled by names of the language', () => {
    expect(compared({}, { constructor: 'pass' } as Verdicts).gained).toEqual([])
  })

  it('leaves open what a machine can still show', () => {
    expect((['pass', 'fail', 'unknown', 'jury', 'na'] as const).filter(isOpen)).toEqual(['fail', 'unknown'])
  })

  it('counts each verdict by itself and adds up nothing', () => {
    expect(summaryWords(now)).toEqual({
      fr: '3 demandes constatées, 2 non constatées, 1 non vérifiée, 1 à apprécier par le jury, 1 sans objet',
      en: '3 demands observed, 2 not as asked, 1 not verified, 1 for the jury, 1 not applicable',
    })
  })
})

describe('the memory of tries', () => {
  it('keeps the last hundred, their runs alone beside them, and is read again', async () => {
    const own = join(folder, 'hundred')
    mkdirSync(own)
    const memory = await Memory.open(own)
    let last = ''
    for (let i = 0; i < keptTries + 3; i++)
      last = (await memory.keep(aRun(), { a: i % 2 ? 'pass' : 'fail' })).file
    expect(memory.tries).toHaveLength(keptTries)
    expect(readdirSync(own).filter((name) => name.endsWith('.run.json'))).toHaveLength(keptTries)
    expect((await Memory.open(own)).last?.file).toBe(last)
    expect(statSync(join(own, 'tries.json')).mode & 0o777).toBe(0o600)
    expect(pointsOf(memory.tries, ['a']).at(-1)?.counts).toMatchObject({ pass: 0, fail: 1 })
    expect(pointsOf(memory.tries, ['other']).at(-1)?.counts).toMatchObject({ pass: 0, fail: 0 })
    expect(await forgetTries(own)).toBe(keptTries)
    expect(readdirSync(own)).toEqual([])
  })

  it('shows one hint more each time, and never more than there are', async () => {
    const own = join(folder, 'hints')
    mkdirSync(own)
    const memory = await Memory.open(own)
    expect([
      await memory.showHint('a', 2),
      await memory.showHint('a', 2),
      await memory.showHint('a', 2),
    ]).toEqual([1, 2, 2])
    expect((await Memory.open(own)).hintsShown('a')).toBe(2)
    expect(memory.hintsShown('b')).toBe(0)
  })
})

describe('what is typed between two looks', () => {
  it.each([
    ['', { act: 'look' }],
    ['  ', { act: 'look' }],
    ['q', { act: 'quit' }],
    ['t', { act: 'everything' }],
    ['i 3', { act: 'hint', number: 3 }],
    ['I12', { act: 'hint', number: 12 }],
    ['d 3', { act: 'details', number: 3 }],
    ['7', { act: 'details', number: 7 }],
    ['i', { act: 'unclear' }],
    ['rm -rf /', { act: 'unclear' }],
    ['i 9999', { act: 'unclear' }],
  ])('%j', (line, typed) => expect(readTyped(line)).toEqual(typed))
})
