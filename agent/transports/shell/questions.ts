import type { Answer } from '../../../checks/observation.ts'
import type { Probe, ProbeOf } from '../../../checks/probe.ts'
import type { Cause } from '../../../checks/verdict.ts'
import type { MarkedOutput } from './marks.ts'
import { pathFacts, type PathFacts } from './path-facts.ts'
import { attemptAnswer, echoAnswer } from './vantage-answers.ts'
import { quoteArgument, quoteArgv } from './quote.ts'

/** Why a probe got no answer. */
export interface Refusal {
  readonly cause: Cause
  readonly detail: string
}
/** What a probe got, before it is timed and attributed. */
export type Result = { readonly answer: Answer; readonly truncated: boolean } | { readonly failure: Refusal }

/** Both outputs of one question, as they came back. */
export interface Output {
  readonly status: string
  readonly stdout: MarkedOutput
  readonly stderr: MarkedOutput
  /** Measured here, from the answer before it; in ms. */
  readonly ms: number
}

/** One call of the program's functions, which may serve several probes. */
export interface Question {
  /** Probes that have no result if this question has none. */
  readonly probes: readonly Probe[]
  /** The call, given its index. */
  readonly call: (index: number) => string
  /** Whether its errors are part of the answer. Where not, its mark is on the standard output only. */
  readonly errors: boolean
  /** Longest that it may take on the machine, in ms. */
  readonly timeoutMs: number
  /** Bytes of each output worth keeping. */
  readonly maxBytes: number
  /** Results of the probes that are known now; those of `probes` left out wait for a later question. */
  readonly results: (output: Output) => Iterable<readonly [Probe, Result]>
}

/** Probes that a shell of the machine can answer. */
export type ShellProbe = ProbeOf<'command'> | ProbeOf<'file'> | ProbeOf<'icmp'> | ProbeOf<'tcp'>

const seconds = (ms: number): string => String(ms / 1000)
const refused = (cause: Cause, detail: string): Result => ({ failure: { cause, detail } })

/**
 * Why the program could not be run to its end, or null where it was. `timeout` ends what is late by KILL, which also
 * ends itself: status 137. A program killed by somebody else early on has the same status, hence the time.
 */
function notRun(output: Output, program: string, timeoutMs: number): Result | null {
  if (output.status === 'missing') return refused('missing-tool', `no ${program} on the machine`)
  if (output.status === 'denied') return refused('denied', `the account may not run ${program}`)
  if (output.status === '137' && output.ms >= timeoutMs * 0.5)
    return refused('timeout', `${program} did not end within ${timeoutMs} ms`)
  return null
}

/** Exit status, or null where a signal ended the program (sh says 128 and the signal's number). */
function exitStatus(status: string): number | null {
  const code = Number(status)
  return code > 128 && code <= 192 ? null : code
}

const text = (output: MarkedOutput, limit: number): string => output.bytes.subarray(0, limit).toString('utf8')

/** A program to run. */
export function commandQuestion(probe: ProbeOf<'command'>): Question {
  const { argv, timeoutMs, maxBytes } = probe
  return {
    probes: [probe],
    call: (index) => `q ${index} ${seconds(timeoutMs)} ${quoteArgv(argv)}`,
    errors: true,
    timeoutMs,
    maxBytes,
    *results(output) {
      const answer: Answer = {
        kind: 'command',
        status: exitStatus(output.status),
        stdout: text(output.stdout, maxBytes),
        stderr: text(output.stderr, maxBytes),
      }
      const truncated = output.stdout.length > maxBytes || output.stderr.length > maxBytes
      yield [probe, notRun(output, argv[0]!, timeoutMs) ?? { answer, truncated }]
    },
  }
}

const nothing = {
  exists: false,
  type: null,
  mode: null,
  uid: null,
  gid: null,
  owner: null,
  group: null,
  size: null,
  mtime: null,
  content: null,
} as const

/** Where the program (program.ts) writes errors and their marks. */
const noErrors = '3>/dev/null'

