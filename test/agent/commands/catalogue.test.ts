import { describe, expect, it } from 'vitest'
import { runProgram } from '../../../agent/commands/program.ts'
import { agentVerbs } from '../../../agent/commands/verbs.ts'
import { width } from '../../../agent/terminal/width.ts'
import { catalogue, type PrintedCheck } from '../../../checks/catalogue.ts'
import type { Lang } from '../../../checks/text.ts'

/** What the verb prints on a terminal of so many columns. */
async function printed(args: readonly string[], columns: number, lang: Lang = 'fr'): Promise<string[]> {
  const lines: string[] = []
  const terminal = {
    lang,
    out: (line: string) => void lines.push(...line.split('\n')),
    err: () => undefined,
    say: (text: { fr: string; en: string }) => text[lang],
    live: false,
    screen: false,
    colour: { out: false, err: false },
    columns,
  }
  const referentials = () => Promise.reject(new Error('not for the catalogue'))
  expect(await runProgram(['catalogue', ...args], agentVerbs, { terminal, version: '1', referentials })).toBe(
    0,
  )
  return lines
}

describe('one check of the catalogue', () => {
  it('is a table of its parameters: name, values, default, meaning with its unit', async () => {
    const lines = await printed(['windows.disk'], 120)
    expect(lines[0]).toBe('windows.disk  C8.3')
    const row = (name: string) => lines.find((line) => line.trim().startsWith(`${name} `))
    expect(row('Paramètre')).toMatch(/^ {2}Paramètre +Valeurs +Par défaut +Sens$/)
    expect(row('letter')).toMatch(/texte +obligatoire +Lettre du lecteur : E$/)
    expect(row('free')).toMatch(/nombre > 0, au plus +— +Espace libre en Go, au moins$/)
    expect(row('fileSystem')).toMatch(/NTFS, ReFS, exFAT, +— +Système de fichiers$/)
  })

  it('has the parameters in a list or a block, and their default, in the language asked for', async () => {
    const lines = await printed(['windows.share'], Number.POSITIVE_INFINITY, 'en')
    const text = lines.join('\n')
    expect(text).toMatch(/access\[\]\.right +none, read, modify, full +required +What it gets/)
    expect(text).toMatch(/access\[\]\.inherited +true or false +true +Whether/)
    expect((await printed(['windows.scheduled-task'], 100)).join('\n')).toMatch(/trigger\.at +startup, logon/)
  })

  it.each([30, 40, 60, 80, 100, 200])('fits in %i columns, whichever it is', async (columns) => {
    for (const id of catalogue.keys()) {
      const lines = await printed([id], columns)
      const [, ...rest] = lines
      expect(Math.max(...rest.map(width)), id).toBeLessThanOrEqual(columns)
    }
  })

  it('is one of the list with --json', async () => {
    const [one, ...none] = JSON.parse(
      (await printed(['windows.disk', '--json'], 80)).join('\n'),
    ) as PrintedCheck[]
    expect(none).toEqual([])
    expect(one?.id).toBe('windows.disk')
    expect(one?.params['properties']).toMatchObject({ free: { description: 'Espace libre en Go, au moins' } })
  })
})
