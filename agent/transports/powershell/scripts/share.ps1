# SMB shares of this machine by their names, from MSFT_SmbShare: path, kind, and the access lists of the share itself and of
# its folder, each entry as numbers and a SID; of the groups of this machine that stand in these lists, the members.
# IPC$ and ADMIN$ are looked for too: every machine has the first, nearly every one the second. Changes nothing.
param($asked)

$most = 1024

# An access list as the security descriptor has it, in its order.
$accessList = {
  param($sddl)
  $descriptor = New-Object System.Security.AccessControl.RawSecurityDescriptor ([string]$sddl)
  $list = $descriptor.DiscretionaryAcl
  $entries = New-Object System.Collections.ArrayList
  $total = 0
  foreach ($entry in $list) {
    $total = $total + 1
    if ($entries.Count -lt $most) {
      $mask = $null
      $sid = $null
      if ($entry -is [System.Security.AccessControl.KnownAce]) {
        $mask = [int]$entry.AccessMask
        $sid = [string]$entry.SecurityIdentifier.Value
      }
      [void]$entries.Add(@{
        type = [int]$entry.AceType
        flags = [int]$entry.AceFlags
        mask = $mask
        sid = $sid
      })
    }
  }
  $owner = $null
  if ($null -ne $descriptor.Owner) {
    $owner = [string]$descriptor.Owner.Value
  }
  @{
    owner = $owner
    # No list at all grants everything to everybody; an empty one grants nothing.
    unlimited = [bool]($null -eq $list)
    total = $total
    entries = @($entries.ToArray())
  }
}

# SMB says « access denied » with a number of its own.
try {
  $all = @(Get-CimInstance -Namespace 'ROOT/Microsoft/Windows/SMB' -ClassName MSFT_SmbShare)
} catch [Microsoft.Management.Infrastructure.CimException] {
  if ([int]$_.Exception.NativeErrorCode -eq 2) {
    throw (New-Object System.UnauthorizedAccessException ([string]$_.Exception.Message))
  }
  throw
}

$names = @($asked.names) + @('IPC$', 'ADMIN$')
$shares = New-Object System.Collections.ArrayList
$standing = New-Object System.Collections.ArrayList
foreach ($share in @($all | Where-Object { $names -contains $_.Name })) {
  if ($shares.Count -ge $most) {
    break
  }
  $permissions = $null
  if (-not [string]::IsNullOrEmpty([string]$share.SecurityDescriptor)) {
    $permissions = & $accessList $share.SecurityDescriptor
  }
  $folder = $null
  $problem = $null
  # The witnesses are looked at by their names only.
  if ((-not [string]::IsNullOrEmpty([string]$share.Path)) -and (@($asked.names) -contains $share.Name)) {
    try {
      $folder = & $accessList (Get-Acl -LiteralPath ([string]$share.Path)).Sddl
    } catch {
      $problem = [string]$_.Exception.GetType().FullName
    }
  }
  foreach ($list in @($permissions, $folder)) {
    if ($null -ne $list) {
      $standing.AddRange(@($list.entries | ForEach-Object { [string]$_.sid }))
      [void]$standing.Add([string]$list.owner)
    }
  }
  [void]$shares.Add(@{
    name = [string]$share.Name
    scope = [string]$share.ScopeName
    type = [int]$share.ShareType
    special = [bool]$share.Special
    path = [string]$share.Path
    permissions = $permissions
    folder = $folder
    problem = $problem
  })
}

# A domain controller has no groups of its own beside those of the domain.
$role = [int](Get-CimInstance -ClassName Win32_ComputerSystem).DomainRole
$groups = $null
if ($role -lt 4) {
  try {
    $groups = New-Object System.Collections.ArrayList
    foreach ($group in @(Get-LocalGroup | Where-Object { $standing -contains $_.SID.Value })) {
      $members = $null
      $total = 0
      try {
        $every = @(Get-LocalGroupMember -SID $group.SID | ForEach-Object { [string]$_.SID.Value })
        $total = $every.Count
        $members = @($every | Select-Object -First $most)
      } catch {
        # One member that no longer exists is enough for Windows to refuse the whole list.
        $members = $null
      }
      [void]$groups.Add(@{
        sid = [string]$group.SID.Value
        total = $total
        members = $members
      })
    }
    $groups = @($groups.ToArray())
  } catch {
    $groups = $null
  }
}
$numberOfGroups = 0
if ($null -ne $groups) {
  $numberOfGroups = @($groups).Count
}

$me = New-Object System.Security.Principal.WindowsPrincipal ([System.Security.Principal.WindowsIdentity]::GetCurrent())
@{
  administrator = [bool]$me.IsInRole((New-Object System.Security.Principal.SecurityIdentifier 'S-1-5-32-544'))
  role = $role
  total = $all.Count
  count = $shares.Count
  shares = @($shares.ToArray())
  groupCount = $numberOfGroups
  groups = $groups
}
