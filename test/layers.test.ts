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

describe('the three layers', () => {
  it('are kept apart', { timeout: 60_000 }, async () => {
    const { modules, summary } = await cruise(root, [
      'checks',
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
    expect(modules.map((m) => m.source)).toContain('checks/linux/service.ts')
  })

  it('are seen to be broken where they are', { timeout: 60_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'probant-layers-'))
    try {
      for (const name of ['.dependency-cruiser.cjs', 'package.json'])
        await cp(join(root, name), join(folder, name))
      await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
      for (const layer of ['checks', 'agent', 'server']) await mkdir(join(folder, layer))
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
      const { summary } = await cruise(folder, ['checks', 'agent', 'server'])
      expect([...new Set(summary.violations.map((v) => v.rule.name))].sort()).toEqual([
        'agent-does-not-know-server',
        'checks-have-no-io',
        'checks-import-only-checks',
        'checks-take-pure-libraries-only',
        'server-does-not-know-agent',
      ])
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})
