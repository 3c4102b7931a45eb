/**
 * The lab is what its README says it is: each state, right or wrong, seen with ordinary questions.
 * Runs inside `fixtures/lab/lab run`; elsewhere it is skipped.
 */
import dns from 'dns-packet'
import { execFile } from 'node:child_process'
import { Resolver } from 'node:dns/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { firstBytes, hostKey, ldap, secret, snmpGet, ssh } from './ask.ts'

const run = promisify(execFile)
const lab = (verb: string): Promise<unknown> => run('fixtures/lab/lab', [verb])
const here = 'LAB_SSH_KEY' in process.env && 'LAB_CA' in process.env
const elsewhere = here ? '' : ' (skipped: not inside `fixtures/lab/lab run`)'

const web = (n: number): string => `10.0.${n}.20`
const files = (n: number): string => `10.0.${n}.21`
const poste = (n: number): string => `10.1.${n}.30`
const domain = (n: number): string => (n === 3 ? 'autre3.lan' : `agence${n}.lan`)
const base = (n: number): string => `DC=${domain(n).replace('.', ',DC=')}`
const onPoste = (n: number, line: string): Promise<string> =>
  ssh(poste(n), line, { password: secret('LAB_POSTE_PASSWORD') })
const unit = (name: string): string =>
  `systemctl show ${name} -p LoadState -p ActiveState -p UnitFileState | sort`
const healthy = 'ActiveState=active\nLoadState=loaded\nUnitFileState=enabled'
const pings = async (address: string): Promise<boolean> =>
  run('ping', ['-n', '-c', '1', '-W', '2', address]).then(
    () => true,
    () => false,
  )

/** What the GPO « Verrouillage écran » sets, as text. */
async function screenSaver(n: number): Promise<string> {
  const [policy] = await ldap(n, domain(n), '(displayName=Verrouillage écran)', { attributes: ['cn'] })
  const path = `${domain(n)}/Policies/${String(policy!['cn'])}/User/Registry.pol`
  const login = ['-U', `lecture@${domain(n)}`, '--use-kerberos=off']
  const { stdout } = await run('smbclient', [`//10.0.${n}.10/sysvol`, ...login, '-c', `get "${path}" -`], {
    encoding: 'utf16le',
    env: { ...process.env, PASSWD: secret('LAB_AD_PASSWORD') },
  })
  return stdout
}

