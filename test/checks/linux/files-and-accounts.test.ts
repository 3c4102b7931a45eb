import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalSchedule, parseCronTable, runs } from '../../../checks/linux/cron-table.ts'
import { file } from '../../../checks/linux/file.ts'
import { parseBootTable } from '../../../checks/linux/filesystem-table.ts'
import { mount } from '../../../checks/linux/mount.ts'
import { port } from '../../../checks/linux/port.ts'
import { scheduledTask } from '../../../checks/linux/scheduled-task.ts'
import { user } from '../../../checks/linux/user.ts'
import type { Check } from '../../../checks/define.ts'
import type { Observation } from '../../../checks/observation.ts'
import { aFile, facts, noFile, observed, printed, unanswered } from '../observed.ts'
import { replay } from '../replay.ts'

const judged = (check: Check, params: Record<string, unknown>, observations: Record<string, Observation>) =>
  replay(check, { on: 'web', ...params }, facts, observations).map(
    ({ verdict, cause, contradiction }) => `${cause ?? verdict}${contradiction ? '!' : ''}`,
  )

describe('linux.port', () => {
  const ssh = 'tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:*'
  const sockets = (...lines: string[]) => printed([ssh, ...lines].join('\n'))
  const connection = (state: 'open' | 'refused' | 'unreachable' | 'silent') =>
    observed({ kind: 'tcp', state })
  const everywhere = 'tcp LISTEN 0 511 0.0.0.0:80 0.0.0.0:*'
  const loopback = 'tcp LISTEN 0 511 127.0.0.1:80 0.0.0.0:*'
  const loopback6 = 'tcp LISTEN 0 511 [::1]:80 [::]:*'
  it.each([
    ['answers', {}, sockets(everywhere), 'open', ['pass', 'pass']],
    ['both families', {}, sockets('tcp LISTEN 0 511 *:80 *:*'), 'open', ['pass', 'pass']],
    ['loopback only', {}, sockets(loopback, loopback6), 'refused', ['fail', 'fail']],
    ['nobody listens', {}, sockets('tcp LISTEN 0 511 0.0.0.0:8080 0.0.0.0:*'), 'refused', ['fail', 'fail']],
    ['UDP is not TCP', {}, sockets('udp UNCONN 0 0 0.0.0.0:80 0.0.0.0:*'), 'refused', ['fail', 'fail']],
    ['a firewall between', {}, sockets(everywhere), 'silent', ['pass!', 'fail!']],
    ['something else answers', {}, sockets(), 'open', ['fail!', 'pass!']],
    ['local as asked', { reachable: false }, sockets(loopback), 'refused', ['pass', 'pass']],
    ['kept from others as asked', { reachable: false }, sockets(everywhere), 'refused', ['pass', 'pass']],
    ['closed as asked', { listening: false }, sockets(), 'refused', ['pass', 'pass']],
    ['open against what was asked', { listening: false }, sockets(everywhere), 'open', ['fail', 'fail']],
    ['ss is not there', {}, unanswered('missing-tool'), 'refused', ['missing-tool', 'control']],
    [
      'ss is not there, closed as asked',
      { listening: false },
      unanswered('missing-tool'),
      'silent',
      ['missing-tool', 'control'],
    ],
    ['ss is not there, but it answers', {}, unanswered('missing-tool'), 'open', ['missing-tool', 'pass']],
    ['ss showed nothing', {}, printed(''), 'refused', ['control', 'control']],
    ['ss failed', {}, printed(ssh, 255), 'refused', ['unparsable', 'control']],
  ] as const)('%s', (_name, params, inside, outside, expected) => {
    expect(
      judged(port, { port: 80, ...params }, { sockets: inside, connection: connection(outside) }),
    ).toEqual(expected)
  })
  it('UDP is looked at from inside only', () => {
    expect(
      judged(
        port,
        { port: 53, protocol: 'udp' },
        { sockets: sockets('udp UNCONN 0 0 192.0.2.20%eth0:53 0.0.0.0:*') },
      ),
    ).toEqual(['pass'])
  })
})

