import type { Cause } from '../../checks/verdict.ts'
import type { Text } from '../../checks/text.ts'
import type { Problem } from './problem.ts'

/** The steps of every way, in the words of whoever watches. A closed list: other programs read the names. */
export const steps = {
  name: { fr: 'nom résolu', en: 'name resolved' },
  echo: { fr: 'écho revenu', en: 'echo came back' },
  port: { fr: 'port ouvert', en: 'port open' },
  tls: { fr: 'certificat admis', en: 'certificate believed' },
  'host-key': { fr: 'clé de la machine admise', en: 'host key believed' },
  domain: { fr: 'domaine attendu', en: 'expected domain' },
  offered: { fr: 'authentification proposée', en: 'authentication offered' },
  accepted: { fr: 'identifiants acceptés', en: 'credentials accepted' },
  sealed: { fr: 'échanges protégés', en: 'exchanges protected' },
  shell: { fr: 'interpréteur ouvert', en: 'shell opened' },
  marker: { fr: 'réponse repérée', en: 'marker came back' },
  machine: { fr: 'machine attendue', en: 'expected machine' },
  directory: { fr: 'annuaire lisible', en: 'directory readable' },
  rights: { fr: 'droits suffisants', en: 'rights sufficient' },
} as const satisfies Record<string, Text>
export type Step = keyof typeof steps

/** Ways that can be diagnosed, by the names that sessions and preflights have for them. */
export const doctorWays = [
  'icmp',
  'local',
  'ssh',
  'winrm',
  'powershell-ssh',
  'powershell-local',
  'ldap',
  'smb',
  'snmp',
] as const
export type DoctorWay = (typeof doctorWays)[number]

/** What became of one step. */
export interface StepFinding {
  readonly step: Step
  readonly state: 'works' | 'fails' | 'not-tried'
  /** With `fails` only; `cancelled` with a step that was not tried because somebody interrupted. */
  readonly cause: Cause | null
  readonly problem: Problem | null
  /** Technical, in English or in the machine's own words: one line, no secret. */
  readonly detail: string
  /** What was learned, in words; machine's own names in it were made harmless. */
  readonly note: Text | null
  readonly ms: number
  /** Who answered, where the step proves it. */
  readonly identity: string | null
}

/** Told while a way is walked: a step begins, or is over. */
export type DoctorEvent = { readonly step: Step; readonly state: 'trying' } | StepFinding
