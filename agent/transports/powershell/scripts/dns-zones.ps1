# Zones of this machine's DNS server, all of them in short; those asked for with their settings and, of their records, the
# names asked for, the wildcard and the SOA that every loaded zone has; and the server's forwarders.
# Read through the DnsServer module: what the server holds, not what it answers. Whether the role is there at all comes from
# the names of the registered services, among which every Windows has RpcSs.
param($asked)

# The module says access denied (5) in an error of its own; anything else goes on as it is.
function Read-Server($question) {
  try {
    & $question
  } catch {
    if ([string]$_.FullyQualifiedErrorId -like 'WIN32 5,*') {
      throw (New-Object System.UnauthorizedAccessException 'The DNS server refuses this account')
    }
    throw
  }
}

# The numbers of a record and its name, address or text, each from its own property.
function Get-PlainData($record) {
  $data = $record.RecordData
  $numbers = @()
  $text = $null
  if ($record.RecordType -eq 'A') {
    $text = [string]$data.IPv4Address
  } elseif ($record.RecordType -eq 'AAAA') {
    $text = [string]$data.IPv6Address
  } elseif ($record.RecordType -eq 'CNAME') {
    $text = [string]$data.HostNameAlias
  } elseif ($record.RecordType -eq 'MX') {
    $numbers = @([int]$data.Preference)
    $text = [string]$data.MailExchange
  } elseif ($record.RecordType -eq 'NS') {
    $text = [string]$data.NameServer
  } elseif ($record.RecordType -eq 'PTR') {
    $text = [string]$data.PtrDomainName
  } elseif ($record.RecordType -eq 'SOA') {
    $numbers = @([int64]$data.SerialNumber)
    $text = [string]$data.PrimaryServer
  } elseif ($record.RecordType -eq 'SRV') {
    $numbers = @([int]$data.Priority, [int]$data.Weight, [int]$data.Port)
    $text = [string]$data.DomainName
  } elseif ($record.RecordType -eq 'TXT') {
    $text = [string]$data.DescriptiveText
  }
  @{
    name = ([string]$record.HostName).ToLowerInvariant()
    type = [string]$record.RecordType
    numbers = $numbers
    text = $text
    # A record that a machine registered by itself has the time of its last refresh, counted from 1601.
    static = [bool](-not $record.TimeStamp -or ([datetime]$record.TimeStamp).Year -lt 1700)
  }
}

$registered = @((Get-Item -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Services').GetSubKeyNames())
$service = Get-Service -Name 'DNS' -ErrorAction SilentlyContinue
$said = @{
  witness = [bool]($registered -contains 'RpcSs')
  installed = [bool]($registered -contains 'DNS')
  # 4 is running, 1 stopped; null where this account may not see it.
  status = $null
  server = $null
}
if ($service) {
  $said.status = [int]$service.Status
}
if (-not $said.installed -or $said.status -eq 1) {
  return [pscustomobject]$said
}

$most = 256
$every = @(Read-Server { Get-DnsServerZone })
$zones = @($every | Select-Object -First $most | ForEach-Object {
  $name = [string]$_.ZoneName
  $detail = $null
  $wanted = @($asked.zones | Where-Object { $_.zone -eq $name })
  if ($wanted.Count -gt 0) {
    $zone = Read-Server { Get-DnsServerZone -Name $name }
    $masters = @(@($zone.MasterServers) | Where-Object { $null -ne $_ } | ForEach-Object { [string]$_ })
    $records = $null
    $recordCount = 0
    # A conditional forwarder holds no records.
    if ($zone.ZoneType -ne 'Forwarder' -and $wanted[0].names.Count -gt 0) {
      $names = @($wanted[0].names) + @('*')
      $all = @(Read-Server { Get-DnsServerResourceRecord -ZoneName $name })
      $found = @($all | Where-Object {
        ($names -contains $_.HostName) -or ($_.RecordType -eq 'SOA')
      })
      $recordCount = $found.Count
      $records = @($found | Select-Object -First 1024 | ForEach-Object { Get-PlainData $_ })
    }
    $detail = @{
      # None, Secure or NonsecureAndSecure: a value of the CIM class, in no language.
      updates = [string]$zone.DynamicUpdate
      masters = $masters
      records = $records
      recordCount = [int]$recordCount
    }
  }
  @{
    name = $name.ToLowerInvariant()
    # Primary, Secondary, Stub or Forwarder: a value of the CIM class, in no language.
    type = [string]$_.ZoneType
    integrated = [bool]$_.IsDsIntegrated
    automatic = [bool]$_.IsAutoCreated
    paused = [bool]$_.IsPaused
    shutdown = [bool]$_.IsShutdown
    detail = $detail
  }
})
$forwarder = Read-Server { Get-DnsServerForwarder }
$forwarders = @(@($forwarder.IPAddress) | Where-Object { $null -ne $_ } | ForEach-Object { [string]$_ })
$said.server = @{
  zones = $zones
  zoneCount = [int]$every.Count
  forwarders = $forwarders
  forwarderCount = [int]$forwarders.Count
}
[pscustomobject]$said
