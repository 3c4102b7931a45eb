import type { Text } from '../../checks/text.ts'
import { oneLine, within } from '../transports/asking.ts'
import { failureOf } from '../transports/errno.ts'
import { TransportFailure } from '../transports/transport.ts'
import { problemOf, StepFailure } from './problem.ts'
import type { ScriptSaid } from './script.ts'
import type { DoctorEvent, DoctorWay, Step, StepFinding } from './step.ts'

/** What a step that worked brought. */
export interface Learned {
  readonly note?: Text | null
  readonly identity?: string | null
}

/** One step as it is tried: it gets a signal that ends it, and whatever it does it is over after `timeoutMs`. */
export interface Stage {
  readonly step: Step
  readonly timeoutMs: number
  readonly run: (signal: AbortSignal) => Promise<Learned | void>
  /** The later steps do not rest on this one. */
  readonly alone?: true
}

/** A way as the steps that it consists of. Nothing is tried before it is walked. */
export interface Diagnosis {
  readonly way: DoctorWay
  readonly stages: readonly Stage[]
  /** What scripts said, as far as the walk went. */
  readonly said: () => readonly ScriptSaid[]
  /** Names that turned up, to be replaced where nobody else may read them. */
  readonly names: () => readonly Named[]
  /** Ends its connections. Never rejects. */
  readonly close: () => Promise<void>
}

export interface Named {
  readonly kind: 'address' | 'machine' | 'account' | 'domain'
  readonly name: string
}

/**
 * Walks a way step by step until one fails; what rests on it is not tried. `refused` is what another try learned of the
 * credentials: they are not sent once more, as too many refusals may lock an account. Ends the way's connections. Never rejects.
 */
export async function* walk(
  { way, stages, close }: Diagnosis,
  signal: AbortSignal,
  refused: TransportFailure | null = null,
): AsyncGenerator<DoctorEvent> {
  let over = false
  try {
    for (const stage of stages) {
      if (over || signal.aborted) {
        yield { ...untried, step: stage.step, cause: signal.aborted ? 'cancelled' : null }
        continue
      }
      yield { step: stage.step, state: 'trying' }
      const run = refused && stage.step === 'accepted' ? () => Promise.reject(refused) : stage.run
      const finding = await tried(way, { ...stage, run }, signal)
      over = finding.state !== 'works' && !stage.alone
      yield finding
    }
  } finally {
    await close()
  }
}

/** The findings alone. */
export async function findingsOf(events: AsyncIterable<DoctorEvent>): Promise<StepFinding[]> {
  const findings: StepFinding[] = []
  for await (const event of events) if (event.state !== 'trying') findings.push(event)
  return findings
}

const untried = {
  state: 'not-tried',
  cause: null,
  problem: null,
  detail: '',
  note: null,
  ms: 0,
  identity: null,
} as const

async function tried(way: DoctorWay, stage: Stage, signal: AbortSignal): Promise<StepFinding> {
  const { step, timeoutMs, run } = stage
  const began = performance.now()
  const elapsed = () => Math.round((performance.now() - began) * 10) / 10
  try {
    const learned = (await within(timeoutMs, signal, run)) ?? {}
    const { note = null, identity = null } = learned
    return { step, state: 'works', cause: null, problem: null, detail: '', note, ms: elapsed(), identity }
  } catch (error) {
    const failure = failureOf(error)
    if (signal.aborted) return { ...untried, step, cause: 'cancelled', ms: elapsed() }
    const told = failure instanceof StepFailure ? failure : null
    return {
      step,
      state: 'fails',
      cause: failure.reason,
      problem: problemOf(way, step, failure),
      detail: oneLine(failure.message),
      note: told?.note ?? null,
      ms: elapsed(),
      identity: told?.identity ?? null,
    }
  }
}
