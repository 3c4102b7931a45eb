import { describe, expect, it } from 'vitest'
import { catalogue } from '../../checks/catalogue.ts'
import { readExam } from '../../checks/exam.ts'
import { judge } from '../../checks/judgement.ts'
import type { Observation } from '../../checks/observation.ts'
import { nextRound, planCandidate } from '../../checks/plan.ts'
import { probeKey, type Probe } from '../../checks/probe.ts'
import { rehearsalOf, type RehearsedRuns } from '../../checks/rehearsal.ts'
import type { RunBody } from '../../checks/run.ts'
import { readSession, resolveCandidate } from '../../checks/session-reader.ts'
import { sources } from './exam-file.ts'
import { aFile, noFile, unanswered } from './observed.ts'

type Answers = Readonly<Record<string, Observation>>

const head = `title: Sujet d'essai
purpose: training
referential: tp-01351-01
certificate: TITRE
roles: { web: linux }
demands:
`
const session = readSession(
  'session.yaml',
  `exam: sujet.yaml
date: 2026-12-01
credentials: { admin: { user: root, password: env:ADMIN } }
targets: { web: { address: 192.0.2.20, ssh: { credential: admin } } }
candidates: [{ code: C01, n: 1 }]
`,
).session!

/** Three runs of an exam in which each file, by its path, was found like this; a file that isn't named is absent. */
function rehearsed(
  demands: string,
  answers: Record<keyof RehearsedRuns, Answers>,
  edit = (_run: RunBody) => {},
) {
  const { exam, diagnostics } = readExam('sujet.yaml', head + demands, sources)
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  const { plan } = planCandidate(
    exam!,
    resolveCandidate(session, exam!, session.file.candidates[0]!).resolved!,
  )
  let runs = 0
  const runOf = (files: Answers): RunBody => {
    const observations = new Map<string, Observation>()
    const probes: Record<string, Probe> = {}
    for (let round = nextRound(plan, observations); round.size > 0; round = nextRound(plan, observations))
      for (const [key, probe] of round) {
        probes[key] = probe
        const found = probe.kind === 'file' ? (files[probe.path] ?? noFile) : unanswered('timeout')
        observations.set(key, { ...found, probe: probeKey(probe) })
      }
    const run: RunBody = {
      format: 'probant-run/1',
      id: `00000000-0000-4000-8000-00000000000${runs++}`,
      candidate: { code: 'C01', n: 1, seat: null, extraMinutes: 0 },
      session: { id: '0'.repeat(64), title: '', date: '2026-12-01' },
      exam: {
        title: exam!.title,
        purpose: 'training',
        referential: 'tp-01351-01',
        certificate: 'TITRE',
        demands: [...plan.demands],
      },
      inputs: {
        exam: '0'.repeat(64),
        session: '0'.repeat(64),
        referential: '0'.repeat(64),
        version: '1.0.0',
      },
      facts: plan.facts as RunBody['facts'],
      startedAt: '2026-12-01T09:00:00.000Z',
      endedAt: '2026-12-01T09:00:01.000Z',
      complete: true,
      agent: { host: 'agent', clock: { offsetMs: null } },
      probes,
      observations: Object.fromEntries(observations),
      ...judge(plan, observations),
      notes: [],
    }
    edit(run)
    return run
  }
  const three = {
    handedOut: runOf(answers.handedOut),
    model: runOf(answers.model),
    again: runOf(answers.again),
  }
  return rehearsalOf(exam!, three, catalogue)
}

const one = `  - id: un
    text: Créez /srv/un
    criteria: [C9.1]
    checks:
      - linux.file: { on: web, path: /srv/un }
`
const there = { '/srv/un': aFile() }
const kinds = (problems: readonly { kind: string }[]) => problems.map(({ kind }) => kind)