describe.skipIf(!here)(`the lab${elsewhere}`, () => {
  beforeAll(() => lab('repair'))
  afterAll(() => lab('repair'))

  describe.each([1, 2, 3])('candidate %i, as the paper asks', (n) => {
    it('has three French machines with names and host keys of their own', async () => {
      const names = await Promise.all([
        ssh(web(n), 'hostname; locale'),
        ssh(files(n), 'hostname; locale'),
        onPoste(n, 'hostname; locale'),
      ])
      expect(names.map((text) => text.split('\n')[0])).toEqual([`web${n}`, `files${n}`, `poste${n}`])
      for (const text of names) expect(text).toContain('LANG=fr_FR.UTF-8')
      const keys = await Promise.all([web(n), files(n), poste(n)].map(hostKey))
      expect(new Set(keys).size).toBe(3)
      expect(await hostKey(web(n))).toBe(keys[0])
    })

    it('lets graders use sudo on its servers, not on its workstation', async () => {
      expect(await ssh(web(n), 'sudo -n id -u')).toBe('0')
      expect(await ssh(files(n), 'sudo -n id -u')).toBe('0')
      expect(await onPoste(n, 'sudo -n id -u')).not.toBe('0')
    })

    it('serves its intranet', async () => {
      const answer = await fetch(`http://${web(n)}/`)
      expect(answer.status).toBe(200)
      expect(await answer.text()).toContain(`Intranet de l'agence ${n}`)
      expect(await ssh(web(n), unit('nginx'))).toBe(healthy)
      expect(await ssh(web(n), "dpkg-query -W -f '${Status}' nginx-light")).toBe('install ok installed')
    })

    it('has its scheduled tasks', async () => {
      expect(await ssh(web(n), 'cat /etc/cron.d/sauvegarde')).toBe(
        '30 2 * * * root /usr/local/bin/sauvegarde',
      )
      expect(await ssh(web(n), 'sudo -n crontab -l -u root')).toBe('0 6 * * 1 /usr/local/bin/rapport')
      expect(await ssh(web(n), 'systemctl cat rotation.timer')).toContain('OnCalendar=daily')
    })

    it('has the account, its group, and the exchange folder mounted', async () => {
      expect(await ssh(files(n), 'getent passwd durand')).toMatch(/:Chloé Durand:\/home\/durand:\/bin\/bash$/)
      expect(await ssh(files(n), 'getent group compta')).not.toBe('')
      expect(await ssh(files(n), 'findmnt -no FSTYPE,OPTIONS /srv/echange')).toMatch(
        /^tmpfs\s+rw,nosuid,nodev,noexec/,
      )
    })

    it('has a directory with OUs, nested groups, people and a computer', async () => {
      const units = await ldap(n, domain(n), '(objectClass=organizationalUnit)', { attributes: ['ou'] })
      expect(units.map((entry) => entry['ou'])).toEqual(
        expect.arrayContaining(['Comptabilité', 'Ventes, Export', 'Postes']),
      )
      const people = await ldap(n, domain(n), '(&(objectCategory=person)(sAMAccountName=*))')
      expect(people.length).toBeGreaterThan(20)
      const [durand] = await ldap(n, domain(n), `(sAMAccountName=c.durand${n})`, {
        attributes: ['displayName', 'memberOf'],
      })
      expect(durand).toMatchObject({ displayName: 'Chloé Durand' })
      expect(String(durand!['memberOf'])).toMatch(/^CN=GG_Compta,/)
      const [nested] = await ldap(n, domain(n), '(sAMAccountName=GL_Compta_RW)', { attributes: ['member'] })
      expect(String(nested!['member'])).toMatch(/^CN=GG_Compta,/)
      const [computer] = await ldap(n, domain(n), `(sAMAccountName=PC-COMPTA-0${n}$)`)
      expect(computer!['dn']).toBe(`CN=PC-COMPTA-0${n},OU=Postes,${base(n)}`)
    })

    it('has its group policies, linked, enforced, with links and sides disabled', async () => {
      const policies = await ldap(n, domain(n), '(objectClass=groupPolicyContainer)', {
        attributes: ['displayName', 'cn', 'flags'],
      })
      const named = new Map(policies.map((policy) => [policy['displayName'], policy]))
      const linkOf = async (ou: string, policy: string): Promise<string | undefined> => {
        const [unit] = await ldap(n, domain(n), `(ou=${ou})`, { attributes: ['gPLink'] })
        const links = String(unit!['gPLink'] ?? '').toLowerCase()
        return new RegExp(`cn=${String(named.get(policy)!['cn']).toLowerCase()},[^;]*;(\\d)`).exec(links)?.[1]
      }
      expect(await linkOf('Comptabilité', 'Verrouillage écran')).toBe(n === 2 ? undefined : '0')
      expect(await linkOf('Ventes, Export', "Fond d'écran")).toBe('2')
      expect(await linkOf('Postes', 'Ancienne charte')).toBe('1')
      expect(await linkOf('Postes', 'Pare-feu postes')).toBe('0')
      expect(named.get('Pare-feu postes')!['flags']).toBe('1')
      expect(named.get('Verrouillage écran')!['flags']).toBe('0')
    })

    it('has its password policy', async () => {
      const [policy] = await ldap(n, domain(n), '(objectClass=domainDNS)', {
        base: base(n),
        scope: 'base',
        attributes: ['minPwdLength', 'pwdProperties', 'pwdHistoryLength', 'maxPwdAge', 'lockoutThreshold'],
      })
      expect(policy).toMatchObject({
        minPwdLength: n === 2 ? '7' : '12',
        pwdProperties: '1',
        pwdHistoryLength: '24',
        maxPwdAge: String(-90 * 86_400 * 10_000_000),
        lockoutThreshold: '5',
      })
    })

    it('refuses a bind in clear, and an unknown account', async () => {
      await expect(ldap(n, domain(n), '(cn=*)', { scheme: 'ldap' })).rejects.toMatchObject({ code: 8 })
      await expect(ldap(n, domain(n), '(cn=*)', { user: `personne@${domain(n)}` })).rejects.toMatchObject({
        code: 49,
      })
    })

    it('resolves names in both directions', async () => {
      const resolver = new Resolver({ timeout: 3000, tries: 1 })
      resolver.setServers([`10.0.${n}.10`])
      expect(await resolver.resolve4(`web.${domain(n)}`)).toEqual([web(n)])
      expect(await resolver.reverse(web(n))).toEqual([`web.${domain(n)}`])
      const question = dns.streamEncode({
        type: 'query',
        id: 7,
        questions: [{ type: 'A', name: `web.${domain(n)}` }],
      })
      expect(await firstBytes(`10.0.${n}.10`, 53, 3000, question)).toContain('\u0003web')
    })

    it('has a switch that answers v2c and v3, and not to public', async () => {
      const sysName = '1.3.6.1.2.1.1.5.0'
      expect(String(await snmpGet(`10.0.${n}.2`, sysName))).toBe(`sw-${n}`)
      expect(String(await snmpGet(`10.0.${n}.2`, sysName, secret('LAB_SNMP_COMMUNITY')))).toBe(`sw-${n}`)
      await expect(snmpGet(`10.0.${n}.2`, sysName, 'public')).rejects.toThrow(/timed out/i)
    })

    it('has VLANs on the switch, whose bridge ports are not its interface numbers', async () => {
      const get = (oid: string): Promise<Buffer | number> => snmpGet(`10.0.${n}.2`, oid)
      const vlans = '1.3.6.1.2.1.17.7.1.4.3.1'
      const names = await Promise.all([1, 10, 20, 30].map((vlan) => get(`${vlans}.1.${vlan}`)))
      expect(names.map(String)).toEqual(['default', 'SERVEURS', 'POSTES', 'INVITES'])
      const egress = await Promise.all([10, 20, 30].map((vlan) => get(`${vlans}.2.${vlan}`)))
      expect(egress.map((ports) => (ports as Buffer).toString('hex'))).toEqual([
        'ff0001',
        '00ff01',
        n === 2 ? '0000f0' : '0000f1',
      ])
      const untagged = await Promise.all([10, 20, 30].map((vlan) => get(`${vlans}.4.${vlan}`)))
      expect(untagged.map((ports) => (ports as Buffer).toString('hex'))).toEqual([
        'ff0000',
        '00ff00',
        '0000f0',
      ])
      expect(await get('1.3.6.1.2.1.17.1.4.1.2.24')).toBe(10124)
      expect(String(await get('1.3.6.1.2.1.31.1.1.1.1.10124'))).toBe('Gi0/24')
      expect(await get('1.3.6.1.2.1.17.7.1.4.5.1.1.9')).toBe(20)
      // The agent shows the switch's interfaces, not those of the machine it runs on.
      expect(await get('1.3.6.1.2.1.2.1.0')).toBe(24)
      await expect(get('1.3.6.1.2.1.2.2.1.2.1')).rejects.toThrow(/NoSuch/)
    })

    it('has guests that answer the agent, and users who reach servers', async () => {
      expect(await pings(`10.2.${n}.40`)).toBe(true)
      expect(await onPoste(n, `ping -n -c 1 -W 2 ${web(n)} > /dev/null; echo $?`)).toBe('0')
    })
  })

  describe.each([1, 3])('candidate %i, without the mistakes of candidate 2', (n) => {
    it('has nothing of them', async () => {
      expect(await ssh(web(n), unit('rsyslog'))).toBe(healthy)
      expect(await ssh(web(n), unit('cron'))).toBe(healthy)
      expect(await ssh(web(n), unit('rotation.timer'))).toBe(healthy)
      expect((await fetch(`http://${web(n)}:8080/`)).status).toBe(200)
      expect(await ssh(files(n), 'id -nG durand')).toBe('durand compta')
      expect(await ssh(files(n), 'stat -c "%a %U %G" /srv/compta')).toBe('2770 root compta')
      expect(await ssh(files(n), 'grep -c /srv/echange /etc/fstab')).toBe('1')
      const [durand] = await ldap(n, domain(n), `(sAMAccountName=c.durand${n})`)
      expect(durand!['dn']).toBe(`CN=Chloé Durand,OU=Comptabilité,${base(n)}`)
      expect(await onPoste(n, `ping -n -c 1 -W 1 10.2.${n}.40 > /dev/null; echo $?`)).toBe('1')
    })
  })

  describe('the thirteen mistakes of candidate 2 on real machines', () => {
    it('1: rsyslog is enabled and dead', async () => {
      expect(await ssh(web(2), unit('rsyslog'))).toBe(
        'ActiveState=failed\nLoadState=loaded\nUnitFileState=enabled',
      )
      await ssh(web(2), 'logger encore')
      expect(await ssh(web(2), 'systemctl is-active rsyslog syslog.socket')).toBe('failed\nfailed')
    })
    it('2: cron runs and is masked', async () =>
      expect(await ssh(web(2), unit('cron'))).toBe(
        'ActiveState=active\nLoadState=masked\nUnitFileState=masked',
      ))
    it('3: port 8080 is for loopback only', async () => {
      expect(await ssh(web(2), 'ss -Hltn sport = 8080')).toContain('127.0.0.1:8080')
      expect(await firstBytes(web(2), 8080, 3000)).toBe('ECONNREFUSED')
    })
    it('4: the timer is there, disabled and inactive', async () =>
      expect(await ssh(web(2), unit('rotation.timer'))).toBe(
        'ActiveState=inactive\nLoadState=loaded\nUnitFileState=disabled',
      ))
    it('5: durand is not in compta', async () => expect(await ssh(files(2), 'id -nG durand')).toBe('durand'))
    it('6: the share is open to all', async () =>
      expect(await ssh(files(2), 'stat -c "%a %U %G" /srv/compta')).toBe('777 root compta'))
    it('7: the exchange folder is not in fstab', async () =>
      expect(await ssh(files(2), 'grep -c /srv/echange /etc/fstab')).toBe('0'))
    it('8: c.durand2 sits with the sales people', async () => {
      const [durand] = await ldap(2, domain(2), '(sAMAccountName=c.durand2)')
      expect(String(durand!['dn']).toLowerCase()).toBe(
        `cn=chloé durand,ou=ventes\\, export,${base(2).toLowerCase()}`,
      )
    })
    // 9, 10 and 11 are in the tests above, where the three candidates are compared.
    it('12: users reach guests', async () =>
      expect(await onPoste(2, 'ping -n -c 1 -W 2 10.2.2.40 > /dev/null; echo $?')).toBe('0'))
    it('13: the screen is locked after an hour', async () => {
      expect(await screenSaver(1)).toContain('600\0')
      expect(await screenSaver(1)).not.toContain('3600\0')
      expect(await screenSaver(2)).toContain('3600\0')
    })
  })

  describe('candidate 3', () => {
    it('refuses the password of the session on its workstation', async () => {
      await expect(ssh(poste(3), 'true', { password: secret('LAB_POSTE3_PASSWORD') })).rejects.toThrow(
        /authentication/i,
      )
    })

    it('has another domain, whose DNS says no about agence3.lan at once', async () => {
      const [rootDse] = await ldap(3, 'autre3.lan', '(objectClass=*)', {
        base: '',
        scope: 'base',
        attributes: ['defaultNamingContext'],
      })
      expect(rootDse!['defaultNamingContext']).toBe('DC=autre3,DC=lan')
      const resolver = new Resolver({ timeout: 3000, tries: 1 })
      resolver.setServers(['10.0.3.10'])
      const start = performance.now()
      await expect(resolver.resolve4('web.agence3.lan')).rejects.toMatchObject({
        code: expect.stringMatching(/REFUSED|NOTFOUND|SERVFAIL/),
      })
      expect(performance.now() - start).toBeLessThan(1000)
    })

    it('loses its web server, sshd and switch by sabotage, and nothing else', async () => {
      await lab('sabotage')
      await lab('sabotage')
      // Silence is not a refusal: neither a reset nor an ICMP error.
      expect(await firstBytes(web(3), 22, 2500)).toBe('silence')
      expect(await firstBytes(web(3), 80, 2500)).toBe('silence')
      expect(await firstBytes(files(3), 22, 3000)).toMatch(/^z/)
      await expect(
        ssh(files(3), 'true', { privateKey: secret('LAB_SSH_KEY'), readyTimeout: 3000 }),
      ).rejects.toThrow()
      await expect(snmpGet('10.0.3.2', '1.3.6.1.2.1.1.5.0', secret('LAB_SNMP_COMMUNITY'))).rejects.toThrow(
        /timed out/i,
      )
      expect(await pings('10.0.3.1')).toBe(true)
      expect(await onPoste(3, 'hostname')).toBe('poste3')
      await lab('repair')
      expect(await ssh(files(3), 'hostname')).toBe('files3')
    })
  })

  it('supervises web, files and dc of the three, behind a password', async () => {
    const url = 'http://10.0.0.5/nagios4/cgi-bin/'
    expect((await fetch(`${url}objectjson.cgi?query=hostlist`)).status).toBe(401)
    const authorization = `Basic ${Buffer.from(`probant:${secret('LAB_NAGIOS_PASSWORD')}`).toString('base64')}`
    const ask = async (query: string): Promise<Record<string, unknown>> => {
      const answer = await fetch(url + query, { headers: { authorization } })
      return ((await answer.json()) as { data: { hostlist: Record<string, unknown> } }).data.hostlist
    }
    const expected = [1, 2, 3].flatMap((n) => [`dc${n}`, `files${n}`, `web${n}`]).toSorted()
    expect(Object.keys(await ask('objectjson.cgi?query=hostlist&details=true')).toSorted()).toEqual(expected)
    const status = await ask('statusjson.cgi?query=hostlist&details=true')
    expect(Object.keys(status).toSorted()).toEqual(expected)
    for (const host of Object.values(status))
      expect((host as { last_check: number }).last_check).toBeGreaterThan(Date.now() - 120_000)
  })
})
