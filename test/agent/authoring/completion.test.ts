import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { catalogue } from '../../../checks/catalogue.ts'
import { completionScripts } from '../../../agent/commands/completion-scripts.ts'
import { agentVerbs } from '../../../agent/commands/verbs.ts'
import { serverVerbs } from '../../../server-verbs.ts'
import { ensure, program } from '../../setup/debian.ts'
import { folderForTests, root } from '../commands/probant.ts'
import { command } from './command.ts'

/** The words that follow, without their descriptions. */
const words = async (...typed: string[]) =>
  (await command(['completion', 'words', '--', ...typed])).out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t')[0])

describe('what may follow', () => {
  it.each([
    [['val'], ['validate']],
    [['validate', '--js'], ['--json']],
    [['validate', ''], [':files']],
    [['add', 'linux.us'], ['linux.user']],
    [['catalogue', 'hyper'], ['hyper-v.machine']],
    [['add', 'linux.user', 'na'], ['name=']],
    [
      ['add', 'linux.service', 'on=web', 'name=a', ''],
      ['running=', 'enabled='],
    ],
    [['add', 'linux.scheduled-task', 'ti'], ['timer=']],
    [['add', '--to', 's'], [':files']],
    [
      ['init', '--certificate', 'CC'],
      ['CCP1', 'CCP2', 'CCP3', 'CCS1'],
    ],
    [
      ['init', '--purpose', ''],
      ['training', 'examination'],
    ],
    [
      ['--lang', ''],
      ['fr', 'en'],
    ],
    [['--lang', 'en', 'val'], ['validate']],
    [['vault', 's'], ['set']],
    [['vault', 'set', ''], []],
    [['completion', 'f'], ['fish']],
    [['referential', ''], ['tp-01351-01']],
    [['rien', ''], []],
  ])('%j', async (typed, expected) => {
    expect(await words(...typed)).toEqual(expected)
  })

  it('is every verb and every option of each', async () => {
    expect(await words('')).toEqual(agentVerbs.map(({ name }) => name))
    for (const verb of agentVerbs)
      for (const { flags } of verb.options ?? [])
        expect(await words(verb.name, '--'), verb.name).toContain(/--[a-z-]+/.exec(flags)?.[0])
  })

  it('is every check where a check is typed', async () => {
    expect(await words('catalogue', '')).toEqual([...catalogue.keys()])
  })

  it('takes a word that only begins, as PowerShell says it', async () => {
    expect((await command(['completion', 'words', '--fresh', '--', 'vault'])).out).toContain('remove\t')
  })

  it('prints the script of a shell, and says which there are', async () => {
    expect((await command(['completion', 'bash'])).out.trim()).toBe(completionScripts['bash'])
    expect(await command(['completion', 'tcsh'])).toMatchObject({ status: 2, out: '' })
    expect((await command(['completion', 'tcsh'])).err).toContain('powershell')
  })
})

const shells = { bash: '/bin/bash', zsh: '/usr/bin/zsh', fish: '/usr/bin/fish' }
const here = ensure(['bash', 'zsh', 'fish'])

describe.skipIf(!here)('in the real shells of Debian (packages bash, zsh and fish)', () => {
  const folder = folderForTests()
  const bin = join(folder, 'bin')
  beforeAll(() => {
    mkdirSync(bin)
    writeFileSync(join(bin, 'probant'), `#!/bin/sh\nexec "${process.execPath}" "${root}/probant.ts" "$@"\n`)
    chmodSync(join(bin, 'probant'), 0o755)
    writeFileSync(join(folder, 'sujet.yaml'), '')
    for (const [name, script] of Object.entries(completionScripts)) writeFileSync(join(folder, name), script)
  })
  const shell = (name: keyof typeof shells, script: string) =>
    execFileSync(
      program(name) ?? shells[name],
      name === 'zsh'
        ? ['-f', '-c', script]
        : name === 'bash'
          ? ['--norc', '-c', script]
          : ['--no-config', '-c', script],
      {
        cwd: folder,
        encoding: 'utf8',
        env: { PATH: `${bin}:${process.env['PATH']}`, HOME: folder, LANG: 'fr_FR.UTF-8', TERM: 'xterm' },
        timeout: 60_000,
      },
    )
      .split('\n')
      .filter((line) => line !== '')

  /** What the registered function leaves in COMPREPLY, called as readline calls it. */
  const inBash = (...typed: string[]) =>
    shell(
      'bash',
      `source ./bash; complete -p probant >/dev/null || exit 1; COMP_WORDS=(probant ${typed.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${typed.length}; _probant 2>/dev/null; printf '%s\\n' "\${COMPREPLY[@]}"`,
    )
  const inFish = (line: string) =>
    shell('fish', `source ./fish; complete -C '${line}'`).map((found) => found.split('\t')[0])

  it('bash', { timeout: 120_000 }, () => {
    expect(inBash('val')).toEqual(['validate'])
    expect(inBash('validate', '--js')).toEqual(['--json'])
    expect(inBash('add', 'linux.us')).toEqual(['linux.user'])
    expect(inBash('add', 'linux.user', '')).toContain('name=')
    expect(inBash('serve', '--plain')).toEqual(['--plain-http'])
  })

  it('fish, the files of the folder included', { timeout: 120_000 }, () => {
    expect(inFish('probant val')).toEqual(['validate'])
    expect(inFish('probant validate --js')).toEqual(['--json'])
    expect(inFish('probant add linux.us')).toEqual(['linux.user'])
    expect(inFish('probant validate suj')).toEqual(['sujet.yaml'])
  })

  it('zsh, at a Tab in a terminal', { timeout: 120_000 }, async () => {
    // zsh completes only in its line editor: script(1) gives it a terminal, where Tab is typed.
    const zsh = spawn('script', ['--quiet', '--flush', '--command', `${program('zsh')} -f -i`, '/dev/null'], {
      cwd: folder,
      env: { PATH: `${bin}:${process.env['PATH']}`, HOME: folder, LANG: 'C.UTF-8', TERM: 'dumb' },
    })
    const ended = once(zsh, 'close')
    let seen = ''
    let look = () => {}
    zsh.stdout.on('data', (data: Buffer) => {
      seen += String(data)
      look()
    })
    const shows = (text: string) =>
      new Promise<void>((resolve) => {
        look = () => {
          if (seen.includes(text)) resolve()
        }
        look()
      })
    /** What is typed isn't what is waited for: the end of the word is the shell's. */
    const completed = async (line: string, end: string) => {
      seen = ''
      zsh.stdin.write(`${line}\t`)
      await shows(end)
      zsh.stdin.write('\u0015')
    }
    zsh.stdin.write(
      "PS1='> '; autoload -Uz compinit; compinit -u -D; source ./zsh; bindkey '^U' kill-whole-line; print PR''ET\n",
    )
    await shows('PRET')
    await completed('probant val', 'idate')
    await completed('probant validate --js', 'on')
    await completed('probant add linux.us', 'er')
    await completed('probant validate suj', 'et.yaml')
    zsh.stdin.write('exit\n')
    await ended
  })
})

it('knows the verbs of the server too', () => {
  expect(serverVerbs.map(({ name }) => name)).toContain('serve')
})
