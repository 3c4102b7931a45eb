import type { Text } from '../../../checks/text.ts'
import type { Asked, SecretOrigin } from '../asked.ts'
import type { DoctorWay } from '../step.ts'

/** Where something is to be done. */
export const places = {
  windows: {
    fr: 'Sur la machine, dans un PowerShell lancé en administrateur',
    en: 'On the machine, in a PowerShell started as administrator',
  },
  linux: { fr: 'Sur la machine, en root', en: 'On the machine, as root' },
  device: { fr: 'Sur l’équipement', en: 'On the device' },
  agent: { fr: 'Sur le poste d’où Probant interroge', en: 'On the computer from which Probant asks' },
  session: { fr: 'Dans la session', en: 'In the session' },
  room: { fr: 'Dans la salle', en: 'In the room' },
} as const satisfies Record<string, Text>
export type Place = keyof typeof places

/** One thing to do: why, and the lines to copy, exactly as they are. None of them weakens a machine. */
export interface Remedy {
  readonly place: Place
  readonly says: Text
  readonly lines: readonly string[]
}

/** What the lines are made of. Nothing of it was said by a machine, but the fingerprint, which has a form of its own. */
export interface Situation extends Omit<Asked, 'secretsOf'> {
  readonly way: DoctorWay
  readonly address: string
  readonly port: number | null
  readonly tls: boolean
  readonly starttls: boolean
  readonly user: string | null
  readonly domain: string | null
  readonly snmp: { readonly version: '2c' | 3; readonly auth: string; readonly privacy: string } | null
  /** From where the machine is asked; nulls where that can't be told. */
  readonly from: { readonly address: string | null; readonly network: string | null }
  /** `SHA256:…` or `S-1-5-21-…` that the machine showed. */
  readonly identity: string | null
  /** As known identities are filed. */
  readonly where: string | null
  readonly jump: string | null
  /** Name of the credential in the session; null outside of one, or where the way has none. */
  readonly credential: string | null
  readonly secrets: readonly SecretOrigin[]
  /** The port of this way where nothing else is said. */
  readonly usualPort: number | null
  /** Whether it is said who must answer. */
  readonly pinned: boolean
  /** The file of authorities, as it is written. */
  readonly ca: string | null
}

/** A string of PowerShell in which nothing is special. The typographic quotes count as quotes there too. */
export const quoted = (text: string): string => `'${text.replace(/['\u2018-\u201b]/g, '$&$&')}'`

/** A string of YAML in which nothing is special. */
export const yamlString = (text: string): string =>
  /^[A-Za-z][A-Za-z0-9._-]*$/.test(text) ? text : `'${text.replaceAll("'", "''")}'`

/** The account's bare name, as commands on the machine want it. */
export const accountName = (user: string | null): string =>
  (user ?? 'surveillant').replace(/^.*\\/, '').replace(/@.*$/, '')

/** Whether the credential holds a key, or a password. */
export const byKey = ({ secrets }: Situation): boolean => secrets.some(({ kind }) => kind === 'key')
export const byPassword = ({ secrets }: Situation): boolean => secrets.some(({ kind }) => kind === 'password')

export const remedy = (place: Place, fr: string, en: string, ...lines: string[]): Remedy => ({
  place,
  says: { fr, en },
  lines,
})
