# Reads the files that hold the settings of one group policy, below the SYSVOL of this domain controller itself, where
# Netlogon's own settings say that it is. Gives whether there is such a policy, whether the Default Domain Policy of every
# domain is there, and each file as its path and base64. No reparse point below the policies is followed.
param($asked)
$guid = '{' + ([string]$asked.guid).ToUpperInvariant() + '}'
$default = '{31B2F340-016D-11D2-945F-00C04FB984F9}'

# 'there', 'absent', 'reparse' or 'denied': Windows' own Exists() says false for what may not be read.
$state = {
  param($path)
  try {
    $attributes = [IO.File]::GetAttributes([string]$path)
  } catch {
    $raised = $_.Exception
    while ($null -ne $raised) {
      if ($raised -is [IO.FileNotFoundException] -or $raised -is [IO.DirectoryNotFoundException]) {
        return 'absent'
      }
      if ($raised -is [UnauthorizedAccessException]) {
        return 'denied'
      }
      $raised = $raised.InnerException
    }
    throw
  }
  if (([int]$attributes -band [int][IO.FileAttributes]::ReparsePoint) -ne 0) {
    return 'reparse'
  }
  return 'there'
}

$said = @{
  sysvol = $false
  domain = $false
  control = $false
  found = $false
  denied = @()
  files = @()
  cut = $false
}
$parameters = 'HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Netlogon\Parameters'
$sysvol = [Microsoft.Win32.Registry]::GetValue($parameters, 'SysVol', $null)
if ($null -eq $sysvol) {
  return [pscustomobject]$said
}
$said.sysvol = $true

# The folder of the domain is a junction of Windows' own, and the only one that is followed.
$domain = [IO.Path]::Combine([string]$sysvol, [string]$asked.domain)
if ((& $state $domain) -eq 'absent') {
  return [pscustomobject]$said
}
$said.domain = $true

# The list itself is read: what is not in it is not there.
$policies = New-Object IO.DirectoryInfo -ArgumentList ([IO.Path]::Combine($domain, 'Policies'))
$policy = $null
$folders = @()
try {
  $folders = $policies.GetDirectories()
} catch [UnauthorizedAccessException] {
  $said.denied = @('Policies')
  return [pscustomobject]$said
}
foreach ($folder in $folders) {
  if ($folder.Name -eq $default) {
    $said.control = $true
  }
  if ($folder.Name -eq $guid) {
    $policy = $folder
  }
}
if ($null -eq $policy) {
  return [pscustomobject]$said
}
$said.found = $true
if ((& $state $policy.FullName) -ne 'there') {
  $said.cut = $true
  return [pscustomobject]$said
}

$denied = New-Object System.Collections.ArrayList
$files = New-Object System.Collections.ArrayList
$size = 4096
foreach ($path in @($asked.files)) {
  # Each folder on the way, then the file.
  $at = $policy.FullName
  $is = 'there'
  foreach ($name in ([string]$path).Split('/')) {
    if ($is -eq 'there') {
      $at = [IO.Path]::Combine($at, $name)
      $is = & $state $at
    }
  }
  if ($is -eq 'reparse') {
    $said.cut = $true
  }
  if ($is -eq 'denied') {
    [void]$denied.Add([string]$path)
  }
  if ($is -eq 'there') {
    $file = New-Object IO.FileInfo -ArgumentList $at
    $long = [Math]::Ceiling($file.Length / 3) * 4 + ([string]$path).Length + 64
    if ($size + $long -gt [int64]$asked.maxBytes) {
      $said.cut = $true
    } else {
      try {
        $content = [Convert]::ToBase64String([IO.File]::ReadAllBytes($at))
        $size = $size + $content.Length + ([string]$path).Length + 64
        [void]$files.Add(@{
          path = [string]$path
          content = $content
        })
      } catch [UnauthorizedAccessException] {
        [void]$denied.Add([string]$path)
      }
    }
  }
}
$said.denied = @($denied.ToArray())
$said.files = @($files.ToArray())
[pscustomobject]$said
