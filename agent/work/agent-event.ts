import type { Text } from '../../checks/text.ts'
import type { Progress, ResultKind, Task } from './protocol.ts'

/** What a person beside the agent may be told. Nothing of what was found is in here. */
export type AgentEvent =
  | { readonly type: 'enrolled'; readonly name: string }
  | { readonly type: 'connected'; readonly name: string }
  /** The server does not answer, or can't: work under way goes on, and what it gives waits on the disk. */
  | { readonly type: 'away'; readonly since: Date; readonly detail: string }
  | { readonly type: 'back'; readonly since: Date }
  | { readonly type: 'begun'; readonly task: Task }
  | { readonly type: 'progress'; readonly task: Task; readonly progress: Progress }
  | {
      readonly type: 'ended'
      readonly task: Task
      /** False where it was interrupted. */
      readonly complete: boolean
      readonly progress: Progress
    }
  /** Another agent has the work now, or nobody wants it any more. */
  | { readonly type: 'dropped'; readonly task: Task }
  | { readonly type: 'failed'; readonly task: Task; readonly message: Text }
  | { readonly type: 'delivered'; readonly task: Task; readonly result: ResultKind }
  | {
      readonly type: 'refused'
      readonly task: Task
      readonly result: ResultKind
      readonly status: number
      readonly why: Text | null
      /** Where the result is kept. */
      readonly path: string
    }
  /** The result can't be written: it is tried again, and kept in memory meanwhile. */
  | { readonly type: 'unwritable'; readonly task: Task; readonly reason: Text }
  | { readonly type: 'stopping'; readonly running: number }
  /** `waiting` results are on the disk, for the next start. */
  | { readonly type: 'stopped'; readonly waiting: number }
