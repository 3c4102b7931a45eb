import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Screen } from '../agent/self-test/screen.ts'
import { ensure } from '../setup/debian.ts'
import { packed } from './packed.ts'

// The first evening of somebody who has the package and an empty folder, typed in a real terminal: three commands, and
// the first finding is explained within two minutes.

const folder = mkdtempSync(join(tmpdir(), 'probant-soir-'))
const prefix = join(folder, 'npm')
let tarball: string
let open: Screen[] = []

beforeAll(() => {
  tarball = packed(folder).tarball
}, 300_000)
afterEach(() => {
  for (const screen of open) screen.close()
  open = []
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A shell in an empty folder, with a home in which nothing is. */
function evening(name: string, columns: number, env: Record<string, string> = {}) {
  const cwd = join(folder, name)
  const home = join(folder, `${name}-chez-moi`)
  for (const path of [cwd, home]) mkdirSync(path)
  const screen = new Screen(['--norc', '--noprofile'], {
    command: ['/bin/bash'],
    columns,
    home: join(home, 'probant'),
    folder: cwd,
    env: {
      HOME: home,
      PATH: [join(prefix, 'bin'), dirname(process.execPath), '/usr/bin', '/bin'].join(':'),
      npm_config_prefix: prefix,
      npm_config_prefer_offline: 'true',
      ...env,
    },
  })
  open.push(screen)
  return { screen, cwd }
}
const prompt = /#\s*$/

describe.skipIf(!ensure(['tmux']))('the first evening', { timeout: 300_000 }, () => {
  it('goes from an empty folder to an explained finding by three commands, in 80 columns', async () => {
    const { screen, cwd } = evening('premier', 80)
    const begun = Date.now()
    await screen.answers(prompt, `npm i -g ${tarball}`)
    await screen.shows(/added \d+ packages[^]*#\s*$/, 110_000)
    await screen.answers(prompt, 'probant init')
    await screen.answers(/1 à \d+ \(Entrée : 1\) :/, '')
    await screen.answers(/probant self-test sujet\.yaml[^]*#\s*$/, 'probant self-test sujet.yaml')
    await screen.answers('« ici »', '')
    await screen.shows(/On attendait : [^]*La machine\s+montre : [^]*À la main : /)
    const seconds = (Date.now() - begun) / 1000
    console.log(`from an empty folder to the first explained finding: ${seconds.toFixed(1)} s, 3 commands`)
    expect(seconds).toBeLessThan(120)
    await screen.shows('C’est le premier essai de ce sujet.')
    for (const row of screen.rows()) expect(row.length, row).toBeLessThanOrEqual(80)
    expect(screen.text()).not.toMatch(/\bat .*\.[jt]s:\d+|undefined|\[object/)
    expect(screen.coloured()).toContain('\u001b[3')
    expect(existsSync(join(cwd, 'sujet.essais.html'))).toBe(true)
  })

  it('reads as well in 200 columns and without colour, piped too, and can be interrupted', async () => {
    if (!existsSync(join(prefix, 'bin/probant')))
      execFileSync('npm', ['i', '-g', '--prefix', prefix, '--prefer-offline', tarball], { stdio: 'pipe' })
    const { screen, cwd } = evening('second', 200, { NO_COLOR: '1' })
    await screen.answers(prompt, 'probant init')
    await screen.answers(/1 à \d+ \(Entrée : 1\) :/, '')
    await screen.answers(/probant self-test sujet\.yaml[^]*#\s*$/, 'probant self-test sujet.yaml')
    await screen.shows('« ici »')
    screen.key('C-c')
    await screen.answers(/« ici »[^]*#\s*$/, 'echo fin=$?')
    await screen.shows('fin=130')
    expect(existsSync(join(cwd, 'sujet.machines.yaml'))).toBe(false)

    await screen.answers(prompt, 'probant self-test sujet.yaml --here web | cat; echo fin=${PIPESTATUS[0]}')
    await screen.shows(/C’est le premier essai de ce sujet\.[^]*fin=[03]\s/)
    expect(screen.text()).toContain('On attendait : ')
    expect(screen.coloured()).not.toContain('\u001b[3')
    for (const row of screen.rows()) expect(row.length, row).toBeLessThanOrEqual(200)
  })
})
