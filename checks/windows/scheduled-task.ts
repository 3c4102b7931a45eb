import { z } from 'zod'
import { powerShellArgument, quoted } from '../active-directory/quoted-name.ts'
import { attempt, unobserved } from '../attempt.ts'
import { defineCheck, role } from '../define.ts'
import { described } from '../described.ts'
import { fail, type Judgement } from '../finding.ts'
import { pattern } from '../pattern.ts'
import { printableList } from '../printable.ts'
import { powershell } from '../probe.ts'
import { joined, same, type Text } from '../text.ts'
import { toResolve } from './accounts/account.ts'
import { accountOf } from './accounts/account-name.ts'
import { expectedOf, judgeAspects } from '../aspects.ts'
import {
  definedTask,
  folderOf,
  requireAllTasks,
  seenTasks,
  tasksNamed,
  type Task,
  type Tasks,
} from './tasks/scheduled-tasks.ts'
import { ownAccounts, taskAspects } from './tasks/task-aspects.ts'
import { triggerSchema } from './tasks/task-trigger.ts'

const commandLine = z.string().min(1).max(1024)
const params = z.strictObject({
  on: role('windows'),
  name: described(
    z.string().regex(
      pattern(/^[^"/\\:|<>*?\0-\x1f]{1,238}$/, {
        fr: 'le nom de la tâche, sans son dossier',
        en: 'the name of the task, without its folder',
      }),
    ),
    { fr: 'Nom de la tâche, sans son dossier', en: 'Name of the task, without its folder' },
  ),
  folder: described(z.string().min(1).max(512).optional(), {
    fr: 'Dossier où elle doit être, \\ pour la bibliothèque elle-même ; n’importe lequel s’il n’est pas donné',
    en: 'Folder that it must be in, \\ for the library itself; any where absent',
  }),
  enabled: described(z.boolean().default(true), {
    fr: 'Si elle est activée',
    en: 'Whether it is enabled',
  }),
  account: described(accountOf(ownAccounts).optional(), {
    fr: 'Compte sous lequel elle s’exécute : local-system, local-service, network-service, un SID, ou DOMAINE\\nom',
    en: 'Whom it runs as: local-system, local-service, network-service, a SID, or DOMAIN\\name',
  }),
  highest: described(z.boolean().optional(), {
    fr: 'Si elle s’exécute avec les autorisations maximales',
    en: 'Whether it runs with the highest privileges',
  }),
  unattended: described(z.boolean().optional(), {
    fr: 'Si elle s’exécute même sans session ouverte',
    en: 'Whether it runs though nobody is logged on',
  }),
  runs: described(commandLine.optional(), {
    fr: 'Script ou programme lancé, en chemin complet : le programme lui-même, ou parmi les arguments',
    en: 'Script or program that it runs, as a full path: as the program itself or anywhere among the arguments',
  }),
  program: described(commandLine.optional(), {
    fr: 'Programme démarré ; le nom seul suffit, dans n’importe quel dossier',
    en: 'Program that it starts; a name alone will do in any folder',
  }),
  arguments: described(commandLine.optional(), {
    fr: 'Tous les arguments, sans égard aux espaces, aux guillemets ni à la casse',
    en: 'All of the arguments; blanks, quotation marks and case are not looked at',
  }),
  trigger: described(triggerSchema.optional(), {
    fr: 'Quand elle démarre ; d’autres déclencheurs peuvent s’y ajouter',
    en: 'When it starts; other triggers may be there too',
  }),
  repeatMinutes: described(z.int().min(1).max(44_640).optional(), {
    fr: 'Intervalle de répétition, en minutes',
    en: 'Interval after which it is repeated, in minutes',
  }),
  succeeded: described(z.literal(true).optional(), {
    fr: 'Sa dernière exécution doit avoir fini sans erreur',
    en: 'Its last run must have ended without error',
  }),
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
