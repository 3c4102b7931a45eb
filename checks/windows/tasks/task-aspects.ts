import { NotObserved } from '../../observation.ts'
import { printable } from '../../printable.ts'
import { joined, same, type Text } from '../../text.ts'
import { isAccount, shownAccount } from '../accounts/account.ts'
import type { Aspect } from '../../aspects.ts'
import type { SeenTask } from './scheduled-tasks.ts'
import { actionName, areArguments, isProgram, runsFile } from './task-action.ts'
import {
  active,
  askedTriggerName,
  repeated,
  startsAsAsked,
  triggerName,
  type AskedTrigger,
} from './task-trigger.ts'
import type { TaskDefinition } from './task-xml.ts'

/** What is asked of a task. */
export interface AskedTask {
  readonly enabled: boolean
  readonly account?: string | undefined
  readonly highest?: boolean | undefined
  readonly unattended?: boolean | undefined
  readonly runs?: string | undefined
  readonly program?: string | undefined
  readonly arguments?: string | undefined
  readonly trigger?: AskedTrigger | undefined
  readonly repeatMinutes?: number | undefined
  readonly succeeded?: boolean | undefined
}

const enabledName = (enabled: boolean): Text =>
  enabled ? { fr: 'activée', en: 'enabled' } : { fr: 'désactivée', en: 'disabled' }
const DISABLED = 1

const isEnabled = (wanted: boolean): Aspect<SeenTask> => ({
  expected: enabledName(wanted),
  look: ({ task: { enabled, state } }) => {
    if (enabled !== (state !== DISABLED))
      throw new NotObserved('control', `enabled: ${enabled}, and yet in state ${state}`)
    return { holds: enabled === wanted, observed: enabledName(enabled) }
  },
})

const OWN: Readonly<Record<string, string>> = {
  'local-system': 'S-1-5-18',
  'local-service': 'S-1-5-19',
  'network-service': 'S-1-5-20',
}
export const ownAccounts = ['local-system', 'local-service', 'network-service'] as const
const OWN_NAMES: Readonly<Record<string, Text>> = {
  'local-system': { fr: 'sous le système local (S-1-5-18)', en: 'as the local system (S-1-5-18)' },
  'local-service': { fr: 'sous le service local (S-1-5-19)', en: 'as the local service (S-1-5-19)' },
  'network-service': { fr: 'sous le service réseau (S-1-5-20)', en: 'as the network service (S-1-5-20)' },
}
const asAccount = (name: string): Text => ({ fr: `sous ${name}`, en: `as ${name}` })

const runsAs = (account: string): Aspect<SeenTask> => ({
  expected: OWN_NAMES[account] ?? asAccount(account),
  look: ({ task, machine }) => {
    const holds = isAccount(OWN[account] ?? account, machine.accounts, task.account)
    if (holds === null)
      throw new NotObserved(
        'control',
        `accounts that cannot be compared: ${account}, ${task.account.sid ?? 'none'}`,
      )
    return { holds, observed: asAccount(shownAccount(task.account)) }
  },
})

const highestName = (highest: boolean): Text =>
  highest
    ? { fr: 'avec les autorisations maximales', en: 'with highest privileges' }
    : { fr: 'sans les autorisations maximales', en: 'without highest privileges' }

/** For these the Task Scheduler does not look at the box (IPrincipal::RunLevel): they have all of their privileges anyway. */
const BOX_IGNORED = /^S-1-5-(18|19|20|21-\d+-\d+-\d+-500)$/
const isHighest = ({ task, definition }: SeenTask): boolean => {
  if (!definition.highest && (task.account.sid === null || BOX_IGNORED.test(task.account.sid)))
    throw new NotObserved('control', 'the box is not ticked, and means nothing for some accounts as this')
  return definition.highest
}

const unattendedName = (unattended: boolean): Text =>
  unattended
    ? { fr: 'même sans session ouverte', en: 'whether the user is logged on or not' }
    : { fr: 'seulement si la session est ouverte', en: 'only when the user is logged on' }
const UNATTENDED = ['Password', 'S4U', 'InteractiveTokenOrPassword']

/** Accounts of Windows' own are never logged on, whatever is written. */
const isUnattended = ({ task, definition }: SeenTask): boolean => {
  if (task.account.sid === null) throw new NotObserved('control', 'whom the task runs as is not known')
  return Object.values(OWN).includes(task.account.sid) || UNATTENDED.includes(definition.logonType)
}

const runsName = (path: string): Text => ({ fr: `lance ${path}`, en: `runs ${path}` })
const actionsOf = ({ definition }: SeenTask): Text =>
  definition.actions.length === 0
    ? { fr: 'sans action', en: 'no action' }
    : joined(definition.actions.map(actionName), ' + ')

