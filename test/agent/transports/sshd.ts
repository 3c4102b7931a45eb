import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OpenCredential, TransportContext } from '../../../agent/transports/transport.ts'
import { openSsh } from '../../../agent/transports/ssh/ssh.ts'
import { ensure } from '../../setup/debian.ts'

/** An OpenSSH server of Debian's, on loopback, with keys made for it. */
export interface Sshd {
  readonly port: number
  /** `SHA256:…` of its host key, as ssh-keygen prints it. */
  readonly fingerprint: string
  /** Private key that opens the account this runs as. */
  readonly key: string
  /** Ends it and every connection that it holds, at once, as a machine that is switched off does. */
  kill(): Promise<void>
  /** Starts it again after `kill`: same port, same host key. */
  startAgain(): Promise<void>
  stop(): void
}

/** Whether sshd can be had here; it needs root. */
export const sshdReady = (): boolean => process.getuid?.() === 0 && ensure(['openssh-server'])

/** Starts one, with more lines of sshd_config(5); resolves when it accepts connections. */
export async function startSshd(options: readonly string[] = []): Promise<Sshd> {
  const dir = mkdtempSync(join(tmpdir(), 'probant-sshd-'))
  const keygen = (name: string) =>
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', join(dir, name)])
  keygen('host')
  keygen('user')
  writeFileSync(join(dir, 'authorized'), readFileSync(join(dir, 'user.pub')))
  mkdirSync('/run/sshd', { recursive: true })
  const port = await freePort()
  const settings = {
    Port: String(port),
    ListenAddress: '127.0.0.1',
    HostKey: join(dir, 'host'),
    AuthorizedKeysFile: join(dir, 'authorized'),
    StrictModes: 'no',
    PidFile: 'none',
    UsePAM: 'no',
    PasswordAuthentication: 'no',
    PermitRootLogin: 'yes',
    // What a developer's own .bashrc starts is no part of the tests.
    SetEnv: `HOME=${dir}`,
  }
  writeFileSync(
    join(dir, 'config'),
    [...options, ...Object.entries(settings).map(([name, value]) => `${name} ${value}`), ''].join('\n'),
  )
  const begin = (): ChildProcess =>
    spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(dir, 'config')], { stdio: 'ignore' })
  let daemon = begin()
  await accepting(port)
  const listed = execFileSync('ssh-keygen', ['-l', '-f', join(dir, 'host.pub')], { encoding: 'utf8' })
  return {
    port,
    fingerprint: listed.split(' ')[1]!,
    key: readFileSync(join(dir, 'user'), 'utf8'),
    async kill() {
      const ended = once(daemon, 'exit')
      for (const pid of [...below(daemon.pid!), daemon.pid!])
        try {
          process.kill(pid, 'SIGKILL')
        } catch {
          // It ended by itself.
        }
      await ended
    },
    async startAgain() {
      daemon = begin()
      await accepting(port)
    },
    stop() {
      daemon.kill('SIGKILL')
      rmSync(dir, { recursive: true })
    },
  }
}

/** Every process that one has started, and those that they have. */
function below(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').map(Number)
  return children.filter((child) => child > 0).flatMap((child) => [...belowOrNone(child), child])
}

function belowOrNone(pid: number): number[] {
  try {
    return below(pid)
  } catch {
    return []
  }
}

/** A port of loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function accepting(port: number): Promise<void> {
  for (let tries = 0; ; tries++) {
    const answered = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      // The first line of a server that is ready; a connection closed later would count for MaxStartups.
      socket.once('data', () => resolve(true))
      socket.once('error', () => resolve(false))
    }).finally(() => {})
    if (answered) return
    if (tries > 200) throw new Error('sshd does not start')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

interface Options {
  readonly credential: OpenCredential
  readonly connectTimeoutMs?: number
  readonly identity?: string
  readonly address?: string
  readonly checkIdentity?: TransportContext['checkIdentity']
  readonly jump?: NonNullable<TransportContext['jump']>
  readonly signal?: AbortSignal
}

/** The transport to a port of loopback. */
export const open = (port: number, options: Options) =>
  openSsh({
    role: 'web',
    target: {
      address: options.address ?? '127.0.0.1',
      ssh: { credential: 'admin', port, identity: options.identity ?? 'first-use', shell: 'posix' },
    },
    credentials: async () => options.credential,
    checkIdentity:
      options.checkIdentity ?? ((_where, shown, pinned) => pinned === 'first-use' || pinned === shown),
    readFile: async () => '',
    addressOf: () => '127.0.0.1',
    connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
    signal: options.signal ?? new AbortController().signal,
    ...(options.jump && { jump: options.jump }),
  })
