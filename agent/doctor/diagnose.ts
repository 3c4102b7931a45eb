import type { Target } from '../../checks/session.ts'
import { powershellWay, shellWay } from '../../checks/session.ts'
import type { Sample } from './script.ts'
import type { SshContext } from './ssh.ts'
import type { DoctorWay } from './step.ts'
import type { Diagnosis } from './walk.ts'

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
  { samples = [], root = false }: DiagnosisOptions = {},
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
