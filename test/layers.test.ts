import { execFile } from 'node:child_process'
import { cp, mkdtemp, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const cruiser = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs')

interface Cruise {
  modules: { source: string }[]
  summary: { totalCruised: number; violations: { from: string; to: string; rule: { name: string } }[] }
}

async function cruise(folder: string, paths: readonly string[]): Promise<Cruise> {
  const args = [cruiser, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...paths]
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: folder,
    maxBuffer: 64 * 1024 * 1024,
  }).catch((error: { stdout: string }) => error)
  return JSON.parse(stdout) as Cruise
}

describe('the layers', () => {
  it('are kept apart', { timeout: 60_000 }, async () => {
    const { modules, summary } = await cruise(root, [
      'checks',
      'paper',
      'agent',
      'server',
      'probant.ts',
      'referentials.ts',
      'server-verbs.ts',
    ])
    expect(summary.violations.map((v) => `${v.rule.name}: ${v.from} → ${v.to}`)).toEqual([])
    // A parser that reads nothing finds nothing wrong.
    for (const layer of ['checks/', 'agent/', 'server/'])
      expect(modules.filter((m) => m.source.startsWith(layer)).length, layer).toBeGreaterThan(10)
    for (const source of ['checks/linux/service.ts', 'paper/sheet.ts'])
      expect(modules.map((m) => m.source)).toContain(source)
  })

  it('are seen to be broken where they are', { timeout: 60_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'probant-layers-'))
    try {
      for (const name of ['.dependency-cruiser.cjs', 'package.json'])
        await cp(join(root, name), join(folder, name))
      await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
      for (const layer of ['checks', 'paper', 'agent', 'server']) await mkdir(join(folder, layer))
      await writeFile(
        join(folder, 'agent/a.ts'),
        "export const a = 1\nexport type { S } from '../server/s.ts'\n",
      )
      await writeFile(
        join(folder, 'server/s.ts'),
        "export type S = string\nexport const s = async () => import('../agent/a.ts')\n",
      )
      await writeFile(
        join(folder, 'checks/c.ts'),
        "import { readFileSync } from 'node:fs'\nimport { a } from '../agent/a.ts'\nimport { pino } from 'pino'\nexport const c = [readFileSync, a, pino]\n",
      )
      await writeFile(
        join(folder, 'paper/p.ts'),
        "import type { S } from '../server/s.ts'\nexport const p = (s: S) => [s, import('../agent/a.ts')]\n",
      )
      await writeFile(join(folder, 'checks/d.ts'), "export type { p } from '../paper/p.ts'\n")
      const { summary } = await cruise(folder, ['checks', 'paper', 'agent', 'server'])
      const broken = (from: string) =>
        summary.violations
          .filter((v) => v.from === from)
          .map((v) => `${v.rule.name}: ${v.to}`)
          .sort()
      expect(broken('paper/p.ts')).toEqual([
        'paper-knows-checks-only: agent/a.ts',
        'paper-knows-checks-only: server/s.ts',
      ])
      expect(broken('checks/d.ts')).toEqual(['checks-import-only-checks: paper/p.ts'])
      expect([...new Set(summary.violations.map((v) => v.rule.name))].sort()).toEqual([
        'agent-does-not-know-server',
        'checks-have-no-io',
        'checks-import-only-checks',
        'checks-take-pure-libraries-only',
        'paper-knows-checks-only',
        'server-does-not-know-agent',
      ])
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})
