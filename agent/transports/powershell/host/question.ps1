# Runs one script and gives one JSON text: its value, or the exception that ended it.
param($script, $asked)
$ProgressPreference = 'SilentlyContinue'
$WarningPreference = 'SilentlyContinue'
$ErrorActionPreference = 'Stop'
# Windows PowerShell 5.1 would write an array as an object of its own, with a count.
Remove-TypeData -TypeName System.Array -ErrorAction SilentlyContinue
try {
  $said = @{ value = (& ([ScriptBlock]::Create($script)) $asked) }
} catch {
  $raised = $_.Exception
  $said = @{
    error = @{
      type = [string]$raised.GetType().FullName
      code = [int]$raised.HResult
      id = [string]$_.FullyQualifiedErrorId
      message = [string]$raised.Message
    }
  }
}
ConvertTo-Json -InputObject $said -Depth 12 -Compress
