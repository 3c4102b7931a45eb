import { quoteArgument } from '../../transports/shell/quote.ts'
import type { Problem } from '../problem.ts'
import { accountName, byKey, byPassword, remedy, type Remedy, type Situation } from './remedy.ts'
import { becomeRoot } from './sudo.ts'

type About = (situation: Situation) => Remedy[]

export const serve = ({ port }: Situation): Remedy =>
  remedy(
    'linux',
    `Installe et met SSH en service ; il doit écouter au port ${port}`,
    `Installs SSH and puts it into service; it must listen at port ${port}`,
    'apt-get install --yes openssh-server',
    'systemctl enable --now ssh',
    `ss -ltn 'sport = :${port}'`,
  )

export const firewall = ({ port, from }: Situation): Remedy => {
  const allowed = from.network ?? from.address
  return remedy(
    'linux',
    'Le pare-feu laisse-t-il entrer l’agent ? Les règles, puis l’ouverture selon ce qui est installé (nftables, ufw)',
    'Does the firewall let the agent in? The rules, then the opening by what is installed (nftables, ufw)',
    'nft list ruleset',
    ...(allowed === null ? [] : [`ufw allow from ${allowed} to any port ${port} proto tcp`]),
  )
}

/** What to do about each problem on a POSIX machine; what isn't here is the same on every system. */
export const onLinux: Partial<Record<Problem, About>> = {
  'no-echo': () => [
    remedy(
      'linux',
      'Le pare-feu laisse-t-il passer l’écho ?',
      'Does the firewall let the echo through?',
      'nft list ruleset',
      'sysctl net.ipv4.icmp_echo_ignore_all',
    ),
  ],
  'port-refused': (situation) => [serve(situation)],
  'port-silent': (situation) => [firewall(situation), serve(situation)],
  'host-key-other': () => [
    remedy(
      'linux',
      'Les empreintes des clés de la machine',
      'The fingerprints of the machine’s keys',
      'for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf "$key"; done',
    ),
  ],
  'ssh-silent': () => [
    remedy(
      'linux',
      'Le journal de SSH dit pourquoi il ferme (MaxStartups, MaxSessions, filtrage)',
      'The journal of SSH says why it closes (MaxStartups, MaxSessions, filtering)',
      'journalctl -u ssh -n 20 --no-pager',
      'sshd -T | grep -i maxstartups',
    ),
  ],
  'ssh-handshake': () => [
    remedy(
      'linux',
      'Ce que le serveur admet ; il faut curve25519, une clé ed25519, ecdsa ou rsa-sha2, et AES',
      'What the server takes; it needs curve25519, a key ed25519, ecdsa or rsa-sha2, and AES',
      "sshd -T | grep -E '^(kexalgorithms|hostkeyalgorithms|ciphers)'",
      'journalctl -u ssh -n 20 --no-pager',
    ),
  ],
  'method-missing': () => [methods],
  'account-refused': (situation) => [
    ...(byKey(situation) ? keys(situation) : []),
    ...(byPassword(situation) ? [methods] : []),
    remedy(
      'linux',
      'Le journal de SSH dit pourquoi',
      'The journal of SSH says why',
      'journalctl -u ssh -n 20 --no-pager',
      `chage -l ${quoteArgument(accountName(situation.user))}`,
    ),
  ],
  'access-denied': () => [
    remedy(
      'linux',
      'Le serveur n’ouvre pas de session (MaxSessions, ForceCommand, coquille du compte)',
      'The server opens no session (MaxSessions, ForceCommand, shell of the account)',
      "sshd -T | grep -E '^(maxsessions|forcecommand|permittty)'",
    ),
  ],
  'shell-denied': ({ user }) => [
    remedy(
      'linux',
      'Le serveur n’ouvre pas de session (MaxSessions, ForceCommand, coquille du compte)',
      'The server opens no session (MaxSessions, ForceCommand, shell of the account)',
      "sshd -T | grep -E '^(maxsessions|forcecommand)'",
      `getent passwd ${quoteArgument(accountName(user))}`,
    ),
  ],
  'sudo-refused': ({ user }) => [becomeRoot(user)],
  'tool-missing': () => [remedy('linux', 'Il faut un /bin/sh', 'A /bin/sh is needed', 'ls -l /bin/sh')],
}

const methods = remedy(
  'linux',
  'Ce que le serveur admet, et pour qui (root se voit souvent refuser le mot de passe)',
  'What the server takes, and for whom (a password is often refused to root)',
  "sshd -T | grep -E '^(pubkeyauthentication|passwordauthentication|kbdinteractiveauthentication|permitrootlogin|allowusers|denyusers)'",
)

/** The folder of the account's keys, kept from others; with `line`, that key let in. */
export function keys({ user }: Pick<Situation, 'user'>, line?: string): Remedy[] {
  const name = quoteArgument(accountName(user))
  const [fr, en] =
    line === undefined
      ? [
          'SSH ignore une clé que d’autres pourraient changer : droits du dossier et du fichier',
          'SSH ignores a key that others could change: rights of the folder and the file',
        ]
      : [
          'Sa clé publique, et d’où elle sert, sans rien de plus que ce qu’il faut',
          'Its public key, and from where it serves, with nothing more than what is needed',
        ]
  return [
    remedy(
      'linux',
      fr,
      en,
      `home=$(getent passwd ${name} | cut -d: -f6)`,
      `install -d -m 0700 -o ${name} "$home/.ssh" && chmod go-w "$home"`,
      ...(line === undefined ? [] : [`echo ${quoteArgument(line)} >> "$home/.ssh/authorized_keys"`]),
      `chown ${name} "$home/.ssh/authorized_keys" && chmod 0600 "$home/.ssh/authorized_keys"`,
    ),
  ]
}
