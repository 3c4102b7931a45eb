import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { readReferentials } from '../../referentials.ts'
import { createAgentToken } from '../../server/store/agent-token.ts'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'

// Node runs no JSX: the pages come from the build.
const built = resolve(import.meta.dirname, '../../dist/server.js')
const runs = resolve(import.meta.dirname, '../../fixtures/runs')

/** A server on a real port with the recorded runs of the lab's three candidates in it, for pictures. */
export async function startRecordedSite(): Promise<{ url: string; session: string; close(): Promise<void> }> {
  const { createServer } = (await import(built)) as typeof import('../../server/server.ts')
  const folder = mkdtempSync(join(tmpdir(), 'probant-pictures-'))
  const referentials = await readReferentials()
  const store = await openSqliteStore(join(folder, 'probant.sqlite'))
  const token = await createAgentToken(store, 'poste')
  const app = await createServer({
    store,
    referentials: async (id) => referentials.get(id) ?? null,
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
  return {
    url,
    session,
    close: async () => {
      await app.close()
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
