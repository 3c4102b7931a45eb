$ProgressPreference = 'SilentlyContinue'
$ErrorActionPreference = 'Stop'
$utf8 = New-Object System.Text.UTF8Encoding $false
$text = (@($input) -join '')
$asked = ConvertFrom-Json -InputObject $utf8.GetString([Convert]::FromBase64String($text))
& ([ScriptBlock]::Create($asked.runner)) $text | ForEach-Object {
  [Console]::Out.Write([string]$_)
  [Console]::Out.Flush()
}
[Environment]::Exit(0)
