import { account as snmpAccount } from '../../doctor/remedies/device.ts'
import { firewall, keys, serve } from '../../doctor/remedies/linux.ts'
import {
  accountName,
  byKey,
  byPassword,
  quoted,
  remedy,
  type Remedy,
  type Situation,
} from '../../doctor/remedies/remedy.ts'
import { becomeRoot } from '../../doctor/remedies/sudo.ts'
import {
  administrators,
  certificates,
  enableWinRm,
  hasDomain,
  httpsListener,
  onWindows,
  remoteUac,
  remoteUsers,
  rule,
  service,
  throughPowerShell,
  windowsKeys,
} from '../../doctor/remedies/windows.ts'
import { quoteArgument } from '../../transports/shell/quote.ts'

/** One thing to do before the day, and the lines that take it back afterwards: never pasted together. */
export interface Step extends Remedy {
  readonly after: readonly string[]
}
const step = (remedy: Remedy, after: readonly string[] = []): Step => ({ ...remedy, after })

/** A remedy whose last line takes it back, said in other words as that line then stands elsewhere. */
const takenBack = (remedy: Remedy, fr: string, en: string): Step => ({
  ...remedy,
  says: { fr, en },
  lines: remedy.lines.slice(0, -1),
  after: remedy.lines.slice(-1),
})

/** What is wanted of one way to one machine, beyond what its situation says. */
export interface Wanted {
  readonly situation: Situation
  /** Checks that may read as root. */
  readonly asRoot: readonly string[]
  /** What is read needs an administrator of Windows; else only the directory is asked. */
  readonly administrator: boolean
  /** The line of authorized_keys; null where the way has no key. */
  readonly keyLine: string | null
  /** Day (YYYYMMDD) from which rules that can expire say nothing more. */
  readonly until: string | null
  /** Whether the machine answers a ping without being told to, as all but Windows do. */
  readonly answersEcho: boolean
}

const userOf = ({ user }: Situation): string => accountName(user).replace(/[^A-Za-z0-9._-]/g, '')

function linuxAccount(situation: Situation): Step[] {
  if (situation.user === 'root')
    return [
      step(
        remedy(
          'session',
          'Le compte est root : un compte ordinaire suffit, avec la règle sudo là où un contrôle en a besoin',
          'The account is root: an ordinary one is enough, with the sudo rule where a check needs it',
        ),
      ),
    ]
  const name = quoteArgument(userOf(situation))
  const password = byPassword(situation)
  return [
    step(
      remedy(
        'linux',
        password
          ? 'Un compte ordinaire pour l’agent, dans aucun groupe de plus ; tapez-y le mot de passe de la session'
          : 'Un compte ordinaire pour l’agent, dans aucun groupe de plus, sans mot de passe : il n’entre que par sa clé',
        password
          ? 'An ordinary account for the agent, in no further group; type the session’s password there'
          : 'An ordinary account for the agent, in no further group, without a password: it comes in by its key alone',
        password
          ? `useradd --create-home --shell /bin/sh -- ${name}`
          : `useradd --create-home --shell /bin/sh --password '*' -- ${name}`,
        ...(password ? [`passwd -- ${name}`] : []),
      ),
      [`userdel --remove -- ${name}`],
    ),
  ]
}

/** The firewall of a POSIX machine: what is opened is closed by the same words. */
function posixFirewall(situation: Situation, says: Remedy['says'] | null = null): Step {
  const opened = firewall(situation)
  const closing = opened.lines
    .filter((line) => line.startsWith('ufw '))
    .map((line) => line.replace('ufw ', 'ufw delete '))
  return { ...opened, ...(says ? { says } : {}), after: closing }
}

function rootRule({ situation, until }: Wanted): Step {
  const rule = takenBack(
    becomeRoot(situation.user, until),
    'Des contrôles de ce sujet lisent en root. Une règle pour ce seul compte et cette seule commande, qui cesse d’elle-même deux jours après la session ; elle vaut root, rien de plus étroit ne suffit',
    'Checks of this exam read as root. A rule for this account and this command alone, which ends by itself two days after the session; it is as good as root, nothing narrower will do',
  )
  return { ...rule, lines: ['apt-get install --yes sudo', ...rule.lines] }
}

