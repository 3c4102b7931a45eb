/** Forty checks of one healthy machine of the lab, and the same forty questions as a script that somebody would write. */
interface Pair {
  /** A check of the exam: its id and parameters, as YAML that is also JSON. */
  readonly check: readonly [string, Readonly<Record<string, unknown>>]
  /** One line of sh that asks the same. */
  readonly line: string
}

const service = (name: string): Pair => ({
  check: ['linux.service', { name }],
  line: `systemctl show ${name} -p LoadState,ActiveState,SubState,UnitFileState`,
})
const pkg = (name: string): Pair => ({
  check: ['linux.package', { name }],
  line: `dpkg-query -W -f '\${db:Status-Status} \${Version}\\n' ${name}`,
})
const port = (number: number): Pair => ({
  check: ['linux.port', { port: number }],
  line: `ss -Hltn 'sport = :${number}'`,
})
const path = (name: string, type: string, mode: string): Pair => ({
  check: ['linux.file', { path: name, type, mode, owner: 'root' }],
  line: `stat -c '%F %a %U %G' ${name}`,
})
const user = (name: string, shell: string): Pair => ({
  check: ['linux.user', { name, shell }],
  line: `getent passwd ${name}; id -Gn ${name}`,
})

export const fortyQuestions: readonly Pair[] = [
  ...'nginx rsyslog cron ssh dbus systemd-journald systemd-tmpfiles-setup'.split(' ').map(service),
  ...'nginx-light rsyslog cron openssh-server sudo iproute2 iputils-ping dpkg bash coreutils'
    .split(' ')
    .map(pkg),
  ...[22, 80, 8080].map(port),
  path('/srv/compta', 'directory', '2770'),
  path('/etc/passwd', 'file', '644'),
  path('/etc/shadow', 'file', '640'),
  path('/etc/ssh/sshd_config', 'file', '644'),
  path('/etc/fstab', 'file', '644'),
  path('/etc/nginx/nginx.conf', 'file', '644'),
  path('/etc/cron.d/sauvegarde', 'file', '644'),
  path('/tmp', 'directory', '1777'),
  path('/var/log', 'directory', '755'),
  user('durand', '/bin/bash'),
  user('root', '/bin/bash'),
  user('www-data', '/usr/sbin/nologin'),
  user('nobody', '/usr/sbin/nologin'),
  user('daemon', '/usr/sbin/nologin'),
  user('sync', '/bin/sync'),
  {
    check: ['linux.user', { name: 'durand', groups: ['compta'] }],
    line: 'getent group compta',
  },
  {
    check: ['linux.mount', { path: '/srv/echange', type: 'tmpfs', options: ['nosuid', 'nodev', 'noexec'] }],
    line: 'findmnt -n -o FSTYPE,OPTIONS /srv/echange; grep /srv/echange /etc/fstab',
  },
  {
    check: ['linux.scheduled-task', { command: '/usr/local/bin/sauvegarde', schedule: '30 2 * * *' }],
    line: 'cat /etc/crontab /etc/cron.d/*',
  },
  {
    check: ['linux.scheduled-task', { command: '/usr/local/bin/rapport', schedule: '0 6 * * 1' }],
    line: 'sudo -n crontab -l -u root',
  },
  {
    check: ['linux.scheduled-task', { timer: 'rotation.timer' }],
    line: 'systemctl show rotation.timer -p LoadState,ActiveState,UnitFileState,TimersCalendar',
  },
]
