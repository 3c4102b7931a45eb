import type { Target } from '../../checks/session.ts'
import { powershellWay, shellWay } from '../../checks/session.ts'
import type { Sample } from './script.ts'
import type { SshContext } from './ssh.ts'
import { TransportFailure, type CheckIdentity } from '../transports/transport.ts'
import { failureOf } from '../transports/errno.ts'
import { problemOf, StepFailure } from './problem.ts'
import type { DoctorWay } from './step.ts'
import type { Diagnosis, Stage } from './walk.ts'

export interface DiagnosisOptions {
  /** Scripts to be tried besides, where what a machine answers is wanted. */
  readonly samples?: readonly Sample[]
  /** Whether anything will be read as root. */
  readonly root?: boolean
}

/** The ways that a session gives to a machine; an echo alone where it gives none. */
export function waysTo(target: Target): DoctorWay[] {
  const [shell, powershell] = [shellWay(target), powershellWay(target)]
  const ways: DoctorWay[] = [
    ...(shell ? [shell] : []),
    ...(powershell ? [powershell] : []),
    ...(target.ldap?.credential === undefined ? [] : (['ldap'] as const)),
    ...(target.smb ? (['smb'] as const) : []),
    ...(target.snmp ? (['snmp'] as const) : []),
  ]
  return ways.length > 0 ? ways : ['icmp']
}

/** The steps of one way to one machine, loaded only when it is needed. */
export async function diagnosisOf(
  way: DoctorWay,
  context: SshContext,
  options: DiagnosisOptions = {},
): Promise<Diagnosis> {
  const met: { refused: string | null } = { refused: null }
  const checkIdentity: CheckIdentity = (where, shown, pinned) => {
    const believed = context.checkIdentity(where, shown, pinned)
    met.refused = believed ? null : shown
    return believed
  }
  const watched = { ...context, credentials: withSecrets(context.credentials), checkIdentity }
  const diagnosis = await stepsOf(way, watched, options)
  const stages = diagnosis.stages.map((stage): Stage => ({
    ...stage,
    run: (signal) =>
      stage.run(signal).catch((error: unknown) => {
        throw identified(error, way, stage, met.refused)
      }),
  }))
  return { ...diagnosis, stages }
}

/** A secret without a value is told from every other reason of the agent's own. */
const withSecrets =
  (open: SshContext['credentials']): SshContext['credentials'] =>
  (name) =>
    open(name).catch((error: unknown) => {
      throw new StepFailure('secret-missing', failureOf(error).message)
    })

/** Another identity than the expected one, with what was shown instead. */
function identified(error: unknown, way: DoctorWay, { step }: Stage, refused: string | null): unknown {
  if (!(error instanceof TransportFailure) || error.reason !== 'identity') return error
  const told = error instanceof StepFailure ? error : null
  // Where an authority refused it, nobody was asked about its fingerprint.
  const named = /^certificate (SHA256:[A-Za-z0-9+/]{43}) /.exec(error.message)?.[1] ?? null
  const identity = told?.identity ?? refused ?? named
  return new StepFailure(problemOf(way, step, error), error.message, { note: told?.note ?? null, identity })
}

async function stepsOf(
  way: DoctorWay,
  context: SshContext,
  { samples = [], root = false }: DiagnosisOptions,
): Promise<Diagnosis> {
  switch (way) {
    case 'icmp':
      return (await import('./icmp.ts')).icmpDiagnosis(context)
    case 'local':
      return (await import('./local.ts')).localDiagnosis(context, root)
    case 'ssh':
      return (await import('./ssh.ts')).sshDiagnosis(context, root)
    case 'winrm':
      return (await import('./winrm.ts')).winrmDiagnosis(context, samples)
    case 'powershell-ssh':
      return (await import('./ssh.ts')).powershellOverSshDiagnosis(context, samples)
    case 'powershell-local':
      return (await import('./local.ts')).localPowerShellDiagnosis(context, samples)
    case 'ldap':
      return (await import('./ldap.ts')).ldapDiagnosis(context)
    case 'smb':
      return (await import('./smb.ts')).smbDiagnosis(context)
    case 'snmp':
      return (await import('./snmp.ts')).snmpDiagnosis(context)
  }
}
