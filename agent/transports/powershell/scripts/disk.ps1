# Volumes that have a drive letter, the partitions that carry them and the disks of this machine, from the classes of
# ROOT/Microsoft/Windows/Storage (MSFT_Volume, MSFT_Partition, MSFT_Disk). The drive that Windows started from is always among
# them. Only numbers, names of file systems and labels; changes nothing. A volume that BitLocker keeps locked looks like one that
# was never formatted: which are, comes from BitLocker's own class (Win32_EncryptableVolume).
param($asked)

$most = 128
$space = 'ROOT/Microsoft/Windows/Storage'

# No letter is a NUL character.
$letterOf = {
  param($value)
  ([string]$value).Trim([char]0, [char]32)
}

# Protection that is unknown (2) is that of a locked volume. Without BitLocker there is no such namespace
# (WBEM_E_INVALID_NAMESPACE), and nothing here that locks or opens a volume; whatever else is wrong leaves it unknown.
$encrypted = $null
$encryption = 'ROOT/CIMV2/Security/MicrosoftVolumeEncryption'
try {
  $encrypted = @(Get-CimInstance -Namespace $encryption -ClassName Win32_EncryptableVolume)
} catch {
  if ([string]$_.FullyQualifiedErrorId -like 'HRESULT 0x8004100e,*') {
    $encrypted = @()
  }
}
$isLocked = {
  param($letter)
  if ($null -eq $encrypted) {
    return $null
  }
  $found = @($encrypted | Where-Object { ([string]$_.DriveLetter).TrimEnd(':') -eq $letter })
  [bool](@($found | Where-Object { [int]$_.ProtectionStatus -eq 2 }).Count -gt 0)
}

$volumes = New-Object System.Collections.ArrayList
$volumeCount = 0
foreach ($volume in @(Get-CimInstance -Namespace $space -ClassName MSFT_Volume)) {
  $letter = & $letterOf $volume.DriveLetter
  if ($letter -eq '') {
    continue
  }
  $volumeCount = $volumeCount + 1
  if ($volumes.Count -lt $most) {
    [void]$volumes.Add(@{
      letter = $letter
      # 2 removable, 3 fixed, 4 remote, 5 CD-ROM.
      driveType = [int]$volume.DriveType
      fileSystem = [string]$volume.FileSystem
      label = [string]$volume.FileSystemLabel
      size = [int64]$volume.Size
      free = [int64]$volume.SizeRemaining
      locked = & $isLocked $letter
    })
  }
}

$partitions = New-Object System.Collections.ArrayList
$partitionCount = 0
foreach ($partition in @(Get-CimInstance -Namespace $space -ClassName MSFT_Partition)) {
  $letter = & $letterOf $partition.DriveLetter
  if ($letter -eq '') {
    continue
  }
  $partitionCount = $partitionCount + 1
  if ($partitions.Count -lt $most) {
    [void]$partitions.Add(@{
      letter = $letter
      disk = [int64]$partition.DiskNumber
    })
  }
}

$disks = New-Object System.Collections.ArrayList
$diskCount = 0
foreach ($disk in @(Get-CimInstance -Namespace $space -ClassName MSFT_Disk)) {
  $diskCount = $diskCount + 1
  if ($disks.Count -lt $most) {
    [void]$disks.Add(@{
      number = [int64]$disk.Number
      size = [int64]$disk.Size
      offline = [bool]$disk.IsOffline
      readOnly = [bool]$disk.IsReadOnly
      # 0 not initialised, 1 MBR, 2 GPT.
      style = [int]$disk.PartitionStyle
    })
  }
}

$me = New-Object System.Security.Principal.WindowsPrincipal ([System.Security.Principal.WindowsIdentity]::GetCurrent())
@{
  administrator = [bool]$me.IsInRole((New-Object System.Security.Principal.SecurityIdentifier 'S-1-5-32-544'))
  system = ([string]$env:SystemDrive).TrimEnd(':')
  volumeCount = $volumeCount
  volumes = @($volumes.ToArray())
  partitionCount = $partitionCount
  partitions = @($partitions.ToArray())
  diskCount = $diskCount
  disks = @($disks.ToArray())
}
