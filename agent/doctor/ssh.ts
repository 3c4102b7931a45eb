import { command } from '../../checks/probe.ts'
import { joined, same } from '../../checks/text.ts'
import type { Probe } from '../../checks/probe.ts'
import { connect, welcome } from '../transports/ssh/connection.ts'
import { PowerShellOverSsh } from '../transports/ssh/powershell-over-ssh.ts'
import { openSsh } from '../transports/ssh/ssh.ts'
import { TransportFailure, type Transport, type TransportContext } from '../transports/transport.ts'
import { visibleLine } from '../terminal/visible.ts'
import { requireMethods } from './credential.ts'
import { nameStage, namesOf, portStage, type Place } from './network.ts'
import { powershellStages } from './powershell.ts'
import { StepFailure } from './problem.ts'
import type { Sample } from './script.ts'
import type { Diagnosis, Stage } from './walk.ts'

export type SshContext = TransportContext & { addressOf: (role: string) => string }

const welcomeMs = 8000
const shellMs = 15_000

/** SSH up to who answers and what it takes: the same for a POSIX shell and for PowerShell behind it. */
function beginning(context: SshContext, place: Place): Stage[] {
  const { address, ssh } = context.target
  if (!ssh) throw new TransportFailure('grader', 'the session gives no ssh for this machine')
  let methods: readonly string[] = []
  const throughJump: Stage = {
    step: 'port',
    timeoutMs: context.connectTimeoutMs * 2,
    async run(signal) {
      const stream = await context.jump!(address, ssh.port, signal).catch((error: unknown) => {
        throw new StepFailure('jump-failed', error instanceof Error ? error.message : 'error')
      })
      stream.destroy()
      return {
        note: { fr: `${ssh.port}, par le rebond ${ssh.jump}`, en: `${ssh.port}, through ${ssh.jump}` },
      }
    },
  }
  const direct = portStage(place, ssh.port)
  const hostKey: Stage = {
    step: 'host-key',
    timeoutMs: welcomeMs,
    async run(signal) {
      const { user = '' } = await context.credentials(ssh.credential).catch(() => ({ user: '' }))
      const shown = await welcome(context, user || 'probant', signal)
      methods = shown.methods
      return { identity: shown.identity }
    },
  }
  const offered: Stage = {
    step: 'offered',
    timeoutMs: 5000,
    async run() {
      const said = joined(methods.slice(0, 8).map((method) => same(visibleLine(method, 30))))
      // Without any method the machine let us in as nobody: what is given will do as well.
      if (methods.length === 0) return { note: { fr: 'aucune exigée', en: 'none required' } }
      const own = requireMethods(await context.credentials(ssh.credential))
      if (!own.some((type) => methods.includes(type)))
        throw new StepFailure('method-missing', `given: ${own.join(', ')}`, {
          note: { fr: `le serveur admet : ${said.fr}`, en: `the server takes: ${said.en}` },
        })
      return { note: said }
    },
  }
  return [...(context.jump ? [throughJump] : [nameStage(place), direct]), hostKey, offered]
}

/** A POSIX shell over SSH; `root` says whether the session's exam reads anything as root. */
export function sshDiagnosis(context: SshContext, root: boolean): Diagnosis {
  const place: Place = { address: context.target.address, addresses: [] }
  const transport = openSsh(context)
  const shell = posixStages(transport, context.role, root)
  return {
    way: 'ssh',
    stages: [...beginning(context, place), shell.accepted, shell.shell, ...shell.rights],
    said: () => [],
    names: () => namesOf(place),
    close: () => transport.close(),
  }
}

/** The steps of a POSIX shell. `accepted` is asked first: what it learns of the shell is kept for `shell`. */
export function posixStages(transport: Transport, role: string, root: boolean) {
  let ofShell: TransportFailure | null = null
  const ask = async (probe: Probe, signal: AbortSignal): Promise<TransportFailure | null> => {
    for await (const outcome of transport.ask([probe], signal))
      if ('failure' in outcome) return new TransportFailure(outcome.failure.cause, outcome.failure.detail)
    return null
  }
  const limits = { timeoutMs: 10_000 }
  let asked = false
  const first = async (signal: AbortSignal) => {
    asked = true
    return ask(command(role, ['true'], limits), signal)
  }
  const accepted: Stage = {
    step: 'accepted',
    timeoutMs: shellMs,
    async run(signal) {
      const failure = await first(signal)
      if (failure && ['auth', 'grader', 'identity', 'unreachable', 'refused'].includes(failure.reason))
        throw failure
      ofShell = failure
    },
  }
  const shell: Stage = {
    step: 'shell',
    timeoutMs: shellMs,
    async run(signal) {
      const failure = asked ? ofShell : await first(signal)
      if (failure) throw failure
      return { note: same('/bin/sh') }
    },
  }
  const rights: Stage = {
    step: 'rights',
    timeoutMs: shellMs,
    alone: true,
    async run(signal) {
      const failure = await ask(command(role, ['true'], { ...limits, as: 'root' }), signal)
      if (failure) throw new StepFailure('sudo-refused', failure.message)
      return { note: { fr: 'root, là où un contrôle le demande', en: 'root, where a check asks for it' } }
    },
  }
  return { accepted, shell, rights: root ? [rights] : [] }
}

/** The PowerShell of a Windows machine, over OpenSSH for Windows. */
export function powershellOverSshDiagnosis(context: SshContext, samples: readonly Sample[]): Diagnosis {
  const { address, ssh } = context.target
  const place: Place = { address, addresses: [] }
  const state: { powershell?: PowerShellOverSsh } = {}
  const steps = powershellStages({
    context,
    powershell: () => state.powershell!,
    where: `ssh ${address}:${ssh?.port ?? 22}`,
    pinned: 'first-use',
    proven: true,
    samples,
    ofShell: ({ reason }) => reason === 'denied',
  })
  const accepted: Stage = {
    step: 'accepted',
    timeoutMs: context.connectTimeoutMs + 1000,
    async run(signal) {
      const { client } = await connect(context, signal)
      state.powershell = new PowerShellOverSsh(client, context.connectTimeoutMs)
    },
  }
  return {
    way: 'powershell-ssh',
    stages: [
      ...beginning(context, place),
      accepted,
      steps.shell,
      steps.marker,
      steps.machine,
      ...steps.directory,
      steps.rights,
    ],
    said: steps.said,
    names: () => [...namesOf(place), ...steps.names()],
    close: async () => state.powershell?.close(),
  }
}
