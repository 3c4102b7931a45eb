import { describe, expect, it } from 'vitest'
import { isAddress, readTarget, WrongTarget } from '../../../agent/doctor/target.ts'

const reason = (typed: string): string => {
  try {
    readTarget(typed)
    return 'taken'
  } catch (error) {
    if (error instanceof WrongTarget) return error.text.en
    throw error
  }
}

describe('an address with a way', () => {
  it.each([
    ['winrm://surveillant@10.0.1.10', 'winrm', 'surveillant', { winrm: { scheme: 'http' } }],
    [
      String.raw`winrm://AGENCE\surveillant@srv-ad:15985/`,
      'winrm',
      String.raw`AGENCE\surveillant`,
      { winrm: { port: 15985 } },
    ],
    ['winrm://AGENCE%5Csurveillant@srv-ad', 'winrm', String.raw`AGENCE\surveillant`, {}],
    [
      'winrm+https://a@[2001:db8::1]:5986',
      'winrm',
      'a',
      { address: '2001:db8::1', winrm: { scheme: 'https', port: 5986 } },
    ],
    [
      `winrm+https://a@h?identity=SHA256:${'A'.repeat(42)}%2B`,
      'winrm',
      'a',
      { winrm: { identity: `SHA256:${'A'.repeat(42)}+` } },
    ],
    ['winrm://a@h?identity=S-1-5-21-1-2-3', 'winrm', 'a', { winrm: { identity: 'S-1-5-21-1-2-3' } }],
    ['ssh://root@web', 'ssh', 'root', { ssh: { shell: 'posix', port: 22 } }],
    ['ssh+powershell://a@h:2222', 'powershell-ssh', 'a', { ssh: { shell: 'powershell', port: 2222 } }],
    [
      'ldaps://lecture@agence.lan@10.0.1.10?domain=agence.lan',
      'ldap',
      'lecture@agence.lan',
      { ldap: { tls: 'ldaps', domain: 'agence.lan' } },
    ],
    ['ldap+starttls://a@h?domain=agence.lan', 'ldap', 'a', { ldap: { tls: 'starttls' } }],
    ['snmp://probant@sw?auth=sha512', 'snmp', 'probant', { snmp: { version: 3, port: 161 } }],
    ['snmp://sw?version=2c', 'snmp', null, { snmp: { version: '2c' } }],
    ['icmp://10.0.0.1', 'icmp', null, { address: '10.0.0.1' }],
  ])('%s', (typed, way, user, target) => {
    expect(isAddress(typed)).toBe(true)
    expect(readTarget(typed)).toMatchObject({ way, user, target })
  })

  it('a password in it is refused, and not said again', () => {
    const said = reason('winrm://surveillant:Sesame-12@10.0.1.10')
    expect(said).toContain('a password is not written in a command')
    expect(said).not.toContain('Sesame')
  })

  it.each([
    ['http://a@h', /way:\/\/account@machine/],
    ['winrm://h', /account is missing/],
    ['ldaps://a@h', /expected domain is missing/],
    ['winrm://a@h?basic=true', /“basic” does not go with winrm/],
    ['snmp://a@h?version=1', /version 2c or 3/],
    ['winrm://a@h:99999', /does not fit \(winrm.port\)/],
    ['winrm://a@h?identity=SHA256:short', /fit|SHA256|SID/],
    ['winrm://a@-oProxyCommand=x', /way:|does not fit/],
    ['winrm://a@', /way:/],
  ])('%s is none', (typed, said) => expect(reason(typed)).toMatch(said))

  it('a role is none', () => expect(isAddress('dc')).toBe(false))
})
