# How many events of one provider and number a channel holds, in a window of the last hours by this machine's own clock, and
# how far the channel reaches back: whether it exists and is enabled, its oldest record. Read with Get-WinEvent, by names and
# numbers, never by text. The channel System, which every Windows has, is the witness of a channel that does not exist. The
# oldest record is read without a filter, as a filter on a channel that is closed to this account finds nothing without a word.
param($asked)
$most = 1000

function Get-Channel([string]$name) {
  try {
    return Get-WinEvent -ListLog $name
  } catch {
    $id = [string]$_.FullyQualifiedErrorId
    if ($id -like 'NoMatchingLogsFound,*') {
      return $null
    }
    if ($_.Exception.GetBaseException() -is [UnauthorizedAccessException]) {
      throw (New-Object System.UnauthorizedAccessException 'event log')
    }
    throw
  }
}

function Get-Moment($record) {
  if ($null -eq $record -or $null -eq $record.TimeCreated) {
    return $null
  }
  return $record.TimeCreated.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ssZ')
}

$now = [DateTime]::UtcNow
$channel = Get-Channel $asked.channel
$said = @{
  witness = [bool]($null -ne (Get-Channel 'System'))
  exists = [bool]($null -ne $channel)
  enabled = $false
  # 0 overwrites its oldest records, 1 archives them, 2 stops when it is full.
  mode = $null
  full = $false
  records = $null
  oldestNumber = $null
  oldest = $null
  cleared = $false
  now = $now.ToString('yyyy-MM-ddTHH:mm:ssZ')
  since = $null
  providerKnown = $true
  found = 0
  cut = $false
  unreadable = 0
  events = @()
}
if ($null -eq $channel) {
  return [pscustomobject]$said
}
$said.enabled = [bool]$channel.IsEnabled
$said.mode = [int]$channel.LogMode
$said.full = [bool]$channel.IsLogFull
if ($null -ne $channel.RecordCount) {
  $said.records = [int64]$channel.RecordCount
}
if ($null -ne $channel.OldestRecordNumber) {
  $said.oldestNumber = [int64]$channel.OldestRecordNumber
}
$oldest = @(Get-WinEvent -LogName $asked.channel -Oldest -MaxEvents 1 -ErrorAction SilentlyContinue)
if ($oldest.Count -gt 0) {
  $said.oldest = Get-Moment $oldest[0]
  # Security says itself that it was emptied, of the others System does, with their names: whether one that was counts its
  # records from one again is nowhere written.
  $said.cleared = [bool]([int]$oldest[0].Id -eq 1102 -and [string]$oldest[0].ProviderName -eq 'Microsoft-Windows-Eventlog')
}
$emptied = @{
  LogName = 'System'
  Id = 104
}
foreach ($record in @(Get-WinEvent -FilterHashtable $emptied -MaxEvents 64 -ErrorAction SilentlyContinue)) {
  if (@($record.Properties | ForEach-Object { [string]$_.Value }) -contains [string]$asked.channel) {
    $said.cleared = $true
  }
}

# For people only: the events are told apart by their provider afterwards, as a filter by one that is not registered, or whose
# description names no such channel (forwarded events; Winlogon in Application), is an invalid query to Get-WinEvent.
try {
  $provider = Get-WinEvent -ListProvider $asked.provider
  $said.providerKnown = [bool]($null -ne $provider)
} catch {
  # One whose description is broken is registered all the same.
  $said.providerKnown = [bool]([string]$_.FullyQualifiedErrorId -notlike 'NoMatchingProvidersFound,*')
}

$filter = @{
  LogName = [string]$asked.channel
  Id = [int]$asked.id
}
if (@($asked.levels).Count -gt 0) {
  $filter.Level = @($asked.levels | ForEach-Object { [int]$_ })
}
$since = $null
if ($null -ne $asked.hours) {
  $since = $now - [TimeSpan]::FromSeconds(3600 * [int]$asked.hours)
  $said.since = $since.ToString('yyyy-MM-ddTHH:mm:ssZ')
  # As text with its zone: the cmdlet makes a text of a date and reads that as local time, whatever the date was of.
  $filter.StartTime = $said.since
}
$read = @(Get-WinEvent -FilterHashtable $filter -MaxEvents $most -ErrorAction SilentlyContinue -ErrorVariable problems)
$said.cut = [bool]($read.Count -ge $most)
$ids = @($problems | ForEach-Object { ([string]$_.FullyQualifiedErrorId).Split(',')[0] })
$said.unreadable = [int]@($ids | Where-Object { $_ -ne 'NoMatchingEventsFound' }).Count

$found = @($read | Where-Object { [string]$_.ProviderName -eq $asked.provider })
if ($null -ne $since) {
  # Whatever the filter made of the window.
  $found = @($found | Where-Object { $null -ne $_.TimeCreated -and $_.TimeCreated.ToUniversalTime() -ge $since })
}
if ($null -ne $asked.computer) {
  $found = @($found | Where-Object { [string]$_.MachineName -eq $asked.computer -or ([string]$_.MachineName).Split('.')[0] -eq $asked.computer })
}
$said.found = [int]$found.Count
$said.events = @($found | Select-Object -First 10 | ForEach-Object {
  $level = $null
  if ($null -ne $_.Level) {
    $level = [int]$_.Level
  }
  @{
    number = [int64]$_.RecordId
    at = Get-Moment $_
    level = $level
    computer = [string]$_.MachineName
  }
})
[pscustomobject]$said
