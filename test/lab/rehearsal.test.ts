import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { catalogue } from '../../checks/catalogue.ts'
import { agentKey } from '../../agent/evidence/agent-key.ts'
import { knownIdentities } from '../../agent/identities/known-identities.ts'
import { rehearseRuns } from '../../agent/rehearse/rehearse.ts'
import { rehearsalText } from '../../agent/rehearse/report-text.ts'
import { loadSession } from '../../agent/run/load.ts'
import { resolveSecret } from '../../agent/secrets/resolve.ts'
import { readReferentials } from '../../referentials.ts'
import { silentTerminal } from '../agent/terminal/silent-terminal.ts'

// The training exams on real machines (fixtures/lab/room/rehearsal.sh): candidate 1's as handed out, those of another one
// with the model answer, whose scripts run once more before the third look: they may be repeated and change nothing.

const root = join(import.meta.dirname, '..', '..')
let home: string

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'probant-rehearsal-'))
  process.env['PROBANT_HOME'] = home
})
afterAll(() => rm(home, { recursive: true, force: true }))

/** What nobody can see on machines as handed out: the service that would say it isn't there yet, and no other way tells. */
const hidden: Record<string, string[]> = {
  titre: [],
  ccp2: [],
  ccs: [
    'agent-snmp, supervision.snmp-agent: refused',
    'agent-snmp, supervision.snmp-agent: refused',
    'hotes-supervises, supervision.nagios-host: refused',
    'hotes-supervises, supervision.nagios-host: refused',
  ],
}

it.each(['titre', 'ccp2', 'ccs'])('proves the exam %s', async (name) => {
  const { loaded, diagnostics } = await loadSession(join(root, 'fixtures/exams', name, 'session.yaml'), {
    catalogue,
    referentials: await readReferentials(),
  })
  expect(diagnostics).toEqual([])
  const { n } = loaded!.session.file.candidates.find(({ code }) => code === 'CORRIGE')!
  const rehearsed = await rehearseRuns({
    loaded: loaded!,
    secrets: resolveSecret,
    checkIdentity: knownIdentities(home, loaded!.hashes.session),
    key: await agentKey(home),
    version: 'test',
    preflight: null,
    signal: AbortSignal.timeout(110_000),
    handedOut: 'REMIS',
    model: 'CORRIGE',
    onStage: async (stage) => {
      if (stage === 'again')
        await promisify(execFile)(join(root, 'fixtures/lab/lab'), ['model', name, String(n)])
      return undefined
    },
  })
  const { rehearsal } = rehearsed!
  const table = [...rehearsalText(rehearsal, loaded!.exam, silentTerminal(160))].join('\n')
  expect(rehearsal.outcome, table).toBe('proved')
  expect(rehearsal.unprovable, table).toEqual([])
  expect(
    rehearsal.demands.map(({ demand, verdicts }) => [demand, verdicts.model, verdicts.again]),
    table,
  ).toEqual(loaded!.exam.demands.map(({ id }) => [id, 'pass', 'pass']))
  const unknowns = rehearsal.unknowns.map(
    ({ demand, finding }) => `${demand}, ${finding.check}: ${finding.cause}`,
  )
  expect(unknowns.toSorted(), table).toEqual(hidden[name])
  // What no machine of this room could show, and how long a question took, are no matter of these exams.
  const harmless = ['uncovered-criterion', 'single-vantage', 'slow-check']
  expect(
    rehearsal.warnings.filter(({ kind }) => !harmless.includes(kind)),
    table,
  ).toEqual([])
})
