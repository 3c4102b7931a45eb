import { spawn } from 'node:child_process'
import { Writable } from 'node:stream'
import { isIPv6 } from 'node:net'
import { codeOf } from '../errno.ts'
import { TransportFailure } from '../transport.ts'

/** What smbclient is started with. */
export interface SmbSession {
  readonly address: string
  readonly port: number
  /** What the server is called where its address can't stand in a UNC path. */
  readonly name: string
  readonly share: string
  readonly user: string
  readonly password: string
}

/** Its standard output, cut after `maxBytes`, and what it says, which goes to the standard error. */
export interface SmbOutput {
  readonly stdout: Buffer
  readonly said: string
  readonly cut: boolean
}

const MAX_SAID = 1_048_576
/** What smbclient keeps of a password that it reads from a descriptor; the rest would be cut without a word. */
const LONGEST_PASSWORD = 127
const PASSWORD_FD = 3

/**
 * Runs smbclient's own `commands`, as one client of its own session, in a process group that ends with the signal. The
 * password goes through a pipe: into no argument, no environment and no file. Signing is required, which also proves that the
 * server knows the account. Rejects with a TransportFailure, or the signal's reason.
 */
export async function runSmbclient(
  session: SmbSession,
  commands: readonly string[],
  maxBytes: number,
  signal: AbortSignal,
): Promise<SmbOutput> {
  const { address, port, user, password } = session
  // `user%password` is how an argument would hold both.
  if (user.includes('%')) throw new TransportFailure('grader', 'smbclient takes no user name with %')
  if (Buffer.byteLength(password) > LONGEST_PASSWORD || /[\0\r\n]/.test(password))
    throw new TransportFailure(
      'grader',
      `smbclient takes no password of more than ${LONGEST_PASSWORD} bytes, or lines`,
    )
  signal.throwIfAborted()
  const host = isIPv6(address) ? session.name : address
  const argv = [
    `//${host}/${session.share}`,
    `--ip-address=${address}`,
    `--port=${port}`,
    // Not what the agent's machine is configured for.
    '--configfile=/dev/null',
    '--option=client min protocol=SMB2_02',
    '--client-protection=sign',
    '--use-kerberos=off',
    `--user=${user}`,
    '--stderr',
    `--command=${commands.join(';')}`,
  ]
  const env = {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    LC_ALL: 'C',
    PASSWD_FD: String(PASSWORD_FD),
  }
  const child = spawn('smbclient', argv, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] })
  const pieces: Buffer[] = []
  let bytes = 0
  let said = ''
  let cut = false
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>()
  const kill = () => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    // Windows knows no process groups.
    if (process.platform === 'win32') child.kill()
    else process.kill(-child.pid, 'SIGKILL')
  }
  const stop = () => reject(signal.reason)
  child.once('error', (error) =>
    reject(
      codeOf(error) === 'ENOENT'
        ? new TransportFailure('missing-tool', "smbclient is not installed on the agent's machine")
        : error,
    ),
  )
  child.once('close', () => resolve())
  child.stdout!.on('data', (piece: Buffer) => {
    bytes += piece.length
    if (bytes <= maxBytes) pieces.push(piece)
    else {
      cut = true
      kill()
    }
  })
  child.stderr!.setEncoding('latin1').on('data', (text: string) => {
    said += text
    if (said.length > MAX_SAID) reject(new TransportFailure('truncated', 'smbclient says too much'))
  })
  // Twice, as it is read once with the arguments and once more at the logon.
  const secret = child.stdio[PASSWORD_FD]
  if (!(secret instanceof Writable)) throw new TransportFailure('grader', 'no pipe to smbclient')
  secret.on('error', () => undefined)
  secret.end(`${password}\n${password}\n`)
  signal.addEventListener('abort', stop, { once: true })
  try {
    await ended
    return { stdout: Buffer.concat(pieces), said, cut }
  } finally {
    signal.removeEventListener('abort', stop)
    child.stdout!.destroy()
    child.stderr!.destroy()
    kill()
  }
}
