import { catalogue } from '../../checks/catalogue.ts'
import { rehearsalOf, type Rehearsal } from '../../checks/rehearsal.ts'
import type { Run } from '../../checks/run.ts'
import { runSession, type RunOptions } from '../run/runner.ts'
import type { Stage } from './stage.ts'

/** Three runs of one exam and what they prove. */
export interface Rehearsed {
  readonly runs: Readonly<Record<Stage, Run>>
  readonly rehearsal: Rehearsal
}

export type RehearseOptions = Pick<
  RunOptions,
  | 'loaded'
  | 'secrets'
  | 'checkIdentity'
  | 'key'
  | 'version'
  | 'preflight'
  | 'signal'
  | 'jobs'
  | 'runTimeoutMs'
  | 'connectTimeoutMs'
  | 'machineTimeoutMs'
> & {
  /** Code of the candidate whose machines are as handed out. */
  readonly handedOut: string
  /** Code of the candidate whose machines have the model answer; the same where `applyModel` puts it there. */
  readonly model: string
  /** Called between the first run and the second. What it throws ends the rehearsal. */
  readonly applyModel?: (signal: AbortSignal) => Promise<void>
  /** Before each run; gives what takes the runner's events. */
  readonly onStage?: (
    stage: Stage,
    candidate: string,
  ) => RunOptions['onEvent'] | Promise<RunOptions['onEvent']>
  /** After each run that went to its end. */
  readonly onRun?: (stage: Stage, run: Run) => Promise<void> | void
}

/**
 * Asks the machines as handed out, then those with the model answer, then these once more, and says what that proves.
 * Each run has connections of its own and shares no answer with another. Null where the signal aborted: a run that was
 * stopped says nothing of an exam.
 */
export async function rehearseRuns(options: RehearseOptions): Promise<Rehearsed | null> {
  const { handedOut, model, applyModel, signal, loaded } = options
  const first = await oneRun('handedOut', handedOut, options)
  if (!first) return null
  await applyModel?.(signal)
  if (signal.aborted) return null
  const second = await oneRun('model', model, options)
  const third = second && (await oneRun('again', model, options))
  if (!second || !third) return null
  const runs = { handedOut: first, model: second, again: third }
  return { runs, rehearsal: rehearsalOf(loaded.exam, runs, catalogue) }
}

async function oneRun(stage: Stage, candidate: string, options: RehearseOptions): Promise<Run | null> {
  const { onStage, onRun, signal } = options
  const onEvent = await onStage?.(stage, candidate)
  for await (const run of runSession({ ...options, only: [candidate], ...(onEvent ? { onEvent } : {}) })) {
    if (signal.aborted) return null
    await onRun?.(stage, run)
    return run
  }
  throw new Error(`the session has no candidate ${candidate}`)
}