function overSsh(wanted: Wanted): Step[] {
  const { situation, asRoot, keyLine } = wanted
  return [
    step(serve(situation)),
    ...linuxAccount(situation),
    ...(keyLine === null ? [] : keys(situation, keyLine).map((one) => step(one))),
    ...(situation.user !== 'root' && asRoot.length > 0 ? [rootRule(wanted)] : []),
    posixFirewall(situation),
  ]
}

/** The account that every Windows has, whatever its language. */
const builtIn = (situation: Situation): boolean => /^administrat(eur|or)$/i.test(accountName(situation.user))

function windowsAccount({ situation, administrator }: Wanted): Step[] {
  if (builtIn(situation)) return []
  const name = quoted(accountName(situation.user))
  const ofDomain = hasDomain(situation)
  const made = ofDomain
    ? step(
        remedy(
          'windows',
          'Un compte pour l’agent, sur un contrôleur du domaine ; tapez-y le mot de passe de la session',
          'An account for the agent, on a controller of the domain; type the session’s password there',
          `New-ADUser -Name ${name} -Enabled $true -AccountPassword (Read-Host -AsSecureString)`,
        ),
        [`Remove-ADUser -Identity ${name}`],
      )
    : step(
        remedy(
          'windows',
          'Un compte pour l’agent sur cette machine ; tapez-y le mot de passe de la session',
          'An account for the agent on this machine; type the session’s password there',
          `New-LocalUser -Name ${name} -Password (Read-Host -AsSecureString)`,
        ),
        [`Remove-LocalUser -Name ${name}`],
      )
  const { way } = situation
  if (!administrator && way === 'winrm') return [made, ...remoteUsers(situation).map((one) => step(one))]
  const overNetwork = ofDomain || way !== 'winrm' ? [] : remoteUac.map(uac)
  return [made, step(administrators(situation)), ...overNetwork]
}

const uac = (remedy: Remedy): Step =>
  remedy.lines.length === 0
    ? step(remedy)
    : takenBack(
        remedy,
        'À défaut, sur une machine isolée seulement : tout administrateur local garde alors ses droits par le réseau, et un mot de passe volé y suffit',
        'Failing that, on an isolated machine only: every local administrator then keeps their rights over the network, and a stolen password is enough',
      )

function windowsFirewall(situation: Situation): Step {
  const { port, from } = situation
  const allowed = from.network ?? from.address ?? 'LocalSubnet'
  return takenBack(
    rule(situation),
    `Ouvre le port ${port} à ${allowed} seulement`,
    `Opens port ${port} to ${allowed} only`,
  )
}

const onMachine = ({ place }: Remedy): boolean => place !== 'session'

const overWinRm = (wanted: Wanted): Step[] => [
  ...(wanted.situation.tls ? httpsListener(wanted.situation).filter(onMachine) : [enableWinRm]).map((one) =>
    step(one),
  ),
  ...windowsAccount(wanted),
  windowsFirewall(wanted.situation),
]

const powerShellOverSsh = (wanted: Wanted): Step[] => [
  ...service(wanted.situation).map((one) => step(one)),
  ...windowsAccount(wanted),
  ...(wanted.keyLine === null
    ? []
    : [
        step(
          remedy(
            'windows',
            'La clé publique de l’agent',
            'The agent’s public key',
            // In the folder that only administrators and the system may write to (windowsKeys).
            String.raw`Add-Content -Path C:\ProgramData\ssh\administrators_authorized_keys -Value ${quoted(wanted.keyLine)}`,
          ),
        ),
        ...windowsKeys.map((one) => step(one)),
      ]),
  windowsFirewall(wanted.situation),
]

