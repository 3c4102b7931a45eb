import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openSqliteStore } from '../../../server/store/sqlite/open.ts'
import type { Store } from '../../../server/store/store.ts'
import { codesTo, runningSession, wanted } from './session-fixture.ts'

const storeModule = new URL('../../../server/store/sqlite/open.ts', import.meta.url).href
let folder: string
let store: Store

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'probant-lease-'))
  store = await openSqliteStore(join(folder, 'probant.sqlite'))
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A process with its own handle on the store: leases until told that all was asked for and nothing is left. */
function leaser(agent: string) {
  const child = spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `const { openSqliteStore } = await import(${JSON.stringify(storeModule)})
      const store = await openSqliteStore(${JSON.stringify(join(folder, 'probant.sqlite'))})
      let all = false
      process.stdin.once('data', () => { all = true; process.stdin.destroy() })
      console.log('ready')
      for (;;) {
        const last = all
        const work = await store.work.lease(${JSON.stringify(agent)}, 600)
        if (work) console.log(work.id)
        else if (last) break
        await new Promise((resolve) => setImmediate(resolve))
      }
      await store.close()`,
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  return {
    ready: once(child.stdout, 'readable'),
    finish: async (): Promise<string[]> => {
      const said = text(child.stdout)
      child.stdin.end('all')
      const [code] = (await once(child, 'close')) as [number | null]
      expect(code).toBe(0)
      return (await said).split('\n').slice(1, -1)
    },
  }
}

it(
  'several processes that lease at once never have the same work, and leave none',
  { timeout: 60_000 },
  async () => {
    const session = await runningSession(store, { candidates: 60 })
    const leasers = ['a', 'b', 'c'].map(leaser)
    await Promise.all(leasers.map(({ ready }) => ready))
    const asked: string[] = []
    for (const kind of ['preflight', 'start', 'end'] as const)
      for (let from = 0; from < 60; from += 10) {
        const works = codesTo(60)
          .slice(from, from + 10)
          .map((code) => wanted(session, code, kind))
        asked.push(...(await store.work.ask(works, 'surv')).map(({ id }) => id))
      }
    const had = await Promise.all(leasers.map(({ finish }) => finish()))
    expect(asked).toHaveLength(180)
    expect(had.flat().sort()).toEqual([...asked].sort())
    const works = await store.work.ofSession(session)
    expect(works.filter(({ attempts, state }) => attempts !== 1 || state !== 'leased')).toEqual([])
  },
)
