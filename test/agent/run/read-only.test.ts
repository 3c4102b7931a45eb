import { describe, expect, it } from 'vitest'
import { readsOnly } from '../../../agent/run/read-only.ts'
import { command, icmp, powershell } from '../../../checks/probe.ts'

describe('the read-only list', () => {
  it.each([
    [['systemctl', 'show', 'nginx', '-p', 'ActiveState']],
    [['ss', '-Hltn']],
    [['crontab', '-l', '-u', 'root']],
    [['crontab', '-u', 'root', '-l']],
    [['true']],
  ])('lets %j through', (argv) => expect(readsOnly(command('web', argv))).toBe(true))

  it.each([
    [['systemctl', 'restart', 'nginx']],
    [['systemctl', '--now', 'disable', 'nginx']],
    [['systemctl']],
    [['ss', '-K', 'dst', '10.0.0.1']],
    [['ss', '-tK']],
    [['crontab', '-r']],
    [['hostname', 'pirate']],
    [['rm', '-rf', '/']],
    [['sh', '-c', 'id']],
    [['constructor']],
    [['/usr/bin/../bin/rm', 'x']],
  ])('refuses %j', (argv) => expect(readsOnly(command('web', argv))).toBe(false))

  it('lets the scripts of the project through, and no other', () => {
    expect(readsOnly(powershell('dc', 'machine'))).toBe(true)
    for (const script of [
      'no-such-script',
      '',
      '../host/runner',
      'machine.ps1',
      'MACHINE',
      '../scripts/machine',
    ])
      expect(readsOnly({ ...powershell('dc', 'machine'), script })).toBe(false)
  })

  it('has nothing to say of an echo', () => expect(readsOnly(icmp('web'))).toBe(true))
})
