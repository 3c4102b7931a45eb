import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { CannotServe, startServer, type RunningServer } from '../../../server/commands/serve.ts'

let data: string
let log: string
const running: RunningServer[] = []
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'probant-first-'))
  log = ''
})
afterEach(async () => {
  for (const server of running.splice(0)) await server.close()
  rmSync(data, { recursive: true, force: true })
})

const options = (host = '127.0.0.1') => ({
  data,
  host,
  port: 0,
  version: '0',
  catalogue: new Map(),
  referentials: async () => null,
  allReferentials: async () => new Map(),
  log: { write: (line: string) => void (log += line) },
})
async function start(): Promise<RunningServer> {
  const server = await startServer(options())
  running.push(server)
  return server
}
const choose = (link: string) =>
  fetch(link, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({
      name: 'resp',
      displayName: 'Responsable',
      password: 'quatre mots sans rapport',
    }),
  })

it('a server without an account gives a link to make the first, another at each start, none once it is made', async () => {
  const before = await start()
  const old = new URL(before.firstAccount ?? '')
  await before.close()
  const server = await start()
  const link = new URL(server.firstAccount ?? '')
  expect(link.pathname).not.toBe(old.pathname)
  expect((await choose(new URL(old.pathname, server.url).href)).status).toBe(410)
  expect((await choose(link.href)).status).toBe(303)
  expect((await choose(link.href)).status).toBe(410)
  await server.close()
  expect((await start()).firstAccount).toBeNull()
  // What was logged tells that an invitation was opened, and not by which code.
  expect(log).toContain('/invitations/…')
  for (const secret of [old, link].map(({ pathname }) => pathname.split('/').at(-1) ?? ''))
    expect(log).not.toContain(secret)
})

it('what signs the cookies is the owner’s only, and stays over a restart', async () => {
  await (await start()).close()
  const { mode, mtimeMs } = statSync(join(data, 'cookie-key'))
  expect((mode & 0o777).toString(8)).toBe('600')
  await start()
  expect(statSync(join(data, 'cookie-key')).mtimeMs).toBe(mtimeMs)
})

it('passwords do not cross the network in clear unasked', async () => {
  await expect(startServer(options('0.0.0.0'))).rejects.toThrow(CannotServe)
})

it('a server of this machine answers to no other name', async () => {
  const { url } = await start()
  const { request } = await import('node:http')
  const status = await new Promise((resolve, reject) =>
    request(`${url}sign-in`, { headers: { host: 'evil.example' } }, (answer) =>
      resolve(answer.resume().statusCode),
    )
      .on('error', reject)
      .end(),
  )
  expect(status).toBe(421)
})
