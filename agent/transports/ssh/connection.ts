import { createHash } from 'node:crypto'
import { connect as connectTcp } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Duplex } from 'node:stream'
import ssh2, {
  type Algorithms,
  type AnyAuthMethod,
  type Client,
  type ClientChannel,
  type ParsedKey,
} from 'ssh2'
import { printable } from '../shell/printable.ts'
import { TransportFailure, type OpenCredential, type TransportContext } from '../transport.ts'
import { prepareKeys } from './prepared-keys.ts'
import { tcpFailure } from './tcp-failure.ts'

/**
 * What is offered, cheapest first where it is as safe: curve25519 takes 13 ms where OpenSSH's default key
 * exchange takes 85; AES-GCM is the processor's. The older ones are for devices that know nothing better.
 */
const algorithms: Algorithms = {
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'diffie-hellman-group-exchange-sha256',
    'diffie-hellman-group14-sha256',
  ],
  serverHostKey: [
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'rsa-sha2-512',
    'rsa-sha2-256',
  ],
  cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes256-ctr'],
  compress: ['none'],
}

/**
 * A connection may be kept for minutes between two looks: a router on the way doesn't forget it, and a machine that was just
 * switched off is known to be gone after a minute.
 */
const keepaliveInterval = 15_000
const keepaliveCountMax = 4

/** sshd drops connections beyond MaxStartups before its banner: that says nothing of the machine. */
const maxAttempts = 8

/**
 * Connects and authenticates, after the host key was accepted: nothing of the credential is sent before. Rejects
 * with a TransportFailure. A connection that is closed before any banner is tried again, with jitter, within
 * `context.connectTimeoutMs`, which bounds the whole; the wait for a jump host, which has its own, comes on top.
 */
export async function connect(
  context: TransportContext,
  signal: AbortSignal,
): Promise<{ client: Client; identity: string }> {
  const ssh = context.target.ssh
  if (!ssh) throw new TransportFailure('grader', 'the session gives no ssh for this machine')
  const credential = await context.credentials(ssh.credential)
  const methods = authentication(credential)
  const began = performance.now()
  let waitedForJump = 0
  for (let attempt = 1; ; attempt++) {
    const left = context.connectTimeoutMs - (performance.now() - began - waitedForJump)
    const clock = AbortSignal.timeout(Math.max(1, Math.ceil(left)))
    let socket: Duplex
    if (context.jump) {
      const asked = performance.now()
      socket = await context.jump(context.target.address, ssh.port, signal)
      waitedForJump += performance.now() - asked
    } else
      socket = await openSocket(context.target.address, ssh.port, AbortSignal.any([signal, clock]), clock)
    try {
      return await handshake(
        socket,
        context,
        credential.user ?? '',
        methods,
        AbortSignal.any([signal, clock]),
      )
    } catch (error) {
      if (!(error instanceof ClosedBeforeBanner)) throw error
      const pause = Math.min(1000, 50 * 2 ** attempt) * (0.5 + Math.random())
      const elapsed = performance.now() - began - waitedForJump
      if (attempt === maxAttempts || elapsed + pause >= context.connectTimeoutMs)
        throw new TransportFailure('refused', `${attempt} connections were closed before the SSH banner`)
      await delay(pause, undefined, { signal }).catch(() => {})
      if (signal.aborted) throw interrupted(signal)
    }
  }
}

/** What a server shows before anybody is known. */
export interface Welcome {
  readonly identity: string
  /** Methods of authentication that it goes on with; empty where it let us in without any. */
  readonly methods: readonly string[]
}

/**
 * Asks who the machine is and how it wants to be convinced (RFC 4252, 5.2: the method `none`), and leaves. Rejects with a
 * TransportFailure: `identity` for another host key than the expected one …
 */
export async function welcome(
  context: TransportContext,
  username: string,
  signal: AbortSignal,
): Promise<Welcome> {
  const { address, ssh } = context.target
  if (!ssh) throw new TransportFailure('grader', 'the session gives no ssh for this machine')
  const socket = context.jump
    ? await context.jump(address, ssh.port, signal)
    : await openSocket(address, ssh.port, signal, signal)
  const seen: { identity: string; methods: readonly string[] | null } = { identity: '', methods: null }
  try {
    const { client, identity } = await handshake(
      socket,
      context,
      username,
      [{ type: 'none', username }],
      signal,
      (shown) => Object.assign(seen, shown),
    )
    client.end()
    client.destroy()
    return { identity, methods: [] }
  } catch (error) {
    if (error instanceof ClosedBeforeBanner)
      throw new TransportFailure('refused', 'the connection was closed before the SSH banner')
    if (seen.methods === null) throw error
    return { identity: seen.identity, methods: seen.methods }
  }
}

