import { describe, expect, it } from 'vitest'
import { problems, type Problem } from '../../../agent/doctor/problem.ts'
import { remediesFor } from '../../../agent/doctor/remedies/remedies.ts'
import { remedyLines, stepLines } from '../../../agent/doctor/report.ts'
import { steps, type Step, type StepFinding } from '../../../agent/doctor/step.ts'
import { silentTerminal as terminal } from '../terminal/silent-terminal.ts'
import { width } from '../../../agent/terminal/width.ts'
import { wrapped } from '../../../agent/terminal/wrapped.ts'

const finding = (more: Partial<StepFinding>): StepFinding => ({
  step: 'port',
  state: 'works',
  cause: null,
  problem: null,
  detail: '',
  note: null,
  ms: 3,
  identity: null,
  ...more,
})
const all = [
  ...(Object.keys(steps) as Step[]).flatMap((step) => [
    finding({ step, note: { fr: '10.0.1.10', en: '10.0.1.10' }, identity: `SHA256:${'A'.repeat(43)}` }),
    finding({ step, state: 'not-tried' }),
  ]),
  ...(Object.keys(problems) as Problem[]).map((problem) =>
    finding({ state: 'fails', problem, cause: problems[problem].cause, detail: 'x'.repeat(200) }),
  ),
]

describe('a diagnosis on a terminal', () => {
  it.each([40, 64, 80, 120])('fits %i columns, in both languages', (columns) => {
    for (const lang of ['fr', 'en'] as const)
      for (const one of all)
        for (const line of stepLines(one, terminal(columns, lang)))
          expect(width(line), line).toBeLessThanOrEqual(columns)
  })

  it('says a step that works in one line, or two where it is narrow', () => {
    const works = finding({ note: { fr: '5985', en: '5985' } })
    expect(stepLines(works, terminal(120))).toEqual(['● port ouvert                5985, 3 ms'])
    expect(stepLines(works, terminal(40))).toEqual(['● port ouvert', '    5985, 3 ms'])
    expect(stepLines(works, terminal(Number.POSITIVE_INFINITY, 'en'))).toEqual([
      '● port open                  5985, 3 ms',
    ])
  })

  it('lines to be copied are never wrapped nor cut, whatever the width', () => {
    const remedies = remediesFor('shell-denied', {
      way: 'winrm',
      address: '10.0.1.10',
      port: 5985,
      tls: false,
      starttls: false,
      user: 'surveillant',
      domain: null,
      snmp: null,
      from: { address: null, network: null },
      identity: null,
      where: null,
      jump: null,
      again: 'probant doctor dc',
      credential: 'admin',
      secrets: [],
      usualPort: 5985,
      pinned: false,
      ca: null,
      doctorOf: null,
      typed: null,
      folder: '',
    })
    const lines = [...remedyLines(remedies, terminal(40))]
    for (const command of remedies.flatMap((one) => one.lines)) expect(lines).toContain(`      ${command}`)
    const sentences = lines.filter((line) => !line.startsWith('      '))
    for (const line of sentences) expect(width(line)).toBeLessThanOrEqual(40)
  })

  it('what a machine said can not touch the terminal', () => {
    const hostile = finding({
      state: 'fails',
      problem: 'no-marker',
      cause: 'unparsable',
      detail: '\u001b[2J\u202eabc',
    })
    expect(stepLines(hostile, terminal(80)).join('')).not.toMatch(/\u001b|\u202e/)
  })

  it('a colour is never alone', () => {
    expect(stepLines(finding({}), terminal(80, 'fr', true))[0]).toMatch(/^● /)
    expect(stepLines(finding({ state: 'fails', problem: 'silence' }), terminal(80, 'fr', true))[0]).toContain(
      '✕',
    )
  })
})

describe('wrapping', () => {
  it.each([
    ['un deux trois', 8, 2, ['un deux', '  trois']],
    ['abcdefghijklmnop', 10, 2, ['abcdefgh', '  ijklmnop']],
    ['', 10, 0, ['']],
    ['tel quel, même long', Number.POSITIVE_INFINITY, 2, ['tel quel, même long']],
  ])('%s', (text, columns, indent, lines) => expect(wrapped(text, columns, indent, 0)).toEqual(lines))
})
