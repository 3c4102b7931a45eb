import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hereIsPossible } from '../../../agent/self-test/here.ts'
import { needsOf } from '../../../agent/self-test/needs.ts'
import { catalogue } from '../../../checks/catalogue.ts'
import { readExam } from '../../../checks/exam.ts'
import { readReferentials } from '../../../referentials.ts'
import { root } from '../commands/probant.ts'
import { manyMachines } from './exam.ts'

const referentials = await readReferentials()
const examOf = (text: string) => readExam('sujet.yaml', text, { catalogue, referentials }).exam!
const needs = (text: string) =>
  Object.fromEntries(
    needsOf(examOf(text), 'x').map(({ role, needs, asked }) => [role, asked ? [...needs].sort() : null]),
  )

describe('what an exam needs of each role', () => {
  it('is derived from what its checks ask, and nothing more', () => {
    expect(needs(manyMachines)).toEqual({
      web: ['shell'],
      dc: ['directory'],
      sw: ['snmp'],
      invite: [],
      repos: null,
    })
  })

  it('of the sample exam', () => {
    expect(needs(readFileSync(join(root, 'fixtures/exams/agence-lyon.yaml'), 'utf8'))).toEqual({
      web: ['shell'],
      files: ['shell'],
      poste: ['shell'],
      dc: ['directory', 'group-policy'],
      srv: ['directory', 'powershell'],
      sw: ['snmp'],
      noc: ['site'],
      invite: [],
    })
  })

  it('gives the domain that the exam speaks of, where a machine is said to be in it', () => {
    const text = readFileSync(join(root, 'fixtures/exams/agence-lyon.yaml'), 'utf8')
    expect(needsOf(examOf(text), 'x').find(({ role }) => role === 'srv')?.domain).toBe('agence1.lan')
  })

  it('is met by this computer only where its own shell is the one that is needed', () => {
    const of = (role: string) => needsOf(examOf(manyMachines), 'x').find((one) => one.role === role)!
    expect([hereIsPossible(of('web'), 'linux'), hereIsPossible(of('web'), 'win32')]).toEqual([true, false])
    expect([hereIsPossible(of('dc'), 'linux'), hereIsPossible(of('dc'), 'win32')]).toEqual([false, true])
    expect(hereIsPossible(of('sw'), 'linux')).toBe(false)
  })
})
