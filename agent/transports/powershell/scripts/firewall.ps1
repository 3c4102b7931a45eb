# The Windows firewall as its service keeps it: the profiles and the rules of the registry, those of group policy apart from the
# machine's own ([MS-GPFAS] 2.2.2 tells their form, the same in every language and version). A few hundred rules take less than a
# second so, where the cmdlets and the COM object take up to a minute. Whether the service runs, and on what kinds of network the
# machine is now. Rules that are not active, or of another direction than asked for, are counted only. Changes nothing.
param($asked)

$most = 2000
$own = 'SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy'
$policy = 'SOFTWARE\Policies\Microsoft\WindowsFirewall'
$hive = [Microsoft.Win32.Registry]::LocalMachine

function Open-Key([string]$path) {
  try {
    return $hive.OpenSubKey($path)
  } catch [System.Security.SecurityException] {
    throw (New-Object System.UnauthorizedAccessException $path)
  }
}

function Read-Number($key, [string]$name) {
  $value = $key.GetValue($name)
  if ($value -is [int]) {
    return [int]$value
  }
  return $null
}

# Null where there is no such key.
function Read-Profile([string]$path) {
  $key = Open-Key $path
  if ($null -eq $key) {
    return $null
  }
  $said = @{
    enabled = Read-Number $key 'EnableFirewall'
    noExceptions = Read-Number $key 'DoNotAllowExceptions'
    merge = Read-Number $key 'AllowLocalPolicyMerge'
    # 0 allow, 1 block.
    inbound = Read-Number $key 'DefaultInboundAction'
    outbound = Read-Number $key 'DefaultOutboundAction'
  }
  $key.Close()
  return $said
}

$profiles = @(
  @{
    name = 'domain'
    own = Read-Profile ($own + '\DomainProfile')
    policy = Read-Profile ($policy + '\DomainProfile')
    old = $null
  }
  @{
    name = 'private'
    own = Read-Profile ($own + '\StandardProfile')
    policy = Read-Profile ($policy + '\PrivateProfile')
    old = Read-Profile ($policy + '\StandardProfile')
  }
  @{
    name = 'public'
    own = Read-Profile ($own + '\PublicProfile')
    policy = Read-Profile ($policy + '\PublicProfile')
    old = Read-Profile ($policy + '\StandardProfile')
  }
)

$directions = @(@($asked.directions) | ForEach-Object { '|Dir=' + [string]$_ + '|' })
$rules = New-Object System.Collections.ArrayList
$matching = 0
$total = 0
$core = 0
$stores = @(
  @{ name = 'own'; path = $own + '\FirewallRules' }
  @{ name = 'policy'; path = $policy + '\FirewallRules' }
  @{ name = 'policy'; path = $own + '\Mdm\FirewallRules' }
)
foreach ($store in $stores) {
  $key = Open-Key $store.path
  if ($null -eq $key) {
    continue
  }
  foreach ($id in $key.GetValueNames()) {
    $text = [string]$key.GetValue($id)
    $total = $total + 1
    if (($store.name -eq 'own') -and $id.StartsWith('CoreNet-')) {
      $core = $core + 1
    }
    $wanted = $false
    foreach ($direction in $directions) {
      if ($text.Contains($direction)) {
        $wanted = $true
      }
    }
    if ((-not $wanted) -or (-not $text.Contains('|Active=TRUE|'))) {
      continue
    }
    $matching = $matching + 1
    if ($rules.Count -lt $most) {
      [void]$rules.Add(@{
        store = [string]$store.name
        id = [string]$id
        # The descriptions are long, and say nothing about what a rule does.
        text = [string][regex]::Replace($text, '\|(Desc|EmbedCtxt)=[^|]*', '')
      })
    }
  }
  $key.Close()
}

# Lists of programs and ports of the first administrative templates act as rules too.
$old = 0
foreach ($name in @('DomainProfile', 'StandardProfile', 'PrivateProfile', 'PublicProfile')) {
  foreach ($list in @('GloballyOpenPorts\List', 'AuthorizedApplications\List', 'Services')) {
    $key = Open-Key ($policy + '\' + $name + '\' + $list)
    if ($null -ne $key) {
      $old = $old + $key.ValueCount + $key.SubKeyCount
      $key.Close()
    }
  }
}

Add-Type -AssemblyName System.ServiceProcess
$service = $null
foreach ($one in [System.ServiceProcess.ServiceController]::GetServices()) {
  if ($one.ServiceName -eq 'MpsSvc') {
    $service = [int]$one.Status
  }
}

$networks = $null
try {
  # 0 public, 1 private, 2 domain.
  $networks = @(Get-CimInstance -Namespace 'ROOT/StandardCimv2' -ClassName MSFT_NetConnectionProfile | ForEach-Object { [int]$_.NetworkCategory })
} catch {
  $networks = $null
}
$networkCount = 0
if ($null -ne $networks) {
  $networkCount = $networks.Count
}

@{
  # 4 is running; null where the service was not shown.
  service = $service
  profileCount = $profiles.Count
  profiles = $profiles
  total = $total
  core = $core
  count = $matching
  rules = @($rules.ToArray())
  old = $old
  networkCount = $networkCount
  networks = $networks
  variables = @{
    systemroot = [string]$env:SystemRoot
    windir = [string]$env:windir
    systemdrive = [string]$env:SystemDrive
    programfiles = [string]$env:ProgramFiles
    'programfiles(x86)' = [string]${env:ProgramFiles(x86)}
    programdata = [string]$env:ProgramData
    allusersprofile = [string]$env:ALLUSERSPROFILE
  }
}
