# What domain or workgroup this computer is in and in which role, from CIM (Win32_ComputerSystem), with the product type of
# Win32_OperatingSystem as its witness; its name, now and after a restart that is pending, from the registry. The secure
# channel only where it is asked for: Test-ComputerSecureChannel without -Repair asks Netlogon for the status that it has
# (NETLOGON_CONTROL_TC_QUERY) and changes nothing.
param($asked)
$computer = Get-CimInstance -ClassName Win32_ComputerSystem
$system = Get-CimInstance -ClassName Win32_OperatingSystem
$names = 'HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\ComputerName\ComputerName'
$netlogon = [Microsoft.Win32.Registry]::LocalMachine.OpenSubKey('SYSTEM\CurrentControlSet\Services\Netlogon')
$pending = $false
if ($null -ne $netlogon) {
  # Written by a join, gone after the restart.
  $pending = [bool](@($netlogon.GetValueNames()) -contains 'JoinDomain')
}

$role = [int]$computer.DomainRole
$channel = @{
  asked = $false
  works = $null
  problem = $null
}
# Members only: a domain controller's channel is another matter.
if ($asked.secureChannel -and ($role -eq 1 -or $role -eq 3)) {
  $channel.asked = $true
  try {
    $channel.works = [bool](Test-ComputerSecureChannel)
  } catch {
    $channel.problem = [string]$_.FullyQualifiedErrorId
  }
}

[pscustomobject]@{
  computer = [string]$computer.Name
  hostName = [string]$computer.DNSHostName
  # The name that it will have after a restart.
  nextName = [string][Microsoft.Win32.Registry]::GetValue($names, 'ComputerName', '')
  joined = [bool]$computer.PartOfDomain
  joinPending = $pending
  # Of the workgroup, where it is in none.
  domain = [string]$computer.Domain
  # 0 standalone workstation, 1 member workstation, 2 standalone server, 3 member server, 4 and 5 domain controller.
  role = $role
  # 1 workstation, 2 domain controller, 3 server.
  product = [int]$system.ProductType
  channel = $channel
}