describe('a rehearsal', () => {
  it('proves what was absent at first and then there twice', () => {
    const found = rehearsed(one, { handedOut: {}, model: there, again: there })
    expect(found).toMatchObject({ outcome: 'proved', problems: [], unknowns: [], unprovable: [] })
    expect(found.demands).toEqual([
      {
        demand: 'un',
        place: { file: 'sujet.yaml', line: 7, column: 5 },
        verdicts: { handedOut: 'fail', model: 'pass', again: 'pass' },
      },
    ])
  })

  it('says what is given for free, at its demand, with what was seen', () => {
    const found = rehearsed(one, { handedOut: there, model: there, again: there })
    expect(found.outcome).toBe('unproved')
    expect(found.problems).toMatchObject([
      {
        kind: 'given-for-free',
        demand: 'un',
        alternative: null,
        place: { line: 7, column: 5 },
        findings: [{ verdict: 'pass', observed: { en: 'file, mode 644, owner root, group root' } }],
      },
    ])
  })

  it('says which finding flaps, and does not say beside it that it cannot pass', () => {
    const found = rehearsed(one, { handedOut: {}, model: {}, again: there })
    expect(found.outcome).toBe('unproved')
    expect(found.problems).toMatchObject([
      {
        kind: 'flapping',
        place: { line: 11, column: 9 },
        model: { verdict: 'fail', observed: { en: 'absent' } },
        again: { verdict: 'pass' },
      },
    ])
  })

  it('sees a finding flap where the verdict of its demand stays', () => {
    const found = rehearsed(
      `  - id: un
    criteria: [C9.1]
    any:
      - linux.file: { on: web, path: /srv/un }
      - linux.file: { on: web, path: /srv/deux }
`,
      { handedOut: {}, model: { ...there, '/srv/deux': aFile() }, again: there },
    )
    expect(found.demands[0]!.verdicts).toEqual({ handedOut: 'fail', model: 'pass', again: 'pass' })
    expect(found.problems).toMatchObject([{ kind: 'flapping', alternative: 1, place: { line: 11 } }])
  })

  it('takes an observation that came only once for unverified, not for wrong', () => {
    const found = rehearsed(one, { handedOut: {}, model: there, again: { '/srv/un': unanswered('timeout') } })
    expect(kinds(found.problems)).toEqual(['flapping'])
    expect(found.outcome).toBe('not-verified')
  })

  it('says what both looks at the model answer did not show, at its check', () => {
    const wrong = { '/srv/un': aFile({ mode: '600' }) }
    const found = rehearsed(
      `  - id: un
    criteria: [C9.1]
    checks:
      - linux.file: { on: web, path: /srv/un }
      - linux.file: { on: web, path: /srv/un, mode: "640" }
`,
      { handedOut: {}, model: wrong, again: wrong },
    )
    expect(found.problems).toMatchObject([
      { kind: 'cannot-pass', place: { line: 11, column: 9 }, finding: { verdict: 'fail' }, before: null },
    ])
    expect(found.outcome).toBe('unproved')
  })

  it('knows that a check passed on the machines as handed out', () => {
    const found = rehearsed(one, { handedOut: there, model: {}, again: {} })
    expect(found.problems).toMatchObject([
      { kind: 'given-for-free' },
      { kind: 'cannot-pass', before: { verdict: 'pass' } },
    ])
  })

  it('says apart what stayed unverified: 3 is not 4', () => {
    const dead = { '/srv/un': unanswered('refused', 'grader') }
    const two = `${one}  - { id: deux, criteria: [C9.1], checks: [{ linux.file: { on: web, path: /srv/deux } }] }\n`
    const found = rehearsed(two, {
      handedOut: dead,
      model: { ...dead, '/srv/deux': aFile() },
      again: { ...dead, '/srv/deux': aFile() },
    })
    expect(found.outcome).toBe('not-verified')
    expect(found.problems).toMatchObject([
      { kind: 'unknown-on-model', demand: 'un', finding: { cause: 'refused', blame: 'grader' } },
    ])
    expect(found.unknowns).toMatchObject([{ demand: 'un', finding: { cause: 'refused' } }])
  })

  it('does not stop at what is unverified on the machines as handed out, unless that is all of it', () => {
    const two = `${one}  - { id: deux, criteria: [C9.1], checks: [{ linux.file: { on: web, path: /srv/deux } }] }\n`
    const all = { ...there, '/srv/deux': aFile() }
    const dead = { '/srv/un': unanswered('unreachable') }
    const some = rehearsed(two, { handedOut: dead, model: all, again: all })
    expect(some).toMatchObject({ outcome: 'proved', unknowns: [{ demand: 'un' }] })
    const none = rehearsed(two, {
      handedOut: { ...dead, '/srv/deux': unanswered('unreachable') },
      model: all,
      again: all,
    })
    expect(none.outcome).toBe('not-verified')
    expect(none.problems).toEqual([{ kind: 'nothing-observed', stage: 'handedOut' }])
  })

  it('pairs findings by what they are of where a run was judged by other checks than these', () => {
    let runs = 0
    const found = rehearsed(one, { handedOut: {}, model: there, again: there }, (run) => {
      if (runs++ === 2) run.exam = { ...run.exam, demands: [] }
    })
    expect(found).toMatchObject({ outcome: 'proved', problems: [] })
  })

  it('proves nothing from a run that did not go to its end', () => {
    const found = rehearsed(one, { handedOut: {}, model: there, again: there }, (run) => {
      run.complete = false
    })
    expect(found.outcome).toBe('not-verified')
    expect(kinds(found.problems)).toEqual(['incomplete-run', 'incomplete-run', 'incomplete-run'])
  })

  it('says apart what only the jury can appreciate, and stays proved', () => {
    const found = rehearsed(one, { handedOut: {}, model: there, again: there }, (run) => {
      for (const said of [...run.demands, ...run.findings]) if (said.verdict === 'pass') said.verdict = 'jury'
    })
    expect(found).toMatchObject({ outcome: 'proved', unprovable: [{ demand: 'un', verdict: 'jury' }] })
  })
})

