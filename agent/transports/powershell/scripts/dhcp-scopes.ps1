# IPv4 scopes of this machine's DHCP server: all of them in short, those asked for with their exclusions, options and
# reservations. Read through the DhcpServer module. Whether the role is there at all comes from the names of the registered
# services, among which every Windows has RpcSs; how many scopes there are, from the server's own statistics as well.
param($asked)

# The module says access denied (5) in an error of its own; anything else goes on as it is. Its commands are functions of a
# module, which do not see the preference of who calls them: each is told to stop at an error.
function Read-Server($question) {
  try {
    & $question
  } catch {
    if ([string]$_.FullyQualifiedErrorId -like 'WIN32 5,*') {
      throw (New-Object System.UnauthorizedAccessException 'The DHCP server refuses this account')
    }
    # ERROR_DHCP_OPTION_NOT_PRESENT: no option is set at that level.
    if ([string]$_.FullyQualifiedErrorId -notlike 'DHCP 20010,*') {
      throw
    }
  }
}

# Options as every client is given them: of no class and no policy.
function Get-PlainOption($question) {
  foreach ($option in @(Read-Server $question)) {
    if ($option -and -not $option.VendorClass -and -not $option.UserClass -and -not $option.PolicyName) {
      @{
        id = [int]$option.OptionId
        values = @(@($option.Value) | Where-Object { $null -ne $_ } | ForEach-Object { [string]$_ })
      }
    }
  }
}

$registered = @((Get-Item -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Services').GetSubKeyNames())
$service = Get-Service -Name 'DHCPServer' -ErrorAction SilentlyContinue
$said = @{
  witness = [bool]($registered -contains 'RpcSs')
  installed = [bool]($registered -contains 'DHCPServer')
  # 4 is running, 1 stopped; null where this account may not see it.
  status = $null
  server = $null
}
if ($service) {
  $said.status = [int]$service.Status
}
if (-not $said.installed -or $said.status -eq 1) {
  return [pscustomobject]$said
}

$most = 256
$wanted = @($asked.networks)
$statistics = Read-Server { Get-DhcpServerv4Statistics -ErrorAction Stop }
$every = @(Read-Server { Get-DhcpServerv4Scope -ErrorAction Stop })
$scopes = @($every | Select-Object -First $most | ForEach-Object {
  $scope = $_
  $network = [string]$scope.ScopeId
  $detail = $null
  if ($wanted -contains $network) {
    $exclusions = @(Read-Server { Get-DhcpServerv4ExclusionRange -ScopeId $scope.ScopeId -ErrorAction Stop } | ForEach-Object {
      @{
        start = [string]$_.StartRange
        end = [string]$_.EndRange
      }
    })
    $options = @(Get-PlainOption { Get-DhcpServerv4OptionValue -ScopeId $scope.ScopeId -ErrorAction Stop })
    $reservations = @(Read-Server { Get-DhcpServerv4Reservation -ScopeId $scope.ScopeId -ErrorAction Stop })
    $detail = @{
      exclusions = @($exclusions | Select-Object -First $most)
      exclusionCount = [int]$exclusions.Count
      options = $options
      optionCount = [int]$options.Count
      reservations = @($reservations | Select-Object -First 1024 | ForEach-Object {
        @{
          address = [string]$_.IPAddress
          client = [string]$_.ClientId
          displayName = [string]$_.Name
        }
      })
      reservationCount = [int]$reservations.Count
    }
  }
  @{
    network = $network
    mask = [string]$scope.SubnetMask
    start = [string]$scope.StartRange
    end = [string]$scope.EndRange
    # Active or InActive: a value of the CIM class, in no language.
    state = [string]$scope.State
    leaseSeconds = [int64][math]::Round($scope.LeaseDuration.TotalSeconds)
    displayName = [string]$scope.Name
    detail = $detail
  }
})
$serverOptions = @(Get-PlainOption { Get-DhcpServerv4OptionValue -ErrorAction Stop })

$directory = $null
if ($asked.directory) {
  $setting = Read-Server { Get-DhcpServerSetting -ErrorAction Stop }
  $listed = $null
  $listedCount = 0
  try {
    $authorised = @(Get-DhcpServerInDC -ErrorAction Stop)
    $listedCount = $authorised.Count
    $listed = @($authorised | Select-Object -First $most | ForEach-Object {
      @{
        name = [string]$_.DnsName
        address = [string]$_.IPAddress
      }
    })
  } catch {
    # The credentials of a remote session do not reach a domain controller on another machine.
    $listed = $null
  }
  # 4 and 5 are domain controllers, which have the directory on the machine itself.
  $system = Get-CimInstance -ClassName Win32_ComputerSystem -Property DomainRole
  $adapters = @(Get-CimInstance -ClassName Win32_NetworkAdapterConfiguration -Filter 'IPEnabled = TRUE')
  $directory = @{
    joined = [bool]$setting.IsDomainJoined
    authorised = [bool]$setting.IsAuthorized
    listed = $listed
    listedCount = [int]$listedCount
    controller = [bool]([int]$system.DomainRole -ge 4)
    computer = [string]$env:COMPUTERNAME
    addresses = @($adapters | ForEach-Object { $_.IPAddress } | ForEach-Object { [string]$_ })
  }
}
$said.server = @{
  scopeCount = [int]$statistics.TotalScopes
  scopes = $scopes
  options = $serverOptions
  optionCount = [int]$serverOptions.Count
  directory = $directory
}
[pscustomobject]$said
