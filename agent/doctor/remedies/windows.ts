import type { Problem } from '../problem.ts'
import { accountName, byKey, quoted, remedy, yamlString, type Remedy, type Situation } from './remedy.ts'
import { retyped } from './retyped.ts'

type About = (situation: Situation) => Remedy[]

/** A rule of its own: the same on every Windows, whatever its language, it opens to the room alone and is taken back by name. */
function firewall({ port, from }: Situation, name: string): Remedy {
  const allowed = from.network ?? from.address ?? 'LocalSubnet'
  return remedy(
    'windows',
    `Ouvre le port ${port} au seul réseau de l’agent (${allowed}) ; la seconde ligne le referme après la session`,
    `Opens port ${port} to the agent's network alone (${allowed}); the second line closes it after the session`,
    `New-NetFirewallRule -Name ${name} -DisplayName ${name} -Direction Inbound -Protocol TCP -LocalPort ${port} -RemoteAddress ${allowed} -Action Allow`,
    `Remove-NetFirewallRule -Name ${name}`,
  )
}

const listens = (port: number | null, service: string): Remedy =>
  remedy(
    'windows',
    `Le service tourne-t-il, et écoute-t-il au port ${port} ?`,
    `Does the service run, and listen at port ${port}?`,
    `Get-Service -Name ${service}`,
    `Get-NetTCPConnection -State Listen -LocalPort ${port}`,
  )

export const enableWinRm = remedy(
  'windows',
  'Met WinRM en service comme Windows l’installe (HTTP 5985, échanges scellés)',
  'Puts WinRM into service as Windows installs it (HTTP 5985, sealed exchanges)',
  'Enable-PSRemoting -Force',
)

export const httpsListener = ({ port, address }: Situation): Remedy[] => [
  remedy(
    'windows',
    'Quels écouteurs WinRM a-t-il ?',
    'Which WinRM listeners does it have?',
    String.raw`Get-ChildItem -Path WSMan:\localhost\Listener`,
  ),
  remedy(
    'windows',
    'Un écouteur HTTPS, avec un certificat fait pour cette adresse',
    'An HTTPS listener, with a certificate made for this address',
    String.raw`$certificate = New-SelfSignedCertificate -DnsName $env:COMPUTERNAME, ${quoted(address)} -CertStoreLocation Cert:\LocalMachine\My`,
    String.raw`New-Item -Path WSMan:\localhost\Listener -Transport HTTPS -Address * -Port ${port} -CertificateThumbPrint $certificate.Thumbprint -Force`,
  ),
  remedy(
    'session',
    'Ou sans TLS : chaque message est alors scellé par NTLM, ce qui se vaut ici',
    'Or without TLS: each message is then sealed by NTLM, which is as good here',
    'winrm: { credential: …, scheme: http }',
  ),
]

/** What a port that does not answer wants, by what listens at it on Windows. */
export const service = (situation: Situation): Remedy[] => {
  const { way, port, tls } = situation
  switch (way) {
    case 'winrm':
      return tls ? httpsListener(situation) : [listens(port, 'WinRM'), enableWinRm]
    case 'powershell-ssh':
      return [
        listens(port, 'sshd'),
        remedy(
          'windows',
          'Installe et met en service OpenSSH pour Windows',
          'Installs OpenSSH for Windows and puts it into service',
          'Add-WindowsCapability -Online -Name OpenSSH.Server~~~~0.0.1.0',
          'Set-Service -Name sshd -StartupType Automatic',
          'Start-Service -Name sshd',
        ),
      ]
    case 'ldap':
      return [listens(port, 'NTDS'), ...throughPowerShell(situation)]
    default:
      return [listens(port, 'LanmanServer')]
  }
}

const rules = {
  winrm: 'Probant-WinRM',
  'powershell-ssh': 'Probant-SSH',
  ldap: 'Probant-LDAP',
  smb: 'Probant-SMB',
}
export const rule = (situation: Situation): Remedy =>
  firewall(situation, rules[situation.way as keyof typeof rules] ?? 'Probant')

export const throughPowerShell = ({ domain }: Situation): Remedy[] => [
  remedy(
    'session',
    'Un contrôleur de domaine sans certificat ne fait pas de LDAPS : interrogez l’annuaire par son PowerShell',
    'A domain controller without a certificate does no LDAPS: ask the directory through its PowerShell',
    'winrm: { credential: … }',
    `ldap: { through: powershell, domain: ${domain ?? '…'} }`,
  ),
]

