import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { defineCheck, role, type Check } from '../../checks/define.ts'
import { readExam } from '../../checks/exam.ts'
import { pass, passIf, unknown } from '../../checks/finding.ts'
import { judge } from '../../checks/judgement.ts'
import { answered, output, type Observation } from '../../checks/observation.ts'
import { nextRound, planCandidate, planFromRun, type Plan } from '../../checks/plan.ts'
import { command, file, probeKey, type Probe, type ProbeOf } from '../../checks/probe.ts'
import type { RunBody } from '../../checks/run.ts'
import { readSession, resolveCandidate } from '../../checks/session-reader.ts'
import { same } from '../../checks/text.ts'
import type { Verdict } from '../../checks/verdict.ts'
import { sources, valid } from './exam-file.ts'
import { validSession } from './session-file.ts'

const words = { says: same('{name}'), observes: same('o'), control: same('c') }

/** Asks whether a program prints its own name; then, if it does, for a file of that name. */
const echo = defineCheck({
  ...words,
  id: 'test.echo',
  criteria: ['C9.1'],
  asks: ['command', 'file'],
  proven: 'recorded',
  params: z.strictObject({ on: role('linux'), name: z.string() }),
  probes: ({ on, name }) => ({ first: command(on, ['cat', name]) }),
  then: ({ first }, { on, name }): Record<string, ProbeOf<'file'>> =>
    output(first) === 'yes' ? { second: file(on, `/${name}`) } : {},
  judge: ({ first, second }) =>
    output(first) === 'yes'
      ? passIf(answered<'file'>(second).exists, same('file'), same('seen'))
      : passIf(false, same('yes'), same('no')),
  expects: () => same('yes'),
  byHand: ({ name }) => same(`cat ${name}`),
})
/** Gives whatever verdict its parameter says, or crashes. */
const says = defineCheck({
  ...words,
  id: 'test.says',
  criteria: ['C9.1'],
  asks: ['command'],
  proven: 'recorded',
  params: z.strictObject({ on: role(), name: z.string() }),
  probes: ({ on }) => ({ only: command(on, ['true']) }),
  judge: (_seen, { name }) => {
    if (name === 'crash') throw new TypeError('boom')
    if (name === 'nothing') return []
    if (name === 'unknown') return unknown('denied', 'd', same('e'), { blame: 'room' })
    return { ...pass(same('e'), same('o')), verdict: name as Verdict }
  },
  expects: () => same('expected'),
  byHand: () => same('true'),
})
const catalogue = new Map<string, Check>([echo, says].map((check) => [check.id, check]))

function planOf(demands: string): Plan {
  const text = `${valid.slice(0, valid.indexOf('demands:'))}demands:\n${demands}`
  const { exam, diagnostics } = readExam('sujet.yaml', text, { ...sources, catalogue })
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  const { session } = readSession('session.yaml', validSession)
  const { resolved } = resolveCandidate(session!, exam!, session!.file.candidates[0]!)
  const { plan, diagnostics: unfit } = planCandidate(exam!, resolved!)
  expect(unfit).toEqual([])
  return plan
}

const demand = (id: string, rest: string) => `  - { id: ${id}, criteria: [C9.1], ${rest} }\n`
const saysOf = (name: string) => `{ test.says: { on: web, name: "${name}" } }`

function answer(probe: Probe, result: Observation['answer'] | Observation['failure']): [string, Observation] {
  const failed = result !== null && 'cause' in result
  return [
    probeKey(probe),
    {
      probe: probeKey(probe),
      transport: 'ssh',
      address: '10.0.1.20',
      identity: null,
      at: '2026-12-01T08:00:00.000Z',
      ms: 5,
      truncated: false,
      answer: failed ? null : result,
      failure: failed ? result : null,
    },
  ]
}
const printed = (probe: Probe, stdout: string) =>
  answer(probe, { kind: 'command', status: 0, stdout, stderr: '' })

