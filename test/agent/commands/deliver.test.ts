import { once } from 'node:events'
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deliverRun } from '../../../agent/commands/delivery.ts'
import { newAgent, startServer, type RunningServer } from '../../../server/commands/serve.ts'
import { folderForTests, run } from './probant.ts'
import { localSession } from './session-files.ts'

const folder = folderForTests()
const home = join(folder, 'home')
const runs = join(folder, 'runs')
const data = join(folder, 'server')
let server: RunningServer
let token: string
let paths: string[]
const env = () => ({ PROBANT_TOKEN: token })
const spaced = (text: string) => text.replaceAll('\u202f', ' ')

beforeAll(async () => {
  const options = {
    host: '127.0.0.1',
    port: 0,
    data,
    version: '0',
    referentials: async () => null,
    allReferentials: async () => new Map(),
    catalogue: new Map(),
    logLevel: 'silent' as const,
  }
  server = await startServer(options)
  token = await newAgent(data, 'salle 12')
  const session = localSession(folder, 'training')
  await run(home, ['check', '--session', session, '--out', runs], {
    env: { PROBANT_TEST_PASSWORD: 'not-used' },
  })
  paths = readdirSync(runs).map((name) => join(runs, name))
}, 60_000)
afterAll(() => server?.close())

describe('probant deliver, to the real server', { timeout: 60_000 }, () => {
  it('brings each run once, keeps the receipt beside it, and is safe to start again', async () => {
    expect(paths).toHaveLength(2)
    const first = await run(home, ['deliver', ...paths, '--server', server.url], { env: env() })
    expect([first.status, first.err]).toEqual([0, ''])
    expect(spaced(first.out)).toBe(paths.map((p) => `${p} : remis\n`).join(''))
    for (const path of paths)
      expect(JSON.parse(readFileSync(`${path}.delivered`, 'utf8'))).toMatchObject([{ server: server.url }])
    const second = await run(home, ['deliver', ...paths, '--server', server.url], { env: env() })
    expect([second.status, spaced(second.out)]).toEqual([0, paths.map((p) => `${p} : déjà remis\n`).join('')])
    writeFileSync(`${paths[0]}.delivered`, 'lost')
    const third = await run(home, ['deliver', paths[0]!, '--server', server.url], { env: env() })
    expect([third.status, spaced(third.out)]).toEqual([0, `${paths[0]} : le serveur l’avait déjà\n`])
  })

  it('says what the server refuses, and what is no run, and goes on with the others', async () => {
    const wrong = await run(home, ['deliver', ...paths, '--server', `${server.url}ailleurs/`], { env: env() })
    expect(wrong.status).toBe(3)
    expect(spaced(wrong.out)).toContain('refusé par le serveur (404)')
    const touched = join(folder, 'touched.run.json')
    writeFileSync(touched, readFileSync(paths[0]!, 'utf8').replace('"complete":true', '"complete":false'))
    const mixed = await run(
      home,
      ['deliver', touched, join(folder, 'none'), paths[1]!, '--server', server.url],
      { env: env() },
    )
    // Started again, these would be no runs again: not the 3 of what may be delivered later.
    expect(mixed.status).toBe(2)
    expect(spaced(mixed.out)).toMatch(
      /touched\.run\.json : modifié depuis sa signature[^]*none : ce fichier[^]* : déjà remis/,
    )
    expect(spaced(mixed.err)).toBe(
      `rien n’est parti de ce qui n’est pas un passage intact : « ${touched} », « ${join(folder, 'none')} ». Donnez les fichiers tels que « probant check » les a écrits.\n`,
    )
    expect(existsSync(`${touched}.delivered`)).toBe(false)
    const refused = await run(home, ['deliver', paths[0]!, '--server', `${server.url}x/../`, '--json'], {
      env: { PROBANT_TOKEN: 'not-the-token' },
    })
    expect([refused.status, JSON.parse(refused.out)]).toMatchObject([0, { outcome: 'before' }])
  })

  it('brings the others where a file is no run, and ends with 2 and its name; with 3 where some may come later', async () => {
    const list = join(folder, 'list.csv')
    writeFileSync(list, 'code;n\nC01;1\n')
    const other = join(folder, 'other.run.json')
    writeFileSync(other, readFileSync(paths[0]!))
    const here = ['deliver', list, other, '--server', server.url]
    const both = await run(home, [...here, '--lang', 'en'], { env: env() })
    expect([both.status, spaced(both.err)]).toEqual([
      2,
      `nothing was sent of what is no whole run: “${list}”. Give the files as “probant check” wrote them.\n`,
    ])
    expect(both.out).toMatch(/list\.csv: not a run \([^]*other\.run\.json: the server had it already\n$/)
    rmSync(`${other}.delivered`)
    const later = await run(home, ['deliver', list, other, '--server', server.url], {
      env: { PROBANT_TOKEN: 'not-the-token' },
    })
    expect(later.status).toBe(3)
    expect(spaced(later.out)).toContain('other.run.json : jeton refusé')
    expect(spaced(later.err)).toMatch(/n’est pas un passage intact[^]*1 passage sur 2 non remis : corrigez/)
  })

  it('takes the token from the vault, and never from the line', async () => {
    const vault = { PROBANT_VAULT_PASSPHRASE: `phrase ${Math.random()}` }
    await run(home, ['vault', 'set', 'jeton'], { env: vault, input: `${token}\n` })
    const { status, out } = await run(
      home,
      ['deliver', paths[1]!, '--server', server.url, '--token-from', 'vault:jeton'],
      { env: vault },
    )
    expect([status, out.includes(token)]).toEqual([0, false])
  })
})

describe('a delivery', () => {
  const bytes = new TextEncoder().encode('{}')
  const servers: Server[] = []
  afterAll(() => servers.forEach((s) => s.close()))
  /** A server that answers with these statuses, one after the other; null ends the connection without an answer. */
  async function answering(statuses: readonly (number | null)[], body = '{"receipt":{}}') {
    const seen: string[] = []
    const listening = createServer((request, response) => {
      const status = statuses[Math.min(seen.length, statuses.length - 1)]
      seen.push(`${request.method} ${request.url} ${request.headers.authorization}`)
      request.resume()
      if (status === null || status === undefined) return void request.socket.destroy()
      response
        .writeHead(status, { location: 'http://127.0.0.1:1/', 'content-type': 'application/json' })
        .end(body)
    }).listen(0, '127.0.0.1')
    servers.push(listening)
    await once(listening, 'listening')
    const { port } = listening.address() as { port: number }
    return { seen, server: new URL(`http://127.0.0.1:${port}/base/`) }
  }
  const options = { token: 't', signal: new AbortController().signal, attempts: 3, backoffMs: 1 }

  it('is tried again when the connection breaks or the server can’t now, a bounded number of times', async () => {
    const mended = await answering([null, 503, 201])
    expect(await deliverRun(bytes, { ...options, server: mended.server })).toEqual({
      outcome: 'received',
      receipt: {},
    })
    expect(mended.seen).toEqual(Array(3).fill('POST /base/api/v1/runs Bearer t'))
    const never = await answering([503])
    expect(await deliverRun(bytes, { ...options, server: never.server })).toMatchObject({
      outcome: 'refused',
      status: 503,
    })
    expect(never.seen).toHaveLength(3)
    const gone = servers.pop()!
    gone.close()
    await once(gone, 'close')
    const nobody = await deliverRun(bytes, { ...options, server: never.server })
    expect(nobody).toEqual({ outcome: 'unreachable', detail: 'ECONNREFUSED' })
  })

  it('is not tried again where the answer would be the same, and follows no redirect with the token', async () => {
    for (const status of [401, 403, 409, 422, 302]) {
      const { server: url, seen } = await answering([status], '{}')
      expect(await deliverRun(bytes, { ...options, server: url })).toMatchObject({
        outcome: 'refused',
        status,
      })
      expect(seen).toHaveLength(1)
    }
  })

  it('takes no page for a receipt, nor an answer without end', async () => {
    const page = await answering([200], '<html>')
    expect(await deliverRun(bytes, { ...options, server: page.server })).toMatchObject({
      outcome: 'refused',
      status: 200,
    })
    const long = await answering([200], `{"receipt":"${'x'.repeat(1_000_000)}"}`)
    expect(await deliverRun(bytes, { ...options, server: long.server })).toMatchObject({ outcome: 'refused' })
  })

  it('ends when it is interrupted', async () => {
    const { server: url } = await answering([503])
    const stopped = await deliverRun(bytes, {
      ...options,
      server: url,
      backoffMs: 60_000,
      signal: AbortSignal.timeout(50),
    })
    expect(stopped.outcome).toBe('refused')
  })
})
