import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { entry, folderForTests } from '../commands/probant.ts'
import { onThisMachine, present } from './machines.ts'

const folder = folderForTests()
const script = '/usr/bin/script'
const missing = !existsSync(script)
if (missing) console.warn(`skipped: no ${script} here, which gives a command a terminal`)

/** Starts the command in a terminal of its own, 80 columns wide. */
function inTerminal(args: readonly string[]) {
  const quoted = [process.execPath, entry, ...args].map((arg) => `'${arg}'`).join(' ')
  const child = spawn(script, ['-qefc', quoted, '/dev/null'], {
    env: {
      PATH: process.env['PATH'],
      TERM: 'xterm',
      PROBANT_HOME: join(folder, 'home'),
      NODE_COMPILE_CACHE: join(tmpdir(), 'probant-test-compiled'),
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const seen = { text: '' }
  child.stdout.on('data', (data: Buffer) => (seen.text += String(data)))
  const ended = once(child, 'close').then(([status]) => status as number | null)
  const says = (what: RegExp) => expect.poll(() => seen.text, { timeout: 20_000 }).toMatch(what)
  return { child, seen, ended, says }
}

describe.skipIf(missing)('the pause in a terminal', { timeout: 60_000 }, () => {
  it('waits for the model answer and Enter, then looks twice', async () => {
    const { exam, work } = onThisMachine(join(folder, 'a'), { demands: present })
    const { child, seen, ended, says } = inTerminal(['rehearse', exam])
    await says(/Appliquez maintenant la réponse modèle sur les machines de C01, puis Entrée\./)
    writeFileSync(join(work, 'present'), 'hello\n')
    child.stdin.write('\n')
    expect(await ended, seen.text).toBe(0)
    expect(seen.text).toContain('Le sujet est prouvé.')
  })

  it('is left by Ctrl-C, without a report', async () => {
    const { exam } = onThisMachine(join(folder, 'b'), { demands: present })
    const { child, seen, ended, says } = inTerminal(['rehearse', exam])
    await says(/puis Entrée/)
    child.stdin.write('\u0003')
    expect(await ended, seen.text).toBe(130)
    expect(seen.text).toContain('la répétition s’arrête')
    expect(seen.text).not.toContain('sujet est prouvé')
  })
})
