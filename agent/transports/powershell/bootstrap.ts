/**
 * The one command line that runs every script, the same text every time: it reads one line of base64 on the standard
 * input (JSON: `nonce`, `script`, `input`), runs the script with the input as its only argument, and writes what that gives as
 * base64 of UTF-8 JSON between two lines that hold the nonce. Base64 both ways, so that no code page touches it. An error
 * goes the same way, by its type and number, which no language changes.
 *
 * Windows PowerShell 5.1 and PowerShell 7 read it alike; statements are on lines of their own.
 */
export const bootstrap = String.raw`
$ProgressPreference = 'SilentlyContinue'
$ErrorActionPreference = 'Stop'
$utf8 = New-Object System.Text.UTF8Encoding $false
$asked = ConvertFrom-Json -InputObject $utf8.GetString([Convert]::FromBase64String([Console]::In.ReadToEnd().Trim()))
try {
  $value = & ([ScriptBlock]::Create($asked.script)) $asked.input
  $said = @{ value = $value }
} catch {
  $raised = $_.Exception
  $said = @{ error = @{ type = $raised.GetType().FullName; code = $raised.HResult; id = $_.FullyQualifiedErrorId; message = $raised.Message } }
}
$json = ConvertTo-Json -InputObject $said -Depth 12 -Compress
$line = [Convert]::ToBase64String($utf8.GetBytes($json))
[Console]::Out.Write("${'`'}n<" + $asked.nonce + "${'`'}n" + $line + "${'`'}n" + $asked.nonce + ">${'`'}n")
[Console]::Out.Flush()
`

/** The full path, without which a shell that skips cmd.exe refuses it. */
export const powershellPath = String.raw`C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe`

/** Its arguments: the bootstrap as `-EncodedCommand` (base64 of UTF-16), about 2,100 characters. */
export const powershellArguments: readonly string[] = [
  '-NoLogo',
  '-NoProfile',
  '-NonInteractive',
  '-OutputFormat',
  'Text',
  '-EncodedCommand',
  Buffer.from(bootstrap, 'utf16le').toString('base64'),
]