/** One of the actions is as asked for; where none is and one can't be told, neither can the task. */
function someAction(seen: SeenTask, fits: (action: TaskDefinition['actions'][number]) => boolean): boolean {
  let unsure: unknown = null
  for (const action of seen.definition.actions) {
    try {
      if (fits(action)) return true
    } catch (error) {
      unsure = error
    }
  }
  if (unsure instanceof NotObserved) throw unsure
  return false
}

const acts = (expected: Text, fits: (seen: SeenTask) => boolean): Aspect<SeenTask> => ({
  expected,
  look: (seen) => ({ holds: fits(seen), observed: actionsOf(seen) }),
})

const triggersOf = ({ definition, clock }: SeenTask): Text =>
  definition.triggers.length === 0
    ? { fr: 'sans déclencheur', en: 'no trigger' }
    : joined(
        definition.triggers.map((trigger) => triggerName(trigger, clock)),
        ' + ',
      )

const starts = (expected: Text, fits: (seen: SeenTask) => boolean): Aspect<SeenTask> => ({
  expected,
  look: (seen) => ({ holds: fits(seen), observed: triggersOf(seen) }),
})

const NEVER_RAN = 0x41303
/** Ready, running, queued: it has not ended yet. */
const NOT_ENDED = [0x41300, 0x41301, 0x41325]
/** Robocopy fails with 8 and above; below, its code says what it copied. A batch file ends with that of its last command. */
const MOST_OF_ROBOCOPY = 7
const mayEndWithRobocopy = ({ command, arguments: given }: TaskDefinition['actions'][number]): boolean =>
  /robocopy|\.(bat|cmd)\b/i.test(`${command ?? ''} ${given}`)
const succeededName: Text = { fr: 'dernière exécution réussie', en: 'last run succeeded' }

const ranWell: Aspect<SeenTask> = {
  expected: succeededName,
  look: ({ task: { lastResult, lastRun }, definition }) => {
    const code = lastResult >>> 0
    if (NOT_ENDED.includes(code))
      throw new NotObserved('control', 'the task is running or about to, and has not ended yet')
    if (code >= 1 && code <= MOST_OF_ROBOCOPY && definition.actions.some(mayEndWithRobocopy))
      throw new NotObserved('control', `it ended with ${code}, as robocopy does that copied what it had to`)
    if (code === NEVER_RAN) return { holds: false, observed: { fr: 'jamais exécutée', en: 'never ran' } }
    const when = printable(lastRun)
    return {
      holds: code === 0,
      observed:
        code === 0
          ? { fr: `${succeededName.fr} (${when})`, en: `${succeededName.en} (${when})` }
          : {
              fr: `dernière exécution terminée par 0x${code.toString(16)} (${when})`,
              en: `last run ended with 0x${code.toString(16)} (${when})`,
            },
    }
  },
}

/** What is asked of a task, each part for itself. */
export function taskAspects(asked: AskedTask): Aspect<SeenTask>[] {
  const { account, highest, unattended, runs, program, trigger, repeatMinutes } = asked
  const aspects = [isEnabled(asked.enabled)]
  if (account !== undefined) aspects.push(runsAs(account))
  if (highest !== undefined)
    aspects.push({
      expected: highestName(highest),
      look: (seen) => {
        const found = isHighest(seen)
        return { holds: found === highest, observed: highestName(found) }
      },
    })
  if (unattended !== undefined)
    aspects.push({
      expected: unattendedName(unattended),
      look: (seen) => {
        const found = isUnattended(seen)
        return { holds: found === unattended, observed: unattendedName(found) }
      },
    })
  if (runs !== undefined)
    aspects.push(
      acts(runsName(runs), (seen) =>
        someAction(seen, (action) => runsFile(runs, action, seen.machine.variables)),
      ),
    )
  if (program !== undefined || asked.arguments !== undefined)
    aspects.push(
      acts(same([program, asked.arguments].filter((part) => part !== undefined).join(' ')), (seen) =>
        someAction(
          seen,
          ({ command, arguments: given }) =>
            command !== null &&
            (program === undefined || isProgram(program, command, seen.machine.variables)) &&
            (asked.arguments === undefined || areArguments(asked.arguments, given, seen.machine.variables)),
        ),
      ),
    )
  if (trigger !== undefined || repeatMinutes !== undefined)
    aspects.push(
      starts(
        joined([
          ...(trigger === undefined ? [] : [askedTriggerName(trigger)]),
          ...(repeatMinutes === undefined ? [] : [repeated(repeatMinutes)]),
        ]),
        ({ definition, clock }) => {
          const own = active(definition.triggers, clock).filter(
            (one) => repeatMinutes === undefined || one.repeatMinutes === repeatMinutes,
          )
          return trigger === undefined ? own.length > 0 : startsAsAsked(trigger, own, clock)
        },
      ),
    )
  if (asked.succeeded === true) aspects.push(ranWell)
  return aspects
}
