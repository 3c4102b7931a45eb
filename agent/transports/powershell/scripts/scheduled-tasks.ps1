# Scheduled tasks by their names, in whatever folder, from the Task Scheduler itself (COM object Schedule.Service): the XML that
# it keeps, which is the same in every language, whether it may run, how it ended last, and whom it runs as, by SID. All folders
# are gone through, so that four tasks that Windows brings along show whether this account is shown tasks of others.
param($asked)

$mostTasks = 64
$mostSeen = 5000
$longest = 65536
$invariant = [System.Globalization.CultureInfo]::InvariantCulture
$witnesses = @(
  '\Microsoft\Windows\Servicing\StartComponentCleanup'
  '\Microsoft\Windows\Time Synchronization\SynchronizeTime'
  '\Microsoft\Windows\Defrag\ScheduledDefrag'
  '\Microsoft\Windows\Registry\RegIdleBackup'
)

function Get-Sid([string]$name) {
  if ($name.StartsWith('S-1-')) {
    return $name
  }
  # The service's own names for these three, the same in every language.
  $constants = @{
    'SYSTEM' = 'S-1-5-18'
    'LocalSystem' = 'S-1-5-18'
    'LOCAL SERVICE' = 'S-1-5-19'
    'LOCALSERVICE' = 'S-1-5-19'
    'NETWORK SERVICE' = 'S-1-5-20'
    'NETWORKSERVICE' = 'S-1-5-20'
  }
  if ($constants.ContainsKey($name)) {
    return $constants[$name]
  }
  if ($name.StartsWith('.\')) {
    $name = [Environment]::MachineName + $name.Substring(1)
  }
  try {
    $account = New-Object System.Security.Principal.NTAccount $name
    return [string]$account.Translate([System.Security.Principal.SecurityIdentifier]).Value
  } catch {
    return $null
  }
}

# `given` is a name that somebody gave: those of Windows' own accounts are in its language.
function Get-Account([string]$name) {
  $said = @{
    sid = $null
    resolved = $false
    given = $null
    displayName = $null
  }
  if ($name -eq '') {
    return $said
  }
  $said.sid = Get-Sid $name
  if ($null -eq $said.sid) {
    return $said
  }
  try {
    $identifier = New-Object System.Security.Principal.SecurityIdentifier $said.sid
    $said.displayName = [string]$identifier.Translate([System.Security.Principal.NTAccount]).Value
    $said.resolved = $true
  } catch {
    return $said
  }
  if ($said.sid -match '^S-1-5-21-[0-9]+-[0-9]+-[0-9]+-([0-9]+)$' -and [int64]$Matches[1] -ge 1000) {
    $said.given = $said.displayName
  }
  return $said
}

# Times that are written for all time zones, as this machine's clock shows them.
function Get-LocalTimes([string]$xml) {
  foreach ($found in [regex]::Matches($xml, '<(?:Start|End)Boundary>([^<]{19,40})</')) {
    $written = [string]$found.Groups[1].Value
    if ($written -match '(Z|[+-][0-9][0-9]:[0-9][0-9])$') {
      try {
        $moment = [System.DateTimeOffset]::Parse($written, $invariant)
        @{
          written = $written
          local = [string]$moment.LocalDateTime.ToString('yyyy-MM-ddTHH:mm:ss', $invariant)
        }
      } catch {
        continue
      }
    }
  }
}

function Read-Task($task) {
  $xml = [string]$task.Xml
  $principal = ''
  if ($xml.Length -le $longest) {
    $document = [xml]$xml
    foreach ($element in @($document.GetElementsByTagName('Principal'))) {
      foreach ($child in $element.ChildNodes) {
        if (($child.LocalName -eq 'UserId') -or ($child.LocalName -eq 'GroupId')) {
          $principal = [string]$child.InnerText
        }
      }
    }
  } else {
    $xml = $null
  }
  $times = @()
  if ($null -ne $xml) {
    $times = @(Get-LocalTimes $xml)
  }
  @{
    path = [string]$task.Path
    enabled = [bool]$task.Enabled
    # 1 disabled, 2 queued, 3 ready, 4 running.
    state = [int]$task.State
    lastRun = [string]([datetime]$task.LastRunTime).ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ssZ', $invariant)
    lastResult = [int]$task.LastTaskResult
    xml = $xml
    timeCount = $times.Count
    times = $times
    account = Get-Account $principal
  }
}

$service = New-Object -ComObject 'Schedule.Service'
try {
  $service.Connect()
  $root = $service.GetFolder('\')
} catch {
  if ([int]$_.Exception.GetBaseException().HResult -eq -2147024891) {
    throw (New-Object System.UnauthorizedAccessException 'Schedule.Service')
  }
  throw
}

$names = @($asked.names)
$waiting = New-Object System.Collections.Queue
$waiting.Enqueue($root)
$tasks = New-Object System.Collections.ArrayList
$matching = 0
$total = 0
$known = 0
$closed = 0
while (($waiting.Count -gt 0) -and ($total -lt $mostSeen)) {
  $folder = $waiting.Dequeue()
  try {
    foreach ($inside in $folder.GetFolders(0)) {
      $waiting.Enqueue($inside)
    }
    # 1: hidden ones too.
    $here = @($folder.GetTasks(1))
  } catch {
    $closed = $closed + 1
    continue
  }
  foreach ($task in $here) {
    $total = $total + 1
    if ($witnesses -contains [string]$task.Path) {
      $known = $known + 1
    }
    if ($names -contains [string]$task.Name) {
      $matching = $matching + 1
      if ($tasks.Count -lt $mostTasks) {
        [void]$tasks.Add((Read-Task $task))
      }
    }
  }
}

$now = [datetime]::Now
$me = New-Object System.Security.Principal.WindowsPrincipal ([System.Security.Principal.WindowsIdentity]::GetCurrent())
@{
  administrator = [bool]$me.IsInRole((New-Object System.Security.Principal.SecurityIdentifier 'S-1-5-32-544'))
  total = $total
  # How many of the four tasks that Windows brings along were seen.
  witnesses = $known
  # Folders that could not be looked into, or were not reached.
  closed = $closed + $waiting.Count
  now = [string]$now.ToString('yyyy-MM-ddTHH:mm:ss', $invariant)
  count = $matching
  tasks = @($tasks.ToArray())
  variables = @{
    systemroot = [string]$env:SystemRoot
    windir = [string]$env:windir
    systemdrive = [string]$env:SystemDrive
    programfiles = [string]$env:ProgramFiles
    'programfiles(x86)' = [string]${env:ProgramFiles(x86)}
    programdata = [string]$env:ProgramData
    allusersprofile = [string]$env:ALLUSERSPROFILE
    comspec = [string]$env:ComSpec
  }
  accounts = @(@($asked.accounts) | ForEach-Object {
    @{
      asked = [string]$_
      sid = Get-Sid ([string]$_)
    }
  })
}