/** An account of the directory that reads and nothing else: every user of a domain may. */
function readingAccount(situation: Situation): Step[] {
  const name = accountName(situation.user)
  return [
    step(
      remedy(
        'windows',
        'Un compte de lecture, simple utilisateur du domaine, sur un contrôleur Active Directory',
        'A reading account, a plain user of the domain, on an Active Directory controller',
        `New-ADUser -Name ${quoted(name)} -Enabled $true -AccountPassword (Read-Host -AsSecureString)`,
      ),
      [`Remove-ADUser -Identity ${quoted(name)}`],
    ),
    step(
      remedy(
        'linux',
        'Le même, si le contrôleur est un Samba',
        'The same, where the controller is a Samba',
        `samba-tool user create ${quoteArgument(name)}`,
      ),
      [`samba-tool user delete ${quoteArgument(name)}`],
    ),
  ]
}

const controllerFirewalls = (situation: Situation): Step[] => [
  windowsFirewall(situation),
  posixFirewall(situation, {
    fr: `Le port ${situation.port}, si le contrôleur est un Samba`,
    en: `Port ${situation.port}, where the controller is a Samba`,
  }),
]

const overLdap = ({ situation }: Wanted): Step[] => [
  ...readingAccount(situation),
  // A new controller has no certificate: what it has is read there, and the other way is in the session.
  step(certificates),
  ...throughPowerShell({ ...situation, domain: null }).map((one) => step(one)),
  ...controllerFirewalls(situation),
]

const overSmb = ({ situation }: Wanted): Step[] => [
  ...readingAccount(situation),
  ...controllerFirewalls(situation),
]

const echo = (situation: Situation): Step[] =>
  (onWindows['no-echo']?.(situation) ?? []).map((one) =>
    takenBack(
      one,
      'Windows ne répond au ping que si une règle le permet',
      'Windows answers a ping only where a rule allows it',
    ),
  )

/** What must be there, and the lines to paste, for each way. */
export function stepsFor(wanted: Wanted): Step[] {
  const { situation } = wanted
  switch (situation.way) {
    case 'ssh':
      return overSsh(wanted)
    case 'winrm':
      return overWinRm(wanted)
    case 'powershell-ssh':
      return powerShellOverSsh(wanted)
    case 'ldap':
      return overLdap(wanted)
    case 'smb':
      return overSmb(wanted)
    case 'snmp':
      return snmpAccount(situation).map((one) => step(one))
    case 'icmp':
      return wanted.answersEcho ? [] : echo(situation)
    case 'local':
      return situation.user !== 'root' && wanted.asRoot.length > 0 ? [rootRule(wanted)] : []
    case 'powershell-local':
      return [
        step(
          remedy(
            'windows',
            'Probant tourne sur cette machine même : lancez-le dans ce PowerShell',
            'Probant runs on this very machine: start it in this PowerShell',
          ),
        ),
      ]
  }
}

/** Basic authentication of a site: an account that reads. */
export const siteAccount = (user: string): Step =>
  step(
    remedy(
      'linux',
      'Un compte du site qui ne fait que lire ; l’authentification doit être « Basic », à la place de FILE celui que nomme AuthUserFile (Apache) ou auth_basic_user_file (nginx). Pour Nagios, donnez-lui « authorized_for_read_only », « authorized_for_all_hosts » et « authorized_for_all_services » dans cgi.cfg',
      'An account of the site that only reads; authentication must be “Basic”, in place of FILE the file that AuthUserFile (Apache) or auth_basic_user_file (nginx) names. For Nagios, give it “authorized_for_read_only”, “authorized_for_all_hosts” and “authorized_for_all_services” in cgi.cfg',
      `htpasswd -B FILE ${quoteArgument(user)}`,
    ),
    [`htpasswd -D FILE ${quoteArgument(user)}`],
  )

/** Whether a way comes in by a key. */
export const keyed = (situation: Situation): boolean =>
  (situation.way === 'ssh' || situation.way === 'powershell-ssh') && byKey(situation)
