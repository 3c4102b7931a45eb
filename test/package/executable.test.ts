import { execFile, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from './packed.ts'

const folder = mkdtempSync(join(tmpdir(), 'probant exécutable '))
const program = join(folder, 'probant')
const cwd = join(folder, 'vide')
// No Node, no npm and nothing of ours within reach.
const env = { HOME: join(folder, 'maison'), PATH: '/usr/sbin:/sbin', LANG: 'fr_FR.UTF-8' }

const probant = (...args: string[]) => promisify(execFile)(program, args, { cwd, env, timeout: 60_000 })

describe.skipIf(process.platform !== 'linux')(
  'the single executable (built on Linux only, else skipped)',
  () => {
    beforeAll(() => {
      mkdirSync(cwd)
      mkdirSync(env.HOME)
      execFileSync(process.execPath, [join(root, 'build-sea.ts'), program], { cwd: root, stdio: 'pipe' })
    }, 600_000)
    afterAll(() => rmSync(folder, { recursive: true, force: true }))

    it('is one file, lays itself out in a folder that is its owner’s alone, and says its version', async () => {
      expect(statSync(program).size).toBeLessThan(170_000_000)
      // Two first starts at once: one lays out, the other finds it.
      const both = await Promise.all([probant('--version'), probant('--version')])
      for (const { stdout, stderr } of both)
        expect([stdout, stderr]).toEqual([expect.stringMatching(/^\d/), ''])
      expect(statSync(join(env.HOME, '.cache/probant/executable')).mode & 0o077).toBe(0)
    })

    it('writes an exam, checks it and prints it', async () => {
      const { stderr } = await probant('init')
      expect(stderr).toContain(`"${program}" validate`)
      await probant('validate', 'sujet.yaml', 'session.yaml')
      await probant('print', 'sujet.yaml', '--format', 'pdf', '--out', 'papier')
      expect(statSync(join(cwd, 'papier')).size).toBeGreaterThan(0)
    })

    it('serves, with its store', async () => {
      const child = spawn(program, ['serve', '--port', '0', '--no-agent'], { cwd, env })
      try {
        let said = ''
        const url = await new Promise<string>((resolve, reject) => {
          child.stderr.on('data', (data: Buffer) => {
            said += String(data)
            const found = /(http:\/\/127\.0\.0\.1:\d+\/)\S*\s/.exec(said)
            if (found) resolve(found[1]!)
          })
          child.on('exit', (status) => reject(new Error(`ended with ${status}: ${said}`)))
        })
        expect((await fetch(url)).status).toBe(200)
      } finally {
        child.kill('SIGKILL')
      }
    })
  },
)