describe('accepted alternatives', () => {
  const any = `  - id: un
    criteria: [C9.1]
    checks:
      - linux.file: { on: web, path: /srv/commun }
    any:
      - linux.file: { on: web, path: /srv/un }
      - [linux.file: { on: web, path: /srv/deux }, linux.file: { on: web, path: /srv/trois }]
`
  const common = { '/srv/commun': aFile() }

  it('names the only one that is given for free, at its place', () => {
    const all = { ...common, ...there }
    const found = rehearsed(any, { handedOut: all, model: all, again: all })
    expect(found.problems).toMatchObject([
      { kind: 'given-for-free', alternative: 0, place: { line: 12, column: 9 }, findings: [{}, {}] },
    ])
  })

  it('warns of one that nobody saw pass', () => {
    const all = { ...common, ...there }
    const found = rehearsed(any, { handedOut: {}, model: all, again: all })
    expect(found.outcome).toBe('proved')
    expect(found.warnings.filter(({ kind }) => kind === 'alternative-unproved')).toMatchObject([
      { alternative: 1, place: { line: 13, column: 9 } },
    ])
  })

  it('says once what belongs to all of them', () => {
    const all = { '/srv/deux': aFile(), '/srv/trois': aFile(), ...there }
    const found = rehearsed(any, { handedOut: {}, model: all, again: all })
    expect(found.problems).toMatchObject([
      { kind: 'cannot-pass', alternative: null, place: { line: 10, column: 9 } },
    ])
  })
})

