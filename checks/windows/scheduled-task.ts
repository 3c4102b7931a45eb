import { z } from 'zod'
import { powerShellArgument, quoted } from '../active-directory/quoted-name.ts'
import { attempt, unobserved } from '../attempt.ts'
import { defineCheck, role } from '../define.ts'
import { fail, type Judgement } from '../finding.ts'
import { pattern } from '../pattern.ts'
import { printableList } from '../printable.ts'
import { powershell } from '../probe.ts'
import { joined, same, type Text } from '../text.ts'
import { accountSchema, toResolve } from './account.ts'
import { expectedOf, judgeAspects } from './aspects.ts'
import {
  definedTask,
  folderOf,
  requireAllTasks,
  seenTasks,
  tasksNamed,
  type Task,
  type Tasks,
} from './scheduled-tasks.ts'
import { ownAccounts, taskAspects } from './task-aspects.ts'
import { triggerSchema } from './task-trigger.ts'

const commandLine = z.string().min(1).max(1024)
const params = z.strictObject({
  on: role('windows'),
  /** Name of the task, without its folder. */
  name: z.string().regex(
    pattern(/^[^"/\\:|<>*?\0-\x1f]{1,238}$/, {
      fr: 'le nom de la tâche, sans son dossier',
      en: 'the name of the task, without its folder',
    }),
  ),
  /** Folder that it must be in, `\` for the library itself; any where absent. */
  folder: z.string().min(1).max(512).optional(),
  enabled: z.boolean().default(true),
  /** Whom it runs as: `local-system`, `local-service`, `network-service`, a SID, or `DOMAIN\name`. */
  account: z.union([z.enum(ownAccounts), accountSchema]).optional(),
  /** Whether it runs with the highest privileges. */
  highest: z.boolean().optional(),
  /** Whether it runs though nobody is logged on. */
  unattended: z.boolean().optional(),
  /** Script or program that it runs, as a full path: as the program itself or anywhere among the arguments. */
  runs: commandLine.optional(),
  /** Program that it starts; a name alone will do in any folder. */
  program: commandLine.optional(),
  /** All of the arguments; blanks, quotation marks and case are not looked at. */
  arguments: commandLine.optional(),
  /** When it starts; other triggers may be there too. */
  trigger: triggerSchema.optional(),
  /** Minutes after which it is repeated. */
  repeatMinutes: z.int().min(1).max(44_640).optional(),
  /** Whether its last run must have ended without error. */
  succeeded: z.literal(true).optional(),
})
type Params = z.output<typeof params>

const subject = ({ name, folder }: Params): Text => {
  const { fr, en } = quoted(name)
  return joined(
    [
      { fr: `tâche ${fr}`, en: `task ${en}` },
      ...(folder === undefined ? [] : [{ fr: `dans ${folder}`, en: `in ${folder}` }]),
    ],
    ' ',
  )
}
const asksFor = (asked: Params): Text => expectedOf(subject(asked), taskAspects(asked))

export const scheduledTask = defineCheck({
  id: 'windows.scheduled-task',
  criteria: ['C11.2', 'C8.3'],
  says: {
    fr: 'La tâche planifiée « {name} » est conforme à la demande',
    en: 'Scheduled task “{name}” is as asked for',
  },
  observes: {
    fr: 'la tâche selon le planificateur : son compte, ses déclencheurs, ses actions et sa dernière exécution',
    en: 'the task according to the Task Scheduler: its account, triggers, actions and last run',
  },
  control: {
    fr: 'des tâches que tout Windows apporte sont montrées au même compte, un administrateur, et aucun dossier ne lui est fermé',
    en: 'tasks that every Windows brings along are shown to the same account, an administrator, and no folder is closed to it',
  },
  asks: ['powershell'],
  proven: 'recorded',
  params,
  probes: ({ on }, _facts, siblings) => {
    const together = siblings.filter((other) => other.on === on)
    const names = [...new Set(together.map(({ name }) => name))].sort()
    const accounts = together.flatMap(({ account }) => (account?.includes('\\') ? [account] : []))
    return { tasks: powershell(on, 'scheduled-tasks', { names, accounts: toResolve(accounts) }) }
  },
  judge: (seen, asked) => {
    const machine = seenTasks(seen.tasks)
    const found = tasksNamed(machine, asked.name, asked.folder)
    if (found.length === 0) {
      requireAllTasks(machine)
      const elsewhere = tasksNamed(machine, asked.name, undefined).map(({ path }) => folderOf(path))
      return fail(asksFor(asked), {
        fr: `aucune tâche de ce nom${elsewhere.length > 0 ? `, sinon dans ${printableList(elsewhere)}` : ` sur ${machine.total}`}`,
        en: `no task of that name${elsewhere.length > 0 ? `, but in ${printableList(elsewhere)}` : ` among ${machine.total}`}`,
      })
    }
    const judged = found.map((task) => judgeTask(task, machine, asked))
    // The same name in several folders: one that is as asked for is enough.
    return (['pass', 'unknown', 'fail'] as const)
      .flatMap((verdict) => judged.filter((one) => one.verdict === verdict))
      .slice(0, 1)
  },
  expects: asksFor,
  byHand: ({ name }) => {
    const task = powerShellArgument(name)
    return same(
      `Get-ScheduledTask ${task} | Export-ScheduledTask; Get-ScheduledTask ${task} | Get-ScheduledTaskInfo`,
    )
  },
})

function judgeTask(task: Task, machine: Tasks, asked: Params): Judgement {
  const { value, failure } = attempt(() => definedTask(task, machine))
  return value ? judgeAspects(subject(asked), taskAspects(asked), value) : unobserved(failure, asksFor(asked))
}
