/** Forty checks of one modelled server, each of every kind at least once: id and parameters without the machine. */
type Question = readonly [string, Readonly<Record<string, unknown>>]

const of =
  (id: string) =>
  (...all: readonly Readonly<Record<string, unknown>>[]): readonly Question[] =>
    all.map((params) => [id, params])
const zone = 'agence1.lan'

export const fortyWindowsQuestions: readonly Question[] = [
  ...of('windows.service')(
    { name: 'DHCPServer', account: 'network-service' },
    { name: 'sppsvc', start: 'delayed' },
    { name: 'SauvegardeAgence', account: String.raw`AGENCE1\svc-sauvegarde` },
    { name: 'Spooler', running: false, start: 'disabled' },
    { name: 'TlntSvr', running: false, start: 'disabled' },
    { name: 'wuauserv', running: false, start: 'any' },
  ),
  ...of('windows.feature')(
    { name: 'AD-Domain-Services' },
    { name: 'DHCP' },
    { name: 'Telnet-Client', installed: false },
    { name: 'FS-SMB1', installed: false },
  ),
  ...of('windows.domain-member')({ domain: zone, role: 'domain-controller', computer: 'SRV-AD' }),
  ...of('windows.share')(
    { name: 'Compta$', access: [{ account: String.raw`AGENCE1\c.durand`, right: 'modify' }] },
    { name: 'SYSVOL' },
  ),
  ...of('windows.disk')({ letter: 'D', size: 20, fileSystem: 'NTFS' }, { letter: 'C' }),
  ...of('windows.scheduled-task')(
    { name: 'Sauvegarde', trigger: { daily: '22:00' } },
    { name: 'Sauvegarde', account: 'local-system' },
  ),
  ...of('windows.dhcp-scope')(
    { network: '192.168.10.0/24', start: '192.168.10.20', end: '192.168.10.250' },
    { network: '192.168.10.0/24', options: { 3: '192.168.10.254' } },
    {
      network: '192.168.10.0/24',
      reservations: [{ mac: '00:15:5D:01:0A:28', address: '192.168.10.40' }],
    },
  ),
  ...of('windows.dns-record')(
    { zone, name: 'web', value: '10.0.1.20' },
    { zone, name: 'intranet', type: 'CNAME', value: 'web.agence1.lan' },
    { zone, name: '@', type: 'MX', value: '10 mail.agence1.lan' },
    { zone: '1.0.10.in-addr.arpa', name: '10.0.1.20', type: 'PTR', value: 'web.agence1.lan' },
    { zone: 'siege.lan', zoneType: 'secondary', masters: ['10.0.0.10'] },
    { forwarders: ['10.0.0.1'] },
    { zone, name: 'ancien', exists: false },
  ),
  ...of('windows.firewall-rule')(
    { profiles: ['domain', 'private', 'public'] },
    { rule: { ports: [8080], remote: ['192.168.10.0/24'] } },
  ),
  ...of('windows.event')(
    { channel: 'System', provider: 'Service Control Manager', id: 7036, atLeast: 2 },
    { channel: 'Microsoft-Windows-Backup', provider: 'Microsoft-Windows-Backup', id: 4, hours: 4 },
  ),
  ...of('windows.gpo-result')(
    { gpo: 'Sécurité serveurs', linkedTo: '/' },
    { user: 'c.durand', gpo: 'Lecteurs réseau', linkedTo: 'Comptabilité' },
    { gpo: 'WSUS', applied: false, because: 'wmi-filter' },
    {
      setting: {
        key: String.raw`HKLM\Software\Policies\Microsoft\Windows\WindowsUpdate\AU`,
        value: 'UseWUServer',
        data: 1,
      },
    },
  ),
  ...of('hyper-v.machine')(
    { name: 'SRV-WEB', processors: 2, memory: 4096, vlan: 10, switch: 'LAN' },
    { name: 'SRV-WEB', checkpoint: 'Avant mise à jour' },
    { name: 'PARE-FEU', state: 'off', checkpoints: 0 },
  ),
  ...of('windows.service')({ name: 'MSSQLSERVER', account: 'virtual' }),
  ...of('windows.disk')({ letter: 'E', fileSystem: 'ReFS' }),
]
