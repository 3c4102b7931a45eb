import type { Problem } from '../problem.ts'
import { quoteArgument } from '../../transports/shell/quote.ts'
import { onDevice } from './device.ts'
import { onLinux } from './linux.ts'
import { programName } from '../../terminal/program-name.ts'
import { remedy, yamlString, type Remedy, type Situation } from './remedy.ts'
import { retyped } from './retyped.ts'
import {
  checkSecrets,
  missingSecrets,
  noAuthority,
  unfitCredential,
  unreadableAuthority,
  unreadableKey,
} from './secrets.ts'
import { onWindows } from './windows.ts'

type About = (situation: Situation) => Remedy[]

const systems = {
  icmp: onWindows,
  local: onLinux,
  ssh: onLinux,
  winrm: onWindows,
  'powershell-ssh': onWindows,
  'powershell-local': { ...onWindows, 'no-powershell': () => [beside] },
  ldap: onWindows,
  smb: onWindows,
  snmp: onDevice,
} as const satisfies Record<Situation['way'], Partial<Record<Problem, About>>>

const beside = remedy(
  'agent',
  'Ce moyen veut PowerShell à côté de l’agent : lancez Probant sur le Windows lui-même, ou joignez la machine par winrm',
  'This way wants PowerShell beside the agent: start Probant on the Windows itself, or reach the machine by winrm',
  'pwsh -NoProfile -Command exit',
)

const reach = ({ address }: Situation): Remedy =>
  remedy(
    'agent',
    'L’agent et la machine se joignent-ils ?',
    'Do the agent and the machine reach each other?',
    `ping -c 3 ${quoteArgument(address)}`,
    `ip route get ${quoteArgument(address)}`,
  )

