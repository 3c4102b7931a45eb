import { spawn } from 'node:child_process'
import type { ProbeOf } from '../../../checks/probe.ts'
import type { Reply } from '../asking.ts'
import { codeOf } from '../errno.ts'
import { TransportFailure } from '../transport.ts'

/** Between two requests, in seconds: what ping(8) allows without privileges. */
const INTERVAL = 0.2
/** What `ping` may take to start and to end beside its waiting, in ms. */
const MARGIN = 400
/** `ping` prints a few hundred bytes; more than this is not `ping`. */
const MAX_OUTPUT = 65_536

/**
 * Runs ping(8) once: iputils, busybox and macOS. Never `-w`, which makes iputils send more requests than were asked
 * for. Rejects with a TransportFailure: `missing-tool`, `unreachable`, `unparsable`, `truncated` or `grader`.
 */
export async function ping(
  address: string,
  { count, timeoutMs }: Pick<ProbeOf<'icmp'>, 'count' | 'timeoutMs'>,
  signal: AbortSignal,
): Promise<Reply> {
  if (process.platform === 'win32')
    throw new TransportFailure('missing-tool', 'echo requests from Windows are not supported')
  const { stdout, stderr, status } = await run('ping', parameters(address, count, timeoutMs), signal)
  const seen = readSummary(stdout)
  if (seen) return { answer: { kind: 'icmp', ...seen } }
  const said = stderr || stdout
  if (/unreachable|no route/i.test(said)) throw new TransportFailure('unreachable', said)
  if (/not known|resolution|bad address|cannot resolve|no address/i.test(said))
    throw new TransportFailure('unreachable', 'its name is unknown to the resolver')
  if (/permitted|permission|denied/i.test(said)) throw new TransportFailure('grader', said)
  throw new TransportFailure('unparsable', `ping ended with status ${status}: ${said.slice(0, 200)}`)
}

/** Echo requests sent and received, and the mean round trip in ms, from what ping(8) prints under `LC_ALL=C`. */
export function readSummary(text: string): { sent: number; received: number; rttMs: number | null } | null {
  const counts = /^(\d{1,6}) packets transmitted, (\d{1,6}) (?:packets )?received/m.exec(text)
  if (!counts) return null
  const times = /^(?:rtt|round-trip) min\/avg\/max(?:\/\w+)? = [\d.]{1,20}\/([\d.]{1,20})\//m.exec(text)
  const rtt = times ? Number(times[1]) : Number.NaN
  return { sent: Number(counts[1]), received: Number(counts[2]), rttMs: Number.isFinite(rtt) ? rtt : null }
}

function parameters(address: string, count: number, timeoutMs: number): string[] {
  const wait = Math.max(50, timeoutMs - MARGIN - (count - 1) * INTERVAL * 1000)
  const limit = process.platform === 'darwin' ? String(Math.round(wait)) : (wait / 1000).toFixed(2)
  const interval = count > 1 ? ['-i', String(INTERVAL)] : []
  return ['-n', '-c', String(count), '-W', limit, ...interval, '--', address]
}

async function run(
  program: string,
  argv: readonly string[],
  signal: AbortSignal,
): Promise<{ stdout: string; stderr: string; status: number | null }> {
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C' }
  const child = spawn(program, argv, { env, stdio: ['ignore', 'pipe', 'pipe'] })
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
  signal.addEventListener('abort', kill, { once: true })
  try {
    return { status: await promise, ...said }
  } finally {
    kill()
  }
}
