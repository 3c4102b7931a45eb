import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { refusalsIn } from './read-only-script.ts'
import { carrying, reading, type Reading } from './reading-commands.ts'

const folder = new URL('../../../../agent/transports/powershell/', import.meta.url)
const scriptsOf = (name: string) => readdirSync(new URL(name, folder)).filter((file) => file.endsWith('.ps1'))
const textOf = (path: string) => readFileSync(new URL(path, folder), 'utf8')
const wordsOf = async (text: string, allowed: Reading) =>
  (await refusalsIn(text, allowed)).map(({ line, column, why }) => `${line}:${column} ${why}`)

describe('every script that is run on a graded machine is PowerShell, and reads only', () => {
  it('there are some', () => {
    expect(scriptsOf('scripts').length).toBeGreaterThan(5)
    expect(scriptsOf('host')).toEqual(['bootstrap.ps1', 'bridge.ps1', 'question.ps1', 'runner.ps1'])
  })

  it.each(scriptsOf('scripts'))('scripts/%s', async (name) => {
    expect(await wordsOf(textOf(`scripts/${name}`), reading)).toEqual([])
  })

  it.each(scriptsOf('host'))('host/%s', async (name) => {
    expect(await wordsOf(textOf(`host/${name}`), carrying)).toEqual([])
  })
})

/** A script that would be taken, with these lines in it from line 3 on. */
const script = (lines: string) => `# What it reads.\nparam($asked)\n${lines}\n`

