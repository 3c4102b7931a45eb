import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { ensure } from '../../setup/debian.ts'
import { folderForTests } from '../commands/probant.ts'
import { manyMachines, oneMachine } from './exam.ts'
import { Screen, type ScreenOptions } from './screen.ts'

const tmuxIsHere = ensure(['tmux'])
const folder = folderForTests()
let open: Screen[] = []
afterEach(() => {
  for (const screen of open) screen.close()
  open = []
})

function training(name: string) {
  const own = join(folder, name)
  const exam = oneMachine(own)
  const home = join(folder, `${name}-home`)
  const starts = (columns: number, args: readonly string[] = [], env: ScreenOptions['env'] = {}) => {
    const screen = new Screen(['self-test', exam, ...args], { columns, home, folder: own, env })
    open.push(screen)
    return screen
  }
  return { own, exam, home, starts }
}

const everyFile = (path: string): string[] =>
  existsSync(path)
    ? readdirSync(path, { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
    : []

describe.skipIf(!tmuxIsHere)('self-test in a real terminal', { timeout: 180_000 }, () => {
  it.each([80, 200])(
    'at %i columns asks for « ici », explains, gives hints and details, and fits',
    async (columns) => {
      const { own, starts } = training(`wide-${columns}`)
      const screen = starts(columns, ['--watch'])
      await screen.answers('Adresse, ou « ici » pour ce poste [ici] : ', '')
      await screen.shows('1 demande constatée, 2 non constatées.')
      const explained = screen.text()
      expect(explained).toContain('À la main : stat')
      expect(explained).toContain('Un indice vous attend : i 2')
      await screen.answers('q : quitter', 'i 2')
      await screen.shows('2  Indice 1 : Regardez les droits de la notice 1.')
      await screen.answers(/Indice 1[^]*> $|Indice 1[^]*>$/, 'i 2')
      await screen.shows('2  Indice 2 : « chmod 600 » les règle.')
      writeFileSync(join(own, 'journal'), '')
      await screen.answers(/Indice 2[^]*>\s*$/, '')
      await screen.shows(/3 {2}● constaté +Le journal existe\. \(gagné\)/)
      await screen.answers(/gagné[^]*>\s*$/, 'd 2')
      await screen.shows(/gagné[^]*Critère C6\.1/)
      for (const row of screen.rows()) expect(row.length, row).toBeLessThanOrEqual(columns)
      screen.key('C-c')
      await screen.shows(/2 demandes constatées, 1 non constatée\.\s+exit=0/)
      expect(screen.text()).not.toMatch(/Error|undefined/)
    },
  )

  it('paints nothing with NO_COLOR, and something without', async () => {
    const { starts } = training('colour')
    const plain = starts(80, ['--here', 'web'], { NO_COLOR: '1' })
    await plain.shows('exit=0')
    expect(plain.coloured()).not.toContain('\u001b[3')
    const painted = starts(80)
    await painted.shows('exit=0')
    expect(painted.coloured()).toContain('\u001b[3')
  })

  it('asks for accounts once, keeps secrets in the vault alone, and shows none', async () => {
    const { own, home } = training('vault')
    const exam = join(own, 'trois.yaml')
    writeFileSync(exam, manyMachines)
    const start = () => {
      const screen = new Screen(['self-test', exam], { columns: 100, home, folder: own })
      open.push(screen)
      return screen
    }
    const screen = start()
    await screen.answers(/web[^]*ce poste : $|web[^]*ce poste :$/, 'une adresse')
    await screen.answers(/Il faut ici une adresse IP[^]*ce poste :\s*$/, '127.0.0.1:1')
    await screen.answers(/Compte \[.*\] :\s*$/, 'tech')
    await screen.answers(/Clé privée SSH .* :\s*$/, '')
    await screen.answers(/compte tech .*:\s*$/, 'c4n4ry-un')
    await screen.answers(/dc \(windows\)[^]*Adresse :\s*$/, '127.0.0.1:1')
    await screen.answers(/\[winrm\] :\s*$/, '')
    await screen.answers(/Compte Windows .* :\s*$/, '')
    await screen.answers(/compte Administrateur .*:\s*$/, 'c4n4ry-deux')
    await screen.answers(/nom DNS\) :\s*$/, 'agence1.lan')
    await screen.answers(/sw \(switch\)[^]*Adresse :\s*$/, '127.0.0.1')
    await screen.answers(/\[2c\] :\s*$/, '')
    await screen.answers(/Communauté .* \[public\] :\s*$/, 'c4n4ry-trois')
    await screen.answers(/invite[^]*ce poste :\s*$/, 'ici')
    await screen.answers(/Phrase secrète du coffre :\s*$/, 'une phrase')
    await screen.answers(/Encore une fois :\s*$/, 'une autre')
    await screen.answers(/Les deux phrases diffèrent[^]*coffre :\s*$/, 'une phrase')
    await screen.answers(/diffèrent[^]*Encore une fois :\s*$/, 'une phrase')
    await screen.shows('exit=3')
    const text = screen.text()
    expect(text).toContain('choisissez la phrase secrète qui l’ouvrira')
    expect(text).not.toMatch(/c4n4ry|une phrase\b(?! secrète)/)
    for (const path of [...everyFile(own), ...everyFile(home)]) {
      if (path.endsWith('vault.age')) continue
      expect(readFileSync(path, 'latin1'), path).not.toMatch(/c4n4ry|une phrase/)
    }
    // The next time only the vault's passphrase is asked for.
    const again = start()
    await again.answers(/^Phrase secrète du coffre :\s*$/, 'une phrase')
    await again.shows('exit=3')
    expect(again.text()).not.toContain('Adresse')
  })

  it('interrupted while it asks, leaves nothing behind', async () => {
    const { own, home, starts } = training('given-up')
    const screen = starts(80)
    await screen.shows('[ici] : ')
    screen.key('C-c')
    await screen.shows('Abandonné : rien n’a été écrit.')
    await screen.shows('exit=130')
    expect(readdirSync(own)).toEqual(['sujet.yaml'])
    expect(everyFile(home)).toEqual([])
  })
})
