# The resulting set of policy of this computer and of named users, as Windows logged it here when it last applied policy.
# Read from the RSoP classes in root\rsop\computer and root\rsop\user\<SID>: nothing is computed and nothing written, unlike
# gpresult /x, Get-GPResultantSetOfPolicy and the RSoP provider. Instances are given as the CIM-XML that Windows itself makes
# of them. The engine's own state in the registry is given beside them, as a second witness; and the machine's clock, as what
# was logged for a user may be of long ago.
param($asked)

$serializer = [Microsoft.Management.Infrastructure.Serialization.CimSerializer]::Create()
$plain = [Microsoft.Management.Infrastructure.Serialization.InstanceSerializationOptions]::None
$most = 128

function ConvertTo-CimXml($instance) {
  [Text.Encoding]::Unicode.GetString($serializer.Serialize($instance, $plain))
}

# What the Group Policy engine keeps of its last application; null where it keeps nothing.
function Get-EngineState($context) {
  $found = $null
  foreach ($list in @('GPO-List', 'Loopback-GPO-List')) {
    $path = 'SOFTWARE\Microsoft\Windows\CurrentVersion\Group Policy\State\' + $context + '\' + $list
    $key = [Microsoft.Win32.Registry]::LocalMachine.OpenSubKey($path)
    if ($key) {
      $found = @($found | Where-Object { $_ })
      foreach ($name in $key.GetSubKeyNames()) {
        $one = $key.OpenSubKey($name)
        $passed = $one.GetValue('WQLFilterPass')
        $found += @{
          id = [string]$one.GetValue('GPOID')
          name = [string]$one.GetValue('DisplayName')
          denied = [bool]$one.GetValue('AccessDenied')
          disabled = [bool]$one.GetValue('GPO-Disabled')
          filterPassed = [bool]($null -eq $passed -or $passed -ne 0)
        }
      }
    }
  }
  , $found
}

function Get-Side($namespace, $context) {
  $wanted = @($asked.settings)
  # Not its displayName, which is in the language of the machine.
  $properties = @('extensionGuid', 'beginTime', 'endTime', 'error', 'loggingStatus')
  $statuses = @(Get-CimInstance -Namespace $namespace -ClassName RSOP_ExtensionStatus -Property $properties)
  # The engine itself, among the extensions.
  $core = @($statuses | Where-Object { $_.extensionGuid -eq '{00000000-0000-0000-0000-000000000000}' })
  $status = $null
  if ($core.Count -eq 1) {
    $status = ConvertTo-CimXml $core[0]
  }
  $properties = @('id', 'name', 'guidName', 'version', 'enabled', 'accessDenied', 'filterAllowed')
  $policies = @(Get-CimInstance -Namespace $namespace -ClassName RSOP_GPO -Property $properties)
  $links = @(Get-CimInstance -Namespace $namespace -ClassName RSOP_GPLink)
  # Sites, domains and units whose links do not come down, as one below them blocks inheritance.
  $places = @(Get-CimInstance -Namespace $namespace -ClassName RSOP_SOM)
  $blocked = @($places | Where-Object { $_.blocked } | ForEach-Object { [string]$_.id })
  $settings = @()
  $total = 0
  if ($wanted.Count -gt 0) {
    $every = @(Get-CimInstance -Namespace $namespace -ClassName RSOP_RegistryPolicySetting)
    $total = $every.Count
    $settings = @($every | Where-Object {
      $wanted -contains ([string]$_.registryKey + '\' + [string]$_.valueName)
    })
  }
  $state = Get-EngineState $context
  $stateCount = 0
  if ($null -ne $state) {
    $state = @($state)
    $stateCount = $state.Count
  }
  @{
    status = $status
    policies = @($policies | Select-Object -First $most | ForEach-Object { ConvertTo-CimXml $_ })
    policyCount = [int]$policies.Count
    links = @($links | Select-Object -First $most | ForEach-Object {
      @{
        policy = [string]$_.GPO.id
        place = [string]$_.SOM.id
        enabled = [bool]$_.enabled
        enforced = [bool]$_.noOverride
        blocked = [bool]($blocked -contains [string]$_.SOM.id)
        # 0 where it was not applied.
        order = [int64]$_.appliedOrder
      }
    })
    linkCount = [int]$links.Count
    settings = @($settings | Select-Object -First $most | ForEach-Object { ConvertTo-CimXml $_ })
    settingCount = [int]$settings.Count
    # Of all settings in the registry, asked for or not.
    settingTotal = [int]$total
    state = $state
    stateCount = [int]$stateCount
  }
}

$computer = $null
if ($asked.computer) {
  $computer = Get-Side 'root\rsop\computer' 'Machine'
}
$users = @($asked.users | ForEach-Object {
  $name = [string]$_
  $sid = $null
  $side = $null
  try {
    $account = New-Object System.Security.Principal.NTAccount $name
    $sid = [string]$account.Translate([System.Security.Principal.SecurityIdentifier]).Value
  } catch [System.Security.Principal.IdentityNotMappedException] {
    $sid = $null
  }
  if ($sid) {
    try {
      $side = Get-Side ('root\rsop\user\' + $sid.Replace('-', '_')) $sid
    } catch {
      # WBEM_E_INVALID_NAMESPACE: policy was never applied to that account on this machine.
      if ([string]$_.FullyQualifiedErrorId -notlike 'HRESULT 0x8004100e,*') {
        throw
      }
    }
  }
  @{
    name = $name
    sid = $sid
    side = $side
  }
})
$now = [datetime]::Now.ToUniversalTime()
[pscustomobject]@{
  now = [string]$now.ToString('yyyy-MM-ddTHH:mm:ssZ', [System.Globalization.CultureInfo]::InvariantCulture)
  computer = $computer
  users = $users
}
