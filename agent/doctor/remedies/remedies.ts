import type { Problem } from '../problem.ts'
import { quoteArgument } from '../../transports/shell/quote.ts'
import { onDevice } from './device.ts'
import { onLinux } from './linux.ts'
import { remedy, type Remedy, type Situation } from './remedy.ts'
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

const secret = remedy(
  'agent',
  'Le secret nommé dans la session : dans l’environnement (env:NOM), ou dans le coffre ; un fichier nommé (ca) part du dossier de la session',
  'The secret that the session names: in the environment (env:NAME), or in the vault; a file that is named (ca) starts from the session’s folder',
  'probant vault list',
  'probant vault set admin-dc',
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
  'port-refused': (situation) => [reach(situation)],
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
  'jump-failed': ({ jump, address, port }) => [
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
      `probant doctor ${quoteArgument(jump ?? 'bastion')} --session session.yaml`,
    ),
  ],
  'tls-identity': (situation) => identity(situation),
  'tls-missing': (situation) => [
    remedy(
      'agent',
      'Ce que ce port répond à TLS',
      'What this port answers to TLS',
      `openssl s_client -connect ${quoteArgument(hostPort(situation))}${situation.starttls ? ' -starttls ldap' : ''} < /dev/null`,
    ),
  ],
  'host-key-other': (situation) => identity(situation),
  'ssh-silent': (situation) => [reach(situation)],
  'ssh-handshake': (situation) => [reach(situation)],
  'not-winrm': (situation) => [reach(situation)],
  'negotiate-missing': () => [],
  'ntlm-refused': () => [],
  'method-missing': () => [secret],
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
          'probant --version',
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
  'secret-missing': () => [secret],
  'agent-fault': ({ again }) => [
    remedy(
      'agent',
      'Relancez avec la trace et transmettez ce qui s’affiche',
      'Start again with the trace and pass on what it shows',
      `PROBANT_DEBUG=1 ${again}`,
    ),
  ],
}

/** What to do about a problem, the most telling first. Never empty: where nothing is known, how to look further is said. */
export function remediesFor(problem: Problem, situation: Situation): Remedy[] {
  const system: Partial<Record<Problem, About>> = systems[situation.way]
  const known = [...(system[problem]?.(situation) ?? []), ...everywhere[problem](situation)]
  return known.length > 0 ? known : everywhere['not-understood'](situation)
}

const hostPort = ({ address, port }: Situation): string =>
  `${address.includes(':') ? `[${address}]` : address}:${port}`

/** Another identity than before: looked at on the machine itself, then taken over. Never by itself. */
function identity({ where, identity: shown }: Situation): Remedy[] {
  return [
    remedy(
      'session',
      'Si la machine montre bien cette identité, lue sur elle-même, épinglez-la',
      'If the machine does show this identity, read on itself, pin it',
      `identity: ${shown ?? 'SHA256:…'}`,
    ),
    remedy(
      'agent',
      'Et si elle a été réinstallée, oubliez celle d’avant',
      'And if it was reinstalled, forget the one before',
      `probant identities forget ${quoteArgument(where ?? 'ssh 10.0.1.20:22')} --reason VM`,
    ),
  ]
}