describe('what does not only read is refused, by line and column', () => {
  it.each([
    ['a service that is set', `Set-Service -Name 'Spooler'`, '3:1 Set-Service is not on the list'],
    ['an alias', `$x = gsv 'Spooler'`, '3:6 gsv is not on the list'],
    ['an alias of one sign', `@(1) | % { $_ }`, '3:8 % is not on the list'],
    ['a program', `sc.exe stop Spooler`, '3:1 sc.exe is not on the list'],
    ['a program by its path', `C:\\Windows\\System32\\net.exe stop x`, '3:1 C:\\Windows'],
    ['a command of a module by its full name', `X\\Get-Item 'x'`, '3:1 X\\Get-Item is not on the list'],
    ['a name that is computed', '$name = $asked.x\n& $name', '4:1 it is not seen what $name runs'],
    [
      'a name that is computed elsewhere',
      '$b = { 1 }\n$b = $asked.x\n& $b',
      '5:1 it is not seen what $b runs',
    ],
    ['a text that is called', `& 'Remove-Item' x`, '3:1 it is not seen what'],
    ['a command that is called', `& Remove-Item x`, '3:1 it is not seen what'],
    ['what a function is given', 'function Read-It($q) { & $q }\nRead-It $asked.x', '3:24 it is not seen'],
    [
      'a block that is given its block',
      '$f = { param($g) & $g }\n& $f $asked.x',
      '3:18 it is not seen what $g',
    ],
    ['dot-sourcing', '$b = { 1 }\n. $b', '4:1 nothing is run in the place'],
    ['a file that is written', `Get-Service > 'x'`, '3:13 redirection is not used'],
    ['a file that is written, without a space', 'Get-Item x>f', '3:10 '],
    ['a file that is written by a variable', '${C:\\x} = 1', '3:1 ${C:\\x} is not given a value'],
    ['iex', `iex $asked.x`, '3:1 iex is not on the list'],
    ['Invoke-Expression', `Invoke-Expression $asked.x`, '3:1 Invoke-Expression is not'],
    [
      'a removal far inside',
      `if ($true) {\n  @(1) | ForEach-Object {\n    & {\n      Remove-Item 'C:\\x' }\n  }\n}`,
      '6:7 Remove-Item is not on the list',
    ],
    ['a removal in a text', `$x = "a $(Remove-Item x) b"`, '3:11 Remove-Item is not on the list'],
    ['a member that deletes', `$x = Get-Item 'x'\n$x.Delete()`, '4:4 Delete is not on the list'],
    ['a member whose name is computed', `$asked.$name()`, '3:1 a method is called by its name'],
    ['a member by the pipeline', `Get-Item 'x' | ForEach-Object Delete`, '3:31 what runs for each'],
    ['a member by -MemberName', `Get-Item 'x' | ForEach-Object -MemberName Delete`, '3:43 -membername'],
    ['a static method that writes', `[IO.File]::WriteAllText('x', 'y')`, '3:12 IO.File::WriteAllText is not'],
    ['a static method of a variable', `$t::Delete('x')`, '3:5 $t::Delete is not'],
    [
      'a block made of a text',
      `$b = [ScriptBlock]::Create($asked.x)`,
      '3:6 nothing is known of [ScriptBlock]',
    ],
    [
      'a cast that opens a file',
      `$x = [IO.StreamWriter]'C:\\x'`,
      '3:6 nothing is turned into [IO.StreamWriter]',
    ],
    [
      'a COM object',
      `$x = New-Object -ComObject 'WScript.Shell'`,
      '3:6 no object is made of COM WScript.Shell',
    ],
    ['a class that is not listed', `$x = New-Object Net.WebClient`, '3:6 no object is made of Net.WebClient'],
    ['code of another language', `Add-Type -TypeDefinition $asked.x`, '3:1 Add-Type is only given'],
    ['a library that is computed', `Add-Type -AssemblyName $asked.x`, '3:1 Add-Type is only given'],
    [
      'a setter of an object of Windows',
      `$f = Get-Item 'x'\n$f.IsReadOnly = $true`,
      '4:1 $f.IsReadOnly belongs to an object',
    ],
    [
      'a setter in a loop',
      `foreach ($s in @(Get-Service)) {\n  $s.StartType = 4\n}`,
      '4:3 $s.StartType belongs to an object',
    ],
    ['a setter by counting', `$f = Get-Item 'x'\n$f.Length++`, '4:1 $f.Length belongs to an object'],
    [
      'a member of a group of the directory',
      `$g = New-Object DirectoryServices.DirectoryEntry 'WinNT://./x,group'\n$g.Add('WinNT://./y')`,
      '4:4 $g is no list',
    ],
    [
      'a key that is opened for writing',
      `$k = Get-Item 'x'\n$k.OpenSubKey('y', $true)`,
      '4:4 OpenSubKey is not given',
    ],
    [
      'a property that is set by name',
      `$asked.GetType().InvokeMember($name, $flags, $null, $asked, 1)`,
      '3:18 InvokeMember is not given',
    ],
    ['a COM method by name', `$asked.Invoke('SetPassword', 'x')`, '3:8 Invoke is not given'],
    ['a setting of the process', `$env:PATH = 'x'`, '3:1 $env:PATH is not given a value'],
    ['a function by its drive', '$function:prompt = { 1 }', '3:1 $function:prompt is no plain variable'],
    ['default parameters', '$PSDefaultParameterValues = @{ }', '3:1 $PSDefaultParameterValues changes'],
    ['the engine itself', '$x = $ExecutionContext.InvokeCommand', '3:6 $ExecutionContext changes'],
    ['a query that is put together', `Get-CimInstance -Query ('a' + $asked.x)`, '3:24 what -query is given'],
    ['a query with a variable', `Get-CimInstance -ClassName x -Filter "a=$x"`, '3:38 what -filter is given'],
    ['a query cut short', `Get-CimInstance -ClassName x -fi $asked.x`, '3:34 what -fi is given'],
    [
      'a query in a hash',
      `$with = @{ Filter = $asked.x }\nGet-CimInstance @with`,
      '3:21 what -filter is given',
    ],
    [
      'a query that is set',
      `$s = New-Object DirectoryServices.DirectorySearcher\n$s.Filter = $asked.x`,
      '4:1 what .Filter',
    ],
    ['a repair', `Test-ComputerSecureChannel -Repair`, '3:1 Test-ComputerSecureChannel is not given -repair'],
    [
      'a CIM method',
      `Get-CimInstance x | Invoke-CimMethod -MethodName Delete`,
      '3:21 Invoke-CimMethod is not',
    ],
    ['a function that hides a command', 'function Get-Item($x) { 1 }', '3:10 a function is not called'],
    ['a class', 'class X { }', '3:1 class_statement is not used'],
    ['a trap', 'trap { 1 }', '3:1 trap_statement is not used'],
    ['a brace that is not closed', 'if ($true) {\n  1', '4:4 there is no } where one belongs'],
    ['a brace too many', '$x = 1 }', '3:'],
    [
      'a quotation mark of a word processor',
      `$x = 'a’; Remove-Item x; ’b'`,
      '3:6 outside comments only ASCII',
    ],
    ['an attribute that runs', 'function Get-It([ValidateScript({ 1 })]$x) { 1 }', '3:17 no attributes'],
  ])('%s', async (_name, lines, refusal) => {
    const refusals = await wordsOf(script(lines), reading)
    expect(
      refusals.some((one) => one.startsWith(refusal)),
      refusals.join('\n'),
    ).toBe(true)
  })

  it('a script says what it reads, and is given $asked', async () => {
    expect(await wordsOf('param($asked)\n1\n', reading)).toEqual(['1:1 no comment says what it reads'])
    const other = ['2:1 it is given param($asked), and nothing else']
    expect(await wordsOf('# Reads.\nparam($asked, $more)\n1\n', reading)).toEqual(other)
    expect(await wordsOf('# Reads.\n1\n', reading)).toEqual([
      '1:1 it is given param($asked), and nothing else',
    ])
  })

  it('blocks, lists and hashes of its own are the script’s to use', async () => {
    const lines = [
      '$double = {\n  param($n)\n  $n * 2\n}',
      'function Read-Twice($question) {\n  & $question\n}',
      '$said = @{ a = 1 }\n$said.b = & $double 3\n$said["c"] = 4',
      '$list = New-Object System.Collections.ArrayList\n[void]$list.Add($said)',
      '$x = Read-Twice { Get-Service -Name $asked.name }',
      'Get-CimInstance -ClassName Win32_Share -Filter "Type = 0" | Where-Object Name -eq $asked.name',
    ]
    expect(await wordsOf(script(lines.join('\n')), reading)).toEqual([])
  })

  it('only what carries the scripts runs a text', async () => {
    const carrier = readFileSync(new URL('host/question.ps1', folder), 'utf8')
    expect(await wordsOf(carrier, carrying)).toEqual([])
    expect((await wordsOf(carrier, reading)).join('\n')).toContain('ScriptBlock::Create is not on the list')
  })
})
