import { quoteArgument } from '../../transports/shell/quote.ts'
import type { Problem } from '../problem.ts'
import { accountName, byKey, byPassword, remedy, type Remedy, type Situation } from './remedy.ts'

type About = (situation: Situation) => Remedy[]

const serve = ({ port }: Situation): Remedy =>
  remedy(
    'linux',
    `Installe et met SSH en service ; il doit écouter au port ${port}`,
    `Installs SSH and puts it into service; it must listen at port ${port}`,
    'apt-get install --yes openssh-server',
    'systemctl enable --now ssh',
    `ss -ltn 'sport = :${port}'`,
  )

const firewall = ({ port, from }: Situation): Remedy => {
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
  'sudo-refused': ({ user }) => [
    remedy(
      'linux',
      'Des contrôles de ce sujet lisent en root. Une règle pour ce seul compte, à retirer après la session',
      'Checks of this exam read as root. A rule for this account alone, to be taken back after the session',
      `echo '${accountName(user).replace(/[^A-Za-z0-9._-]/g, '')} ALL=(root) NOPASSWD: /bin/sh' > /etc/sudoers.d/probant`,
      'chmod 0440 /etc/sudoers.d/probant && visudo -c',
    ),
  ],
  'tool-missing': () => [remedy('linux', 'Il faut un /bin/sh', 'A /bin/sh is needed', 'ls -l /bin/sh')],
}

const methods = remedy(
  'linux',
  'Ce que le serveur admet, et pour qui (root se voit souvent refuser le mot de passe)',
  'What the server takes, and for whom (a password is often refused to root)',
  "sshd -T | grep -E '^(pubkeyauthentication|passwordauthentication|kbdinteractiveauthentication|permitrootlogin|allowusers|denyusers)'",
)

function keys({ user }: Situation): Remedy[] {
  const name = quoteArgument(accountName(user))
  return [
    remedy(
      'linux',
      'SSH ignore une clé que d’autres pourraient changer : droits du dossier et du fichier',
      'SSH ignores a key that others could change: rights of the folder and the file',
      `home=$(getent passwd ${name} | cut -d: -f6)`,
      `install -d -m 0700 -o ${name} "$home/.ssh" && chmod go-w "$home"`,
      `chown ${name} "$home/.ssh/authorized_keys" && chmod 0600 "$home/.ssh/authorized_keys"`,
    ),
  ]
}