describe('a slow check', () => {
  const slow = (ms: number) => ({ ...aFile(), ms })
  const warned = (model: Answers, demands = one) =>
    rehearsed(demands, { handedOut: {}, model, again: model }).warnings.filter(
      ({ kind }) => kind === 'slow-check',
    )

  it('is one whose questions took over a second, at its place', () => {
    expect(warned({ '/srv/un': slow(1000) })).toEqual([])
    expect(warned({ '/srv/un': slow(1300) })).toMatchObject([
      { check: 'linux.file', demand: 'un', ms: 1300, place: { line: 11, column: 9 } },
    ])
  })

  it('is not one that got no answer, nor one beside it', () => {
    expect(warned({ '/srv/un': { ...unanswered('timeout'), ms: 10_000 } })).toEqual([])
    const two = `${one}  - { id: deux, criteria: [C9.1], checks: [{ linux.file: { on: web, path: /srv/deux } }] }\n`
    expect(warned({ '/srv/un': slow(1300), '/srv/deux': slow(20) }, two)).toMatchObject([{ demand: 'un' }])
  })
})

describe('a text and its checks', () => {
  const wrong = { '/srv/un': aFile({ mode: '600', content: 'nothing of it' }) }
  const demand = (text: string, params: string) => `  - id: un
    text: ${text}
    criteria: [C9.1]
    checks:
      - linux.file: { on: web, path: /srv/un, ${params} }
`
  const on = (demands: string, model: Answers) => rehearsed(demands, { handedOut: {}, model, again: model })

  it.each([
    ['Donnez à /srv/un les droits 640.', 'mode: "644"', '640', '644'],
    ['Donnez /srv/un à « alice ».', 'owner: bob', 'alice', 'bob'],
    ['Dans /srv/un, donnez le serveur 192.0.2.1.', 'contains: 192.0.2.7', '192.0.2.1', '192.0.2.7'],
  ])('that says another value than the check, %s, is said with both', (text, params, inText, inCheck) => {
    const found = on(demand(text, params), wrong)
    expect(found.outcome).toBe('unproved')
    expect(found.problems).toMatchObject([
      { kind: 'contradicts-text', place: { line: 11 }, contradictions: [{ inText, inCheck }] },
    ])
  })

  it.each([
    ['Donnez à /srv/un les droits 644.', 'mode: "644"'],
    ['Donnez à /srv/un des droits, deux fois.', 'mode: "644"'],
    ['Sur 192.0.2.9, donnez à /srv/un des droits.', 'mode: "644"'],
    ['Créez /srv/un.', 'type: directory'],
    ['Créez le dossier /srv/un pour « alice ».', 'type: directory'],
  ])('that says the same, or nothing of the kind, contradicts nothing: %s', (text, params) => {
    expect(kinds(on(demand(text, params), wrong).problems)).toEqual(['cannot-pass'])
  })

  it('may differ although the model answer passes: a warning', () => {
    const found = on(demand('Donnez à /srv/un les droits 640.', 'mode: "600"'), wrong)
    expect(found).toMatchObject({ outcome: 'proved', problems: [] })
    expect(found.warnings.filter(({ kind }) => kind === 'text-differs')).toMatchObject([
      {
        demand: 'un',
        place: { line: 8, column: 11 },
        contradictions: [{ inText: '640', inCheck: '600', place: { line: 11 } }],
      },
    ])
  })
})

describe('what an exam leaves out', () => {
  it('is said: criteria without a demand, a service that nobody looked at from outside', () => {
    const service = `  - { id: web, criteria: [C9.1], checks: [{ linux.service: { on: web, name: nginx } }] }\n`
    const both = service.replace(' }] }', ' }, { http.site: { on: web } }] }')
    const warnings = (demands: string) => rehearsed(demands, { handedOut: {}, model: {}, again: {} }).warnings
    expect(warnings(service).filter(({ kind }) => kind === 'single-vantage')).toMatchObject([
      { demand: 'web' },
    ])
    expect(warnings(both).filter(({ kind }) => kind === 'single-vantage')).toEqual([])
    const uncovered = warnings(service).flatMap((w) =>
      w.kind === 'uncovered-criterion' ? [w.criterion.id] : [],
    )
    expect(uncovered).toContain('C8.1')
    expect(uncovered).not.toContain('C9.1')
  })
})
