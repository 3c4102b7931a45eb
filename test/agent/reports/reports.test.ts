import { describe, expect, it } from 'vitest'
import { html } from '../../../agent/reports/html.ts'
import { junit } from '../../../agent/reports/junit.ts'
import { runText } from '../../../agent/reports/run-text.ts'
import type { Finding } from '../../../checks/finding.ts'
import type { Run } from '../../../checks/run.ts'
import { same } from '../../../checks/text.ts'
import type { Verdict } from '../../../checks/verdict.ts'

const hostile = '<script>alert(1)</script>"><img src=x onerror=alert(2)>]]>&\u001b[31m\u202e\u0000'
const finding = (demand: string, verdict: Verdict, observed = 'vu'): Finding => ({
  demand,
  alternative: 0,
  check: 'linux.file',
  says: same('dit'),
  cell: null,
  criteria: ['C9.1'],
  from: 'agent',
  target: 'web',
  address: '10.0.1.20',
  transport: 'ssh',
  verdict,
  cause: verdict === 'unknown' ? 'auth' : null,
  blame: verdict === 'unknown' ? 'candidate' : null,
  detail: verdict === 'unknown' ? 'technical' : null,
  expected: same('voulu'),
  observed: same(observed),
  contradiction: false,
  byHand: same('cat x'),
  evidence: [],
  ms: 12,
})
const hash = '0'.repeat(64)
const verdicts: Verdict[] = ['pass', 'fail', 'unknown', 'jury', 'na']
const run: Run = {
  format: 'probant-run/1',
  id: '6d9a0b9c-6a5e-4c5b-9c53-0b0e6bd0a001',
  candidate: { code: 'C01', n: 1, seat: 'A1', extraMinutes: 0 },
  session: { id: hash, title: 'Session', date: '2026-12-01' },
  exam: {
    title: `Sujet ${hostile}`,
    purpose: 'training',
    referential: 'tp-01351-01',
    certificate: 'TITRE',
    demands: verdicts.map((id) => ({
      id,
      text: hostile,
      criteria: [],
      question: null,
      transient: false,
      alternatives: [],
    })),
  },
  inputs: { exam: hash, session: hash, referential: hash, version: '0' },
  facts: { candidate: 'C01', targets: {} },
  startedAt: '2026-12-01T08:00:00.000Z',
  endedAt: '2026-12-01T08:00:02.500Z',
  complete: true,
  agent: { host: 'salle', clock: { offsetMs: null } },
  probes: {},
  observations: {},
  notes: [],
  findings: verdicts.map((v) => finding(v, v, hostile)),
  demands: verdicts.map((v) => ({ demand: v, verdict: v, alternative: null })),
  signature: { algorithm: 'Ed25519', publicKey: 'AAAA', value: 'AAAA' },
}

describe('the JUnit report', () => {
  const xml = junit([run], 'fr')
  it('says fail as failure, unknown as error with its cause, the rest as skipped', () => {
    expect(xml).toContain('<testsuite name="C01"')
    expect(xml).toMatch(/tests="5" failures="1" errors="1" skipped="2"/)
    expect(xml.match(/<failure /g)).toHaveLength(1)
    expect(xml).toContain('<error type="auth" message="identifiants refusés, du côté du candidat">')
    expect(xml.match(/<skipped /g)).toHaveLength(2)
  })
  it('is well formed whatever a machine says', () => {
    expect(xml).not.toMatch(/<script|<img|\]\]>/)
    expect(xml).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202e]/)
    expect(xml.replaceAll(/&(amp|lt|gt|quot|#\d+);/g, '')).not.toContain('&')
    const open: string[] = []
    for (const [, end, name, empty] of xml
      .replace(/^<\?.*\?>/, '')
      .matchAll(/<(\/?)([a-z]+)(?:\s[^<>]*?="[^"<]*")*\s*(\/?)>/g)) {
      if (end) expect(open.pop()).toBe(name)
      else if (!empty) open.push(name!)
    }
    expect(open).toEqual([])
  })
})

describe('the HTML report', () => {
  const page = html([run], 'fr')
  it('runs nothing, loads nothing, and shows what is hidden', () => {
    expect(page).not.toMatch(/<(?:script|img|iframe|link|a|form)\b/)
    expect(page).toContain('&lt;script>')
    expect(page).toContain('‹U+001B›[31m‹U+202E›‹U+0000›')
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
  })
  it('writes moments the French way', () => {
    expect(page).toMatch(/C01 — 1er décembre 2026, \d{1,2}\u202fh\u202f\d\d — passage complet/)
    expect(html([run], 'en')).toMatch(/C01 — December 1, 2026/)
  })
  it('says each verdict by a word and a shape', () => {
    for (const words of [
      '● constaté',
      '✕ non constaté',
      '? non vérifié',
      '◇ à apprécier par le jury',
      '– sans objet',
    ])
      expect(page).toContain(words)
  })
})

describe('the text of a run', () => {
  const terminal = {
    lang: 'fr',
    out: () => undefined,
    err: () => undefined,
    say: (t: { fr: string }) => t.fr,
    live: false,
    colour: { out: false, err: false },
    screen: false,
    columns: Infinity,
  } as const
  it('writes no control character of a machine to the terminal', () => {
    const text = [...runText(run, terminal)].join('\n')
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
    expect(text).toContain('‹U+001B›[31m')
    expect(text).toContain('détail : technical')
  })
  it('keeps the technical detail from whoever sits an examination', () => {
    const examination = { ...run, exam: { ...run.exam, purpose: 'examination' as const } }
    expect([...runText(examination, terminal)].join('\n')).not.toContain('technical')
  })
  it('paints only where colours are wanted, and then puts the colour back', () => {
    const painted = [...runText(run, { ...terminal, colour: { out: true, err: true } })].join('\n')
    expect(painted.match(/\u001b\[\d+m/g)?.length).toBe(2 * (painted.match(/\u001b\[0m/g)?.length ?? 0))
  })
})
