# What machine this is and what the asking account may do there: the lightest question there is.
# Read from CIM (Win32_OperatingSystem, Win32_ComputerSystem) and from the account's own token.
param($asked)
$system = Get-CimInstance -ClassName Win32_OperatingSystem
$computer = Get-CimInstance -ClassName Win32_ComputerSystem
$identity = [Security.Principal.WindowsIdentity]::GetCurrent()
$administrators = New-Object Security.Principal.SecurityIdentifier 'S-1-5-32-544'
$principal = New-Object Security.Principal.WindowsPrincipal $identity
[pscustomobject]@{
  computer = [string]$computer.Name
  version = [string]$system.Version
  # 1033 is English, 1036 French.
  language = [int]$system.OSLanguage
  # 1 workstation, 2 domain controller, 3 server.
  product = [int]$system.ProductType
  powershell = [string]$PSVersionTable.PSVersion
  account = [string]$identity.User.Value
  administrator = [bool]$principal.IsInRole($administrators)
}