const accountFacts = ({ user }: Situation): Remedy[] => {
  const name = quoted(accountName(user))
  return [
    remedy(
      'windows',
      'Le compte existe-t-il, actif ? (machine hors domaine, puis contrôleur de domaine)',
      'Is the account there, and enabled? (machine in no domain, then domain controller)',
      `Get-LocalUser -Name ${name} | Format-List -Property Name, Enabled, PasswordExpires, AccountExpires`,
      `Get-ADUser -Identity ${name} -Properties LockedOut, PasswordExpired | Format-List -Property Enabled, LockedOut, PasswordExpired`,
    ),
    remedy(
      'windows',
      'Pourquoi Windows a refusé : SubStatus 0xC000006A mot de passe, 0xC0000064 compte inconnu, 0xC0000234 verrouillé, 0xC000006E restriction (dont un mot de passe vide)',
      'Why Windows refused: SubStatus 0xC000006A password, 0xC0000064 unknown account, 0xC0000234 locked, 0xC000006E restriction (an empty password among them)',
      "Get-WinEvent -FilterHashtable @{ LogName = 'Security'; Id = 4625 } -MaxEvents 3 | Format-List -Property TimeCreated, Message",
    ),
  ]
}

export const hasDomain = ({ user }: Situation): boolean => /[\\@]/.test(user ?? '')

function accountWritten(situation: Situation): Remedy {
  const { user, way } = situation
  const says = [
    'Écrivez le compte avec son domaine (à la place de AGENCE), ou un point pour un compte de la machine ; un membre de « Protected Users » ne peut pas servir, NTLM lui est interdit',
    'Write the account with its domain (in place of AGENCE), or a dot for an account of the machine; a member of “Protected Users” will not do, NTLM is forbidden to it',
  ] as const
  const name = accountName(user)
  const domain = (account: string) =>
    // A directory over TLS knows accounts by their principal names.
    way === 'ldap' ? `${account}@agence.lan` : `AGENCE\\${account}`
  const line = retyped(situation, { user: domain(name) })
  return line === null
    ? remedy('session', ...says, `user: ${yamlString(domain(name))}`)
    : remedy('agent', ...says, line)
}

const clock = remedy(
  'windows',
  'Met la machine à l’heure, puis dit son écart',
  'Sets the machine’s clock right, then says how far it is',
  'w32tm /resync /rediscover',
  'w32tm /query /status',
)

export const administrators = ({ user }: Situation): Remedy =>
  remedy(
    'windows',
    'Un compte du groupe des administrateurs (par son SID : son nom dépend de la langue) : sur un serveur, puis sur un contrôleur de domaine',
    'An account of the administrators’ group (by its SID: its name depends on the language): on a server, then on a domain controller',
    `Add-LocalGroupMember -SID S-1-5-32-544 -Member ${quoted(accountName(user))}`,
    `Add-ADGroupMember -Identity S-1-5-32-544 -Members ${quoted(accountName(user))}`,
  )

export const remoteUac: readonly Remedy[] = [
  remedy(
    'session',
    'Un compte local, même administrateur, perd ses droits par le réseau (UAC à distance) : prenez de préférence l’Administrateur intégré ou un compte du domaine',
    'A local account, administrator or not, loses its rights over the network (remote UAC): rather take the built-in Administrator or a domain account',
  ),
  remedy(
    'windows',
    'À défaut, le temps de la session, sur une machine isolée seulement : tout administrateur local garde alors ses droits par le réseau, et un mot de passe volé y suffit. La seconde ligne le retire ensuite',
    'Failing that, for the time of the session, and on an isolated machine only: every local administrator then keeps their rights over the network, and a stolen password is enough. The second line takes it back afterwards',
    String.raw`New-ItemProperty -Path HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System -Name LocalAccountTokenFilterPolicy -PropertyType DWord -Value 1 -Force`,
    String.raw`Remove-ItemProperty -Path HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System -Name LocalAccountTokenFilterPolicy`,
  ),
]

export const remoteUsers = ({ user }: Situation): Remedy[] => [
  remedy(
    'windows',
    'Sans droits d’administrateur : le groupe de gestion à distance, puis la permission « Read » et « Execute » sur WinRM, dans la fenêtre que la seconde ligne ouvre',
    'Without administrator rights: the remote management group, then the permission “Read” and “Execute” on WinRM, in the window that the second line opens',
    `Add-LocalGroupMember -SID S-1-5-32-580 -Member ${quoted(accountName(user))}`,
    'winrm configSDDL default',
  ),
]

