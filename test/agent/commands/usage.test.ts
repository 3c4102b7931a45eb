import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runProgram } from '../../../agent/commands/program.ts'
import { programName } from '../../../agent/terminal/program-name.ts'
import { agentVerbs } from '../../../agent/commands/verbs.ts'
import type { Verb } from '../../../agent/commands/verb.ts'
import type { Terminal } from '../../../agent/terminal/terminal.ts'
import { folderForTests, fromSource, root, run, start } from './probant.ts'

const home = folderForTests()
const flat = (verbs: readonly Verb[], before: string[] = []): string[][] =>
  verbs.flatMap((v) => [[...before, v.name], ...flat(v.verbs ?? [], [...before, v.name])])

describe('help', () => {
  it('comes quickly, in French, with every verb', async () => {
    const took: number[] = []
    for (let i = 0; i < 3; i++) {
      const from = performance.now()
      const { status, out, err } = await run(home, ['--help'])
      took.push(performance.now() - from)
      expect([status, err]).toEqual([0, ''])
      expect(out).toContain('Utilisation\u202f: probant')
      for (const { name } of agentVerbs) expect(out).toContain(`  ${name} `)
      expect(out).toContain('  serve ')
      expect(out).not.toMatch(/Usage|Options:|Commands|display|command\b/)
    }
    // 300 ms on an idle machine; what is guarded here is that nothing heavy is loaded, on a busy one.
    expect(Math.min(...took)).toBeLessThan(900)
  })

  it.each(['fr', 'en'])('fits 80 columns to its last line (%s)', async (lang) => {
    const { out } = await run(home, ['--help', '--lang', lang])
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([])
    // What ends it is there, and no name in it is broken.
    expect(out).toContain('PROBANT_OIDC_CLIENT_SECRET')
  })

  it('loads neither the server, nor a transport, nor a check', async () => {
    // From its source: what was built is one file of many.
    const { status, err } = await fromSource(home, ['--help'], { NODE_DEBUG: 'esm' })
    expect(status).toBe(0)
    expect(err).toContain('node_modules/commander')
    expect(err).not.toMatch(/fastify|ssh2|ldapts|checks\/linux|zod\/v4/)
  })

  it.each(flat(agentVerbs).map((path) => path.join(' ')))('of %s is in both languages', async (path) => {
    const help = { fr: '', en: '' }
    for (const lang of ['fr', 'en'] as const) {
      const terminal: Terminal = {
        lang,
        out: (line) => void (help[lang] += `${line}\n`),
        err: (line) => expect(line).toBe(''),
        say: (text) => text[lang],
        live: false,
        screen: false,
        colour: { out: false, err: false },
        columns: Number.POSITIVE_INFINITY,
      }
      const context = {
        terminal,
        version: '1.2.3',
        referentials: () => Promise.reject(new Error('not for help')),
      }
      expect(await runProgram([...path.split(' '), '--help'], agentVerbs, context)).toBe(0)
    }
    expect(help.fr).toContain('Utilisation')
    expect(help.fr).not.toMatch(/Usage|Options:|Arguments:|default|\b(?:shows|the)\b/)
    expect(help.en).toContain('Usage:')
    expect(help.en.replaceAll('référentiel', '')).not.toMatch(/[«»àéèç]|fichier|dossier|passage\b/)
  })
})

describe('a wrong use', () => {
  it.each([
    [['chek'], 'verbe inconnu « chek » (vouliez-vous dire « check » ?). Voyez : probant --help'],
    [
      ['check', '--session', 'x', '--sesion'],
      'option inconnue « --sesion » (vouliez-vous dire « --session » ?). Voyez : probant check --help',
    ],
    [['check'], 'il manque l’option « --session <fichier> ». Voyez : probant check --help'],
    [['validate'], 'il manque l’argument « fichier ». Voyez : probant validate --help'],
    [['check', '--session'], 'l’option « --session <fichier> » attend une valeur'],
    [['check', '--session', 'x', '--jobs', '0'], '« 0 » n’est pas une valeur de « --jobs <nombre> »'],
    [['catalogue', 'windows.disk', 'trop'], 'il y a trop d’arguments'],
    [['catalogue', 'windows.dsk'], 'contrôle inconnu « windows.dsk » ; vouliez-vous dire « windows.disk » ?'],
    [['--lang', 'de', 'catalogue'], '« de » n’est pas une valeur de « --lang <lang> »'],
    [
      ['vault', 'sett', 'x'],
      'verbe inconnu « sett » (vouliez-vous dire « set » ?). Voyez : probant vault --help',
    ],
    [['schema', 'foo'], '« foo » n’est pas un schéma'],
    [['referential', 'foo'], 'référentiel inconnu « foo »'],
    [['deliver', 'x', '--server', 'ftp://a/'], '« ftp://a/ » n’est pas l’adresse d’un serveur'],
    [
      ['deliver', 'x', '--server', 'http://127.0.0.1:1/', '--token-from', 'abcdef'],
      '--token-from attend env:NOM ou vault:nom, jamais le jeton lui-même',
    ],
    [
      ['deliver', 'x', '--server', 'http://127.0.0.1:1/'],
      'le jeton manque : env:PROBANT_TOKEN n’a pas de valeur',
    ],
  ])('%j ends with 2 and a sentence', async (args, sentence) => {
    const { status, out, err } = await run(home, args)
    expect(out).toBe('')
    expect(err.replaceAll('\u202f', ' ')).toContain(
      sentence.replace('Voyez : probant', `Voyez : ${programName()}`),
    )
    expect(err).not.toMatch(/\n\s+at |error:|Error/)
    expect(status).toBe(2)
  })

  it('without a verb shows the help and ends with 2', async () => {
    const { status, err } = await run(home, [])
    expect(status).toBe(2)
    expect(err).toContain('Utilisation')
  })
})

it('a reader that goes away ends nothing with an error', async () => {
  const { child, ended } = start(home, ['referential', '--json'])
  child.stdout.destroy()
  const { err } = await ended
  expect(err).toBe('')
})

describe('bin/probant.js', () => {
  const bin = join(root, 'bin/probant.js')
  const old = '/usr/bin/node'
  const tooOld =
    existsSync(old) &&
    Number(execFileSync(old, ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' })) < 24
  it.skipIf(!tooOld)('hands over to the Node 24 beside it when started by an older one', () => {
    expect(execFileSync(old, [bin, '--version'], { encoding: 'utf8' })).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})
