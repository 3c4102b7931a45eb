import type { Text } from '../../checks/text.ts'
import type { Cause } from '../../checks/verdict.ts'
import { TransportFailure } from '../transports/transport.ts'
import type { DoctorWay, Step } from './step.ts'

interface Known {
  readonly cause: Cause
  readonly says: Text
}

/** Everything that may be wrong, said; `remedies.ts` has what to do about each. A closed list: other programs read the names. */
export const problems = {
  'name-unknown': {
    cause: 'unreachable',
    says: { fr: 'ce nom ne désigne aucune adresse d’ici', en: 'this name stands for no address from here' },
  },
  'no-echo': {
    cause: 'unreachable',
    says: { fr: 'la machine ne renvoie pas d’écho (ping)', en: 'the machine sends no echo back (ping)' },
  },
  'port-refused': {
    cause: 'refused',
    says: {
      fr: 'la machine répond, mais rien n’écoute à ce port',
      en: 'the machine answers, but nothing listens at this port',
    },
  },
  'port-silent': {
    cause: 'timeout',
    says: {
      fr: 'aucune réponse : machine éteinte, ou pare-feu qui écarte l’agent',
      en: 'no answer: machine off, or a firewall that drops the agent',
    },
  },
  'port-unreachable': {
    cause: 'unreachable',
    says: { fr: 'aucune route vers cette machine', en: 'no route to this machine' },
  },
  'port-elsewhere': {
    cause: 'unreachable',
    says: {
      fr: 'ce port ne répond qu’à une autre adresse du même nom',
      en: 'this port answers only at another address of the same name',
    },
  },
  'jump-failed': {
    cause: 'unreachable',
    says: {
      fr: 'la machine de rebond n’ouvre pas le chemin',
      en: 'the jump host does not open the way',
    },
  },
  'tls-identity': {
    cause: 'identity',
    says: { fr: 'ce certificat n’est pas celui attendu', en: 'this certificate is not the expected one' },
  },
  'ca-unreadable': {
    cause: 'grader',
    says: {
      fr: 'le fichier d’autorité nommé (ca) ne peut pas être lu',
      en: 'the authority’s file that is named (ca) can not be read',
    },
  },
  'ca-no-certificate': {
    cause: 'grader',
    says: {
      fr: 'le fichier d’autorité nommé (ca) n’est pas un certificat (PEM)',
      en: 'the authority’s file that is named (ca) is no certificate (PEM)',
    },
  },
  'tls-missing': {
    cause: 'refused',
    says: {
      fr: 'ce port ne fait pas de TLS : le service n’a sans doute pas de certificat',
      en: 'this port does no TLS: the service probably has no certificate',
    },
  },
  'host-key-other': {
    cause: 'identity',
    says: {
      fr: 'la clé de cette machine n’est pas celle attendue',
      en: 'the key of this machine is not the expected one',
    },
  },
  'ssh-silent': {
    cause: 'refused',
    says: {
      fr: 'le port est ouvert, mais SSH ne s’y présente pas',
      en: 'the port is open, but SSH does not introduce itself there',
    },
  },
  'ssh-handshake': {
    cause: 'unreachable',
    says: { fr: 'les deux côtés SSH ne s’accordent pas', en: 'the two SSH sides do not agree' },
  },
  'not-winrm': {
    cause: 'unparsable',
    says: { fr: 'ce n’est pas WinRM qui répond à ce port', en: 'it is not WinRM that answers at this port' },
  },
  'port-speaks-tls': {
    cause: 'unparsable',
    says: {
      fr: 'ce port parle TLS, et il est abordé sans TLS',
      en: 'this port speaks TLS, and it is spoken to without TLS',
    },
  },
  'negotiate-missing': {
    cause: 'auth',
    says: {
      fr: 'WinRM ne propose pas « Negotiate », seul à protéger le mot de passe et les échanges',
      en: 'WinRM does not offer “Negotiate”, which alone protects the password and the exchanges',
    },
  },
  'ntlm-refused': {
    cause: 'unparsable',
    says: {
      fr: 'la machine n’admet pas NTLM (une stratégie peut ne laisser que Kerberos)',
      en: 'the machine takes no NTLM (a policy may leave Kerberos only)',
    },
  },
  'method-missing': {
    cause: 'auth',
    says: {
      fr: 'le serveur SSH n’admet aucun des moyens donnés (clé, mot de passe)',
      en: 'the SSH server takes none of the means given (key, password)',
    },
  },
  'account-refused': {
    cause: 'auth',
    says: {
      fr: 'ce compte, ou son secret, est refusé',
      en: 'this account, or its secret, is refused',
    },
  },
  'account-state': {
    cause: 'auth',
    says: {
      fr: 'le compte existe, mais l’annuaire l’écarte (verrouillé, désactivé ou expiré)',
      en: 'the account is there, but the directory keeps it out (locked, disabled or expired)',
    },
  },
  'wrong-domain': {
    cause: 'auth',
    says: {
      fr: 'compte refusé ; son domaine n’est pas celui que la machine annonce',
      en: 'account refused; its domain is not the one that the machine announces',
    },
  },
  'clock-skew': {
    cause: 'auth',
    says: {
      fr: 'compte refusé ; l’horloge de la machine diffère de plus de cinq minutes de celle d’ici',
      en: 'account refused; the clock of the machine is more than five minutes away from this one',
    },
  },
  'ntlm-weak': {
    cause: 'identity',
    says: {
      fr: 'la machine ne propose pas de sceller les échanges (NTLM 128 bits)',
      en: 'the machine does not offer to seal the exchanges (128-bit NTLM)',
    },
  },
  unsealed: {
    cause: 'identity',
    says: {
      fr: 'une réponse est revenue en clair ou mal scellée : elle est refusée',
      en: 'an answer came in clear or badly sealed: it is refused',
    },
  },
  redirect: {
    cause: 'unparsable',
    says: {
      fr: 'la machine renvoie vers une autre adresse, ce qui n’est pas suivi',
      en: 'the machine points to another address, which is not followed',
    },
  },
  'shell-denied': {
    cause: 'denied',
    says: {
      fr: 'le compte est connu, mais n’a pas le droit d’ouvrir un interpréteur à distance',
      en: 'the account is known, but may not open a remote shell',
    },
  },
  quota: {
    cause: 'denied',
    says: {
      fr: 'le quota d’interpréteurs distants de la machine est épuisé',
      en: 'the quota of remote shells of the machine is used up',
    },
  },
  'no-powershell': {
    cause: 'missing-tool',
    says: { fr: 'PowerShell ne s’y lance pas', en: 'PowerShell does not start there' },
  },
  'no-marker': {
    cause: 'unparsable',
    says: {
      fr: 'le programme a été lancé, mais sa réponse n’est pas revenue entière',
      en: 'the program was started, but its answer did not come back whole',
    },
  },
  'language-mode': {
    cause: 'unparsable',
    says: {
      fr: 'PowerShell est en langage restreint (AppLocker ou App Control) : nos lectures y sont interdites',
      en: 'PowerShell is in constrained language (AppLocker or App Control): our readings are forbidden there',
    },
  },
  'other-machine': {
    cause: 'identity',
    says: {
      fr: 'une autre machine, ou un autre domaine, que celui attendu répond',
      en: 'another machine, or another domain, than the expected one answers',
    },
  },
  'other-domain': {
    cause: 'identity',
    says: {
      fr: 'l’annuaire d’un autre domaine répond',
      en: 'the directory of another domain answers',
    },
  },
  'no-controller': {
    cause: 'missing-tool',
    says: {
      fr: 'cette machine n’est pas un contrôleur de domaine : elle n’a pas de SYSVOL',
      en: 'this machine is no domain controller: it has no SYSVOL',
    },
  },
  'directory-unreadable': {
    cause: 'denied',
    says: {
      fr: 'le compte est admis, mais ne peut pas lire l’annuaire',
      en: 'the account is accepted, but can not read the directory',
    },
  },
  'not-administrator': {
    cause: 'denied',
    says: {
      fr: 'le compte n’a pas les droits d’administrateur : ce qu’il ne voit pas restera « non vérifié »',
      en: 'the account has no administrator rights: what it can not see will stay “not verified”',
    },
  },
  'reading-denied': {
    cause: 'denied',
    says: {
      fr: 'le compte n’a pas le droit de lire l’état de la machine',
      en: 'the account may not read the state of the machine',
    },
  },
  'script-exception': {
    cause: 'unparsable',
    says: {
      fr: 'la lecture de la machine s’est terminée par une exception',
      en: 'reading the machine ended with an exception',
    },
  },
  'sudo-refused': {
    cause: 'denied',
    says: {
      fr: 'le compte ne devient pas root sans mot de passe (sudo -n)',
      en: 'the account does not become root without a password (sudo -n)',
    },
  },
  'snmp-view': {
    cause: 'denied',
    says: {
      fr: 'l’équipement ne montre pas ses interfaces à ce compte (vue trop étroite)',
      en: 'the device does not show its interfaces to this account (view too narrow)',
    },
  },
  'connection-lost': {
    cause: 'refused',
    says: { fr: 'la connexion a été coupée', en: 'the connection was cut' },
  },
  silence: {
    cause: 'timeout',
    says: { fr: 'plus de réponse dans le délai', en: 'no more answer in time' },
  },
  'access-denied': {
    cause: 'denied',
    says: { fr: 'la machine refuse cette demande au compte', en: 'the machine denies this to the account' },
  },
  'tool-missing': {
    cause: 'missing-tool',
    says: { fr: 'un programme nécessaire manque', en: 'a program that is needed is missing' },
  },
  'not-understood': {
    cause: 'unparsable',
    says: { fr: 'réponse inexploitable', en: 'unusable answer' },
  },
  'secret-missing': {
    cause: 'grader',
    says: {
      fr: 'un secret que la session nomme n’a pas de valeur ici',
      en: 'a secret that the session names has no value here',
    },
  },
  'credential-unfit': {
    cause: 'grader',
    says: {
      fr: 'cet identifiant ne convient pas à ce moyen',
      en: 'this credential does not suit this way',
    },
  },
  'key-unreadable': {
    cause: 'grader',
    says: {
      fr: 'la clé privée ne peut pas être lue : ce n’en est pas une, ou sa phrase de passe est fausse',
      en: 'the private key can not be read: it is none, or its passphrase is wrong',
    },
  },
  'agent-fault': {
    cause: 'grader',
    says: { fr: 'défaut du côté de l’agent', en: "fault on the agent's side" },
  },
} as const satisfies Record<string, Known>
export type Problem = keyof typeof problems

