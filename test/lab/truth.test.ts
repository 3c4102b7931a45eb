import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { catalogue } from '../../checks/catalogue.ts'
import type { Finding } from '../../checks/finding.ts'
import { signatureHolds, type Run } from '../../checks/run.ts'
import { agentKey } from '../../agent/evidence/agent-key.ts'
import { loadSession } from '../../agent/run/load.ts'
import { keepPreflight, readPreflight } from '../../agent/run/preflight-record.ts'
import { preflight, recordOf } from '../../agent/run/preflight.ts'
import { runSession } from '../../agent/run/runner.ts'
import { knownIdentities } from '../../agent/identities/known-identities.ts'
import { resolveSecret } from '../../agent/secrets/resolve.ts'
import { readReferentials } from '../../referentials.ts'

interface Truth {
  verdict: string
  cause?: string
  blame?: string
}
interface Rule extends Truth {
  demand?: string
  check?: string
  target?: string
  nth?: number
}
type Planted = Record<string, { default: Truth; rules?: Rule[] }>

const root = join(import.meta.dirname, '..', '..')
let runs: Map<string, Run>
let planted: Planted
let home: string

/** What was planted for one finding; `nth` counts the findings of its demand from 1. */
function truthOf(candidate: string, finding: Finding, nth: number): Truth {
  const { default: otherwise, rules = [] } = planted[candidate]!
  const fits = (rule: Rule) =>
    (rule.demand ?? finding.demand) === finding.demand &&
    (rule.check ?? finding.check) === finding.check &&
    (rule.target ?? finding.target) === finding.target &&
    (rule.nth ?? nth) === nth
  return rules.findLast(fits) ?? otherwise
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'probant-truth-'))
  process.env['PROBANT_HOME'] = home
  planted = parse(await readFile(join(root, 'fixtures/lab/truth.yaml'), 'utf8')) as Planted
  const sources = { catalogue, referentials: await readReferentials() }
  const { loaded, diagnostics } = await loadSession(join(root, 'fixtures/sessions/agence-lyon.yaml'), sources)
  expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([])
  const common = {
    loaded: loaded!,
    signal: AbortSignal.timeout(110_000),
    secrets: resolveSecret,
    checkIdentity: knownIdentities(home, loaded!.hashes.session),
  }
  await keepPreflight(loaded!.hashes.session, recordOf(await Array.fromAsync(preflight(common))))
  await promisify(execFile)(join(root, 'fixtures/lab/lab'), ['sabotage'])
  const done = await Array.fromAsync(
    runSession({
      ...common,
      preflight: await readPreflight(loaded!.hashes.session),
      key: await agentKey(home),
      version: 'test',
    }),
  )
  runs = new Map(done.map((run) => [run.candidate.code, run]))
})
afterAll(() => rm(home, { recursive: true, force: true }))

describe('the three candidates of the lab', () => {
  it('finds for each finding what was planted, with the right cause and blame', () => {
    const verdicts = ['pass', 'fail', 'unknown', 'jury', 'na']
    const matrix = new Map<string, number>()
    const wrong: string[] = []
    for (const [candidate, run] of runs) {
      const counts = new Map<string, number>()
      for (const finding of run.findings) {
        const nth = (counts.get(finding.demand) ?? 0) + 1
        counts.set(finding.demand, nth)
        const truth = truthOf(candidate, finding, nth)
        const cell = `${truth.verdict}→${finding.verdict}`
        matrix.set(cell, (matrix.get(cell) ?? 0) + 1)
        const found = { verdict: finding.verdict, cause: finding.cause, blame: finding.blame }
        const meant = { verdict: truth.verdict, cause: truth.cause ?? null, blame: truth.blame ?? null }
        if (JSON.stringify(found) !== JSON.stringify(meant))
          wrong.push(
            `${candidate} ${finding.demand} ${finding.check} ${finding.target} #${nth}: planted ${JSON.stringify(meant)}, found ${JSON.stringify(found)} (${finding.observed.en}; ${finding.detail ?? ''})`,
          )
      }
    }
    console.log(`planted ↓ found →   ${verdicts.map((v) => v.padStart(8)).join('')}`)
    for (const truth of verdicts)
      console.log(
        truth.padEnd(20) + verdicts.map((v) => String(matrix.get(`${truth}→${v}`) ?? 0).padStart(8)).join(''),
      )
    expect(wrong).toEqual([])
    expect(runs.size).toBe(3)
    expect(matrix.get('pass→pass')).toBeGreaterThan(60)
  })

  it('finds all nineteen mistakes of C02 and nothing else', () => {
    const failing = runs
      .get('C02')!
      .demands.filter((d) => d.verdict === 'fail')
      .map((d) => d.demand)
    expect(failing).toHaveLength(19)
  })

  it('signs every run, and keeps no secret in it', async () => {
    for (const run of runs.values()) {
      expect(await signatureHolds(run)).toBe(true)
      expect(await signatureHolds({ ...run, complete: !run.complete })).toBe(false)
      const text = JSON.stringify(run)
      for (const [name, value] of Object.entries(process.env))
        if (/^LAB_.*(PASSWORD|AUTH|PRIV|COMMUNITY|KEY)$/.test(name))
          expect(text.includes(value!), name).toBe(false)
    }
  })

  it('spends the deadline of a dead machine once', () => {
    const run = runs.get('C03')!
    expect(Date.parse(run.endedAt) - Date.parse(run.startedAt)).toBeLessThan(10_000 + 8000)
  })
})