class ClosedBeforeBanner extends Error {}

function interrupted(signal: AbortSignal): TransportFailure {
  const late = signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError'
  return new TransportFailure(late ? 'timeout' : 'cancelled', 'interrupted while connecting')
}

/** A TCP connection, or why none: silence is `unreachable`, as nothing shows that there is a machine. */
function openSocket(host: string, port: number, signal: AbortSignal, clock: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host, port, noDelay: true })
    const stop = () => {
      socket.destroy()
      reject(
        clock.aborted
          ? new TransportFailure('unreachable', 'no answer to the connection attempt')
          : interrupted(signal),
      )
    }
    socket.once('connect', () => {
      signal.removeEventListener('abort', stop)
      resolve(socket)
    })
    // Stays for the socket's life: ssh2 adds its own later.
    socket.on('error', (error) => {
      signal.removeEventListener('abort', stop)
      reject(tcpFailure(error))
    })
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
  })
}

/** What the session says, and nothing else, in the order in which it is offered. Throws a TransportFailure. */
export function authentication(credential: OpenCredential): AnyAuthMethod[] {
  const { user: username, password, key, passphrase } = credential
  if (!username) throw new TransportFailure('grader', 'the credential names no user')
  const methods: AnyAuthMethod[] = []
  if (key !== undefined) {
    // The library's own messages tell a wrong passphrase from a file that is no key, and hold no part of either.
    const parsed: ParsedKey | Error | (ParsedKey | Error)[] = ssh2.utils.parseKey(key, passphrase)
    const first = Array.isArray(parsed) ? parsed[0] : parsed
    if (!first || first instanceof Error || !first.isPrivateKey())
      throw new TransportFailure(
        'grader',
        `the private key can't be read${first instanceof Error ? `: ${printable(first.message, 100)}` : ''}`,
      )
    methods.push({ type: 'publickey', username, key: first })
  }
  if (password !== undefined) {
    methods.push({ type: 'password', username, password })
    methods.push({
      type: 'keyboard-interactive',
      username,
      prompt: (_name, _instructions, _lang, prompts, finish) =>
        // One hidden question is the password's; to anything else the machine gets nothing.
        finish(prompts.length === 1 && !prompts[0]!.echo ? [password] : prompts.map(() => '')),
    })
  }
  if (methods.length === 0)
    throw new TransportFailure('grader', 'the credential has neither key nor password')
  return methods
}

