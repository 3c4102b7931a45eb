import type { Problem } from '../problem.ts'
import { accountName, remedy, type Remedy, type Situation } from './remedy.ts'

type About = (situation: Situation) => Remedy[]

const netSnmpProtocols: Readonly<Record<string, string>> = {
  sha: 'SHA',
  sha224: 'SHA-224',
  sha256: 'SHA-256',
  sha384: 'SHA-384',
  sha512: 'SHA-512',
  aes: 'AES',
  aes256b: 'AES-256',
  aes256r: 'AES-256-C',
}

/** A user of v3, or a community, that may only read: net-snmp, then IOS. The keys are typed there, never here. */
export function account({ user, snmp, from }: Situation): Remedy[] {
  const name = accountName(user).replace(/[^A-Za-z0-9._-]/g, '') || 'probant'
  if (snmp?.version === '2c') {
    const source = from.network ?? from.address ?? '127.0.0.1'
    return [
      remedy(
        'device',
        'Une communauté qui ne fait que lire, pour l’agent seul, à la place de COMMUNITY : net-snmp (/etc/snmp/snmpd.conf, puis systemctl restart snmpd)',
        'A community that only reads, for the agent alone, in place of COMMUNITY: net-snmp (/etc/snmp/snmpd.conf, then systemctl restart snmpd)',
        `rocommunity COMMUNITY ${source}`,
      ),
      remedy('device', 'Cisco IOS', 'Cisco IOS', 'snmp-server community COMMUNITY RO'),
    ]
  }
  const auth = netSnmpProtocols[snmp?.auth ?? ''] ?? 'SHA-256'
  const privacy = netSnmpProtocols[snmp?.privacy ?? ''] ?? 'AES'
  return [
    remedy(
      'device',
      'net-snmp, avec vos clés à la place de AUTH-KEY et PRIV-KEY : service arrêté, la première ligne dans /var/lib/snmp/snmpd.conf, la seconde dans /etc/snmp/snmpd.conf, puis systemctl start snmpd',
      'net-snmp, with your keys in place of AUTH-KEY and PRIV-KEY: service stopped, the first line into /var/lib/snmp/snmpd.conf, the second into /etc/snmp/snmpd.conf, then systemctl start snmpd',
      `createUser ${name} ${auth} "AUTH-KEY" ${privacy} "PRIV-KEY"`,
      `rouser ${name} authpriv`,
    ),
    remedy(
      'device',
      'Cisco IOS (le contexte vlan- sert aux tables de commutation)',
      'Cisco IOS (the context vlan- is for the switching tables)',
      'snmp-server group PROBANT v3 priv read v1default',
      'snmp-server group PROBANT v3 priv context vlan- match prefix read v1default',
      `snmp-server user ${name} PROBANT v3 auth sha AUTH-KEY priv aes 128 PRIV-KEY`,
    ),
  ]
}

const listens = ({ port }: Situation): Remedy =>
  remedy(
    'device',
    `SNMP doit répondre au port ${port}/udp de cette adresse : net-snmp, puis Cisco IOS`,
    `SNMP must answer at port ${port}/udp of this address: net-snmp, then Cisco IOS`,
    'grep -i ^agentaddress /etc/snmp/snmpd.conf',
    'show snmp',
    'show ip access-lists',
  )

/** What to do about each problem on a device that is asked by SNMP. */
export const onDevice: Partial<Record<Problem, About>> = {
  'no-echo': () => [
    remedy('device', 'Filtre-t-il l’écho ?', 'Does it filter the echo?', 'show ip access-lists'),
  ],
  'port-refused': (situation) => [listens(situation)],
  'port-silent': (situation) => [listens(situation), ...account(situation)],
  'account-refused': account,
  'access-denied': account,
  'snmp-view': () => [
    remedy(
      'device',
      'net-snmp : une vue qui contient les interfaces et les VLAN (/etc/snmp/snmpd.conf)',
      'net-snmp: a view that holds the interfaces and the VLANs (/etc/snmp/snmpd.conf)',
      'view probant included .1.3.6.1.2.1',
      'rouser probant authpriv -V probant',
    ),
    remedy(
      'device',
      'Cisco IOS',
      'Cisco IOS',
      'snmp-server view PROBANT iso included',
      'snmp-server group PROBANT v3 priv read PROBANT',
    ),
  ],
}