/** All paths of a batch by one `stat`, and one question more for each content asked. */
export function fileQuestions(probes: readonly ProbeOf<'file'>[]): Question[] {
  if (probes.length === 0) return []
  const paths = [...new Set(probes.map((probe) => probe.path))]
  const timeoutMs = Math.max(...probes.map((probe) => probe.timeoutMs))
  let seen: ReadonlyMap<string, PathFacts> = new Map()
  const result = (probe: ProbeOf<'file'>, content: string | null, truncated: boolean): Result => {
    const facts = seen.get(probe.path)
    if (facts === undefined) return refused('unparsable', 'stat said nothing of this path')
    if (facts === 'denied') return refused('denied', 'the account may not look into a folder above this path')
    if (facts === 'absent') return { answer: { kind: 'file', ...nothing }, truncated: false }
    return { answer: { kind: 'file', exists: true, ...facts, content }, truncated }
  }
  const all: Question = {
    probes,
    call: (index) => `f ${index} ${seconds(timeoutMs)} ${quoteArgv(paths)} ${noErrors}`,
    errors: false,
    timeoutMs,
    // A line of stat is at most about 100 bytes and the path.
    maxBytes: paths.reduce((sum, path) => sum + 256 + Buffer.byteLength(path), 0),
    *results(output) {
      const failure = notRun(output, 'stat', timeoutMs)
      seen = pathFacts(output.stdout.bytes.toString('utf8'), paths)
      for (const probe of probes) {
        if (failure && !seen.has(probe.path)) yield [probe, failure]
        else {
          const facts = seen.get(probe.path)
          const later = probe.content && typeof facts === 'object' && facts.type === 'file'
          if (!later) yield [probe, result(probe, null, false)]
        }
      }
    },
  }
  const contents = probes
    .filter((probe) => probe.content)
    .map((probe): Question => {
      const { path, maxBytes } = probe
      return {
        probes: [probe],
        // One byte more than wanted tells a cut from an end.
        call: (index) =>
          `c ${index} ${seconds(probe.timeoutMs)} ${maxBytes + 1} ${quoteArgument(path)} ${noErrors}`,
        errors: false,
        timeoutMs: probe.timeoutMs,
        maxBytes: maxBytes + 1,
        *results(output) {
          const read = output.status === '0'
          const truncated = output.stdout.length > maxBytes
          yield [
            probe,
            notRun(output, 'head', probe.timeoutMs) ??
              result(probe, read ? text(output.stdout, maxBytes) : null, read && truncated),
          ]
        },
      }
    })
  return [all, ...contents]
}

/** Room for the few lines that ping and a connection attempt say. */
const vantageBytes = 8192

/** Echo requests or one connection attempt from this machine to the address of another. */
export function vantageQuestion(probe: ProbeOf<'icmp'> | ProbeOf<'tcp'>, address: string): Question {
  const common = { probes: [probe], maxBytes: vantageBytes, errors: true }
  if (probe.kind === 'tcp') {
    const { timeoutMs, port } = probe
    return {
      ...common,
      timeoutMs,
      call: (index) => `t ${index} ${seconds(timeoutMs)} ${quoteArgument(address)} ${port}`,
      *results(output) {
        if (output.status === 'missing')
          yield [probe, refused('missing-tool', 'neither bash nor nc on the machine')]
        else yield [probe, attemptAnswer(output.status, text(output.stdout, vantageBytes))]
      },
    }
  }
  const { count } = probe
  // Debian lets anybody send five a second. The wait is for the last one; ping then needs a moment to say what it saw.
  const wait = Math.max(1, Math.ceil((probe.timeoutMs - count * 200) / 1000))
  const timeoutMs = count * 200 + wait * 1000 + 500
  const argv = ['ping', '-n', '-c', String(count), '-i', '0.2', '-W', String(wait), '--', address]
  return {
    ...common,
    timeoutMs,
    call: (index) => `v ${index} ${seconds(timeoutMs)} ${quoteArgv(argv)}`,
    *results(output) {
      yield [
        probe,
        notRun(output, 'ping', timeoutMs) ??
          echoAnswer(output.status, text(output.stdout, vantageBytes), count),
      ]
    },
  }
}