const starts: Remedy = remedy(
  'windows',
  'PowerShell se lance-t-il sans profil, et en quel langage ? Un antivirus l’arrête-t-il ?',
  'Does PowerShell start without a profile, and in which language mode? Does an antivirus stop it?',
  String.raw`C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe -NoProfile -Command '$PSVersionTable.PSVersion.ToString(); $ExecutionContext.SessionState.LanguageMode'`,
  "Get-WinEvent -LogName 'Microsoft-Windows-PowerShell/Operational' -MaxEvents 5 | Format-List -Property TimeCreated, Id, Message",
)

export const certificates = remedy(
  'windows',
  'Les certificats de la machine et leur empreinte, telle que Probant l’écrit',
  'The machine’s certificates and their fingerprint, as Probant writes it',
  '$sha256 = [Security.Cryptography.SHA256]::Create()',
  String.raw`Get-ChildItem -Path Cert:\LocalMachine\My | ForEach-Object { $_.Subject; 'SHA256:' + [Convert]::ToBase64String($sha256.ComputeHash($_.RawData)).TrimEnd('=') }`,
)

/** What to do about each problem on a Windows machine; what isn't here is the same on every system. */
export const onWindows: Partial<Record<Problem, About>> = {
  'no-echo': ({ from }) => [
    remedy(
      'windows',
      'Windows ne répond au ping que si une règle le permet ; la seconde ligne la retire après la session',
      'Windows answers a ping only where a rule allows it; the second line takes it back after the session',
      `New-NetFirewallRule -Name Probant-Ping -DisplayName Probant-Ping -Direction Inbound -Protocol ICMPv4 -IcmpType 8 -RemoteAddress ${from.network ?? from.address ?? 'LocalSubnet'} -Action Allow`,
      'Remove-NetFirewallRule -Name Probant-Ping',
    ),
  ],
  'port-refused': service,
  'port-silent': (situation) => [
    rule(situation),
    remedy(
      'windows',
      'Profil du réseau et règles en place',
      'Profile of the network and rules in place',
      'Get-NetConnectionProfile',
      `Get-NetFirewallPortFilter -Protocol TCP | Where-Object -Property LocalPort -EQ ${situation.port} | Get-NetFirewallRule | Format-Table -Property Name, Enabled, Profile, Action`,
    ),
    ...service(situation),
  ],
  'tls-missing': (situation) =>
    situation.way === 'ldap' ? [...throughPowerShell(situation), certificates] : httpsListener(situation),
  'tls-identity': () => [certificates],
  'not-winrm': ({ tls, credential }) => [
    remedy(
      'windows',
      'Les écouteurs de WinRM et leurs ports',
      'The listeners of WinRM and their ports',
      'winrm enumerate winrm/config/listener',
    ),
    remedy(
      'session',
      'Le schéma va avec le port : http 5985, https 5986',
      'The scheme goes with the port: http 5985, https 5986',
      `winrm: { credential: ${credential ?? '…'}, scheme: ${tls ? 'https, port: 5986' : 'http, port: 5985'} }`,
    ),
  ],
  'negotiate-missing': () => [
    remedy(
      'windows',
      'Remet l’authentification « Negotiate » de Windows',
      'Puts Windows’ own “Negotiate” authentication back',
      String.raw`Set-Item -Path WSMan:\localhost\Service\Auth\Negotiate -Value $true`,
      'Restart-Service -Name WinRM',
    ),
    remedy(
      'windows',
      'Si cela ne se peut pas, une stratégie l’a ôtée (AllowNegotiate à 0) : voyez avec qui l’a posée',
      'Where that is not possible, a policy took it away (AllowNegotiate is 0): see with who set it',
      String.raw`Get-ItemProperty -Path HKLM:\SOFTWARE\Policies\Microsoft\Windows\WinRM\Service`,
    ),
  ],
  'ntlm-refused': () => [
    remedy(
      'windows',
      'Une stratégie limite-t-elle NTLM (2 : tout refusé) ?',
      'Does a policy restrict NTLM (2: all refused)?',
      String.raw`Get-ItemProperty -Path HKLM:\SYSTEM\CurrentControlSet\Control\Lsa\MSV1_0 | Select-Object -Property RestrictReceivingNTLMTraffic`,
    ),
    remedy(
      'session',
      'Si c’est voulu, ne la levez pas : passez par SSH, ou par un agent sous Windows du même domaine (Kerberos)',
      'If that is meant, leave it: go through SSH, or from an agent on a Windows of the same domain (Kerberos)',
      'ssh: { credential: …, shell: powershell }',
      'local: powershell',
    ),
  ],
  'account-refused': (situation) => [
    ...(situation.way === 'powershell-ssh' && byKey(situation) ? windowsKeys : []),
    ...(situation.way === 'powershell-ssh' || hasDomain(situation) ? [] : [accountWritten(situation)]),
    ...accountFacts(situation),
  ],
  'account-state': (situation) => accountFacts(situation),
  'wrong-domain': (situation) => [accountWritten(situation), ...accountFacts(situation)],
  'clock-skew': () => [clock],
  'ntlm-weak': () => [
    remedy(
      'windows',
      'Le chiffrement à 128 bits, que Windows exige de lui-même depuis 2012 (537395200)',
      '128-bit encryption, which Windows asks for by itself since 2012 (537395200)',
      String.raw`Get-ItemProperty -Path HKLM:\SYSTEM\CurrentControlSet\Control\Lsa\MSV1_0 | Select-Object -Property NtlmMinServerSec`,
    ),
  ],
  unsealed: () => [
    remedy(
      'windows',
      'Un WinRM qui répond en clair a été affaibli : doit être false. Sinon, quelqu’un s’interpose entre l’agent et la machine',
      'A WinRM that answers in clear was weakened: must be false. Else somebody stands between the agent and the machine',
      String.raw`Get-Item -Path WSMan:\localhost\Service\AllowUnencrypted`,
      String.raw`Set-Item -Path WSMan:\localhost\Service\AllowUnencrypted -Value $false`,
    ),
  ],
  'shell-denied': (situation) =>
    situation.way === 'powershell-ssh'
      ? [administrators(situation)]
      : [administrators(situation), ...remoteUac, ...remoteUsers(situation)],
  quota: () => [
    remedy(
      'windows',
      'Les interpréteurs ouverts, et combien sont permis par compte (30 sur un Windows Server récent)',
      'The shells that are open, and how many an account may have (30 on a recent Windows Server)',
      'Get-WSManInstance -ResourceURI shell -Enumerate | Format-List -Property ShellId, Owner, ClientIP, ShellRunTime',
      String.raw`Get-Item -Path WSMan:\localhost\Shell\MaxShellsPerUser`,
    ),
    remedy(
      'windows',
      'Rend le quota de Windows et ferme ce qui est resté ouvert',
      'Gives Windows’ own quota back and closes what was left open',
      String.raw`Set-Item -Path WSMan:\localhost\Shell\MaxShellsPerUser -Value 30`,
      'Restart-Service -Name WinRM',
    ),
  ],
  'no-powershell': () => [starts],
  'no-marker': () => [starts],
  'language-mode': () => [
    starts,
    remedy(
      'room',
      'Ne levez pas la protection : demandez à qui l’a posée d’admettre les lectures de Probant, ou prenez une machine sans elle',
      'Do not lift the protection: ask who set it to allow Probant’s readings, or take a machine without it',
    ),
  ],
  'other-machine': () => [
    remedy(
      'windows',
      'Le SID que Probant voit, lu avec le même compte',
      'The SID that Probant sees, read by the same account',
      '[Security.Principal.WindowsIdentity]::GetCurrent().User.AccountDomainSid.Value',
    ),
  ],
  'directory-unreadable': ({ domain }) => [
    remedy(
      'windows',
      'Le domaine répond-il à ce compte ?',
      'Does the domain answer this account?',
      `Get-ADDomain -Identity ${quoted(domain ?? '…')}`,
      'Get-Service -Name NTDS, ADWS',
    ),
  ],
  'not-administrator': (situation) => [administrators(situation), ...remoteUac],
  'reading-denied': (situation) => [administrators(situation), ...remoteUac],
  'script-exception': () => [
    remedy(
      'windows',
      'La lecture qui a échoué, faite à la main',
      'The reading that failed, done by hand',
      'Get-CimInstance -ClassName Win32_OperatingSystem | Format-List -Property Version, OSLanguage, ProductType',
      'Get-CimInstance -ClassName Win32_ComputerSystem | Format-List -Property Name, Domain, PartOfDomain',
      'winmgmt /verifyrepository',
    ),
  ],
}

export const windowsKeys: readonly Remedy[] = [
  remedy(
    'windows',
    'Pour un administrateur, OpenSSH lit les clés ici, et seulement si nul autre n’y a droit',
    'For an administrator, OpenSSH reads the keys here, and only where nobody else may',
    String.raw`notepad C:\ProgramData\ssh\administrators_authorized_keys`,
    String.raw`icacls.exe C:\ProgramData\ssh\administrators_authorized_keys /inheritance:r /grant '*S-1-5-32-544:F' /grant '*S-1-5-18:F'`,
  ),
]
