import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CommandFailure } from '../../../agent/commands/command-failure.ts'
import { push } from '../../../agent/commands/push.ts'
import { postSession } from '../../../agent/commands/push/session-post.ts'
import type { Options } from '../../../agent/commands/verb.ts'
import type { Terminal } from '../../../agent/terminal/terminal.ts'
import { readReferentials } from '../../../referentials.ts'
import { folderForTests } from './probant.ts'
import { localSession } from './session-files.ts'

const folder = folderForTests()
const servers: Server[] = []
afterAll(() => servers.forEach((one) => one.close()))
beforeEach(() => vi.stubEnv('PROBANT_TOKEN', 'jeton-secret'))
afterEach(() => vi.unstubAllEnvs())

interface Sent {
  readonly line: string
  readonly body: {
    files: { name: string; text: string }[]
    names?: Record<string, string>
    launch: string
  }
}
type Answer = (sent: Sent) => { status: number; body: unknown } | null
const idOf = ({ body }: Sent) => createHash('sha256').update(body.files[0]!.text).digest('hex')
const created: Answer = (sent) => ({
  status: 201,
  body: { id: idOf(sent), url: `/sessions/${idOf(sent)}`, warnings: [{ fr: 'à voir', en: 'to see' }] },
})

/** A server that answers as told, one answer after the other; null ends the connection without any. */
async function answering(...answers: Answer[]) {
  const seen: Sent[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (data: Buffer) => (text += String(data)))
    request.on('end', () => {
      const { method, url, headers } = request
      const sent = {
        line: `${method} ${url} ${headers.authorization}`,
        body: JSON.parse(text) as Sent['body'],
      }
      const answer = answers[Math.min(seen.length, answers.length - 1)]!(sent)
      seen.push(sent)
      if (!answer) return void request.socket.destroy()
      response
        .writeHead(answer.status, { 'content-type': 'application/json' })
        .end(JSON.stringify(answer.body))
    })
  }).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return { seen, url: `http://127.0.0.1:${(server.address() as { port: number }).port}/base` }
}

/** Runs the verb as it is run, with what it says caught. */
async function pushed(options: Options, lang: 'fr' | 'en' = 'fr') {
  const out: string[] = []
  const err: string[] = []
  const terminal: Terminal = {
    lang,
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    say: (text) => text[lang],
    live: false,
    colour: { out: false, err: false },
    screen: false,
    columns: Number.POSITIVE_INFINITY,
  }
  const context = { terminal, referentials: readReferentials, version: '0' }
  const all = { tokenFrom: 'env:PROBANT_TOKEN', launch: 'hand', ...options }
  const status = await push([], all, context).catch((error: unknown) => {
    if (!(error instanceof CommandFailure)) throw error
    err.push(error.text[lang])
    return error.exit
  })
  return { status, out, err }
}

