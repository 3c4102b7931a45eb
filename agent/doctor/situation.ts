import type { OpenCredential, TransportContext } from '../transports/transport.ts'
import { ldapPort } from '../transports/ldap/directory.ts'
import { winRmPort } from '../transports/winrm/winrm.ts'
import { seenFrom } from './network.ts'
import type { Situation } from './remedies/remedy.ts'
import type { Asked } from './asked.ts'
import type { DoctorWay, StepFinding } from './step.ts'

/** What remedies are made of, for one way to one machine. Opens the credential for its account's name alone. */
export async function situationOf(
  way: DoctorWay,
  context: TransportContext,
  findings: readonly StepFinding[],
  asked: Asked,
): Promise<Situation> {
  const { target } = context
  const { address, winrm, ssh, ldap, smb, snmp } = target
  const name = {
    icmp: undefined,
    local: undefined,
    'powershell-local': undefined,
    winrm: winrm?.credential,
    ssh: ssh?.credential,
    'powershell-ssh': ssh?.credential,
    ldap: ldap?.credential,
    smb: smb?.credential,
    snmp: snmp?.credential,
  }[way]
  const credential: OpenCredential =
    name === undefined ? {} : await context.credentials(name).catch(() => ({}))
  const port = portOf(way, context)
  const transport = { winrm: 'winrm', ssh: 'ssh', 'powershell-ssh': 'ssh', ldap: 'ldap' }[way as string]
  return {
    way,
    address,
    port,
    tls: way === 'winrm' ? winrm?.scheme === 'https' : way === 'ldap',
    starttls: way === 'ldap' && ldap?.tls === 'starttls',
    user: credential.user ?? null,
    domain: ldap?.domain ?? null,
    snmp: snmp
      ? {
          version: snmp.version,
          auth: credential.auth?.protocol ?? 'sha256',
          privacy: credential.privacy?.protocol ?? 'aes',
        }
      : null,
    from: await seenFrom(address),
    identity: findings.findLast((finding) => finding.identity !== null)?.identity ?? null,
    where:
      way === 'powershell-local'
        ? `powershell ${address}`
        : transport
          ? `${transport} ${address}:${port}`
          : null,
    jump: ssh?.jump ?? null,
    credential: asked.typed === null ? (name ?? null) : null,
    secrets: name === undefined ? [] : await asked.secretsOf(name),
    usualPort: usualPortOf(way, context),
    pinned: isPinned(way, context),
    ca: caOf(way, context),
    ...asked,
  }
}

/** The port that this way goes to where nothing else is said; null where it goes to none. */
function usualPortOf(way: DoctorWay, { target: { winrm, ldap } }: Pick<TransportContext, 'target'>) {
  switch (way) {
    case 'winrm':
      return winrm ? winRmPort({ scheme: winrm.scheme }) : null
    case 'ldap':
      return ldap ? ldapPort({ tls: ldap.tls }) : null
    case 'ssh':
    case 'powershell-ssh':
      return 22
    case 'smb':
      return 445
    case 'snmp':
      return 161
    default:
      return null
  }
}

/** Whether the session, or the address, says who must answer: then nothing is remembered that could be forgotten. */
function isPinned(
  way: DoctorWay,
  { target: { winrm, ssh, ldap } }: Pick<TransportContext, 'target'>,
): boolean {
  const said = {
    winrm: winrm?.identity,
    ssh: ssh?.identity,
    'powershell-ssh': ssh?.identity,
    ldap: ldap?.identity,
  }[way as string]
  return said !== undefined && said !== 'first-use'
}

const caOf = (way: DoctorWay, { target: { winrm, ldap } }: Pick<TransportContext, 'target'>): string | null =>
  (way === 'winrm' ? winrm?.ca : way === 'ldap' ? ldap?.ca : undefined) ?? null

/** The port that this way goes to; null where it goes to none. */
export function portOf(way: DoctorWay, { target }: Pick<TransportContext, 'target'>): number | null {
  const { winrm, ssh, ldap, smb, snmp } = target
  switch (way) {
    case 'winrm':
      return winrm ? winRmPort(winrm) : null
    case 'ssh':
    case 'powershell-ssh':
      return ssh?.port ?? null
    case 'ldap':
      return ldap ? ldapPort(ldap) : null
    case 'smb':
      return smb?.port ?? null
    case 'snmp':
      return snmp?.port ?? null
    default:
      return null
  }
}
