$ProgressPreference = 'SilentlyContinue'
$ErrorActionPreference = 'Stop'
$utf8 = New-Object System.Text.UTF8Encoding $false
$text = (@($input) -join '')
$asked = ConvertFrom-Json -InputObject $utf8.GetString([Convert]::FromBase64String($text))
$there = @{
  ComputerName = $env:PROBANT_COMPUTER
  ScriptBlock = [ScriptBlock]::Create($asked.runner)
  ArgumentList = @($text)
}
Invoke-Command @there | ForEach-Object {
  [Console]::Out.Write([string]$_)
  [Console]::Out.Flush()
}
[Environment]::Exit(0)
