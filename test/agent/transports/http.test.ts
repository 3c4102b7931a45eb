import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openHttp } from '../../../agent/transports/http/http.ts'
import type { CheckIdentity } from '../../../agent/transports/transport.ts'
import { http } from '../../../checks/probe.ts'
import type { Target } from '../../../checks/session.ts'
import { ensure, program } from '../../setup/debian.ts'
import { Authority } from './certificates.ts'
import { answerOf, askAll, askOne, causeOf, context, freePort, start, type Service } from './service.ts'

const password = randomBytes(12).toString('base64url')
const open = (way: Target['http'] = {}, options: Parameters<typeof context>[1] = {}) =>
  openHttp(
    context(
      { address: '127.0.0.1', http: { credential: 'c', ...way } },
      { credential: { user: 'probant', password }, ...options },
    ),
  )

describe.skipIf(!ensure(['nginx-light', 'openssl']))('http, a real nginx', () => {
  let folder: string
  let service: Service
  let [port, secure] = [0, 0]
  let authority: Authority
  let issued: ReturnType<Authority['issue']>
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'probant-http-'))
    authority = new Authority(folder)
    issued = authority.issue('web', 'DNS:intranet.agence1.lan,IP:127.0.0.1')
    ;[port, secure] = [await freePort(), await freePort()]
    await mkdir(join(folder, 'www'))
    await writeFile(join(folder, 'www', 'index.html'), '<h1>Intranet été</h1>')
    await writeFile(join(folder, 'www', 'latin1.html'), Buffer.from('été', 'latin1'))
    await writeFile(join(folder, 'www', 'long.txt'), 'é'.repeat(50_000))
    await writeFile(join(folder, 'passwords'), `probant:{PLAIN}${password}\n`, { mode: 0o600 })
    const site = `
      root ${folder}/www; gzip on; gzip_types text/plain; add_header X-Twice a; add_header X-Twice b;
      location = /latin1.html { charset iso-8859-1; default_type text/html; }
      location /elsewhere { return 302 http://10.0.2.20/; }
      location /echo { return 200 "$http_host|$http_authorization|$http_accept_encoding|$ssl_server_name"; }
      location /private { auth_basic x; auth_basic_user_file ${folder}/passwords; try_files /index.html =404; }`
    const configuration = `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error; events {}
      http { types { text/html html; text/plain txt; } access_log off; server_tokens off;
        client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
        server { listen 127.0.0.1:${port}; ${site} }
        server { listen 127.0.0.1:${secure} ssl; ssl_certificate ${issued.cert}; ssl_certificate_key ${issued.key}; ${site} } }`
    await writeFile(join(folder, 'nginx.conf'), configuration)
    service = await start(
      program('nginx')!,
      ['-c', join(folder, 'nginx.conf')],
      async () => 'answer' in (await askOne(open(), http('m', { port }))),
    )
  }, 60_000)
  afterAll(async () => {
    await service?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('gives status, headers in lower case and body', async () => {
    const answer = answerOf(await askOne(open(), http('m', { port })))
    expect(answer).toMatchObject({
      kind: 'http',
      status: 200,
      body: '<h1>Intranet été</h1>',
      certificateSha256: null,
    })
    expect(answer).toMatchObject({ headers: { 'content-type': 'text/html', 'x-twice': 'a, b' } })
  })

  it('follows no redirect, and gives errors as answers', async () => {
    const [moved, missing, head] = await askAll(open(), [
      http('m', { port, path: '/elsewhere' }),
      http('m', { port, path: '/none' }),
      http('m', { port, method: 'HEAD' }),
    ])
    expect(answerOf(moved!)).toMatchObject({ status: 302, headers: { location: 'http://10.0.2.20/' } })
    expect(answerOf(missing!)).toMatchObject({ status: 404 })
    expect(answerOf(head!)).toMatchObject({ status: 200, body: '' })
  })

  it('cuts a long body between two characters, and reads other encodings', async () => {
    const [long, latin] = await askAll(open(), [
      http('m', { port, path: '/long.txt', maxBytes: 101 }),
      http('m', { port, path: '/latin1.html' }),
    ])
    expect(long).toMatchObject({ truncated: true, answer: { body: 'é'.repeat(50) } })
    expect(answerOf(latin!)).toMatchObject({ body: 'été' })
  })

  it('asks the address, under the name, without compression or password', async () => {
    const [plain, named] = await askAll(open(), [
      http('m', { port, path: '/echo' }),
      http('m', { scheme: 'https', port: secure, path: '/echo', host: 'intranet.agence1.lan' }),
    ])
    expect(answerOf(plain!)).toMatchObject({ body: `127.0.0.1:${port}||identity|` })
    expect(answerOf(named!)).toMatchObject({
      body: `intranet.agence1.lan:${secure}||identity|intranet.agence1.lan`,
    })
  })

  it('sends the password where asked, and says auth where it is refused', async () => {
    const probe = http('m', { port, path: '/private', authenticated: true })
    expect(answerOf(await askOne(open(), probe))).toMatchObject({ status: 200 })
    const wrong = randomBytes(12).toString('base64url')
    const refused = await askOne(open({}, { credential: { user: 'probant', password: wrong } }), probe)
    expect(causeOf(refused)).toBe('auth')
    expect(JSON.stringify(refused)).not.toContain(wrong)
    expect(answerOf(await askOne(open(), http('m', { port, path: '/private' })))).toMatchObject({
      status: 401,
    })
    expect(causeOf(await askOne(open({}, { credential: { user: 'probant' } }), probe))).toBe('grader')
  })

  it('notes any certificate where the session says nothing', async () => {
    const outcome = await askOne(
      open({}, { checkIdentity: () => false }),
      http('m', { scheme: 'https', port: secure }),
    )
    expect(outcome).toMatchObject({
      identity: issued.fingerprint,
      answer: { status: 200, certificateSha256: issued.sha256 },
    })
  })

  it('verifies it where the session names a CA or a fingerprint', async () => {
    const probe = http('m', { scheme: 'https', port: secure })
    const other = new Authority(folder, 'other')
    const pinned: CheckIdentity = (where, shown, pin) =>
      where === `https 127.0.0.1:${secure}` && shown === pin
    const ask = async (way: Target['http'], files = {}, of = probe) =>
      causeOf(await askOne(open(way, { files, checkIdentity: pinned }), of))
    expect(await ask({ ca: 'c' }, { c: authority.pem })).toMatch(/^answered/)
    expect(await ask({ ca: 'c' }, { c: other.pem })).toBe('identity')
    expect(await ask({ ca: 'gone' })).toBe('grader')
    expect(await ask({ identity: issued.fingerprint })).toMatch(/^answered/)
    expect(await ask({ identity: `SHA256:${'A'.repeat(43)}` })).toBe('identity')
    // A password goes only to a certificate that was seen before.
    expect(await ask({}, {}, { ...probe, authenticated: true, path: '/private' })).toBe('identity')
  })

  it('says unparsable of TLS where there is none, refused of a closed port', async () => {
    expect(causeOf(await askOne(open(), http('m', { scheme: 'https', port })))).toBe('unparsable')
    expect(causeOf(await askOne(open(), http('m', { port: await freePort() })))).toBe('refused')
  })
})