/** What is the same on every system, and what there is to say where nothing more exact is known. */
const everywhere: Readonly<Record<Problem, About>> = {
  'name-unknown': ({ address }) => [
    remedy(
      'agent',
      'Ce nom se résout-il d’ici ? Une adresse IP dans la session s’en passe',
      'Does this name resolve from here? An IP address in the session does without',
      `getent ahosts ${quoteArgument(address)}`,
      'cat /etc/resolv.conf',
    ),
  ],
  'no-echo': (situation) => [reach(situation)],
  // The machine answers: there is nothing to ping.
  'port-refused': () => [],
  'port-silent': (situation) => [reach(situation)],
  'port-unreachable': (situation) => [
    reach(situation),
    remedy(
      'room',
      'La machine est-elle allumée, son câble ou son réseau virtuel branché, sa passerelle juste ?',
      'Is the machine on, its cable or virtual network plugged, its gateway right?',
    ),
  ],
  'port-elsewhere': ({ address }) => [
    remedy(
      'session',
      `Écrivez l’adresse qui répond à la place de « ${address} », ou corrigez le DNS`,
      `Write the address that answers in place of “${address}”, or mend the DNS`,
      'address: …',
    ),
  ],
  'jump-failed': ({ jump, address, port, doctorOf }) => [
    remedy(
      'linux',
      'Sur la machine de rebond : joint-elle l’autre, et AllowTcpForwarding le permet-il ?',
      'On the jump host: does it reach the other, and does AllowTcpForwarding let it?',
      'sshd -T | grep -i allowtcpforwarding',
      `nc -vz ${quoteArgument(address)} ${port}`,
    ),
    remedy(
      'agent',
      'La machine de rebond elle-même',
      'The jump host itself',
      ...(jump === null || doctorOf === null ? [] : [doctorOf(jump)]),
    ),
  ],
  'tls-identity': (situation) => identity(situation),
  'ca-unreadable': unreadableAuthority,
  'ca-no-certificate': noAuthority,
  'tls-missing': (situation) => [
    remedy(
      'agent',
      'Ce que ce port répond à TLS',
      'What this port answers to TLS',
      `openssl s_client -connect ${quoteArgument(hostPort(situation))}${situation.starttls ? ' -starttls ldap' : ''} < /dev/null`,
    ),
  ],
  'host-key-other': (situation) => identity(situation),
  'ssh-silent': () => [],
  'ssh-handshake': () => [],
  'not-winrm': () => [],
  'negotiate-missing': () => [],
  'ntlm-refused': () => [],
  'port-speaks-tls': (situation) => [overTls(situation)],
  'method-missing': (situation) => [otherMeans(situation)],
  'account-refused': () => [],
  'account-state': () => [],
  'wrong-domain': () => [],
  'clock-skew': () => [
    remedy('agent', 'L’heure d’ici est-elle juste ?', 'Is the time here right?', 'timedatectl'),
  ],
  'ntlm-weak': () => [],
  unsealed: () => [],
  redirect: () => [
    remedy(
      'room',
      'Un serveur mandataire ou un répartiteur se tient devant la machine : donnez l’adresse de la machine elle-même',
      'A proxy or load balancer stands before the machine: give the address of the machine itself',
    ),
  ],
  'shell-denied': () => [],
  quota: () => [],
  'no-powershell': () => [],
  'no-marker': ({ again }) => [
    remedy(
      'agent',
      'Recommencez ; si cela dure, joignez le relevé du diagnostic à votre signalement',
      'Try again; if it lasts, send the diagnosis along with your report',
      `${again} --bundle diagnostic.json`,
    ),
  ],
  'language-mode': () => [],
  'other-machine': (situation) => identity(situation),
  'other-domain': ({ domain }) => [
    remedy(
      'session',
      `L’adresse est-elle la bonne, et le domaine s’appelle-t-il vraiment « ${domain ?? '…'} » ?`,
      `Is the address the right one, and is the domain really called “${domain ?? '…'}”?`,
      `ldap: { …, domain: ${domain ?? '…'} }`,
    ),
  ],
  'no-controller': ({ address }) => [
    remedy(
      'session',
      `L’adresse est-elle celle d’un contrôleur de domaine ? « smb » ne sert qu’à lire son SYSVOL ; sinon, retirez-le de cette machine`,
      `Is the address that of a domain controller? “smb” is only for reading its SYSVOL; else take it away from this machine`,
      `address: ${address}`,
    ),
  ],
  'directory-unreadable': () => [],
  'not-administrator': () => [],
  'reading-denied': () => [],
  'script-exception': () => [],
  'sudo-refused': () => [],
  'snmp-view': () => [],
  'connection-lost': (situation) => [
    reach(situation),
    remedy(
      'room',
      'La machine redémarre-t-elle, ou un équipement coupe-t-il les connexions ? Recommencez',
      'Does the machine restart, or does a device cut connections? Try again',
    ),
  ],
  silence: (situation) => [
    reach(situation),
    remedy(
      'room',
      'La machine est peut-être trop chargée, ou vient de démarrer : attendez une minute et recommencez',
      'The machine may be too busy, or has just started: wait a minute and try again',
    ),
  ],
  'access-denied': () => [],
  'tool-missing': ({ way }) => [
    way === 'smb'
      ? remedy(
          'agent',
          'Le SYSVOL est lu par smbclient',
          'The SYSVOL is read by smbclient',
          'apt-get install --yes smbclient',
        )
      : remedy(
          'agent',
          'Le programme nommé ci-dessus manque du côté qui l’emploie',
          'The program named above is missing on the side that uses it',
          `${programName()} --version`,
        ),
  ],
  'not-understood': (situation) => [
    reach(situation),
    remedy(
      'agent',
      'Ce qui répond n’est peut-être pas le service attendu : vérifiez l’adresse et le port',
      'What answers may not be the service that was meant: look at the address and the port',
    ),
  ],
  'secret-missing': missingSecrets,
  'credential-unfit': unfitCredential,
  'key-unreadable': unreadableKey,
  'agent-fault': ({ again }) => [
    remedy(
      'agent',
      'Relancez avec la trace et transmettez ce qui s’affiche',
      'Start again with the trace and pass on what it shows',
      `PROBANT_DEBUG=1 ${again}`,
    ),
  ],
}

/** Refused credentials are looked at where they are taken from before anything is changed on a machine. */
const refused: ReadonlySet<Problem> = new Set(['account-refused'])
/** Where nobody, or somebody else, listens: the port may be the mistake. */
const ofPort: ReadonlySet<Problem> = new Set(['port-refused', 'port-silent', 'ssh-silent', 'not-winrm'])

/** What to do about a problem, the most telling first. Never empty: where nothing is known, how to look further is said. */
export function remediesFor(problem: Problem, situation: Situation): Remedy[] {
  const system: Partial<Record<Problem, About>> = systems[situation.way]
  const known = [
    ...(refused.has(problem) ? checkSecrets(situation) : []),
    ...(ofPort.has(problem) ? otherPort(situation) : []),
    ...(system[problem]?.(situation) ?? []),
    ...everywhere[problem](situation),
  ]
  return known.length > 0 ? known : everywhere['not-understood'](situation)
}

const hostPort = ({ address, port }: Situation): string =>
  `${address.includes(':') ? `[${address}]` : address}:${port}`

/** How a session writes each way. */
const sections: Partial<Record<Situation['way'], string>> = {
  winrm: 'winrm',
  ssh: 'ssh',
  'powershell-ssh': 'ssh',
  ldap: 'ldap',
  smb: 'smb',
  snmp: 'snmp',
}
/** The ports that services are installed with. */
const usual: Partial<Record<Situation['way'], string>> = {
  winrm: 'http 5985, https 5986',
  ssh: '22',
  'powershell-ssh': '22',
  ldap: 'ldaps 636, starttls 389',
  smb: '445',
  snmp: '161/udp',
}

