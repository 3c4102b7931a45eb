import { describe, expect, it } from 'vitest'
import { driftWords, tooFar } from '../../../agent/doctor/clock.ts'
import { converse } from '../../../agent/doctor/script.ts'
import { bundleSamples } from '../../../agent/doctor/samples.ts'
import { readScript } from '../../../agent/transports/powershell/host.ts'
import type { PowerShell } from '../../../agent/transports/powershell/powershell.ts'
import { windowsServer } from '../../../fixtures/windows/model/server.ts'
import { spoken } from '../../../fixtures/windows/modelled-powershell.ts'

const machine = [{ script: 'machine', input: {} }]
const says = (stderr: string, stdout = ''): PowerShell => ({
  run: async (_stdin, _limits, take) => {
    take(Buffer.from(stdout))
    return { stderr: Buffer.from(stderr), exitCode: 1 }
  },
  close: async () => undefined,
})
const never = new AbortController().signal

describe('a first script', () => {
  it('a constrained language mode is known by its identifiers, in no language', async () => {
    const stderr = [
      'New-Object : Impossible de créer le type. Seuls les types de base sont pris en charge dans ce mode de langage.',
      '    + CategoryInfo          : PermissionDenied: (:) [New-Object], PSNotSupportedException',
      '    + FullyQualifiedErrorId : CannotCreateTypeConstrainedLanguage,Microsoft.PowerShell.Commands.NewObjectCommand',
    ].join('\r\n')
    await expect(converse(says(stderr), machine, never)).rejects.toMatchObject({ problem: 'language-mode' })
  })

  it('anything else without marks is that', async () => {
    await expect(converse(says('Accès refusé', 'Bienvenue'), machine, never)).rejects.toMatchObject({
      problem: 'no-marker',
      reason: 'unparsable',
    })
  })
})

describe('the samples of a bundle', () => {
  it('are scripts that exist, and that the modelled machine answers without an exception', async () => {
    const server = windowsServer('fr')
    const powershell: PowerShell = {
      run: async (stdin, _limits, take) => {
        for (const piece of await spoken(stdin.toString('latin1'), server)) take(piece)
        return { stderr: Buffer.alloc(0), exitCode: 0 }
      },
      close: async () => undefined,
    }
    for (const { script } of bundleSamples) expect(await readScript(script), script).not.toBeNull()
    const { said } = await converse(powershell, [...machine, ...bundleSamples], never)
    for (const { script, result } of said)
      expect([script, result]).toEqual([script, { value: expect.anything() }])
  })
})

describe('the clock', () => {
  it.each([
    [5_000, null],
    [-45_000, 'its clock is 45 s behind'],
    [300_001, 'its clock is 5 min ahead'],
    [-7_200_000, 'its clock is 2 h behind'],
  ])('%i ms', (drift, said) => expect(driftWords(drift)?.en ?? null).toBe(said))
  it('five minutes are what a domain takes', () => {
    expect([tooFar(299_000), tooFar(-301_000), tooFar(null)]).toEqual([false, true, false])
  })
})
