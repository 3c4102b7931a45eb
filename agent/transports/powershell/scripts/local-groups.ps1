# Members of local groups, named by SID or by name: the groups from CIM (Win32_Group), the members through ADSI's WinNT
# provider, which unlike Get-LocalGroupMember gives members whose account is gone as well. Direct members only, as SIDs. Gives
# nothing of a domain controller, which has no local groups of its own. The check asks for Administrators (S-1-5-32-544) as
# well, of which the machine's own administrator cannot be removed.
param($asked)
$most = 512

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

function Get-Property($member, [string]$name) {
  try {
    return $member.GetType().InvokeMember($name, [Reflection.BindingFlags]::GetProperty, $null, $member, $null)
  } catch {
    return $null
  }
}

function Get-MemberSid($member) {
  $bytes = [byte[]](Get-Property $member 'objectSid')
  if ($null -ne $bytes -and $bytes.Length -ge 8) {
    $identifier = New-Object System.Security.Principal.SecurityIdentifier -ArgumentList $bytes, 0
    return [string]$identifier.Value
  }
  # A member whose account is gone goes by its SID.
  $name = [string](Get-Property $member 'Name')
  if ($name -match '^S-1-[0-9-]+$') {
    return $name
  }
  # The provider may ask a domain controller for the SID, as this account, which it may not from afar; the path is at hand, and
  # its last two parts are what the machine itself makes of the SID: WinNT://DOMAIN/name, WinNT://DOMAIN/MACHINE/name.
  $parts = @(([string](Get-Property $member 'ADsPath')).Split('/'))
  if ($parts.Count -ge 4) {
    return Get-Sid ($parts[-2] + '\' + $parts[-1])
  }
  return $null
}

$role = [int](Get-CimInstance -ClassName Win32_ComputerSystem).DomainRole
$said = @{
  role = $role
  administrator = $null
  groupTotal = 0
  groups = @()
  accounts = @()
}
if ($role -ge 4) {
  return [pscustomobject]$said
}

$own = @(Get-CimInstance -ClassName Win32_UserAccount -Filter 'LocalAccount = TRUE' | Where-Object { ([string]$_.SID).EndsWith('-500') })
if ($own.Count -eq 1) {
  $said.administrator = [string]$own[0].SID
}
$every = @(Get-CimInstance -ClassName Win32_Group -Filter 'LocalAccount = TRUE')
$said.groupTotal = [int]$every.Count
$machine = New-Object System.DirectoryServices.DirectoryEntry 'WinNT://.,computer'
$said.groups = @(@($asked.groups) | ForEach-Object {
  $wanted = [string]$_
  # A group may have been given the SID of another as its name.
  if ($wanted -match '^S-1-') {
    $group = $every | Where-Object { $_.SID -eq $wanted } | Select-Object -First 1
  } else {
    $group = $every | Where-Object { $_.Name -eq $wanted } | Select-Object -First 1
  }
  $one = @{
    asked = $wanted
    found = [bool]($null -ne $group)
    sid = $null
    displayName = $null
    total = 0
    members = @()
  }
  if ($null -ne $group) {
    $one.sid = [string]$group.SID
    $one.displayName = [string]$group.Name
    try {
      $entry = $machine.psbase.Children.Find([string]$group.Name, 'group')
      $members = @($entry.psbase.Invoke('Members') | ForEach-Object { $_ })
    } catch {
      # E_ACCESSDENIED, as COM says it inside an exception of another kind.
      $raised = $_.Exception.GetBaseException()
      if ([int]$raised.HResult -eq -2147024891) {
        throw (New-Object System.UnauthorizedAccessException 'WinNT')
      }
      throw
    }
    $one.total = [int]$members.Count
    $one.members = @($members | Select-Object -First $most | ForEach-Object {
      @{
        # User or Group: a class of the schema, in no language.
        class = [string](Get-Property $_ 'Class')
        account = Get-Account (Get-MemberSid $_)
      }
    })
  }
  $one
})
$said.accounts = @(@($asked.accounts) | ForEach-Object {
  @{
    asked = [string]$_
    sid = Get-Sid $_
  }
})
[pscustomobject]$said
