import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const script = readFileSync(
  new URL('../../../../agent/transports/powershell/scripts/events.ps1', import.meta.url),
  'utf8',
)

// Get-WinEvent turns whatever it is given as StartTime into text, and reads the text as local time unless it names its zone.
it('events.ps1 hands over the beginning of the window as text in UTC', () => {
  const given = [...script.matchAll(/\bStartTime\s*=\s*(\S+)/g)].map(([, value]) => value)
  expect(given).toEqual(['$said.since'])
  expect(script).toMatch(/\$said\.since = \$since\.ToString\('yyyy-MM-ddTHH:mm:ssZ'\)/)
})
