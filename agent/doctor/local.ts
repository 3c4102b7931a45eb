import { openLocal } from '../transports/local/local.ts'
import { isOwnAddress, LocalPowerShell } from '../transports/local/local-powershell.ts'
import { powershellStages } from './powershell.ts'
import type { Sample } from './script.ts'
import { posixStages, type SshContext } from './ssh.ts'
import type { Diagnosis } from './walk.ts'

/** The POSIX shell of the machine that the agent runs on. */
export function localDiagnosis(context: SshContext, root: boolean): Diagnosis {
  const transport = openLocal(context)
  const { shell, rights } = posixStages(transport, context.role, root)
  return {
    way: 'local',
    stages: [shell, ...rights],
    said: () => [],
    names: () => [],
    close: () => transport.close(),
  }
}

/** The PowerShell beside the agent, or what it reaches by `Invoke-Command`. */
export function localPowerShellDiagnosis(context: SshContext, samples: readonly Sample[]): Diagnosis {
  const { address } = context.target
  const powershell = new LocalPowerShell(isOwnAddress(address) ? null : address)
  const steps = powershellStages({
    context,
    powershell: () => powershell,
    where: `powershell ${address}`,
    pinned: 'first-use',
    proven: false,
    samples,
    ofShell: ({ reason }) => reason === 'missing-tool',
  })
  return {
    way: 'powershell-local',
    stages: [steps.shell, steps.marker, steps.machine, ...steps.directory, steps.rights],
    said: steps.said,
    names: () => [{ kind: 'address', name: address }, ...steps.names()],
    close: () => powershell.close(),
  }
}