describe('linux.file', () => {
  it.each([
    ['mode', { mode: '0644' }, aFile(), 'pass'],
    ['mode as a number', { mode: 644 }, aFile(), 'pass'],
    ['another mode', { mode: '640' }, aFile(), 'fail'],
    ['a special bit', { mode: '2644' }, aFile(), 'fail'],
    ['type', { type: 'directory' }, aFile(), 'fail'],
    ['group', { group: 'adm' }, aFile(), 'fail'],
    ['absent', {}, noFile, 'fail'],
    ['absent as asked', { exists: false }, noFile, 'pass'],
    ['present against what was asked', { exists: false }, aFile(), 'fail'],
    ['text', { contains: 'root no' }, aFile({ content: 'PermitRootLogin no\n' }), 'fail'],
    ['text as it is, no pattern', { contains: 'a.b' }, aFile({ content: 'axb\n' }), 'fail'],
    ['composed letters', { contains: 'é' }, aFile({ content: 'e\u0301' }), 'pass'],
    [
      'a commented line is another line',
      { lines: 'PermitRootLogin no' },
      aFile({ content: '#PermitRootLogin no\n' }),
      'fail',
    ],
    ['a line', { lines: ['PermitRootLogin no'] }, aFile({ content: 'x\n  PermitRootLogin no \n' }), 'pass'],
  ] as const)('%s', (_name, params, seen, expected) => {
    expect(judged(file, { path: '/etc/x', ...params }, { file: seen })).toEqual([expected])
  })
  it('what the account may not see is asked as root', () => {
    const seen = { file: unanswered('denied'), asRoot: aFile({ mode: '600' }) }
    expect(judged(file, { path: '/root/x', mode: '600' }, seen)).toEqual(['pass'])
    expect(judged(file, { path: '/root/x' }, { ...seen, asRoot: unanswered('denied') })).toEqual(['denied'])
    expect(
      judged(file, { path: '/root/x', exists: false }, { ...seen, asRoot: unanswered('denied') }),
    ).toEqual(['denied'])
  })
  it('a cut file shows a presence, not an absence', () => {
    const seen = { file: { ...aFile({ content: 'abc' }), truncated: true } }
    expect(judged(file, { path: '/x', contains: 'abc' }, seen)).toEqual(['pass'])
    expect(judged(file, { path: '/x', contains: 'abd' }, seen)).toEqual(['truncated'])
  })
})

describe('linux.user', () => {
  const accounts = printed(
    'root:x:0:0:root:/root:/bin/bash\ndurand:x:1001:1002:Chloé Durand,,,:/home/durand:/bin/bash\n',
  )
  const groups = printed('root:x:0:\ncompta:x:1001:durand,martin\ndurand:x:1002:\ncompta2:x:1003:durandal\n')
  it.each([
    ['member', { groups: ['compta'] }, 'pass'],
    ['primary group', { groups: ['durand'] }, 'pass'],
    ['a member of a longer name', { groups: ['compta2'] }, 'fail'],
    ['full name', { fullName: 'Chloé Durand' }, 'pass'],
    ['shell', { shell: '/bin/sh' }, 'fail'],
    ['must be absent', { exists: false }, 'fail'],
  ] as const)('%s', (_name, params, expected) => {
    expect(judged(user, { name: 'durand', ...params }, { accounts, groups })).toEqual([expected])
  })
  it('an account that the list leaves out is asked for by name', () => {
    const found = { accounts, groups, account: printed('lea:x:9:1002:Léa:/home/lea:/bin/sh\n') }
    expect(judged(user, { name: 'lea', groups: ['durand'] }, found)).toEqual(['pass'])
    expect(judged(user, { name: 'lea' }, { ...found, account: printed('', 2) })).toEqual(['fail'])
    expect(judged(user, { name: 'lea', exists: false }, { ...found, account: printed('', 2) })).toEqual([
      'pass',
    ])
    expect(judged(user, { name: 'lea', exists: false }, { ...found, account: printed('', 1) })).toEqual([
      'unparsable',
    ])
  })
  it('lists without root prove nothing', () => {
    const seen = { accounts: printed('durand:x:1:1::/:/bin/sh'), groups, account: printed('', 2) }
    expect(judged(user, { name: 'durand' }, seen)).toEqual(['control'])
    expect(
      judged(
        user,
        { name: 'x', exists: false },
        { accounts: printed(''), groups: printed(''), account: printed('', 2) },
      ),
    ).toEqual(['control'])
  })
})

