# Runs the questions of one request, one after the other, each within its own time, and gives what each said as one
# line: the nonce, the question's number, the milliseconds that it took, base64 of UTF-8 JSON, the nonce again.
# First comes the line "-1": whose account this is, by the SID of the machine or domain that it belongs to.
param($text)
$utf8 = New-Object System.Text.UTF8Encoding $false
$asked = ConvertFrom-Json -InputObject $utf8.GetString([Convert]::FromBase64String($text))
$said = New-Object System.Text.StringBuilder
$clock = [Diagnostics.Stopwatch]::StartNew()
$flushed = 0

$account = [Security.Principal.WindowsIdentity]::GetCurrent().User.AccountDomainSid
$json = ConvertTo-Json -InputObject @{ authority = [string]$account } -Compress
[void]$said.Append("`n<$($asked.nonce) -1 0 $([Convert]::ToBase64String($utf8.GetBytes($json))) $($asked.nonce)>`n")

# One runspace for all: what one question loads, the next ones have.
$runspace = [RunspaceFactory]::CreateRunspace()
$runspace.Open()
$number = 0
foreach ($question in @($asked.questions)) {
  $began = $clock.ElapsedMilliseconds
  $shell = [PowerShell]::Create()
  $shell.Runspace = $runspace
  [void]$shell.AddScript($asked.question)
  [void]$shell.AddArgument([string]$asked.scripts.($question.script))
  [void]$shell.AddArgument($question.input)
  $running = $shell.BeginInvoke()
  if ($running.AsyncWaitHandle.WaitOne([int]$question.timeoutMs)) {
    try {
      $json = [string]@($shell.EndInvoke($running))[-1]
    } catch {
      $json = '{"broken":true}'
    }
    $shell.Dispose()
  } else {
    # It may take as long to stop as it likes: the others go on elsewhere, and the end of this process ends it.
    [void]$shell.BeginStop($null, $null)
    $json = '{"late":true}'
    $runspace = [RunspaceFactory]::CreateRunspace()
    $runspace.Open()
  }
  $bytes = $utf8.GetBytes($json)
  if ($bytes.Length -gt [int]$question.maxBytes) {
    $bytes = $utf8.GetBytes('{"long":true}')
  }
  $took = $clock.ElapsedMilliseconds - $began
  [void]$said.Append("`n<$($asked.nonce) $number $took $([Convert]::ToBase64String($bytes)) $($asked.nonce)>`n")
  $number = $number + 1
  # All at once where it is quick, as each piece may be a round trip; little by little where it is not.
  if ($clock.ElapsedMilliseconds - $flushed -gt 3000) {
    $said.ToString()
    [void]$said.Clear()
    $flushed = $clock.ElapsedMilliseconds
  }
}
$said.ToString()
