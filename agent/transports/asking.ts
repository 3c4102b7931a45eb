import type { Answer } from '../../checks/observation.ts'
import type { Probe } from '../../checks/probe.ts'
import { failureOf } from './errno.ts'
import { TransportFailure, type Outcome } from './transport.ts'

/** What a question brought, before it is timed. */
export interface Reply {
  readonly answer: Answer
  readonly truncated?: boolean
  readonly identity?: string | null
}

/**
 * Asks one question and gives its one outcome: whatever `ask` does, it is over after the probe's `timeoutMs`, or
 * when `signal` says so. `ask` is told to stop by the signal that it gets; whether it listens changes nothing.
 * `silence` is the reply for a machine that said nothing in the probe's own time, where that is an answer.
 * `graceMs` is for a way that keeps the probe's time itself and only needs a guard against hanging.
 */
export async function askOnce<P extends Probe>(
  probe: P,
  signal: AbortSignal,
  ask: (probe: P, signal: AbortSignal) => Promise<Reply>,
  silence?: Reply,
  graceMs = 0,
): Promise<Outcome> {
  const startedAt = Date.now()
  const began = performance.now()
  const elapsed = () => ({ probe, startedAt, ms: Math.round((performance.now() - began) * 10) / 10 })
  const told = ({ answer, truncated = false, identity = null }: Reply) => ({
    ...elapsed(),
    identity,
    answer,
    truncated,
  })
  try {
    return told(await within(probe.timeoutMs + graceMs, signal, (stop) => ask(probe, stop)))
  } catch (error) {
    const { reason: cause, message } = failureOf(error)
    if (silence && cause === 'timeout' && !signal.aborted) return told(silence)
    return { ...elapsed(), identity: null, failure: { cause, detail: oneLine(message) } }
  }
}

/**
 * Runs `work` for at most `ms`. Rejects with a TransportFailure: `timeout` when the time is over or `signal` was a
 * deadline that passed, `cancelled` when `signal` was aborted for another reason; or with what `work` rejected with.
 */
export async function within<T>(
  ms: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
  late = `no answer within ${ms} ms`,
): Promise<T> {
  const control = new AbortController()
  const { promise: over, reject: end } = Promise.withResolvers<never>()
  const stop = (failure: TransportFailure) => {
    end(failure)
    control.abort(failure)
  }
  const timer = setTimeout(() => stop(new TransportFailure('timeout', late)), ms)
  const told = () => stop(interrupted(signal))
  signal.addEventListener('abort', told, { once: true })
  over.catch(() => undefined)
  try {
    if (signal.aborted) throw interrupted(signal)
    return await Promise.race([work(control.signal), over])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', told)
    control.abort(new TransportFailure('cancelled', 'no longer asked'))
  }
}

export function interrupted(signal: AbortSignal): TransportFailure {
  const reason: unknown = signal.reason
  if (reason instanceof TransportFailure) return reason
  return reason instanceof DOMException && reason.name === 'TimeoutError'
    ? new TransportFailure('timeout', 'the machine used up its time')
    : new TransportFailure('cancelled', 'the run was interrupted')
}

/** Asks all, at most `atOnce` at a time, and yields each outcome as soon as it is known. `ask` never rejects. */
export async function* asKnown<P extends Probe>(
  probes: readonly P[],
  atOnce: number,
  ask: (probe: P) => Promise<Outcome>,
): AsyncGenerator<Outcome> {
  const waiting = [...probes]
  const running = new Map<number, Promise<{ turn: number; outcome: Outcome }>>()
  let turn = 0
  while (waiting.length > 0 || running.size > 0) {
    for (; running.size < atOnce && waiting.length > 0; turn++) {
      const mine = turn
      running.set(
        mine,
        ask(waiting.shift()!).then((outcome) => ({ turn: mine, outcome })),
      )
    }
    const next = await Promise.race(running.values())
    running.delete(next.turn)
    yield next.outcome
  }
}

/** Gives every probe of another kind than the transport's the failure that it deserves: the grader's. */
export function ofKind<K extends Probe['kind']>(
  kind: K,
  probes: readonly Probe[],
): { mine: Extract<Probe, { kind: K }>[]; others: Outcome[] } {
  const mine = probes.filter((probe): probe is Extract<Probe, { kind: K }> => probe.kind === kind)
  const others = probes.filter((probe) => probe.kind !== kind)
  const detail = `the ${kind} transport was asked something else`
  return { mine, others: others.map((probe) => failed(probe, new TransportFailure('grader', detail))) }
}

/** The outcome of a question that could not even be asked. */
export function failed(probe: Probe, failure: TransportFailure): Outcome {
  const { reason: cause, message } = failure
  return { probe, identity: null, startedAt: Date.now(), ms: 0, failure: { cause, detail: oneLine(message) } }
}

/** A detail as an observation takes it: one line, no control or direction characters, at most 500 characters. */
export function oneLine(text: string): string {
  return text
    .slice(0, 2000)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, 500)
}