describe('a plan', () => {
  it('asks an identical question once, whoever asks it', () => {
    const plan = planOf(
      demand('a', `checks: [${saysOf('pass')}, ${saysOf('fail')}]`) +
        demand('b', `checks: [${saysOf('pass')}]`),
    )
    expect([...nextRound(plan, new Map()).values()]).toEqual([command('web', ['true'])])
  })

  it('asks in rounds, each from what was seen, and then no more', () => {
    const plan = planOf(demand('a', 'checks: [{ test.echo: { on: web, name: "x{{n}}" } }]'))
    const first = command('web', ['cat', 'x1'])
    expect([...nextRound(plan, new Map()).values()]).toEqual([first])
    expect(nextRound(plan, new Map([printed(first, 'no')])).size).toBe(0)
    const second = file('web', '/x1')
    expect([...nextRound(plan, new Map([printed(first, 'yes')])).values()]).toEqual([second])
  })

  it('asks nothing further of what could not be observed, and says why', () => {
    const plan = planOf(demand('a', 'checks: [{ test.echo: { on: web, name: x } }]'))
    const failed = answer(command('web', ['cat', 'x']), { cause: 'refused', detail: 'd', blame: 'candidate' })
    const seen = new Map([failed])
    expect(nextRound(plan, seen).size).toBe(0)
    const { findings, demands } = judge(plan, seen)
    expect(findings[0]).toMatchObject({
      verdict: 'unknown',
      cause: 'refused',
      blame: 'candidate',
      expected: same('yes'),
    })
    expect(demands).toEqual([{ demand: 'a', verdict: 'unknown', alternative: null }])
  })

  it('is made again from a recorded run, with the same questions', () => {
    const plan = planOf(demand('a', 'checks: [{ test.echo: { on: web, name: "x{{n}}" } }]'))
    const run = { exam: { demands: plan.demands }, facts: plan.facts } as unknown as RunBody
    const again = planFromRun(JSON.parse(JSON.stringify(run)) as RunBody, catalogue)
    expect([...nextRound(again, new Map()).keys()]).toEqual([...nextRound(plan, new Map()).keys()])
    const without = judge(planFromRun(run, new Map()), new Map())
    expect(without.findings[0]).toMatchObject({ verdict: 'unknown', cause: 'grader', blame: 'grader' })
  })
})

describe('a judgement', () => {
  const seen = new Map([printed(command('web', ['true']), '')])
  const verdictOf = (rest: string) => judge(planOf(demand('a', rest)), seen).demands[0]

  it.each([
    ['every check', `checks: [${saysOf('pass')}, ${saysOf('fail')}]`, 'fail', null],
    ['an unknown beside a pass', `checks: [${saysOf('pass')}, ${saysOf('unknown')}]`, 'unknown', null],
    ['one alternative', `any: [${saysOf('fail')}, ${saysOf('pass')}]`, 'pass', 1],
    ['no alternative', `any: [${saysOf('fail')}, ${saysOf('unknown')}]`, 'unknown', null],
    [
      'a list as alternative',
      `any: [[${saysOf('pass')}, ${saysOf('fail')}], [${saysOf('pass')}]]`,
      'pass',
      1,
    ],
    ['a denial of what is not', `checks: [{ not: ${saysOf('fail')} }]`, 'pass', null],
    ['a denial of what is', `checks: [{ not: ${saysOf('pass')} }]`, 'fail', null],
    ['a denial of what was not observed', `checks: [{ not: ${saysOf('unknown')} }]`, 'unknown', null],
    ['nothing but what is not applicable', `checks: [${saysOf('na')}, ${saysOf('na')}]`, 'na', null],
    [
      'common checks beside alternatives',
      `checks: [${saysOf('fail')}], any: [${saysOf('pass')}, ${saysOf('pass')}]`,
      'fail',
      null,
    ],
  ])('of %s', (_what, rest, verdict, alternative) => {
    expect(verdictOf(rest)).toEqual({ demand: 'a', verdict, alternative })
  })

  it.each(['crash', 'nothing'])('of a check at fault (%s) blames the tool and spares the others', (fault) => {
    const { findings } = judge(planOf(demand('a', `checks: [${saysOf(fault)}, ${saysOf('pass')}]`)), seen)
    expect(findings[0]).toMatchObject({
      verdict: 'unknown',
      cause: 'grader',
      blame: 'grader',
      expected: same('expected'),
    })
    expect(findings[1]?.verdict).toBe('pass')
  })

  it('of a question that is not in the run says so', () => {
    const { findings } = judge(
      planOf(demand('a', 'checks: [{ test.echo: { on: web, name: x } }]')),
      new Map(),
    )
    expect(findings[0]).toMatchObject({ verdict: 'unknown', cause: 'not-asked', blame: 'grader' })
  })

  it('keeps which observations a finding rests on, and nothing adds up', () => {
    const { findings, demands } = judge(planOf(demand('a', `checks: [${saysOf('pass')}]`)), seen)
    expect(findings[0]).toMatchObject({
      evidence: [probeKey(command('web', ['true']))],
      transport: 'ssh',
      address: '10.0.1.20',
      ms: 5,
    })
    expect(Object.keys(demands[0]!).sort()).toEqual(['alternative', 'demand', 'verdict'])
  })
})
