# Services by their short names: state and start type from the service control manager, delayed start, triggers and logon
# account from its registry key; each account as a SID. Gives a service once for each name, `present` where the service
# control manager listed it, and the accounts asked for as this machine knows them. The check asks for RpcSs as well, which
# every Windows has: an account without rights is shown a shorter list, or none.
param($asked)
Add-Type -AssemblyName System.ServiceProcess

# What a name written by an author stands for here: null where this machine finds no such account.
function Get-Sid([string]$name) {
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

# A SID with the name that it has here: `given` where somebody gave it, as the names of Windows' own accounts (of a relative
# identifier below 1000) are in its language.
function Get-Account($sid) {
  $said = @{
    sid = $sid
    resolved = $false
    given = $null
    displayName = $null
  }
  if ($null -eq $sid) {
    return $said
  }
  try {
    $identifier = New-Object System.Security.Principal.SecurityIdentifier $sid
    $said.displayName = [string]$identifier.Translate([System.Security.Principal.NTAccount]).Value
    $said.resolved = $true
  } catch {
    return $said
  }
  if ($sid -match '^S-1-5-21-[0-9]+-[0-9]+-[0-9]+-([0-9]+)$' -and [int64]$Matches[1] -ge 1000) {
    $said.given = $said.displayName
  }
  return $said
}

# Three names of accounts are constants of the service control manager, the same in every language.
function Get-LogonSid([string]$logon) {
  $constants = @{
    'LocalSystem' = 'S-1-5-18'
    '.\LocalSystem' = 'S-1-5-18'
    'NT AUTHORITY\SYSTEM' = 'S-1-5-18'
    'NT AUTHORITY\LocalService' = 'S-1-5-19'
    'NT AUTHORITY\NetworkService' = 'S-1-5-20'
  }
  if ($constants.ContainsKey($logon)) {
    return $constants[$logon]
  }
  return Get-Sid $logon
}

function Read-Value($key, [string]$name) {
  $value = $key.GetValue($name)
  if ($value -is [int]) {
    return [int]$value
  }
  return $null
}

$registrations = [Microsoft.Win32.Registry]::LocalMachine.OpenSubKey('SYSTEM\CurrentControlSet\Services')

function Read-Registration([string]$name) {
  $said = @{
    found = $false
    denied = $false
    type = $null
    start = $null
    delayed = $false
    triggered = $false
    displayLogon = $null
    account = Get-Account $null
  }
  try {
    $key = $registrations.OpenSubKey($name)
  } catch {
    $said.denied = $true
    return $said
  }
  if ($null -eq $key) {
    return $said
  }
  $said.found = $true
  $said.type = Read-Value $key 'Type'
  $said.start = Read-Value $key 'Start'
  $said.delayed = [bool]((Read-Value $key 'DelayedAutostart') -eq 1)
  $said.triggered = [bool](@($key.GetSubKeyNames()) -contains 'TriggerInfo')
  $logon = $key.GetValue('ObjectName')
  if ($logon -is [string] -and $logon -ne '') {
    $said.displayLogon = [string]$logon
    $said.account = Get-Account (Get-LogonSid $logon)
  }
  $key.Close()
  return $said
}

try {
  $every = @([System.ServiceProcess.ServiceController]::GetServices())
} catch {
  $raised = $_.Exception
  while ($null -ne $raised) {
    # ERROR_ACCESS_DENIED: the service control manager is not open to this account from afar.
    if ($raised -is [System.ComponentModel.Win32Exception] -and $raised.NativeErrorCode -eq 5) {
      throw (New-Object System.UnauthorizedAccessException 'service control manager')
    }
    $raised = $raised.InnerException
  }
  throw
}

$services = @(@($asked.names) | ForEach-Object {
  $name = [string]$_
  $service = $every | Where-Object { $_.ServiceName -eq $name } | Select-Object -First 1
  $said = @{
    asked = $name
    present = [bool]($null -ne $service)
    name = $null
    displayName = $null
    # Whose displayed name this is, where no service has it as its own: the paper took one name for the other.
    displayedBy = $null
    # 1 stopped, 2 starting, 3 stopping, 4 running, 5 continuing, 6 pausing, 7 paused.
    state = $null
    # 2 automatic, 3 manual, 4 disabled; null where this account may not read the configuration.
    start = $null
    registration = Read-Registration $name
  }
  if ($null -eq $service) {
    $other = $every | Where-Object { $_.DisplayName -eq $name } | Select-Object -First 1
    if ($null -ne $other) {
      $said.displayedBy = [string]$other.ServiceName
    }
  }
  if ($null -ne $service) {
    $said.name = [string]$service.ServiceName
    $said.displayName = [string]$service.DisplayName
    $said.state = [int]$service.Status
    try {
      $start = $service.StartType
    } catch {
      $start = $null
    }
    if ($null -ne $start) {
      $said.start = [int]$start
    }
  }
  $said
})

[pscustomobject]@{
  total = [int]$every.Count
  services = $services
  accounts = @(@($asked.accounts) | ForEach-Object {
    @{
      asked = [string]$_
      sid = Get-Sid $_
    }
  })
}
