import { createServer, type Server as TcpServer, type Socket } from 'node:net'
import { generateKeyPairSync } from 'node:crypto'
import ssh2, { type Connection, type ServerChannel } from 'ssh2'
import { afterEach, expect, test } from 'vitest'
import type { SshTransport } from '../../../agent/transports/ssh/ssh.ts'
import { command, file, type Probe } from '../../../checks/probe.ts'
import { outcomesOf } from './shells.ts'
import { open } from './sshd.ts'

// Servers that no honest machine would be. The password is made up; it must never get to one of the first kind.
const never = new AbortController().signal
const credential = { user: 'probant', password: 'mot de passe' }
const servers: { close(): unknown }[] = []
const sockets = new Set<Socket>()
const transports: SshTransport[] = []
const probes = [command('web', ['id']), command('web', ['uptime']), file('web', '/etc')]

afterEach(async () => {
  await Promise.all(transports.splice(0).map((transport) => transport.close()))
  for (const socket of sockets) socket.destroy()
  for (const server of servers.splice(0)) server.close()
})

async function listening(server: TcpServer | InstanceType<typeof ssh2.Server>): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

const raw = (behave: (socket: Socket) => void) =>
  listening(
    createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => {})
      behave(socket)
    }),
  )

/** An SSH server that takes any password and does as told with a session. */
function sshServer(behave: (channel: ServerChannel, connection: Connection) => void): Promise<number> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const hostKey = privateKey.export({ type: 'pkcs1', format: 'pem' })
  const server = new ssh2.Server({ hostKeys: [hostKey] }, (connection) => {
    connection.on('error', () => {})
    connection.on('authentication', (attempt) => attempt.accept())
    connection.on('session', (accept) => {
      accept().on('exec', (acceptExec) => {
        const channel = acceptExec()
        channel.on('error', () => {})
        behave(channel, connection)
      })
    })
  })
  return listening(server)
}

const opened = (port: number, connectTimeoutMs = 500) => {
  const transport = open(port, { credential, connectTimeoutMs })
  transports.push(transport)
  return transport
}
const ask = (transport: SshTransport, asked: readonly Probe[] = probes) =>
  outcomesOf(asked, transport.ask(asked, never))

async function timed<T>(work: Promise<T>): Promise<[T, number]> {
  const begun = performance.now()
  return [await work, performance.now() - begun]
}

test('a tarpit costs one connect timeout for all questions, and nothing afterwards', async () => {
  const port = await raw((socket) => {
    const timer = setInterval(() => socket.write('x'), 50)
    socket.on('close', () => clearInterval(timer))
  })
  const transport = opened(port)
  const [outcomes, ms] = await timed(ask(transport))
  expect(outcomes.map((o) => o.failure?.cause)).toEqual(['timeout', 'timeout', 'timeout'])
  expect(new Set(outcomes.map((o) => o.failure?.detail)).size).toBe(1)
  expect(ms).toBeGreaterThan(400)
  expect(ms).toBeLessThan(1500)
  const [again, second] = await timed(ask(transport))
  expect(again.map((o) => o.failure?.cause)).toEqual(['timeout', 'timeout', 'timeout'])
  expect(second).toBeLessThan(100)
})

test('silence after the connection is a timeout', async () => {
  const [outcomes] = await timed(ask(opened(await raw(() => {}))))
  expect(outcomes.map((o) => o.failure?.cause)).toEqual(['timeout', 'timeout', 'timeout'])
})

test('a flood before the banner ends', async () => {
  const port = await raw((socket) => {
    const more = () => {
      while (!socket.destroyed && socket.write('bienvenue\r\n'.repeat(1000)));
      socket.once('drain', more)
    }
    more()
  })
  const [outcomes, ms] = await timed(ask(opened(port)))
  expect(outcomes[0]!.failure?.cause).toMatch(/^(timeout|unreachable)$/)
  expect(ms).toBeLessThan(1500)
})

test('connections that are closed before the banner are tried again, and at last refused', async () => {
  let connections = 0
  const port = await raw((socket) => {
    connections++
    socket.destroy()
  })
  const [outcomes, ms] = await timed(ask(opened(port, 1000)))
  expect(outcomes.map((o) => o.failure?.cause)).toEqual(['refused', 'refused', 'refused'])
  expect(connections).toBeGreaterThan(1)
  expect(connections).toBeLessThanOrEqual(8)
  expect(ms).toBeLessThan(1500)
})

test('something else than SSH behind the port', async () => {
  const port = await raw((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
  const [outcomes] = await timed(ask(opened(port)))
  expect(outcomes.every((o) => o.failure !== undefined)).toBe(true)
})

test('a session that never says anything costs one wait for all', async () => {
  const [outcomes, ms] = await timed(ask(opened(await sshServer(() => {}), 700)))
  expect(outcomes.map((o) => o.failure?.cause)).toEqual(['timeout', 'timeout', 'timeout'])
  expect(ms).toBeLessThan(2000)
})

test('a session that floods ends', async () => {
  const port = await sshServer((channel) => {
    const more = () => {
      while (channel.writable && channel.write('y\n'.repeat(10_000)));
      channel.once('drain', more)
    }
    more()
  })
  const [outcomes, ms] = await timed(ask(opened(port, 3000)))
  expect(outcomes.map((o) => o.failure?.cause)).toEqual(['unparsable', 'unparsable', 'unparsable'])
  expect(ms).toBeLessThan(3000)
})

test('an exit without status, and without an answer, is no answer', async () => {
  const [outcomes] = await timed(ask(opened(await sshServer((channel) => channel.close()), 2000)))
  expect(outcomes.map((o) => o.failure?.cause)).toEqual(['denied', 'denied', 'denied'])
})

test('a reset instead of an answer is unreachable', async () => {
  const port = await sshServer((_channel, connection) => {
    // The socket under the connection, which ssh2 keeps to itself.
    const { _sock } = connection as unknown as { _sock: Socket }
    _sock.resetAndDestroy()
  })
  const [outcomes] = await timed(ask(opened(port, 2000)))
  expect(outcomes.map((o) => o.failure?.cause)).toEqual(['unreachable', 'unreachable', 'unreachable'])
})

test('forged answers, out of order, double, or to nothing that was asked', async () => {
  const port = await sshServer((channel) => {
    let script = ''
    channel.on('data', (chunk: Buffer) => {
      script += chunk.toString('utf8')
      const nonce = /^nonce=([0-9a-f]+)$/m.exec(script)?.[1]
      if (!nonce || !script.endsWith('exit\n}\n')) return
      const marks = [
        [7, '0'],
        [0, 'ready'],
        [0, 'ready'],
        [3, '0'],
        [3, '0'],
        [99999, '0'],
        [1, 'zzzz'],
        [2, '999'],
      ]
      for (const [index, status] of marks) {
        channel.write(`\n${nonce} ${index} ${status}\n`)
        channel.stderr.write(`\n${nonce} ${index} ${status}\n`)
      }
      channel.close()
    })
  })
  const [outcomes] = await timed(ask(opened(port, 2000)))
  expect(outcomes).toHaveLength(3)
})
