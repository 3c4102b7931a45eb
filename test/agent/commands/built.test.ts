import { randomBytes } from 'node:crypto'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { windowsServer } from '../../../fixtures/windows/model/server.ts'
import { serveWindows, type ModelledServer } from '../../../fixtures/windows/serve.ts'
import { folderForTests, root } from './probant.ts'

const folder = folderForTests()
const source = join(root, 'agent/transports/powershell')
const password = randomBytes(12).toString('base64')

describe('the command as it is shipped', { timeout: 60_000 }, () => {
  let built: string
  let server: ModelledServer
  beforeAll(() => {
    // Inside the checkout, to find its packages.
    mkdirSync(join(root, 'artefacts'), { recursive: true })
    built = mkdtempSync(join(root, 'artefacts', 'built-'))
    execFileSync(process.execPath, [join(root, 'build.ts'), built], { cwd: root, stdio: 'pipe' })
  }, 60_000)
  afterAll(() => rmSync(built, { recursive: true, force: true }))
  afterEach(() => server?.close())

  /** Checks one service of a modelled machine behind WinRM; gives the finding as the command prints it. */
  async function serviceFound() {
    server = await serveWindows(windowsServer('fr'), {
      account: { user: 'Administrateur', domain: 'AGENCE', password },
    })
    writeFileSync(
      join(folder, 'sujet.yaml'),
      `title: Sujet
purpose: training
referential: tp-01351-01
certificate: TITRE
roles: { dc: windows }
demands:
  - { id: dhcp, criteria: [C8.3], checks: [{ windows.service: { on: dc, name: DHCPServer } }] }
`,
    )
    writeFileSync(
      join(folder, 'session.yaml'),
      String.raw`exam: sujet.yaml
date: 2026-12-01
credentials: { admin: { user: 'AGENCE\Administrateur', password: env:PROBANT_TEST_PASSWORD } }
targets: { dc: { address: 127.0.0.1, winrm: { credential: admin, port: ${server.port} } } }
candidates: [{ code: C01, n: 1, seat: A1 }]
`,
    )
    const command = [join(built, 'probant.js'), 'check', '--session', join(folder, 'session.yaml')]
    const child = spawn(process.execPath, [...command, '--json', '--out', join(folder, 'runs')], {
      env: {
        PATH: process.env['PATH'],
        PROBANT_HOME: mkdtempSync(join(folder, 'home-')),
        PROBANT_TEST_PASSWORD: password,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const text = { out: '', err: '' }
    child.stdout.on('data', (data: Buffer) => (text.out += String(data)))
    child.stderr.on('data', (data: Buffer) => (text.err += String(data)))
    const [status] = await once(child, 'close')
    expect(text.out, text.err).not.toBe('')
    const { findings } = JSON.parse(text.out) as { findings: readonly Record<string, unknown>[] }
    return { status, finding: findings[0], asked: server.shells.asked }
  }

  it.each(['host', 'scripts'])('holds %s/ as it is in the source', (texts) => {
    const names = readdirSync(join(source, texts))
    expect(names.length).toBeGreaterThan(3)
    expect(readdirSync(join(built, texts))).toEqual(names)
    for (const name of names)
      expect(readFileSync(join(built, texts, name))).toEqual(readFileSync(join(source, texts, name)))
  })

  it('finds its scripts, and asks a Windows machine by them', async () => {
    const { status, finding, asked } = await serviceFound()
    expect(finding).toMatchObject({ check: 'windows.service', transport: 'winrm', verdict: 'pass' })
    expect(status).toBe(0)
    expect(asked.get('Command')).toBe(1)
  })

  it('asks nothing by a script that is not shipped', async () => {
    rmSync(join(built, 'scripts', 'services.ps1'))
    const { status, finding, asked } = await serviceFound()
    expect(finding).toMatchObject({ verdict: 'unknown', cause: 'not-asked' })
    expect(status).toBe(3)
    expect(asked.size).toBe(0)
  })
})
