# Roles and features by their ServerManager names, installed or not, from Get-WindowsFeature: the only source that knows the
# names of those that are not installed (Win32_ServerFeature is deprecated and gives numbers of the installed ones; the
# registry's ServerComponentCache is only as fresh as the last look). It takes seconds, so all names are asked for at once.
# The check asks for Storage-Services as well, which is installed on every server and cannot be removed.
param($asked)

# The cmdlet needs an administrator, and its own refusal says so in a sentence only.
$identity = [Security.Principal.WindowsIdentity]::GetCurrent()
$administrators = New-Object Security.Principal.SecurityIdentifier 'S-1-5-32-544'
$principal = New-Object Security.Principal.WindowsPrincipal $identity
if (-not $principal.IsInRole($administrators)) {
  throw (New-Object System.UnauthorizedAccessException 'Get-WindowsFeature')
}

$every = @(Get-WindowsFeature)
$features = @(@($asked.names) | ForEach-Object {
  $name = [string]$_
  $feature = $every | Where-Object { $_.Name -eq $name } | Select-Object -First 1
  $said = @{
    asked = $name
    found = [bool]($null -ne $feature)
    displayName = $null
    installed = $null
    # Name of an enumeration's member, in no language: Available, Installed, Removed, InstallPending, UninstallPending.
    state = $null
  }
  if ($null -ne $feature) {
    $said.displayName = [string]$feature.DisplayName
    $said.installed = [bool]$feature.Installed
    $said.state = [string]$feature.InstallState
  }
  $said
})

[pscustomobject]@{
  total = [int]$every.Count
  features = $features
}
