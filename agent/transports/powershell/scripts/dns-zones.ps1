# Zones of this machine's DNS server, all of them in short; those asked for with their settings and, of their records, the
# names asked for, the wildcard and the SOA that every loaded zone has; and the server's forwarders.
# Read through the DnsServer module: what the server holds, not what it answers. Whether the role is there at all comes from
# the names of the registered services, among which every Windows has RpcSs.
param($asked)

# The module says access denied (5) in an error of its own; anything else goes on as it is. Its commands are functions of a
# module, which do not see the preference of who calls them: each is told to stop at an error.
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
$every = @(Read-Server { Get-DnsServerZone -ErrorAction Stop })
$zones = @($every | Select-Object -First $most | ForEach-Object {
  $each = $_
  $name = [string]$each.ZoneName
  $detail = $null
  $wanted = @($asked.zones | Where-Object { $_.zone -eq $name })
  if ($wanted.Count -gt 0) {
    $zone = Read-Server { Get-DnsServerZone -Name $name -ErrorAction Stop }
    $masters = @(@($zone.MasterServers) | Where-Object { $null -ne $_ } | ForEach-Object { [string]$_ })
    $records = $null
    $recordCount = 0
    $unread = $false
    # A conditional forwarder holds no records.
    if ($zone.ZoneType -ne 'Forwarder' -and $wanted[0].names.Count -gt 0) {
      $names = @($wanted[0].names) + @('*')
      try {
        $all = @(Read-Server { Get-DnsServerResourceRecord -ZoneName $name -ErrorAction Stop })
      } catch [System.UnauthorizedAccessException] {
        throw
      } catch {
        # A zone that is not loaded, or was never transferred: it says nothing of the other zones.
        $all = $null
        $unread = $true
      }
      if ($null -ne $all) {
        $found = @($all | Where-Object {
          ($names -contains $_.HostName) -or ($_.RecordType -eq 'SOA')
        })
        $recordCount = $found.Count
        $records = @($found | Select-Object -First 1024 | ForEach-Object { Get-PlainData $_ })
      }
    }
    $detail = @{
      # None, Secure or NonsecureAndSecure: a value of the CIM class, in no language.
      updates = [string]$zone.DynamicUpdate
      masters = $masters
      records = $records
      recordCount = [int]$recordCount
      unread = [bool]$unread
    }
  }
  @{
    name = $name.ToLowerInvariant()
    # Primary, Secondary, Stub or Forwarder: a value of the CIM class, in no language.
    type = [string]$each.ZoneType
    integrated = [bool]$each.IsDsIntegrated
    automatic = [bool]$each.IsAutoCreated
    paused = [bool]$each.IsPaused
    shutdown = [bool]$each.IsShutdown
    detail = $detail
  }
})
$forwarder = Read-Server { Get-DnsServerForwarder -ErrorAction Stop }
$forwarders = @(@($forwarder.IPAddress) | Where-Object { $null -ne $_ } | ForEach-Object { [string]$_ })
# The server has one object of settings, whatever is in it: without it nothing is known of them.
$forwarderCount = -1
if ($null -ne $forwarder) {
  $forwarderCount = $forwarders.Count
}
$said.server = @{
  zones = $zones
  zoneCount = [int]$every.Count
  forwarders = $forwarders
  forwarderCount = [int]$forwarderCount
}
[pscustomobject]$said
