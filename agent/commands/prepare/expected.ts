import type { Credential, ResolvedCandidate } from '../../../checks/session.ts'
import type { SecretOrigin } from '../../doctor/asked.ts'
import type { Situation } from '../../doctor/remedies/remedy.ts'
import { portOf } from '../../doctor/situation.ts'
import type { DoctorWay } from '../../doctor/step.ts'

/** From where machines will be asked: an address, or the network that it is in. */
export type From = Situation['from']

/** Names of the credential that a way proves itself by. */
export function credentialOf(
  way: DoctorWay | 'http',
  candidate: ResolvedCandidate,
  role: string,
): string | null {
  const target = candidate.targets[role]?.target
  const section = way === 'powershell-ssh' ? 'ssh' : way
  if (!target || section === 'icmp' || section === 'local' || section === 'powershell-local') return null
  return target[section]?.credential ?? null
}

/** Where the secrets of a credential are taken from. */
export function secretsOf(credential: Credential | undefined): SecretOrigin[] {
  const { password, key, passphrase, community, auth, privacy } = credential ?? {}
  const references = { password, key, passphrase, community, auth: auth?.secret, privacy: privacy?.secret }
  return Object.entries(references).flatMap(([kind, from]) =>
    from === undefined ? [] : [{ kind: kind as SecretOrigin['kind'], from, missing: false }],
  )
}

/** What remedies are made of, for a machine that nobody has asked yet: all of it is in the session. */
export function expectedSituation(
  way: DoctorWay,
  candidate: ResolvedCandidate,
  role: string,
  from: From,
): Situation {
  const { target } = candidate.targets[role]!
  const name = credentialOf(way, candidate, role)
  const credential = name === null ? undefined : candidate.credentials[name]
  const port = portOf(way, { target })
  return {
    way,
    address: target.address,
    port,
    tls: way === 'winrm' ? target.winrm?.scheme === 'https' : way === 'ldap',
    starttls: way === 'ldap' && target.ldap?.tls === 'starttls',
    user: credential?.user ?? null,
    domain: target.ldap?.domain ?? null,
    snmp: target.snmp
      ? {
          version: target.snmp.version,
          auth: credential?.auth?.protocol ?? 'sha256',
          privacy: credential?.privacy?.protocol ?? 'aes',
        }
      : null,
    from,
    identity: null,
    where: null,
    jump: target.ssh?.jump ?? null,
    credential: name,
    secrets: secretsOf(credential),
    usualPort: port,
    pinned: false,
    ca: null,
    again: '',
    doctorOf: null,
    typed: null,
    folder: '',
  }
}
