# Searches in the directory that this domain controller serves itself, over LDAP on the loopback, signed and sealed, with
# the logon of the asking account: no password is needed. Gives which naming contexts the directory has, the result code,
# and the entries with every name and value as base64 of its bytes.
param($asked)
Add-Type -AssemblyName System.DirectoryServices.Protocols
$utf8 = New-Object System.Text.UTF8Encoding $false
$bytes = [byte[]]
# Entries to a page; a domain controller gives at most 1000 at once.
$page = 250

$searching = {
  param($base, $filter, $scope, $attributes)
  $request = New-Object System.DirectoryServices.Protocols.SearchRequest
  $request.DistinguishedName = [string]$base
  $request.Filter = [string]$filter
  $request.Scope = [DirectoryServices.Protocols.SearchScope][int]$scope
  $request.TimeLimit = [TimeSpan]::FromSeconds([int]$asked.seconds)
  foreach ($name in @($attributes)) {
    [void]$request.Attributes.Add([string]$name)
  }
  return $request
}

# What the directory said instead of a success: its own result code where it answered, else that of the client.
$refusal = {
  param($raised, $stage)
  while ($null -ne $raised) {
    if ($raised -is [DirectoryServices.Protocols.DirectoryOperationException] -and $null -ne $raised.Response) {
      return @{
        stage = [string]$stage
        code = [int]$raised.Response.ResultCode
        message = [string]$raised.Response.ErrorMessage
      }
    }
    if ($raised -is [DirectoryServices.Protocols.LdapException]) {
      return @{
        stage = [string]$stage
        code = [int]$raised.ErrorCode
        message = [string]$raised.ServerErrorMessage
      }
    }
    $raised = $raised.InnerException
  }
  return $null
}

$identifier = New-Object System.DirectoryServices.Protocols.LdapDirectoryIdentifier -ArgumentList 'localhost', 389, $false, $false
$connection = New-Object System.DirectoryServices.Protocols.LdapConnection -ArgumentList $identifier
$contexts = @{
  defaultNamingContext = $null
  configurationNamingContext = $null
  schemaNamingContext = $null
}
$entries = New-Object System.Collections.ArrayList
$result = @{
  stage = 'search'
  code = 0
  message = ''
}
$cut = $false
$stage = 'bind'
try {
  $connection.AuthType = [DirectoryServices.Protocols.AuthType]::Negotiate
  $connection.Timeout = [TimeSpan]::FromSeconds([int]$asked.seconds)
  $connection.SessionOptions.ProtocolVersion = 3
  $connection.SessionOptions.ReferralChasing = [DirectoryServices.Protocols.ReferralChasingOptions]::None
  $connection.SessionOptions.Signing = $true
  $connection.SessionOptions.Sealing = $true
  $connection.Bind()

  $stage = 'root'
  $request = & $searching '' '(objectClass=*)' 0 @($contexts.Keys)
  $root = $connection.SendRequest($request)
  foreach ($name in @($contexts.Keys)) {
    $attribute = $root.Entries[0].Attributes[$name]
    if ($null -ne $attribute) {
      $contexts[$name] = $utf8.GetString($attribute.GetValues($bytes)[0])
    }
  }

  $stage = 'search'
  $base = [string]$asked.relative
  if ($null -ne $asked.naming) {
    $context = [string]$contexts[[string]$asked.naming]
    if ($base -eq '') {
      $base = $context
    } else {
      $base = $base + ',' + $context
    }
  }
  $request = & $searching $base $asked.filter $asked.scope $asked.attributes
  $paging = $null
  if ([int]$asked.scope -ne 0) {
    $paging = New-Object System.DirectoryServices.Protocols.PageResultRequestControl -ArgumentList $page
    [void]$request.Controls.Add($paging)
  }
  if (@($asked.attributes) -contains 'nTSecurityDescriptor') {
    # Owner, group and DACL without the SACL, which an account without that right would not be given any of.
    $flags = [DirectoryServices.Protocols.SecurityMasks]7
    $descriptor = New-Object System.DirectoryServices.Protocols.SecurityDescriptorFlagControl -ArgumentList $flags
    [void]$request.Controls.Add($descriptor)
  }

  # Of the JSON that this becomes; what stands around names and values is counted generously.
  $size = 4096
  $more = $true
  while ($more) {
    $response = $connection.SendRequest($request)
    # A referral is no exception to .NET.
    if ([int]$response.ResultCode -ne 0) {
      $result = @{
        stage = $stage
        code = [int]$response.ResultCode
        message = [string]$response.ErrorMessage
      }
    }
    foreach ($entry in $response.Entries) {
      $dn = [Convert]::ToBase64String($utf8.GetBytes([string]$entry.DistinguishedName))
      $size = $size + $dn.Length + 64
      $attributes = New-Object System.Collections.ArrayList
      foreach ($attribute in $entry.Attributes.Values) {
        $size = $size + ([string]$attribute.Name).Length + 64
        $values = New-Object System.Collections.ArrayList
        foreach ($value in $attribute.GetValues($bytes)) {
          $base64 = [Convert]::ToBase64String($value)
          $size = $size + $base64.Length + 4
          [void]$values.Add($base64)
        }
        [void]$attributes.Add(@{
          type = [string]$attribute.Name
          values = @($values.ToArray())
        })
      }
      if ($entries.Count -ge [int]$asked.sizeLimit -or $size -gt [int]$asked.maxBytes) {
        $cut = $true
        break
      }
      [void]$entries.Add(@{
        dn = $dn
        attributes = @($attributes.ToArray())
      })
    }
    $more = $false
    if (-not $cut -and $null -ne $paging) {
      foreach ($control in $response.Controls) {
        if ($control -is [DirectoryServices.Protocols.PageResultResponseControl] -and $control.Cookie.Length -gt 0) {
          $paging.Cookie = $control.Cookie
          $more = $true
        }
      }
      if ($more -and $entries.Count -ge [int]$asked.sizeLimit) {
        $cut = $true
        $more = $false
      }
    }
  }
} catch {
  $result = & $refusal $_.Exception $stage
  if ($null -eq $result) {
    throw
  }
} finally {
  $connection.Dispose()
}
[pscustomobject]@{
  contexts = $contexts
  result = $result
  entries = @($entries.ToArray())
  cut = [bool]$cut
}
