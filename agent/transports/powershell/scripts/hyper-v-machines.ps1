# Virtual machines of this machine's Hyper-V: all of them in short, those asked for with their network adapters, disks and
# checkpoints; and its virtual switches. Read through the Hyper-V module. Hyper-V shows an account without rights fewer
# machines and no error, so whether this account is an administrator of it (S-1-5-32-544, S-1-5-32-578) is said as well, and
# how many computer systems its CIM namespace holds, of which the host itself is one. Whether the role is there at all comes
# from the names of the registered services, among which every Windows has RpcSs.
param($asked)

# Refusals have a category of their own, in no language; anything else goes on as it is.
function Read-Hypervisor($question) {
  try {
    & $question
  } catch {
    if ([string]$_.CategoryInfo.Category -eq 'PermissionDenied') {
      throw (New-Object System.UnauthorizedAccessException 'Hyper-V refuses this account')
    }
    throw
  }
}

$registered = @((Get-Item -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Services').GetSubKeyNames())
$service = Get-Service -Name 'vmms' -ErrorAction SilentlyContinue
$principal = New-Object Security.Principal.WindowsPrincipal ([Security.Principal.WindowsIdentity]::GetCurrent())
$administrators = New-Object Security.Principal.SecurityIdentifier 'S-1-5-32-544'
$virtualisation = New-Object Security.Principal.SecurityIdentifier 'S-1-5-32-578'
$said = @{
  witness = [bool]($registered -contains 'RpcSs')
  installed = [bool]($registered -contains 'vmms')
  # 4 is running, 1 stopped; null where this account may not see it.
  status = $null
  administrator = [bool]($principal.IsInRole($administrators) -or $principal.IsInRole($virtualisation))
  host = $null
}
if ($service) {
  $said.status = [int]$service.Status
}
if (-not $said.installed -or $said.status -eq 1) {
  return [pscustomobject]$said
}

$most = 256
$hyperV = Read-Hypervisor { Get-VMHost }
$systems = @(Get-CimInstance -Namespace 'root\virtualization\v2' -ClassName Msvm_ComputerSystem -Property Name)
$switches = @(Read-Hypervisor { Get-VMSwitch })
$every = @(Read-Hypervisor { Get-VM })
$wanted = @($asked.names)
$machines = @($every | Select-Object -First $most | ForEach-Object {
  $machine = $_
  $detail = $null
  if ($wanted -contains $machine.Name) {
    $adapters = @(Get-VMNetworkAdapter -VM $machine)
    $drives = @(Get-VMHardDiskDrive -VM $machine)
    $checkpoints = @(Get-VMSnapshot -VM $machine)
    $detail = @{
      generation = [int]$machine.Generation
      processors = [int]$machine.ProcessorCount
      memoryStartup = [int64]$machine.MemoryStartup
      memoryDynamic = [bool]$machine.DynamicMemoryEnabled
      memoryMinimum = [int64]$machine.MemoryMinimum
      memoryMaximum = [int64]$machine.MemoryMaximum
      adapters = @($adapters | Select-Object -First $most | ForEach-Object {
        $adapter = $_
        $vlan = $adapter.VlanSetting
        $connected = @($switches | Where-Object { $_.Id -eq $adapter.SwitchId })
        $kind = $null
        if ($connected.Count -eq 1) {
          $kind = [string]$connected[0].SwitchType
        }
        @{
          mac = [string]$adapter.MacAddress
          # Empty where the adapter is connected to none.
          switch = [string]$adapter.SwitchName
          # Private, Internal or External: a name of the enumeration, in no language.
          switchType = $kind
          # Untagged, Access, Trunk or Private: likewise.
          vlanMode = [string]$vlan.OperationMode
          vlan = [int]$vlan.AccessVlanId
          trunk = @(@($vlan.AllowedVlanIdList) | Where-Object { $null -ne $_ } | ForEach-Object { [int]$_ })
          displayName = [string]$adapter.Name
        }
      })
      adapterCount = [int]$adapters.Count
      disks = @($drives | Select-Object -First $most | ForEach-Object {
        $drive = $_
        $size = $null
        $kind = $null
        try {
          $disk = Get-VHD -Path $drive.Path
          $size = [int64]$disk.Size
          $kind = [string]$disk.VhdType
        } catch {
          # A physical disk, or a file that is not there: its size is not known.
          $size = $null
        }
        @{
          path = [string]$drive.Path
          size = $size
          # Fixed, Dynamic or Differencing: a name of the enumeration.
          type = $kind
        }
      })
      diskCount = [int]$drives.Count
      checkpoints = @($checkpoints | Select-Object -First $most | ForEach-Object {
        @{
          name = [string]$_.Name
          # Standard is what a person makes; Recovery and the replicas are Hyper-V's own.
          type = [string]$_.SnapshotType
          # Hyper-V of Windows 10 and 11 makes one at each start; no such property before.
          automatic = [bool]$_.IsAutomaticCheckpoint
        }
      })
      checkpointCount = [int]$checkpoints.Count
    }
  }
  @{
    name = [string]$machine.Name
    # Running, Off, Saved, Paused and others: a name of the enumeration.
    state = [string]$machine.State
    detail = $detail
  }
})
$said.host = @{
  processors = [int]$hyperV.LogicalProcessorCount
  systemCount = [int]$systems.Count
  machines = $machines
  machineCount = [int]$every.Count
}
[pscustomobject]$said
