import { expect, it } from 'vitest'
import { localPowerShell } from '../../../../agent/transports/local/local-powershell.ts'

const env = {
  PATH: 'p',
  SystemRoot: String.raw`D:\Windows`,
  PSModulePath: String.raw`C:\Program Files\PowerShell\7\Modules`,
  USERPROFILE: 'u',
  PROBANT_VAULT_PASSPHRASE: 'stays here',
}

it.each([
  ['win32', env, String.raw`D:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe`],
  ['win32', {}, String.raw`C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe`],
  ['linux', env, 'pwsh'],
  ['darwin', env, 'pwsh'],
] as const)('on %s it is the PowerShell of that system', (platform, given, program) => {
  expect(localPowerShell(platform, given).program).toBe(program)
})

it('it gets what it needs to start, no secret, and on Windows not the modules of another PowerShell', () => {
  expect(localPowerShell('win32', env).env).toEqual({
    PATH: 'p',
    SystemRoot: String.raw`D:\Windows`,
    USERPROFILE: 'u',
  })
  expect(localPowerShell('linux', env).env).toMatchObject({ PATH: 'p', PSModulePath: env.PSModulePath })
  expect(Object.values(localPowerShell('linux', env).env)).not.toContain('stays here')
})
