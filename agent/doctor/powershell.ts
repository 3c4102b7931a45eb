import { z } from 'zod'
import { causeOfException } from '../../checks/observation.ts'
import { ldap } from '../../checks/probe.ts'
import type { Text } from '../../checks/text.ts'
import { askByScript } from '../transports/powershell/ask.ts'
import type { PowerShell } from '../transports/powershell/powershell.ts'
import { TransportFailure, type TransportContext } from '../transports/transport.ts'
import { visibleLine } from '../terminal/visible.ts'
import { StepFailure } from './problem.ts'
import { conversationMs, converse, type Conversation, type Sample } from './script.ts'
import type { Named, Stage } from './walk.ts'

/** What the script `machine` gives, whatever the way. */
const machineShape = z.object({
  computer: z.string().max(64),
  version: z.string().max(64),
  language: z.int(),
  product: z.int(),
  powershell: z.string().max(64),
  account: z.string().max(200),
  administrator: z.boolean(),
})

const languages: Readonly<Record<number, Text>> = {
  1033: { fr: 'en anglais', en: 'in English' },
  1036: { fr: 'en français', en: 'in French' },
}
const products: Readonly<Record<number, Text>> = {
  1: { fr: 'poste de travail', en: 'workstation' },
  2: { fr: 'contrôleur de domaine', en: 'domain controller' },
  3: { fr: 'serveur', en: 'server' },
}

const machineSample: Sample = { script: 'machine', input: {} }
const directoryMs = 45_000

export interface PowerShellStagesOptions {
  readonly context: TransportContext
  /** The PowerShell, once the stages before opened it. */
  readonly powershell: () => PowerShell
  /** As known identities are filed. */
  readonly where: string
  readonly pinned: 'first-use' | (string & {})
  /** Whether the way already proved who answers. */
  readonly proven: boolean
  readonly samples: readonly Sample[]
  /** A failure of the shell itself, that only running a script shows. */
  readonly ofShell: (failure: TransportFailure) => boolean
}

/** The steps of a machine's PowerShell: a script runs, its marks come back, whose machine it is, what the account may do. */
export function powershellStages(options: PowerShellStagesOptions) {
  const { context, powershell, where, pinned, proven, samples, ofShell } = options
  let conversation: Conversation | undefined
  let later: unknown
  const facts = () => {
    const result = conversation?.said[0]?.result
    return result && 'value' in result ? (machineShape.safeParse(result.value).data ?? null) : null
  }
  /** Runs the scripts; what is not the shell's own fault is kept for the next step. */
  const spoken = async (signal: AbortSignal): Promise<void> => {
    try {
      conversation = await converse(powershell(), [machineSample, ...samples], signal)
    } catch (error) {
      if (error instanceof TransportFailure && ofShell(error)) throw error
      later = error
    }
  }
  const shell: Stage = { step: 'shell', timeoutMs: conversationMs(samples.length + 1) + 5000, run: spoken }
  const marker: Stage = {
    step: 'marker',
    timeoutMs: conversationMs(samples.length + 1) + 5000,
    async run(signal) {
      if (!conversation && later === undefined) await spoken(signal)
      if (later !== undefined) throw later
      const known = facts()
      return { note: known && { fr: `PowerShell ${version(known)}`, en: `PowerShell ${version(known)}` } }
    },
  }
  const machine: Stage = {
    step: 'machine',
    timeoutMs: 5000,
    async run() {
      const authority = conversation?.authority ?? null
      if (authority === null)
        throw new StepFailure(
          'other-machine',
          'the machine does not say which machine or domain the account is of',
        )
      if (!proven && !context.checkIdentity(where, authority, pinned))
        throw new StepFailure(
          'other-machine',
          `${authority} answers, not ${pinned === 'first-use' ? 'who was met first' : pinned}`,
          {
            identity: authority,
          },
        )
      const known = facts()
      return { identity: authority, note: known && described(known) }
    },
  }
  const rights: Stage = {
    step: 'rights',
    timeoutMs: 5000,
    alone: true,
    async run() {
      const result = conversation?.said[0]?.result
      if (result && 'error' in result) {
        const { type, code, id } = result.error
        const denied = causeOfException(result.error) === 'denied'
        throw new StepFailure(denied ? 'reading-denied' : 'script-exception', `${type} ${hexOf(code)} ${id}`)
      }
      const known = facts()
      if (!known)
        throw new StepFailure('script-exception', 'the machine does not say what the account may do')
      if (!known.administrator) throw new StepFailure('not-administrator', 'the token holds no S-1-5-32-544')
      return { note: { fr: 'administrateur de la machine', en: 'administrator of the machine' } }
    },
  }
  const stages = { shell, marker, machine, rights, directory: directoryStages(options) }
  const names = (): Named[] => {
    const known = facts()
    return known ? [{ kind: 'machine', name: known.computer }] : []
  }
  return { ...stages, names, said: () => conversation?.said ?? [] }
}

/** The directory that is asked through this PowerShell, where the session says so. */
function directoryStages({ context, powershell }: PowerShellStagesOptions): readonly Stage[] {
  const { ldap: directory } = context.target
  if (directory?.through !== 'powershell') return []
  const probe = ldap(context.role, {
    context: 'default',
    scope: 'base',
    filter: { present: 'objectClass' },
    attributes: ['objectClass'],
  })
  const run: Stage['run'] = async (signal) => {
    const asked = askByScript(powershell(), [probe], {
      domain: directory.domain,
      identity: '',
      checkIdentity: () => true,
      where: '',
      pinned: 'first-use',
      signal,
    })
    for await (const outcome of asked) {
      if ('failure' in outcome) throw new TransportFailure(outcome.failure.cause, outcome.failure.detail)
      if (outcome.answer.kind === 'ldap' && outcome.answer.found)
        return { note: { fr: `domaine ${directory.domain}`, en: `domain ${directory.domain}` } }
    }
    throw new StepFailure('directory-unreadable', 'the domain itself is not found')
  }
  return [{ step: 'directory', timeoutMs: directoryMs, run, alone: true }]
}

type Facts = z.output<typeof machineShape>
const version = ({ powershell }: Facts): string => visibleLine(powershell, 40)

function described({ computer, version, language, product }: Facts): Text {
  const name = visibleLine(computer, 40)
  const windows = `Windows ${visibleLine(version, 20)}`
  const parts = (lang: 'fr' | 'en') =>
    [name, products[product]?.[lang], windows, languages[language]?.[lang] ?? `LCID ${language}`]
      .filter((part) => part !== undefined)
      .join(', ')
  return { fr: parts('fr'), en: parts('en') }
}

const hexOf = (code: number): string => `0x${(code >>> 0).toString(16).padStart(8, '0')}`
