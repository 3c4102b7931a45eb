import { randomBytes, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { TransportFailure } from '../../../agent/transports/transport.ts'
import { avId, writeAvPairs } from '../../../agent/transports/winrm/ntlm/av-pairs.ts'
import { writeChallenge } from '../../../agent/transports/winrm/ntlm/messages.ts'
import { channelBindings } from '../../../agent/transports/winrm/ntlm/ntlmv2.ts'
import type { Target } from '../../../checks/session.ts'
import { accessDenied } from '../../../fixtures/windows/model/exceptions.ts'
import type { WindowsMachine } from '../../../fixtures/windows/model/machine.ts'
import { windowsServer } from '../../../fixtures/windows/model/server.ts'
import { serveWindows } from '../../../fixtures/windows/serve.ts'
import { Authority } from '../transports/certificates.ts'
import { failing, lines, placeOf, walked } from './walked.ts'

const password = randomBytes(12).toString('base64')
const account = { user: 'surveillant', domain: '', password }
const authority = 'S-1-5-21-1004336348-1177238915-682003330'
type WinRm = NonNullable<Target['winrm']>
type Served = Partial<Parameters<typeof serveWindows>[1]>

describe('diagnosing WinRM', () => {
  const ended: (() => Promise<unknown> | void)[] = []
  afterEach(async () => {
    for (const end of ended.splice(0)) await end()
  })

  async function served(options: Served = {}, differs: Partial<WindowsMachine> = {}) {
    const server = await serveWindows(windowsServer('fr', differs), { account, ...options })
    ended.push(() => server.close())
    return server
  }
  async function answering(listener: RequestListener): Promise<number> {
    const server = createServer(listener).listen(0, '127.0.0.1')
    await once(server, 'listening')
    ended.push(() => {
      server.closeAllConnections()
      server.close()
    })
    return (server.address() as AddressInfo).port
  }
  const context = (port: number, winrm: Partial<WinRm> = {}, user = 'surveillant', secret = password) =>
    placeOf(
      { address: '127.0.0.1', winrm: { credential: 'c', scheme: 'http', port, ...winrm } },
      { user, password: secret },
    )
  const on = async (...args: Parameters<typeof context>) => walked('winrm', context(...args))

  it('says every step of a machine that works, and who it is; leaves no shell behind', async () => {
    const server = await served()
    const result = await on(server.port)
    expect(lines(result)).toEqual([
      'name works',
      'port works',
      'offered works',
      'accepted works',
      'sealed works',
      'shell works',
      'marker works',
      'machine works',
      'rights works',
    ])
    expect(result.findings.find(({ step }) => step === 'machine')).toMatchObject({
      identity: authority,
      note: {
        fr: 'SRV-AD, contrôleur de domaine, Windows 10.0.20348, en français',
        en: 'SRV-AD, domain controller, Windows 10.0.20348, in French',
      },
    })
    expect(result.findings.find(({ step }) => step === 'offered')?.note?.en).toContain(
      'Negotiate; machine SRV-AD, domain srv-ad.agence.test',
    )
    expect(server.shells.open).toBe(0)
    expect(server.connections()).toBe(2)
  })

  it('a wrong password: nothing after it is tried, and it is sent once', async () => {
    const server = await served()
    const result = await on(server.port, {}, 'surveillant', 'autre')
    expect(lines(result).slice(2)).toEqual([
      'offered works',
      'accepted fails account-refused',
      ...['sealed', 'shell', 'marker', 'machine', 'rights'].map((step) => `${step} not-tried`),
    ])
    expect(JSON.stringify(result)).not.toContain(password)
  })

  it('what was refused before is not sent again', async () => {
    const server = await served()
    const refused = new TransportFailure('auth', 'refused at the preflight')
    const result = await walked('winrm', context(server.port), { refused })
    expect(failing(result)).toBe('accepted account-refused')
    expect(server.connections()).toBe(1) // what a stranger is told, and no more
  })

  it.each([
    [String.raw`AUTRE\surveillant`, 'wrong-domain'],
    ['surveillant@autre.lan', 'wrong-domain'],
    [String.raw`SRV-AD\personne`, 'account-refused'],
    ['personne', 'account-refused'],
  ])('the account %s is refused as %s', async (user, problem) => {
    const { port } = await served()
    const result = await on(port, {}, user, 'autre')
    expect(failing(result)).toBe(`accepted ${problem}`)
  })

  it('an answer in clear, or spoiled, is refused at the step that says so', async () => {
    for (const misbehaviour of ['unsealed', 'bad-signature'] as const)
      expect(failing(await on((await served({ misbehaviour })).port)), misbehaviour).toBe('sealed unsealed')
  })

  it.each([
    ['redirect', 'sealed redirect'],
    ['hangs-up', 'sealed connection-lost'],
    ['silent', 'sealed silence'],
  ] as const)(
    '%s: %s',
    async (misbehaviour, expected) => {
      expect(failing(await on((await served({ misbehaviour })).port))).toBe(expected)
    },
    20_000,
  )

  it('a quota that is used up is no lack of rights', async () => {
    const result = await on((await served({ maxShells: 0 })).port)
    expect(failing(result)).toBe('shell quota')
    expect(lines(result)).toContain('sealed works')
  }, 20_000)

  it('an account without administrator rights works up to its rights', async () => {
    const identity = { ...windowsServer('fr').identity, administrator: false }
    const result = await on((await served({}, { identity })).port)
    expect(lines(result).at(-1)).toBe('rights fails not-administrator')
    expect(lines(result)).toContain('machine works')
  })

  it('an exception of the reading itself', async () => {
    const result = await on((await served({}, { raises: { machine: accessDenied('fr') } })).port)
    expect(failing(result)).toBe('rights reading-denied')
    const [rights] = result.findings.slice(-1)
    expect(rights!.detail).not.toContain('Accès')
    expect(rights!.detail).toContain('CimException')
  })

  it.each([
    ['no-mark', 'marker no-marker'],
    ['one-mark', 'marker no-marker'],
    ['other-nonce', 'marker no-marker'],
    ['no-authority', 'machine other-machine'],
  ] as const)('%s: %s', async (slip, expected) => {
    expect(failing(await on((await served({ slip })).port))).toBe(expected)
  })

  it('another machine than the pinned one', async () => {
    const { port } = await served()
    const result = await on(port, { identity: 'S-1-5-21-1-2-3' })
    expect(failing(result)).toBe('machine other-machine')
    expect(result.findings.find(({ step }) => step === 'machine')?.identity).toBe(authority)
    expect(failing(await on(port, { identity: authority }))).toBe('all works')
  })

  it('a closed port is refused, a silent one is not WinRM', async () => {
    const { port } = await served()
    await ended.splice(0)[0]!()
    expect(failing(await on(port))).toBe('port port-refused')
    const sockets: Socket[] = []
    const tarpit = createTcpServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1')
    await once(tarpit, 'listening')
    ended.push(() => {
      for (const socket of sockets) socket.destroy()
      tarpit.close()
    })
    const result = await on((tarpit.address() as AddressInfo).port)
    expect(failing(result)).toBe('offered not-winrm')
    expect(result.findings.find(({ step }) => step === 'offered')?.cause).toBe('timeout')
  }, 20_000)

  it('no answer at all to the attempt to connect', async () => {
    // TEST-NET-1: no machine has it, whatever the network does with it.
    const place = placeOf(
      { address: '192.0.2.1', winrm: { credential: 'c', scheme: 'http' } },
      { user: 'surveillant', password },
    )
    expect(failing(await walked('winrm', place))).toMatch(/^port port-(silent|unreachable|refused)$/)
  }, 20_000)

  it.each([
    [(_, response) => response.writeHead(200).end('<html>'), 'offered not-winrm'],
    [
      (_, response) => response.writeHead(401, { 'www-authenticate': 'Basic realm="WSMAN"' }).end(),
      'offered negotiate-missing',
    ],
    [(_, response) => response.writeHead(401).end(), 'offered negotiate-missing'],
    [
      (_, response) => response.writeHead(401, { 'www-authenticate': ['Negotiate', 'Kerberos'] }).end(),
      'accepted ntlm-refused',
    ],
  ] satisfies [RequestListener, string][])('what a stranger is told: %#', async (listener, expected) => {
    expect(failing(await on(await answering(listener)))).toBe(expected)
  })

  it('a clock far from ours is said, and suspected where the account is refused', async () => {
    const name = (text: string) => Buffer.from(text, 'utf16le')
    const port = await answering((request, response) => {
      const token = Buffer.from(request.headers.authorization?.split(' ')[1] ?? '', 'base64')
      const stamp = Buffer.alloc(8)
      stamp.writeBigUInt64LE((BigInt(Date.now() - 900_000) + 11_644_473_600_000n) * 10_000n)
      const challenge = writeChallenge({
        flags: token.length > 16 ? token.readUInt32LE(12) : 0,
        serverChallenge: randomBytes(8),
        targetName: name('SRV'),
        targetInfo: writeAvPairs(
          new Map([
            [avId.computerName, name('SRV')],
            [avId.domainName, name('SRV')],
            [avId.timestamp, stamp],
          ]),
        ),
      })
      const first = token.length > 12 && token.readUInt32LE(8) === 1
      response
        .writeHead(401, {
          'www-authenticate': first ? `Negotiate ${challenge.toString('base64')}` : 'Negotiate',
        })
        .end()
    })
    const result = await on(port)
    expect(failing(result)).toBe('accepted clock-skew')
    expect(result.findings.find(({ step }) => step === 'accepted')?.note?.fr).toBe(
      'son horloge retarde de 15 min',
    )
  })

  it('names what is offered', async () => {
    const port = await answering((_, response) =>
      response
        .writeHead(401, { 'www-authenticate': ['Negotiate', 'Kerberos', 'Basic realm="a, Negotiate b"'] })
        .end(),
    )
    const { findings } = await on(port)
    expect(findings.find(({ step }) => step === 'offered')?.note?.en).toBe('Negotiate, Kerberos, Basic')
  })

  it('a name that stands for nothing', async () => {
    const place = placeOf(
      { address: 'no-such-machine.invalid', winrm: { credential: 'c', scheme: 'http' } },
      { user: 'surveillant', password },
    )
    const result = await walked('winrm', place)
    expect(lines(result).slice(0, 2)).toEqual(['name fails name-unknown', 'port not-tried'])
  }, 20_000)

  it('a secret that is missing is the agent’s, and no machine is told a name', async () => {
    const { port } = await served()
    const place = placeOf({ address: '127.0.0.1', winrm: { credential: 'c', scheme: 'http', port } }, {})
    expect(failing(await walked('winrm', place))).toBe('accepted credential-unfit')
  })

  it('a credential that is a key is not one for WinRM, and no machine is asked', async () => {
    const { port } = await served()
    const winrm = { credential: 'c', scheme: 'http', port } as const
    const place = placeOf({ address: '127.0.0.1', winrm }, { user: 'surveillant', key: 'a key' })
    const result = await walked('winrm', place)
    expect(failing(result)).toBe('accepted credential-unfit')
    expect(result.findings.find(({ state }) => state === 'fails')?.note?.fr).toContain('il n’a qu’une clé')
    const missing = placeOf(
      { address: '127.0.0.1', winrm },
      {},
      {
        credentials: () => Promise.reject(new TransportFailure('grader', 'env:SECRET has no value')),
      },
    )
    expect(failing(await walked('winrm', missing))).toBe('accepted secret-missing')
  })

  it('an interruption is no failure of the machine', async () => {
    const { port } = await served({ misbehaviour: 'silent' })
    const stopped = AbortSignal.timeout(700)
    const result = await walked('winrm', context(port), { signal: stopped })
    expect(result.findings.map(({ state, cause }) => `${state} ${cause}`)).toContain('not-tried cancelled')
    expect(result.findings.some(({ state }) => state === 'fails')).toBe(false)
  })

  it('the directory behind it, where the session asks it that way', async () => {
    const { port } = await served()
    const through = (domain: string) =>
      placeOf(
        {
          address: '127.0.0.1',
          winrm: { credential: 'c', scheme: 'http', port },
          ldap: { through: 'powershell', tls: 'ldaps', domain },
        },
        { user: 'surveillant', password },
      )
    expect(lines(await walked('winrm', through('agence1.lan')))).toContain('directory works')
    const other = await walked('winrm', through('autre.lan'))
    expect(failing(other)).toBe('directory other-domain')
    expect(lines(other).at(-1)).toBe('rights works') // does not rest on it
  })

  describe('over HTTPS', () => {
    let folder = ''
    let issued: ReturnType<Authority['issue']>
    let pem = ''
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'probant-doctor-tls-'))
      const own = new Authority(folder)
      issued = own.issue('srv-ad', 'IP:127.0.0.1')
      pem = own.pem
    })
    afterAll(() => rmSync(folder, { recursive: true }))
    const secure = async () => {
      const [key, cert] = [readFileSync(issued.key, 'utf8'), readFileSync(issued.cert, 'utf8')]
      return served({ tls: { key, cert, bindings: channelBindings(new X509Certificate(cert).raw) } })
    }

    it('says the certificate, and works', async () => {
      const { port } = await secure()
      const result = await on(port, { scheme: 'https', identity: issued.fingerprint })
      expect(failing(result)).toBe('all works')
      expect(result.findings.find(({ step }) => step === 'tls')?.identity).toBe(issued.fingerprint)
      const believed = { ...context(port, { scheme: 'https', ca: 'ca.pem' }), readFile: async () => pem }
      expect(failing(await walked('winrm', believed))).toBe('all works')
    })

    it('shows the certificate that was refused, by its pin or by its authority', async () => {
      const { port } = await secure()
      const pinned = await on(port, { scheme: 'https', identity: `SHA256:${'A'.repeat(43)}` })
      const other = new Authority(mkdtempSync(join(folder, 'other-')))
      const strange = { ...context(port, { scheme: 'https', ca: 'ca.pem' }), readFile: async () => other.pem }
      for (const result of [pinned, await walked('winrm', strange)]) {
        expect(failing(result)).toBe('tls tls-identity')
        expect(result.findings.find(({ state }) => state === 'fails')?.identity).toBe(issued.fingerprint)
      }
    })

    it('a port that speaks TLS, asked without', async () => {
      const { port } = await secure()
      expect(failing(await on(port))).toBe('offered port-speaks-tls')
    })

    it('another certificate, no TLS at all, a CA that can not be read', async () => {
      const { port } = await secure()
      const other = { scheme: 'https', identity: `SHA256:${'A'.repeat(43)}` } as const
      expect(failing(await on(port, other))).toBe('tls tls-identity')
      expect(failing(await on((await served()).port, other))).toBe('tls tls-missing')
      const unread = {
        ...context(port, { scheme: 'https', ca: 'ca.pem' }),
        readFile: () => Promise.reject(Object.assign(new Error('ENOENT'), { code: 'ENOENT' })),
      }
      expect(failing(await walked('winrm', unread))).toBe('tls ca-unreadable')
      const key = readFileSync(issued.key, 'utf8')
      for (const text of ['', 'pas un certificat', key]) {
        const none = { ...context(port, { scheme: 'https', ca: 'ca.pem' }), readFile: async () => text }
        expect(failing(await walked('winrm', none)), text).toBe('tls ca-no-certificate')
      }
    })
  })
})