function handshake(
  socket: Duplex,
  context: TransportContext,
  username: string,
  methods: readonly AnyAuthMethod[],
  signal: AbortSignal,
  seen: (shown: Partial<Welcome>) => void = () => undefined,
): Promise<{ client: Client; identity: string }> {
  const { address, ssh } = context.target
  const where = `ssh ${address}:${ssh!.port}`
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client()
    let identity = ''
    let bannered = false
    let offered = 0
    const settle = (failure: Error) => {
      signal.removeEventListener('abort', stop)
      reject(failure)
      client.destroy()
      socket.destroy()
    }
    const stop = () => {
      const late = signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError'
      settle(
        new TransportFailure(
          late ? 'timeout' : 'cancelled',
          late ? 'connected, but no SSH session within the time' : 'interrupted while connecting',
        ),
      )
    }
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) return stop()
    client.once('ready', () => {
      signal.removeEventListener('abort', stop)
      prepareKeys(client)
      resolve({ client, identity })
    })
    client.on('error', (error: Error & { level?: string; code?: string }) => {
      if (identity === 'refused')
        settle(new TransportFailure('identity', 'another host key than the expected one was shown'))
      else if (error.level === 'client-authentication')
        settle(new TransportFailure('auth', `${username} was refused with the credential of the session`))
      else if (!bannered && (error.level === 'client-socket' || error.message.startsWith('Connection lost')))
        settle(new ClosedBeforeBanner())
      else if (offered > 0)
        settle(
          new TransportFailure('auth', `disconnected while authenticating: ${printable(error.message, 150)}`),
        )
      else
        settle(
          new TransportFailure('unreachable', `the SSH handshake failed: ${printable(error.message, 150)}`),
        )
    })
    client.once('close', () => {
      if (!bannered) settle(new ClosedBeforeBanner())
      else if (offered > 0) settle(new TransportFailure('auth', 'disconnected while authenticating'))
      else settle(new TransportFailure('unreachable', 'the connection was closed during the SSH handshake'))
    })
    try {
      client.connect({
        sock: socket as never,
        username,
        algorithms,
        readyTimeout: 0,
        keepaliveInterval,
        keepaliveCountMax,
        hostVerifier: (key: Buffer): boolean => {
          const shown = `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
          const expected = context.checkIdentity(where, shown, ssh!.identity)
          identity = expected ? shown : 'refused'
          seen({ identity: shown })
          return expected
        },
        authHandler: (left, _partial, next) => {
          if (Array.isArray(left)) seen({ methods: left })
          // Nothing that the session doesn't say; 'none' only to ask what is offered.
          while (
            offered < methods.length &&
            Array.isArray(left) &&
            !left.includes(methods[offered]!.type as never)
          )
            offered++
          const method = methods[offered++]
          next(method ?? (false as never))
        },
      })
      socket.once('data', (chunk: Buffer) => {
        bannered = chunk.toString('latin1', 0, 4) === 'SSH-'
      })
    } catch (error) {
      settle(new TransportFailure('grader', printable(error instanceof Error ? error.message : 'error', 150)))
    }
  })
}

/**
 * Opens one exec channel. A server that has no channel to give (MaxSessions: reason 2, or 4) is asked again for a while;
 * our channels that are open end soon, and `whenFull` may end some. `lost` says whether the connection is over. Rejects with a TransportFailure.
 */
export async function execute(
  client: Client,
  command: string,
  lost: () => boolean,
  signal: AbortSignal,
  timeoutMs: number,
  whenFull: () => void,
): Promise<ClientChannel> {
  const until = performance.now() + timeoutMs
  for (let pause = 20; ; pause = Math.min(500, pause * 2)) {
    const opened = await openChannel(client, command, signal, Math.max(1, until - performance.now()))
    if (!(opened instanceof Error)) return opened
    if (lost()) throw new TransportFailure('unreachable', 'the connection was lost')
    const said = printable(opened.message, 150)
    const full = opened.reason === 2 || opened.reason === 4
    if (!full || performance.now() + pause > until)
      throw new TransportFailure('denied', `the machine opens no session: ${said}`)
    whenFull()
    await delay(pause * (0.5 + Math.random()), undefined, { signal }).catch(() => {})
    if (signal.aborted) throw interrupted(signal)
  }
}

type ChannelError = Error & { readonly reason?: number | string }

/** One attempt: the channel, or the machine's refusal. Rejects where there was neither. */
function openChannel(
  client: Client,
  command: string,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<ClientChannel | ChannelError> {
  return new Promise((resolve, reject) => {
    let over = false
    const end = () => {
      over = true
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
    }
    const timer = setTimeout(() => {
      end()
      reject(new TransportFailure('timeout', 'the machine opens no session in time'))
    }, timeoutMs)
    const stop = () => {
      end()
      reject(interrupted(signal))
    }
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) return stop()
    try {
      client.exec(command, (error: ChannelError | undefined, channel) => {
        if (over) {
          if (!error) channel.destroy()
          return
        }
        end()
        resolve(error ?? channel)
      })
    } catch {
      // "Not connected"
      end()
      reject(new TransportFailure('unreachable', 'the connection was lost'))
    }
  })
}

/** Lets go of a channel: what arrives after this is thrown away as it comes, and the machine's program ends with its window. */
export function abandon(channel: ClientChannel): void {
  channel.removeAllListeners('data')
  channel.stderr.removeAllListeners('data')
  channel.resume()
  channel.stderr.resume()
  channel.close()
}

/** Opens a TCP stream to another machine through this one (RFC 4254, direct-tcpip). Rejects with a TransportFailure. */
export function forward(
  client: Client,
  address: string,
  port: number,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    let over = false
    const end = (failure: TransportFailure) => {
      over = true
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      reject(failure)
    }
    const timer = setTimeout(
      () =>
        end(new TransportFailure('unreachable', 'no answer to the connection attempt from the jump host')),
      timeoutMs,
    )
    const stop = () => end(interrupted(signal))
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) return stop()
    const refused = (error: Error & { reason?: number | string }) => {
      const said = printable(error.message, 150)
      if (error.reason === 1) end(new TransportFailure('denied', `the jump host forwards nothing: ${said}`))
      else if (/refused/i.test(said)) end(new TransportFailure('refused', `from the jump host: ${said}`))
      else end(new TransportFailure('unreachable', `from the jump host: ${said}`))
    }
    try {
      client.forwardOut('127.0.0.1', 0, address, port, (error, channel) => {
        if (over) {
          if (!error) channel.destroy()
          return
        }
        if (error) return refused(error)
        clearTimeout(timer)
        signal.removeEventListener('abort', stop)
        resolve(channel)
      })
    } catch {
      end(new TransportFailure('unreachable', 'the connection to the jump host was lost'))
    }
  })
}