describe('linux.mount', () => {
  const tree = (...more: object[]) =>
    printed(
      JSON.stringify({
        filesystems: [{ target: '/', source: '/dev/sda1', fstype: 'ext4', options: 'rw' }, ...more],
      }),
    )
  const data = { target: '/srv/x y', source: '/dev/sdb1', fstype: 'ext4', options: 'rw,nosuid,relatime' }
  const fstab = (line: string) => aFile({ content: `# comment\n${line}\n` })
  const params = { path: '/srv/x y/', type: 'ext4', options: ['nosuid'] }
  it.each([
    ['mounted and in fstab', String.raw`UUID=1 /srv/x\040y ext4 defaults,nosuid 0 2`, ['pass', 'pass']],
    ['noauto', String.raw`UUID=1 /srv/x\040y ext4 nosuid,noauto 0 2`, ['pass', 'fail']],
    [
      'automount',
      String.raw`UUID=1 /srv/x\040y ext4 nosuid,noauto,x-systemd.automount 0 2`,
      ['pass', 'pass'],
    ],
    [
      'an option is lost at the next boot',
      String.raw`UUID=1 /srv/x\040y ext4 defaults 0 2`,
      ['pass', 'fail'],
    ],
    ['commented out', String.raw`#UUID=1 /srv/x\040y ext4 nosuid 0 2`, ['pass', 'fail']],
  ])('%s', (_name, line, expected) => {
    const unit = printed('Id=srv-x.mount\nLoadState=loaded\nUnitFileState=\n')
    expect(judged(mount, params, { mounts: tree(data), fstab: fstab(line), unit })).toEqual(expected)
  })
  it('a unit of systemd’s mounts as well', () => {
    const unit = printed('Id=srv-x.mount\nLoadState=loaded\nUnitFileState=enabled\n')
    expect(judged(mount, params, { mounts: tree(data), fstab: noFile, unit })).toEqual(['pass', 'pass'])
  })
  it('the last of several mounts on one another is the one seen', () => {
    const over = { ...data, fstype: 'tmpfs' }
    expect(
      judged(mount, { ...params, persistent: false }, { mounts: tree(data, over), fstab: noFile }),
    ).toEqual(['fail'])
  })
  it('a list without the root, or no list, proves nothing', () => {
    const seen = { fstab: noFile, unit: printed('Id=a\nLoadState=loaded\n') }
    expect(
      judged(mount, { path: '/x', persistent: false }, { ...seen, mounts: printed('{"filesystems":[]}') }),
    ).toEqual(['control'])
    expect(judged(mount, { path: '/x', persistent: false }, { ...seen, mounts: printed('{') })).toEqual([
      'unparsable',
    ])
    expect(judged(mount, { path: '/x' }, { ...seen, mounts: unanswered('missing-tool') })).toEqual([
      'missing-tool',
      'fail',
    ])
  })
  it('reads fields as fstab(5) writes them', () => {
    expect(parseBootTable(String.raw`tmpfs	/a\040b\134c/ tmpfs`)).toEqual([
      { source: 'tmpfs', target: String.raw`/a b\c`, type: 'tmpfs', options: ['defaults'] },
    ])
  })
})