describe('probant push', () => {
  it('sends the session, its exam and its authorities, with the candidates of the list and their names apart', async () => {
    const session = localSession(folder, 'training')
    const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'
    writeFileSync(join(folder, 'training', 'ca.pem'), pem)
    writeFileSync(
      session,
      readFileSync(session, 'utf8').replace('local: true', 'local: true, http: { ca: ca.pem }'),
    )
    const list = join(folder, 'liste.csv')
    writeFileSync(list, Buffer.from('code;n;nom;place\r\nC02;2;Chloé Durand;B2\r\nC07;7;;B7\r\n', 'latin1'))
    const { seen, url } = await answering(created)
    const { status, out, err } = await pushed({ session, candidates: list, server: url, launch: 'clock' })
    expect([status, err]).toEqual([
      0,
      [`${session}:8:13: note : « C01 » n'est pas dans la liste : laissé de côté`, 'note : à voir'],
    ])
    expect(out).toEqual([
      'Session prête sur le serveur :',
      `${new URL(url).origin}/sessions/${idOf(seen[0]!)}`,
    ])
    const [{ line, body }] = seen as [Sent]
    expect(line).toBe('POST /base/api/v1/sessions Bearer jeton-secret')
    expect(body.files.map(({ name }) => name)).toEqual(['session.yaml', 'sujet.yaml', 'ca.pem'])
    expect(body.files[2]?.text).toBe(pem)
    expect(body.files[0]?.text).toContain(
      'candidates:\n  - { code: C02, n: 2, seat: B2 }\n  - { code: C07, n: 7, seat: B7 }\n',
    )
    expect(body).toMatchObject({ names: { C02: 'Chloé Durand' }, launch: 'clock' })
    expect(JSON.stringify(body.files)).not.toContain('Durand')
  })

  it('says that the server has it already, as JSON too', async () => {
    const session = localSession(folder, 'examination')
    const { seen, url } = await answering((sent) => ({ ...created(sent)!, status: 200 }))
    const { status, out } = await pushed({ session, server: url, json: true }, 'en')
    expect(status).toBe(0)
    expect(JSON.parse(out.join(''))).toMatchObject({
      outcome: 'already',
      id: idOf(seen[0]!),
      warnings: ['to see'],
    })
    expect(seen[0]?.body).not.toHaveProperty('names')
  })

  it('sends nothing of files that are wrong, and says where they are', async () => {
    const { seen, url } = await answering(created)
    const session = localSession(folder, 'training')
    const list = join(folder, 'fausse.csv')
    writeFileSync(list, 'code;n\nC01;x\n')
    const wrong = await pushed({ session, candidates: list, server: url })
    expect([wrong.status, wrong.err[0]]).toEqual([
      2,
      `${list}:2:5: « n » : il faut un nombre, et non du texte`,
    ])
    const none = await pushed({ session, candidates: join(folder, 'absent.csv'), server: url })
    expect([none.status, none.err[0]]).toMatchObject([
      2,
      expect.stringContaining('absent.csv:1:1: ce fichier'),
    ])
    appendFileSync(session, 'autre: 1\n')
    const unknown = await pushed({ session, server: url })
    expect([unknown.status, unknown.err[0]]).toMatchObject([
      2,
      expect.stringContaining(':10:1: clé inconnue « autre »'),
    ])
    expect(seen).toEqual([])
  })

  it.each([
    [401, {}, 'Jeton refusé'],
    [403, {}, 'il faut celui d’un responsable de session'],
    [409, { message: { fr: 'close', en: 'closed' } }, 'Refusé par le serveur (409) : close'],
    [302, {}, 'Refusé par le serveur (302) : sans explication ; vérifiez l’adresse'],
    [200, { hello: 1 }, 'pas un serveur Probant'],
    [201, { id: 'a'.repeat(64), url: '/' }, 'une autre session que celle'],
  ])('says what the server refuses: %i', async (status, body, words) => {
    const { seen, url } = await answering(() => ({ status, body }))
    const { status: exit, out } = await pushed({ session: localSession(folder, 'training'), server: url })
    expect([exit, seen.length]).toEqual([3, 1])
    expect(out[0]).toContain(words)
    expect(out.join('')).not.toContain('jeton-secret')
  })

  it('shows the mistakes that the server found, harmless', async () => {
    const { url } = await answering(() => ({
      status: 422,
      body: {
        message: { fr: 'à corriger', en: 'to correct' },
        diagnostics: [{ file: 'session.yaml', line: 3, column: 2, message: { fr: 'x\u001b[31m', en: 'x' } }],
      },
    }))
    const { err } = await pushed({ session: localSession(folder, 'training'), server: url })
    expect(err).toEqual(['session.yaml:3:2: x‹U+001B›[31m'])
  })

  it('wants an address without credentials, and the token never on the line', async () => {
    const session = localSession(folder, 'training')
    expect((await pushed({ session, server: 'http://u:p@127.0.0.1/' })).status).toBe(2)
    expect((await pushed({ session, server: 'http://127.0.0.1:1/', tokenFrom: 'jeton' })).status).toBe(2)
    vi.stubEnv('PROBANT_TOKEN', '')
    const { status, err } = await pushed({ session, server: 'http://127.0.0.1:1/' })
    expect([status, err.at(-1)]).toMatchObject([2, expect.stringContaining('le jeton manque')])
  })
})

describe('a session on its way', () => {
  const upload = {
    files: [{ name: 'session.yaml', text: 't' }],
    names: new Map<string, string>(),
    id: createHash('sha256').update('t').digest('hex'),
  }
  const options = { token: 't', launch: 'hand', attempts: 3, backoffMs: 1 } as const

  it('is tried again when the connection breaks or the server can’t now, a bounded number of times', async () => {
    const mended = await answering(
      () => null,
      () => ({ status: 503, body: {} }),
      created,
    )
    expect(await postSession(upload, { ...options, server: new URL(`${mended.url}/`) })).toMatchObject({
      outcome: 'created',
    })
    expect(mended.seen).toHaveLength(3)
    const never = await answering(() => ({ status: 503, body: {} }))
    expect(await postSession(upload, { ...options, server: new URL(`${never.url}/`) })).toMatchObject({
      outcome: 'refused',
      status: 503,
    })
    expect(never.seen).toHaveLength(3)
    const gone = await answering(created)
    servers.at(-1)?.close()
    expect(await postSession(upload, { ...options, server: new URL(`${gone.url}/`) })).toEqual({
      outcome: 'unreachable',
      detail: 'ECONNREFUSED',
    })
  })
})
