import { randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { BrowserContext } from 'playwright-core'
import { catalogue } from '../../checks/catalogue.ts'
import { readReferentials } from '../../referentials.ts'
import { Changes } from '../../server/live/changes.ts'
import { createAgentToken } from '../../server/store/agent-token.ts'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'
import { signInCookie } from '../server/exam-day-server.ts'

// Node runs no JSX: the pages come from the build.
const built = resolve(import.meta.dirname, '../../dist/server.js')
const runs = resolve(import.meta.dirname, '../../fixtures/runs')

/** A server on a real port with the recorded runs of the lab's three candidates in it, for pictures. */
export async function startRecordedSite(): Promise<{
  url: string
  session: string
  /** Signs a browser's context in, as a responsable de session. */
  signIn(context: BrowserContext): Promise<void>
  close(): Promise<void>
}> {
  const { createServer } = (await import(built)) as typeof import('../../server/server.ts')
  const folder = mkdtempSync(join(tmpdir(), 'probant-pictures-'))
  const referentials = await readReferentials()
  const store = await openSqliteStore(join(folder, 'probant.sqlite'))
  const token = await createAgentToken(store, 'poste')
  const app = await createServer({
    store,
    referentials: async (id) => referentials.get(id) ?? null,
    allReferentials: async () => referentials,
    catalogue,
    changes: new Changes(),
    cookieKey: randomUUID() + randomUUID(),
    dataFolder: folder,
    version: '0',
    logger: false,
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  let session = ''
  for (const file of readdirSync(runs).sort()) {
    const body = readFileSync(join(runs, file), 'utf8')
    session = (JSON.parse(body) as { session: { id: string } }).session.id
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
    const answer = await fetch(`${url}/api/v1/runs`, { method: 'POST', headers, body })
    if (answer.status !== 201) throw new Error(`${file}: ${answer.status} ${await answer.text()}`)
  }
  await store.life.setState(session, 'collected', 'open', 'pictures')
  const reader = await store.accounts.add(
    { name: 'responsable', displayName: 'Responsable', role: 'responsable' },
    'pictures',
  )
  return {
    url,
    session,
    signIn: async (context) => {
      const [name = '', ...value] = (await signInCookie(app, store, reader)).split('=')
      await context.addCookies([{ name, value: value.join('='), url }])
    },
    close: async () => {
      await app.close()
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
