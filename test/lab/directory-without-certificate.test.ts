/**
 * A domain controller as Windows is installed has no certificate: its directory is asked through its PowerShell. The sample
 * exam's demands on the directory, on the lab's Samba, give the same findings that way as over LDAPS and SMB. Runs inside
 * `fixtures/lab/lab run`; elsewhere it is skipped.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { agentKey } from '../../agent/evidence/agent-key.ts'
import { loadSession, type LoadedCandidate, type LoadedSession } from '../../agent/run/load.ts'
import { runSession } from '../../agent/run/runner.ts'
import { resolveSecret } from '../../agent/secrets/resolve.ts'
import { catalogue } from '../../checks/catalogue.ts'
import type { Run } from '../../checks/run.ts'
import type { Target } from '../../checks/session.ts'
import { windowsServer } from '../../fixtures/windows/model/server.ts'
import { serveWindows, type ModelledServer } from '../../fixtures/windows/serve.ts'
import { readReferentials } from '../../referentials.ts'

const { env } = process
const account = { user: 'surveillant', domain: '', password: randomBytes(12).toString('base64') }
const ofDirectory = (check: string) => check.startsWith('active-directory.')

let home: string
const servers: ModelledServer[] = []
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'probant-directory-'))
})
afterAll(async () => {
  for (const server of servers) await server.close()
  await rm(home, { recursive: true })
})

/** Candidate n, asked only what concerns the directory, by these ways. */
const asking = (candidate: LoadedCandidate, target: Target): LoadedCandidate => ({
  resolved: {
    ...candidate.resolved,
    targets: { ...candidate.resolved.targets, dc: { role: 'dc', target, shared: null } },
    credentials: {
      ...candidate.resolved.credentials,
      made: { user: account.user, password: 'env:MADE_HERE' },
    },
  },
  plan: {
    ...candidate.plan,
    demands: [],
    checks: candidate.plan.checks.filter(({ checkId }) => ofDirectory(checkId)),
  },
})

async function findingsOf(loaded: LoadedSession, candidates: LoadedCandidate[]) {
  const runs: Run[] = await Array.fromAsync(
    runSession({
      loaded: { ...loaded, candidates },
      signal: AbortSignal.timeout(60_000),
      secrets: async (name) => (name === 'env:MADE_HERE' ? account.password : resolveSecret(name)),
      checkIdentity: () => true,
      preflight: null,
      key: await agentKey(home),
      version: '0',
    }),
  )
  return Object.fromEntries(
    runs.map(({ candidate, findings }) => [
      candidate.code,
      findings.map(({ demand, check, verdict, cause, observed }) => ({
        demand,
        check,
        verdict,
        cause,
        observed,
      })),
    ]),
  )
}

describe.skipIf(!env['LAB_DIR'])('a directory without a certificate', () => {
  it('gives the findings that LDAPS and SMB give, of the candidate who did everything and of the other', async () => {
    const { loaded } = await loadSession(
      join(import.meta.dirname, '../../fixtures/sessions/agence-lyon.yaml'),
      {
        catalogue,
        referentials: await readReferentials(),
      },
    )
    const chosen = loaded!.candidates.slice(0, 2)
    const throughPowerShell = await Promise.all(
      chosen.map(async (candidate) => {
        const { n } = candidate.resolved.candidate
        const address = `10.0.${n}.10`
        const domain = `agence${n}.lan`
        const directory = {
          address,
          user: `lecture@${domain}`,
          password: env['LAB_AD_PASSWORD'] ?? '',
          ca: env['LAB_CA'] ?? '',
        }
        const server = await serveWindows(windowsServer('fr', { directory }), { account })
        servers.push(server)
        return asking(candidate, {
          address: '127.0.0.1',
          winrm: { credential: 'made', scheme: 'http', port: server.port },
          ldap: { through: 'powershell', tls: 'ldaps', domain },
        })
      }),
    )
    const direct = chosen.map((candidate) => asking(candidate, candidate.resolved.targets['dc']!.target))
    const [byScript, byLdap] = [
      await findingsOf(loaded!, throughPowerShell),
      await findingsOf(loaded!, direct),
    ]
    expect(byScript).toEqual(byLdap)
    expect(byLdap['C01']!.length).toBeGreaterThan(10)
    expect(new Set(byLdap['C01']!.map(({ verdict }) => verdict))).toEqual(new Set(['pass']))
    expect(byLdap['C02']!.filter(({ verdict }) => verdict === 'fail')).toHaveLength(4)
    // One conversation: what can be asked together is.
    for (const { shells } of servers) {
      expect(shells.asked.get('Create')).toBe(1)
      expect(shells.asked.get('Command')).toBeLessThanOrEqual(3)
    }
  })
})
