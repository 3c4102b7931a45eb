# Accounts by their names or SIDs: the SID, and on a domain controller the SIDs of all groups that the account is in, through other
# groups too, as the directory works them out (tokenGroups); likewise the groups that everybody is in. On a machine that is no
# domain controller, whether the account is one of its own. « krbtgt », which every domain has, is looked up too, and its groups
# are read: it is in a domain local one from the beginning. Three groups of the domain go by keywords. Changes nothing.
param($asked)

$most = 1024
$role = [int](Get-CimInstance -ClassName Win32_ComputerSystem).DomainRole
$directory = [bool]($role -ge 4)
$noSuchObject = -2147016656

# Groups that every domain has, by the end of their SIDs: what they are called depends on the language.
$relative = @{
  'domain-admins' = '-512'
  'domain-users' = '-513'
  'domain-guests' = '-514'
}
$sidOf = {
  param($name)
  $full = [string]$name
  if ($relative.ContainsKey($full)) {
    if ($null -eq $witness) {
      return $null
    }
    return $witness.Substring(0, $witness.LastIndexOf('-')) + $relative[$full]
  }
  if ($full.StartsWith('S-1-')) {
    return $full
  }
  # A dot stands for this machine.
  if ($full.StartsWith('.\')) {
    $full = $env:COMPUTERNAME + $full.Substring(1)
  }
  $account = New-Object System.Security.Principal.NTAccount $full
  try {
    [string]$account.Translate([System.Security.Principal.SecurityIdentifier]).Value
  } catch [System.Security.Principal.IdentityNotMappedException] {
    $null
  }
}

# The object of this SID in the directory of this very machine.
$objectOf = {
  param($sid)
  New-Object System.DirectoryServices.DirectoryEntry ('LDAP://' + $env:COMPUTERNAME + '/<SID=' + $sid + '>')
}

# Only asked where there may be accounts of the machine itself.
$local = @()
if (-not $directory) {
  $local = @(Get-LocalUser | ForEach-Object { [string]$_.SID.Value })
  $local = $local + @(Get-LocalGroup | ForEach-Object { [string]$_.SID.Value })
}

$witness = $null
$witness = & $sidOf 'krbtgt'
$accounts = New-Object System.Collections.ArrayList
foreach ($name in @($asked.accounts)) {
  $sid = & $sidOf $name
  $kind = $null
  $groups = $null
  $problem = $null
  if (($null -ne $sid) -and $directory) {
    try {
      $entry = & $objectOf $sid
      $entry.RefreshCache([string[]]@('objectClass', 'tokenGroups'))
      $classes = @($entry.Properties['objectClass'] | ForEach-Object { [string]$_ })
      $kind = $classes[-1]
      $groups = New-Object System.Collections.ArrayList
      foreach ($bytes in $entry.Properties['tokenGroups']) {
        $group = New-Object System.Security.Principal.SecurityIdentifier -ArgumentList ([byte[]]$bytes), 0
        [void]$groups.Add([string]$group.Value)
      }
      $groups = @($groups.ToArray())
      if ($kind -eq 'group') {
        $entry.RefreshCache([string[]]@('groupType'))
        # The sign of the number says that it is a security group; one for mail only stands in no token.
        if ([int]$entry.Properties['groupType'][0] -ge 0) {
          $kind = 'distribution'
        }
      }
    } catch {
      $groups = $null
      $problem = [string]$_.Exception.GetType().FullName
    }
  }
  $total = 0
  if ($null -ne $groups) {
    $total = @($groups).Count
    $groups = @($groups | Select-Object -First $most)
  }
  [void]$accounts.Add(@{
    name = [string]$name
    sid = $sid
    kind = $kind
    local = [bool]($local -contains $sid)
    total = $total
    groups = $groups
    problem = $problem
  })
}

# Everyone, Authenticated Users and Network may have been put into groups of the domain.
$common = $null
$nested = $false
if ($directory) {
  try {
    $common = New-Object System.Collections.ArrayList
    foreach ($sid in @('S-1-1-0', 'S-1-5-11', 'S-1-5-2')) {
      try {
        $searcher = New-Object System.DirectoryServices.DirectorySearcher (& $objectOf $sid)
        $searcher.Filter = '(objectClass=group)'
        $searcher.SearchScope = [System.DirectoryServices.SearchScope]::Base
        $searcher.AttributeScopeQuery = 'memberOf'
        [void]$searcher.PropertiesToLoad.AddRange([string[]]@('objectSid', 'memberOf'))
        foreach ($found in $searcher.FindAll()) {
          $group = New-Object System.Security.Principal.SecurityIdentifier -ArgumentList ([byte[]]$found.Properties['objectsid'][0]), 0
          [void]$common.Add([string]$group.Value)
          if ($found.Properties['memberof'].Count -gt 0) {
            $nested = $true
          }
        }
      } catch {
        # It has no object where nobody ever put it into a group.
        if ([int]$_.Exception.GetBaseException().HResult -ne $noSuchObject) {
          throw
        }
      }
    }
    $common = @($common.ToArray())
  } catch {
    $common = $null
  }
}
$commonTotal = 0
if ($null -ne $common) {
  $commonTotal = @($common).Count
}

$witnessGroups = @()
if (($null -ne $witness) -and $directory) {
  try {
    $entry = & $objectOf $witness
    $entry.RefreshCache([string[]]@('tokenGroups'))
    $witnessGroups = @($entry.Properties['tokenGroups'] | ForEach-Object {
      $group = New-Object System.Security.Principal.SecurityIdentifier -ArgumentList ([byte[]]$_), 0
      [string]$group.Value
    } | Select-Object -First $most)
  } catch {
    $witnessGroups = @()
  }
}
$me = New-Object System.Security.Principal.WindowsPrincipal ([System.Security.Principal.WindowsIdentity]::GetCurrent())
@{
  administrator = [bool]$me.IsInRole((New-Object System.Security.Principal.SecurityIdentifier 'S-1-5-32-544'))
  role = $role
  # How many accounts and groups the machine has of its own.
  localTotal = $local.Count
  witness = $witness
  witnessGroups = $witnessGroups
  count = $accounts.Count
  accounts = @($accounts.ToArray())
  commonTotal = $commonTotal
  common = $common
  nested = $nested
}
