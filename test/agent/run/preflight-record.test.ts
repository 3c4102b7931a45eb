import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { agentKey } from '../../../agent/evidence/agent-key.ts'
import { loadSession } from '../../../agent/run/load.ts'
import { recordOf, type PreflightResult } from '../../../agent/run/preflight.ts'
import { runSession } from '../../../agent/run/runner.ts'
import { catalogue } from '../../../checks/catalogue.ts'
import type { Target } from '../../../checks/session.ts'
import { windowsServer } from '../../../fixtures/windows/model/server.ts'
import { serveWindows, type ModelledServer } from '../../../fixtures/windows/serve.ts'
import { planned } from '../../../fixtures/observations/recording.ts'
import { readReferentials } from '../../../referentials.ts'

const password = randomBytes(12).toString('base64')
const tried = (worked: boolean): PreflightResult =>
  ({
    candidate: 'C01',
    route: { role: 'srv', way: 'winrm' },
    address: '127.0.0.1',
    worked,
    cause: worked ? null : 'refused',
    detail: '',
    identity: null,
    ms: 1,
  }) as PreflightResult

it.each([
  [[true, false], true],
  [[false, true], true],
  [[false, false], false],
] as const)('of questions that share a way, %j: it worked, %s', (answers, worked) => {
  expect(recordOf(answers.map(tried)).ways['C01 srv winrm']?.worked).toBe(worked)
})

let folder: string
let server: ModelledServer
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'probant-blame-'))
  // No directory stands behind this machine: its own LDAP client says that the server is down.
  const { groupPolicies: _, ...machine } = windowsServer('fr')
  server = await serveWindows(machine, { account: { user: 'surveillant', domain: '', password } })
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

it('a directory that fails behind a machine that answers is not blamed by the way that worked', async () => {
  const { loaded } = await loadSession(
    join(import.meta.dirname, '../../../fixtures/observations/windows/session.yaml'),
    { catalogue, referentials: await readReferentials() },
  )
  const { resolved } = loaded!.candidates[0]!
  const target: Target = {
    address: '127.0.0.1',
    winrm: { credential: 'surveillant', scheme: 'http', port: server.port },
    ldap: { through: 'powershell', tls: 'ldaps', domain: 'agence1.lan' },
  }
  const check = { check: 'active-directory.ou', label: '', params: { on: 'srv', path: 'Ventes' }, expect: [] }
  const [run] = await Array.fromAsync(
    runSession({
      loaded: {
        ...loaded!,
        session: {
          ...loaded!.session,
          file: { ...loaded!.session.file, control: { address: '127.0.0.1' } },
        },
        candidates: [
          {
            resolved: { ...resolved, targets: { srv: { role: 'srv', target, shared: null } } },
            plan: {
              demands: [],
              checks: [planned(check)],
              facts: {
                candidate: 'C01',
                targets: {
                  srv: {
                    kind: 'windows',
                    address: '127.0.0.1',
                    transports: ['powershell', 'ldap'],
                    shared: false,
                  },
                },
              },
            },
          },
        ],
      },
      signal: AbortSignal.timeout(20_000),
      secrets: async () => password,
      checkIdentity: () => true,
      preflight: recordOf([tried(true)]),
      key: await agentKey(folder),
      version: '0',
    }),
  )
  expect(run!.findings[0]).toMatchObject({ verdict: 'unknown', cause: 'refused', blame: 'undecidable' })
})