describe('linux.scheduled-task with cron', () => {
  const task = { command: '/usr/local/bin/backup', schedule: '30 2 * * *' }
  const crontab = '/etc/crontab'
  const seen = (cron: Record<string, string>, own: Observation = noFile): Record<string, Observation> => ({
    [crontab]: aFile({ content: 'SHELL=/bin/sh\n17 * * * * root run-parts /etc/cron.hourly\n' }),
    folder: printed(Object.keys(cron).join('\n')),
    exists: aFile({ type: 'directory' }),
    ...Object.fromEntries(
      Object.entries(cron).map(([name, content]) => [`/etc/cron.d/${name}`, aFile({ content })]),
    ),
    '/var/spool/cron/crontabs/root': own,
    '/var/spool/cron/root': noFile,
  })
  it.each([
    ['there', { backup: '30 2 * * * root /usr/local/bin/backup >/dev/null 2>&1' }, noFile, 'pass'],
    ['another moment', { backup: '30 14 * * * root /usr/local/bin/backup' }, noFile, 'fail'],
    ['another user', { backup: '30 2 * * * www-data /usr/local/bin/backup' }, noFile, 'fail'],
    ['commented out', { backup: '#30 2 * * * root /usr/local/bin/backup' }, noFile, 'fail'],
    ['a longer name', { backup: '30 2 * * * root /usr/local/bin/backup-old' }, noFile, 'fail'],
    ['a name that cron ignores', { 'backup.cron': '30 2 * * * root /usr/local/bin/backup' }, noFile, 'fail'],
    ['the user’s own crontab', {}, aFile({ content: '30 2 * * * /usr/local/bin/backup' }), 'pass'],
    ['the user’s crontab may not be read', {}, unanswered('denied'), 'denied'],
  ] as const)('%s', (_name, cron, own, expected) => {
    expect(judged(scheduledTask, task, seen(cron, own))).toEqual([expected])
  })
  it('a table that could not be read proves no absence', () => {
    const one = seen({ backup: '' })
    expect(judged(scheduledTask, task, { ...one, '/etc/cron.d/backup': aFile({ content: null }) })).toEqual([
      'denied',
    ])
    expect(judged(scheduledTask, task, { ...one, folder: unanswered('timeout') })).toEqual(['timeout'])
    expect(judged(scheduledTask, task, { ...seen({}), [crontab]: noFile })).toEqual(['control'])
  })
  it.each([
    ['30 02 * * *', '30 2 * * *'],
    ['@daily', '0 0 * * *'],
    ['0 6 * * mon', '0 6 * * 1'],
    ['0 0 * * 7', '0 0 * * 0'],
    ['*/15 * * * *', '0,15,30,45 * * * *'],
    ['0 8-10 * * 1-5', '0 10,8,9 * * mon-fri'],
    ['*/1 * * * 0-7', '* * * * *'],
  ])('%s is %s', (a, b) => expect(canonicalSchedule(a)).toBe(canonicalSchedule(b)))
  it.each(['', '60 * * * *', '* * *', '1- * * * *', '* 5-2 * * *', '*/0 * * * *', '@sometimes', 'a b c d e'])(
    '“%s” is no schedule',
    (text) => expect(canonicalSchedule(text)).toBeNull(),
  )
  it('a canonical schedule is its own canonical form', () => {
    const field = (to: number, from = 0) =>
      fc.array(fc.integer({ min: from, max: to }), { minLength: 1 }).map((v) => v.join(','))
    fc.assert(
      fc.property(field(59), field(23), field(31, 1), field(12, 1), field(7), (...fields) => {
        const canonical = canonicalSchedule(fields.join(' '))
        expect(canonical).not.toBeNull()
        expect(canonicalSchedule(canonical!)).toBe(canonical)
      }),
    )
  })
  it('words of a command line are whole', () => {
    expect(runs('test -x /usr/sbin/a && /usr/sbin/a -d', '/usr/sbin/a')).toBe(true)
    expect(runs('/opt/usr/sbin/a', '/usr/sbin/a')).toBe(false)
    expect(runs('/usr/sbin/ab; /usr/sbin/a.b', '/usr/sbin/a')).toBe(false)
    expect(runs('/usr/sbin/a', 'a')).toBe(true)
  })
  it('a variable is no job', () =>
    expect(parseCronTable('PATH = /bin:/usr/bin a b c d\nMAILTO=root', 'x', null)).toEqual([]))
})