describe('http, a hostile server', () => {
  let server: Server | undefined
  const sockets = new Set<Socket>()
  afterEach(() => {
    sockets.forEach((socket) => socket.destroy())
    server?.close()
  })
  const serve = async (behave: (socket: Socket) => void) => {
    server = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined))
      socket.once('data', () => behave(socket))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as { port: number }).port
  }
  const drip = (socket: Socket, text: string) => {
    const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : socket.write(text)), 5)
  }
  const ask = async (behave: (socket: Socket) => void, limits = {}) => {
    const port = await serve(behave)
    return await askOne(open(), { ...http('m', { port }), timeoutMs: 500, ...limits })
  }

  it('ends with a timeout on silence, on endless headers and on a body that drips', async () => {
    expect(causeOf(await ask(() => undefined))).toBe('timeout')
    expect(causeOf(await ask((s) => (s.write('HTTP/1.1 200 OK\r\n'), drip(s, 'a: b\r\n'))))).toBe('timeout')
    expect(
      causeOf(
        await ask(
          (s) => (s.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'), drip(s, '1\r\nx\r\n')),
        ),
      ),
    ).toBe('timeout')
  })

  it('cuts an endless body, however it is framed', async () => {
    const flood = (head: string, piece: string) => (s: Socket) => {
      s.write(head)
      const more = () =>
        void (s.destroyed || (s.write(piece.repeat(1000)) ? setImmediate(more) : s.once('drain', more)))
      more()
    }
    const chunked = await ask(
      flood('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n', '4\r\nabcd\r\n'),
      { timeoutMs: 5000, maxBytes: 1000 },
    )
    expect(chunked).toMatchObject({ truncated: true, answer: { body: 'abcd'.repeat(250) } })
    const raw = await ask(flood('HTTP/1.0 200 OK\r\n\r\n', 'abcd'), { timeoutMs: 5000, maxBytes: 1000 })
    expect(raw).toMatchObject({ truncated: true, answer: { body: 'abcd'.repeat(250) } })
  })

  it('says unparsable of what is not HTTP and of too many headers, refused of half an answer', async () => {
    expect(causeOf(await ask((s) => s.write('SSH-2.0-OpenSSH_9.2\r\n')))).toBe('unparsable')
    expect(causeOf(await ask((s) => s.write(`HTTP/1.1 200 OK\r\na: ${'x'.repeat(20_000)}\r\n\r\n`)))).toBe(
      'unparsable',
    )
    expect(causeOf(await ask((s) => s.end()))).toBe('refused')
    expect(causeOf(await ask((s) => s.end('HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nabc')))).toBe(
      'refused',
    )
  })

  it('reads a change of protocol, and a header with a trap for a name', async () => {
    expect(
      answerOf(
        await ask((s) =>
          s.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
        ),
      ),
    ).toMatchObject({ status: 101 })
    const trap = answerOf(
      await ask((s) => s.end('HTTP/1.1 200 OK\r\n__proto__: x\r\ncontent-length: 0\r\n\r\n')),
    )
    expect(trap).toMatchObject({ status: 200, headers: { 'content-length': '0' } })
    expect(Object.keys((trap as { headers: object }).headers)).toEqual(['content-length'])
  })

  it.skipIf(!ensure(['openssl']))('does not send a request before the certificate is verified', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'probant-http-'))
    const issued = new Authority(folder).issue('web', 'DNS:web')
    let said = 0
    const tls = createTlsServer(
      { key: readFileSync(issued.key), cert: readFileSync(issued.cert) },
      (socket) => {
        socket.on('error', () => undefined).on('data', (data) => (said += data.length))
      },
    ).listen(0, '127.0.0.1')
    await once(tls, 'listening')
    const probe = http('m', {
      scheme: 'https',
      port: (tls.address() as { port: number }).port,
      authenticated: true,
    })
    expect(causeOf(await askOne(open({}, { checkIdentity: () => false }), probe))).toBe('identity')
    tls.close()
    await once(tls, 'close')
    await rm(folder, { recursive: true })
    expect(said).toBe(0)
  })
})
