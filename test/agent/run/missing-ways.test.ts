import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadSession } from '../../../agent/run/load.ts'
import { catalogue } from '../../../checks/catalogue.ts'
import { diagnosticLine } from '../../../checks/document.ts'
import { readReferentials } from '../../../referentials.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'probant-ways-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** What is said of a session whose machine `srv` has these ways, for an exam with this check. */
async function notes(check: string, ways: string): Promise<string[]> {
  await writeFile(
    join(folder, 'exam.yaml'),
    `title: t
purpose: training
referential: tp-01351-01
certificate: TITRE
roles: { srv: windows, poste: linux }
demands:
  - { id: d, text: t, criteria: [C8.3], checks: [{ ${check} }] }
`,
  )
  const session = join(folder, 'session.yaml')
  await writeFile(
    session,
    `exam: exam.yaml
date: 2026-12-01
credentials: { admin: { user: a, password: env:SECRET } }
targets:
  srv: { address: 127.0.0.1${ways} }
  poste: { address: 127.0.0.2 }
candidates: [{ code: C01, n: 1 }, { code: C02, n: 2 }]
`,
  )
  const { loaded, diagnostics } = await loadSession(session, {
    catalogue,
    referentials: await readReferentials(),
  })
  expect(loaded).not.toBeNull()
  return diagnostics.map((one) => diagnosticLine(one, 'fr').replace(/^.*session\.yaml:/, ''))
}

describe('what an exam asks and the session gives no way to ask', () => {
  const service = 'windows.service: { on: srv, name: Spooler }'
  it('is noted once, at the machine, with what to give it', async () => {
    expect(await notes(service, '')).toEqual([
      '5:3: rien ne permet de demander ici ce que veut le sujet (windows.service) : donnez à « srv » « winrm », « ssh » avec « shell: powershell », ou « local: powershell », sinon cela restera non vérifié',
    ])
  })
  it('is not the shell of a Linux machine', async () => {
    expect(await notes(service, ', ssh: { credential: admin }')).toHaveLength(1)
  })
  it.each([
    ', winrm: { credential: admin }',
    ', ssh: { credential: admin, shell: powershell }',
    ', local: powershell',
  ])('is nothing with%s', async (ways) => {
    expect(await notes(service, ways)).toEqual([])
  })
  it('is the directory, where only WinRM is there', async () => {
    const ou = 'active-directory.ou: { on: srv, path: Ventes }'
    const [note] = await notes(ou, ', winrm: { credential: admin }')
    expect(note).toContain('donnez à « srv » « ldap: { through: powershell, domain: … } »')
    const [without] = await notes(ou, '')
    expect(without).toContain('donnez à « srv » « ldap », sinon')
    expect(
      await notes(ou, ', winrm: { credential: admin }, ldap: { through: powershell, domain: a.lan }'),
    ).toEqual([])
  })
  it('is the vantage point, for what is asked from another machine', async () => {
    const reach = 'network.vlan-reachable: { pairs: [{ from: poste, to: srv, expect: allow }] }'
    const [note] = await notes(reach, '')
    expect(note).toContain('donnez à « poste » « ssh »')
  })
})