/** A port that isn't the usual one may be a slip of whoever wrote it. */
function otherPort(situation: Situation): Remedy[] {
  const { way, port, usualPort, typed } = situation
  if (port === null || usualPort === null || port === usualPort) return []
  const line = retyped(situation, { port: usualPort })
  const where =
    typed === null ? ['de la session', 'of the session'] : ['de l’adresse tapée', 'of the address typed']
  return [
    remedy(
      typed === null ? 'session' : 'agent',
      `Le port ${port} ${where[0]} est-il le bon ? D’usage : ${usual[way]}`,
      `Is the port ${port} ${where[1]} the right one? Usual: ${usual[way]}`,
      line ?? `${sections[way]}: { ${credentialOf(situation)}, port: ${usualPort} }`,
    ),
  ]
}

const credentialOf = ({ credential }: Situation): string => `credential: ${credential ?? '…'}`

/** The same port, over TLS. */
function overTls(situation: Situation): Remedy {
  const { way, port, usualPort, typed, domain } = situation
  const says = [
    'TLS est sans doute ce qu’il faut à ce port (« scheme: https » pour WinRM, « tls: ldaps » pour un annuaire)',
    'TLS is probably what this port wants (“scheme: https” for WinRM, “tls: ldaps” for a directory)',
  ] as const
  if (typed !== null) {
    const line = retyped(situation, { scheme: way === 'ldap' ? 'ldaps' : 'winrm+https' })
    return remedy('agent', ...says, line ?? '')
  }
  const at = port === usualPort ? '' : `, port: ${port}`
  return remedy(
    'session',
    ...says,
    way === 'ldap'
      ? `ldap: { ${credentialOf(situation)}, tls: ldaps${at}, domain: ${domain ?? '…'} }`
      : `winrm: { ${credentialOf(situation)}, scheme: https${at} }`,
  )
}

/** What the server takes, given. */
function otherMeans(situation: Situation): Remedy {
  const { credential, typed, secrets, user } = situation
  const says = ['Ou donnez ce que le serveur admet', 'Or give what the server takes'] as const
  const keyed = secrets.some(({ kind }) => kind === 'key')
  if (typed !== null)
    return keyed
      ? remedy('agent', ...says, retyped(situation, { without: '--key' }) ?? '')
      : remedy('agent', ...says, `${situation.again} --key ~/.ssh/id_ed25519`)
  const name = credential ?? 'surveillant'
  const given = `${keyed ? 'password' : 'key'}: vault:${name}`
  return remedy('session', ...says, `${name}: { user: ${yamlString(user ?? 'surveillant')}, ${given} }`)
}

/** Forms that a session's `identity` takes. */
const identityForm = /^(SHA256:[A-Za-z0-9+/]{43}|S-1-5-21(-\d{1,10}){3})$/

/** In place of what the session says now. */
function pinning({ pinned, ca }: Situation): readonly [fr: string, en: string] {
  const [fr, en] = [
    'Si la machine montre bien cette identité, lue sur elle-même,',
    'If the machine does show this identity, read on itself,',
  ]
  if (pinned)
    return [`${fr} mettez-la à la place de celle de la session`, `${en} put it in place of the session’s`]
  return ca === null
    ? [`${fr} épinglez-la`, `${en} pin it`]
    : [`${fr} épinglez-la à la place de « ca »`, `${en} pin it in place of “ca”`]
}

/** Another identity than before: looked at on the machine itself, then taken over. Never by itself. */
function identity(situation: Situation): Remedy[] {
  const { where, identity: shown, pinned, typed, ca } = situation
  const remedies: Remedy[] = []
  if (shown !== null && identityForm.test(shown))
    remedies.push(
      typed === null
        ? remedy('session', ...pinning(situation), `identity: ${shown}`)
        : remedy(
            'agent',
            'Si la machine montre bien cette identité, lue sur elle-même, c’est elle qu’il faut attendre',
            'If the machine does show this identity, read on itself, it is the one to expect',
            retyped(situation, { identity: shown }) ?? '',
          ),
    )
  // What the session pins was never remembered; outside of a session nothing is.
  if (!pinned && typed === null && ca === null && where !== null)
    remedies.push(
      remedy(
        'agent',
        'Et si elle a été réinstallée, oubliez celle d’avant',
        'And if it was reinstalled, forget the one before',
        `${programName()} identities forget ${quoteArgument(where)} --reason VM`,
      ),
    )
  return remedies.length > 0
    ? remedies
    : [
        remedy(
          'room',
          'Est-ce bien la machine que vous vouliez ? Rien n’a été envoyé à celle qui répond',
          'Is it the machine that you meant? Nothing was sent to the one that answers',
        ),
      ]
}
