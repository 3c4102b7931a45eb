import { z } from 'zod'
import { NotObserved, returned, type Observed } from '../../observation.ts'
import { resolvedSchema, seenAccountSchema } from '../accounts/account.ts'
import { whole } from '../../aspects.ts'
import type { Clock } from './task-trigger.ts'
import { taskDefinition, type TaskDefinition } from './task-xml.ts'

const moment = z.string().max(40)
const taskShape = z.object({
  /** Folder and name: `\Agence\Sauvegarde`. */
  path: z.string().min(2).max(1024).startsWith('\\'),
  enabled: z.boolean(),
  /** 1 disabled, 2 queued, 3 ready, 4 running. */
  state: z.int(),
  lastRun: moment,
  /** HRESULT or exit code. */
  lastResult: z.int(),
  /** Null where it is too long. */
  xml: z.string().max(65_536).nullable(),
  timeCount: z.int(),
  times: z.array(z.object({ written: moment, local: moment })).max(128),
  account: seenAccountSchema,
})
export type Task = z.infer<typeof taskShape>

/** What the script `scheduled-tasks` gives. */
export const tasksShape = z.object({
  administrator: z.boolean(),
  total: z.int(),
  witnesses: z.int(),
  closed: z.int(),
  now: moment,
  count: z.int(),
  tasks: z.array(taskShape).max(64),
  variables: z.record(z.string().max(64), z.string().max(1024)),
  accounts: resolvedSchema,
})
export type Tasks = z.infer<typeof tasksShape>

/** A task with what its XML says, and the machine that it is on. */
export interface SeenTask {
  readonly task: Task
  readonly definition: TaskDefinition
  readonly clock: Clock
  readonly machine: Tasks
}

export function seenTasks(observation: Observed<'powershell'> | undefined): Tasks {
  const answer = returned(observation, tasksShape)
  whole(answer.tasks, answer.count, 'tasks')
  return answer
}

/** The control of an absence. Throws NotObserved where tasks of others may have been kept back. */
export function requireAllTasks({ administrator, witnesses, closed }: Tasks): void {
  if (!administrator)
    throw new NotObserved('denied', 'an account that is no administrator sees only its own tasks')
  if (witnesses === 0)
    throw new NotObserved('control', 'none of the tasks that Windows brings along was seen')
  if (closed > 0) throw new NotObserved('control', `${closed} folders of tasks could not be looked into`)
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('\\') + 1)
export const folderOf = (path: string) => path.slice(0, path.lastIndexOf('\\')) || '\\'
const alike = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()
const plainFolder = (folder: string) => `\\${folder.replaceAll('/', '\\').replace(/^\\+|\\+$/g, '')}`

/** The tasks of that name: in the folder, or in any where none is given. */
export const tasksNamed = ({ tasks }: Tasks, name: string, folder: string | undefined): Task[] =>
  tasks.filter(
    ({ path }) =>
      alike(nameOf(path), name) && (folder === undefined || alike(folderOf(path), plainFolder(folder))),
  )

/** A task with its definition. Throws NotObserved where that can't be read. */
export function definedTask(task: Task, machine: Tasks): SeenTask {
  if (task.xml === null) throw new NotObserved('truncated', 'the definition of the task is too long')
  const times = whole(task.times, task.timeCount, 'times of a task')
  return { task, machine, definition: taskDefinition(task.xml), clock: { now: machine.now, times } }
}
