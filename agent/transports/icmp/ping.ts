import { spawn } from 'node:child_process'
import { lookup } from 'node:dns/promises'
import { isIP, isIPv6 } from 'node:net'
import { win32 } from 'node:path'
import type { ProbeOf } from '../../../checks/probe.ts'
import type { Reply } from '../asking.ts'
import { codeOf, failureOf } from '../errno.ts'
import { TransportFailure } from '../transport.ts'
import { readSummary, readWindowsPing } from './summary.ts'

/** Between two requests, in seconds: what ping(8) allows without privileges. */
const INTERVAL = 0.2
/** What Windows' ping leaves between two requests, and can't be told otherwise, in ms. */
const WINDOWS_INTERVAL_MS = 1000
/** What `ping` may take to start and to end beside its waiting, in ms. */
const MARGIN = 400
/** `ping` prints a few hundred bytes; more than this is not `ping`. */
const MAX_OUTPUT = 65_536

type Echo = Pick<ProbeOf<'icmp'>, 'count' | 'timeoutMs'>

/** How one platform's `ping` is started. */
export interface PingLine {
  readonly program: string
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** After so many ms it is told to end and to say what it has seen; null where it keeps the time itself. */
  readonly endAfterMs: number | null
}

/**
 * The command line for one address: ping(8) of iputils and busybox (-W in seconds; never -w, which makes iputils send more
 * than was asked for) and of macOS (-W in ms; `ping6`, which has no limit of its own, for IPv6), ping.exe of Windows.
 */
export function pingLine(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
  address: string,
  { count, timeoutMs }: Echo,
): PingLine {
  const path = env['PATH'] ?? '/usr/bin:/bin'
  if (platform === 'win32') {
    const root = env['SystemRoot'] ?? env['SYSTEMROOT'] ?? String.raw`C:\Windows`
    // A request without reply takes its whole limit, one with a reply a second until the next.
    const each = Math.max(50, Math.floor((timeoutMs - MARGIN) / count))
    const wait = Math.min(each, Math.max(50, timeoutMs - MARGIN - (count - 1) * WINDOWS_INTERVAL_MS))
    return {
      // The full path: Windows would take a ping.exe of the current folder first.
      program: win32.join(root, 'System32', 'ping.exe'),
      argv: ['-n', String(count), '-w', String(wait), address],
      env: { SystemRoot: root, PATH: path },
      endAfterMs: null,
    }
  }
  const wait = Math.max(50, timeoutMs - MARGIN - (count - 1) * INTERVAL * 1000)
  const interval = count > 1 ? ['-i', String(INTERVAL)] : []
  const counted = ['-n', '-c', String(count)]
  const posix = { env: { PATH: path, LC_ALL: 'C' }, endAfterMs: null }
  if (platform === 'darwin' && isIPv6(address))
    return {
      ...posix,
      program: 'ping6',
      argv: [...counted, ...interval, '--', address],
      endAfterMs: timeoutMs - MARGIN,
    }
  const limit = platform === 'darwin' ? String(Math.round(wait)) : (wait / 1000).toFixed(2)
  return { ...posix, program: 'ping', argv: [...counted, '-W', limit, ...interval, '--', address] }
}

/**
 * Asks for echoes by the system's `ping`. Rejects with a TransportFailure: `missing-tool`, `unreachable`, `unparsable`,
 * `truncated` or `grader`.
 */
export async function ping(
  address: string,
  echo: Echo,
  signal: AbortSignal,
  platform: NodeJS.Platform = process.platform,
): Promise<Reply> {
  if (platform === 'win32') return windowsPing(address, echo, signal)
  const { stdout, stderr, status } = await run(pingLine(platform, process.env, address, echo), signal)
  const seen = readSummary(stdout)
  if (seen) return { answer: { kind: 'icmp', ...seen } }
  const said = stderr || stdout
  if (/unreachable|no route/i.test(said)) throw new TransportFailure('unreachable', said)
  if (/not known|resolution|bad address|cannot resolve|no address/i.test(said))
    throw new TransportFailure('unreachable', 'its name is unknown to the resolver')
  if (/permitted|permission|denied/i.test(said)) throw new TransportFailure('grader', said)
  throw new TransportFailure('unparsable', `ping ended with status ${status}: ${said.slice(0, 200)}`)
}

/** Windows speaks the language of its user, and ends with 0 where a router says that nobody is there: only numbers are read. */
async function windowsPing(address: string, echo: Echo, signal: AbortSignal): Promise<Reply> {
  // By ourselves, as ping.exe would say in its language that nobody knows the name.
  const known = isIP(address)
    ? address
    : await lookup(address).then(
        (found) => found.address,
        (error: unknown) => Promise.reject(failureOf(error)),
      )
  const { stdout, status } = await run(pingLine('win32', process.env, known, echo), signal)
  const seen = readWindowsPing(stdout)
  if (seen) return { answer: { kind: 'icmp', ...seen } }
  throw new TransportFailure('unparsable', `ping ended with status ${status} and no counts`)
}

async function run(
  { program, argv, env, endAfterMs }: PingLine,
  signal: AbortSignal,
): Promise<{ stdout: string; stderr: string; status: number | null }> {
  const child = spawn(program, argv, { env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true })
  const said = { stdout: '', stderr: '' }
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  child.on('error', (error) => {
    const missing = codeOf(error) === 'ENOENT'
    reject(
      missing
        ? new TransportFailure('missing-tool', `${program} is not installed on the agent's machine`)
        : error,
    )
  })
  child.on('close', resolve)
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text
      if (said[stream].length > MAX_OUTPUT)
        reject(new TransportFailure('truncated', `${program} printed too much`))
    })
  const kill = () => child.kill('SIGKILL')
  const enough = endAfterMs === null ? undefined : setTimeout(() => child.kill('SIGINT'), endAfterMs)
  signal.addEventListener('abort', kill, { once: true })
  try {
    return { status: await promise, ...said }
  } finally {
    clearTimeout(enough)
    signal.removeEventListener('abort', kill)
    kill()
  }
}