/** A failure whose problem is known more exactly than by its step and cause. */
export class StepFailure extends TransportFailure {
  readonly problem: Problem
  readonly note: Text | null
  readonly identity: string | null

  constructor(problem: Problem, detail: string, more: { note?: Text | null; identity?: string | null } = {}) {
    super(problems[problem].cause, detail)
    this.problem = problem
    this.note = more.note ?? null
    this.identity = more.identity ?? null
  }
}

type ByCause = Partial<Record<Cause, Problem>>

const anywhere: Readonly<Record<Cause, Problem>> = {
  unreachable: 'connection-lost',
  refused: 'connection-lost',
  timeout: 'silence',
  auth: 'account-refused',
  denied: 'access-denied',
  identity: 'other-machine',
  'missing-tool': 'tool-missing',
  unparsable: 'not-understood',
  truncated: 'not-understood',
  control: 'not-understood',
  'not-asked': 'not-understood',
  cancelled: 'agent-fault',
  grader: 'agent-fault',
}

const atStep: Partial<Record<Step, ByCause>> = {
  name: { unreachable: 'name-unknown', refused: 'name-unknown', timeout: 'name-unknown' },
  echo: { unreachable: 'no-echo', timeout: 'no-echo', refused: 'no-echo' },
  port: { refused: 'port-refused', timeout: 'port-silent', unreachable: 'port-unreachable' },
  tls: {
    identity: 'tls-identity',
    unparsable: 'tls-missing',
    refused: 'tls-missing',
    timeout: 'tls-missing',
  },
  'host-key': {
    identity: 'host-key-other',
    refused: 'ssh-silent',
    timeout: 'ssh-silent',
    unreachable: 'ssh-handshake',
    unparsable: 'ssh-handshake',
  },
  domain: { identity: 'other-domain', unparsable: 'other-domain' },
  sealed: { identity: 'unsealed' },
  shell: { denied: 'shell-denied', 'missing-tool': 'no-powershell' },
  marker: { unparsable: 'no-marker', truncated: 'no-marker', 'missing-tool': 'no-powershell' },
  directory: {
    denied: 'directory-unreadable',
    control: 'directory-unreadable',
    identity: 'other-domain',
    unparsable: 'directory-unreadable',
  },
  rights: { denied: 'reading-denied', unparsable: 'script-exception', 'missing-tool': 'script-exception' },
}

const onWay: Partial<Record<DoctorWay, Partial<Record<Step, ByCause>>>> = {
  winrm: { offered: { unparsable: 'not-winrm', refused: 'not-winrm', timeout: 'not-winrm' } },
  ssh: { shell: { 'missing-tool': 'tool-missing' } },
  local: { shell: { 'missing-tool': 'tool-missing' } },
  smb: { accepted: { grader: 'credential-unfit' } },
  snmp: { accepted: { grader: 'credential-unfit' } },
}

/** The problem behind a failure of a step; total: whatever happened, something can be said and done. */
export function problemOf(way: DoctorWay, step: Step, failure: TransportFailure): Problem {
  if (failure instanceof StepFailure) return failure.problem
  const { reason } = failure
  return onWay[way]?.[step]?.[reason] ?? atStep[step]?.[reason] ?? anywhere[reason]
}
