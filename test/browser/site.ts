import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseReferential } from '../../checks/referential/referential.ts'
import { createServer } from '../../server/server.ts'
import { createAgentToken } from '../../server/store/agent-token.ts'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'
import { hostile, makeKey, makeRun, sessionId, type FixtureOptions } from '../server/run-fixture.ts'

/** A server on a real port with runs in it: one honest, one broken and interrupted, one of a candidate who attacks. */
export interface Site {
  readonly url: string
  /** Every kind of page, by name. */
  readonly paths: Readonly<Record<string, string>>
  readonly hostilePaths: readonly string[]
  close(): Promise<void>
}

export async function startSite(): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'probant-browser-'))
  const referential = parseReferential(
    readFileSync(new URL('../../checks/referential/tp-01351-01.yaml', import.meta.url), 'utf8'),
  )
  const store = await openSqliteStore(join(folder, 'probant.sqlite'))
  const token = await createAgentToken(store, 'poste')
  const app = await createServer({
    store,
    referentials: async (id) => (id === referential.id ? referential : null),
    version: '0',
    logger: false,
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const key = makeKey()
  const deliver = async (options: FixtureOptions) => {
    const run = makeRun(key, options)
    const answer = await fetch(`${url}/api/v1/runs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(run),
    })
    if (answer.status !== 201) throw new Error(`fixture: ${answer.status}`)
    return run
  }
  const honest = await deliver({ n: 1 })
  await deliver({ n: 1, startedAt: '2026-12-01T10:00:00Z' })
  await deliver({ n: 2, broken: true, complete: false })
  const attack = await deliver({ n: 3, says: hostile, session: 'piège' })
  const session = `/sessions/${sessionId('lyon')}`
  const trap = `/sessions/${sessionId('piège')}`
  const longest = Object.values(honest.observations).find((o) => o.truncated)?.probe ?? ''
  const attacking = Object.values(attack.observations).find((o) => o.answer?.kind === 'http')?.probe ?? ''
  return {
    url,
    paths: {
      sessions: '/',
      session,
      dossier: `${session}/candidates/C01`,
      'dossier, everything unfolded': `${session}/candidates/C02?detail=raw`,
      'dossier of an attack': `${trap}/candidates/C03?detail=raw`,
      observation: `${session}/candidates/C01/runs/${honest.id}/observations/${longest}`,
      'nothing here': '/sessions/nowhere',
    },
    hostilePaths: [
      '/',
      trap,
      `${trap}/candidates/C03`,
      `${trap}/candidates/C03?detail=raw`,
      `${trap}/candidates/C03/runs/${attack.id}/observations/${attacking}`,
    ],
    close: async () => {
      await app.close()
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
