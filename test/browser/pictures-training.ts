/**
 * `npm run pictures`: takes the pictures of the guides for training and authoring again, each from a real run: a printed
 * exam, a rehearsal in a terminal, and the page of three tries. Runs on this machine, in a folder of its own, and needs
 * Debian's chromium, poppler-utils and tmux.
 */
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Browser } from 'playwright-core'
import { ensure, program } from '../setup/debian.ts'
import { launch } from './browser.ts'

const root = resolve(import.meta.dirname, '../..')
const pictures = join(root, 'docs/images')
const entry = join(root, 'probant.ts')

/** Where the demands look: a short name, for it is read in the pictures. Refused where somebody has it already. */
const machine = '/tmp/agence'
const partage = join(machine, 'partage')
const sauvegarde = join(machine, 'sauvegarde')

const exam = `title: Agence de Lyon, premier soir
purpose: training
referential: tp-01351-01
certificate: CCS1
roles: { web: linux }
demands:
  - id: sauvegarde
    text: "Le script ${sauvegarde} a les droits 0750 : seuls son propriétaire et son groupe le lancent."
    criteria: [S1.1, S1.2]
    checks:
      - linux.file: { on: web, path: ${sauvegarde}, type: file, mode: "0750" }
    question: Comment savez-vous au matin que la sauvegarde a réussi ?
    hint: Que montre « ls -l » de ce script ?
  - id: dossier-partage
    text: "Les droits du dossier ${partage} sont 2770 : ce qui s'y crée reste au groupe."
    criteria: [S5.1]
    checks:
      - linux.file: { on: web, path: ${partage}, type: directory, mode: "2770" }
    question: À quoi sert le premier chiffre des droits 2770 ?
    hint: [Que montre « ls -ld ${partage} » ?, chmod accepte quatre chiffres.]
  - id: accueil
    text: La page ${machine}/site/index.html affiche « Agence de Lyon ».
    criteria: [S5.1]
    checks:
      - linux.file: { on: web, path: ${machine}/site/index.html, type: file, contains: Agence de Lyon }
    question: Que lit le serveur web quand un dossier est demandé ?
    hint: Un fichier se cherche lettre à lettre, majuscules comprises.
  - id: sans-telnet
    text: Le paquet telnetd est retiré du serveur Linux.
    criteria: [S5.1]
    checks:
      - not: { linux.package: { on: web, name: telnetd } }
    question: Par quoi remplacez-vous telnet, et pourquoi ?
`
const session = `exam: sujet.yaml
date: 2026-12-01
targets:
  web: { address: 127.0.0.1, local: true }
candidates:
  - { code: C01, n: 1 }
`
const model = `#!/bin/sh
set -e
cd ${machine}
chmod 2770 partage
mkdir -p site
echo 'Agence de Lyon' > site/index.html
touch sauvegarde
chmod 0750 sauvegarde
`

/** The command on its own: French, and a home of its own. */
function probant(args: readonly string[], folder: string, accepted: readonly number[] = [0]): void {
  try {
    execFileSync(process.execPath, [entry, ...args], { cwd: folder, env: environment(folder), stdio: 'pipe' })
  } catch (error) {
    const { status, stderr } = error as { status?: number; stderr?: Buffer }
    if (status === undefined || !accepted.includes(status))
      throw new Error(`probant ${args[0]}: ${String(stderr)}`, { cause: error })
  }
}

const environment = (folder: string) => ({
  PATH: process.env['PATH'],
  HOME: folder,
  LC_ALL: 'C.UTF-8',
  PROBANT_LANG: 'fr',
  PROBANT_HOME: join(folder, 'home'),
})

/** The first page of an exam of the tree, for the candidate of its model answer. */
function printedExam(folder: string): void {
  const { exams, paper } = { exams: join(root, 'fixtures/exams/ccp2'), paper: join(folder, 'papier') }
  const [file, day] = ['sujet.yaml', 'session.yaml'].map((name) => join(exams, name))
  probant(['print', file!, '--session', day!, '--candidate', 'CORRIGE', '--out', paper], folder)
  execFileSync(program('pdftoppm')!, [
    '-png',
    '-singlefile',
    '-scale-to-x',
    '900',
    '-scale-to-y',
    '-1',
    join(paper, 'sujet-CORRIGE.pdf'),
    join(pictures, 'guide-sujet'),
  ])
}

/** The machine as handed out: the folder is there, with other permissions. */
function handOut(): void {
  mkdirSync(partage)
  chmodSync(partage, 0o755)
}

/** A rehearsal, in a terminal 100 columns wide, drawn with its colours. */
async function rehearsal(folder: string, browser: Browser): Promise<void> {
  const line = 'probant rehearse sujet.yaml --model-command ./modele.sh'
  const lines = inTerminal([entry, ...line.split(' ').slice(1)], folder)
  if (!lines.some((text) => text.startsWith('Le sujet n’est pas prouvé'))) throw new Error(lines.join('\n'))
  const page = await browser.newPage({ viewport: { width: 900, height: 600 }, deviceScaleFactor: 1.25 })
  await page.setContent(`<!doctype html><meta charset="utf-8"><style>
body{margin:0;background:#fff}
pre{display:inline-block;margin:0;padding:14px 18px;background:#fbfbf9;color:#1b1b1b;border:1px solid #c9c9c4;font:14px/1.4 "DejaVu Sans Mono",monospace}
.c31{color:#a51d1d}.c32{color:#0f6636}.c33{color:#7a5200}.c34{color:#1d4f91}.b{font-weight:700}.d{opacity:.65}</style>
<pre>$ ${line}\n${lines.map(coloured).join('\n')}</pre>`)
  await page.locator('pre').screenshot({ path: join(pictures, 'guide-repetition.png') })
  await page.close()
}

/** What a command leaves on the screen of Debian's tmux, with its escape sequences for colours. */
function inTerminal(args: readonly string[], folder: string): string[] {
  const socket = `probant-${randomUUID()}`
  const tmux = (...words: readonly string[]) =>
    execFileSync(program('tmux')!, ['-L', socket, '-f', '/dev/null', ...words], {
      cwd: folder,
      encoding: 'utf8',
      env: environment(folder),
      timeout: 60_000,
    })
  const command = [process.execPath, ...args].map((word) => `'${word}'`).join(' ')
  // The screen stays until it was read.
  const shell = `${command}; tmux -L ${socket} wait-for -S done; exec cat`
  try {
    tmux('new-session', '-d', '-x', '100', '-y', '60', shell)
    tmux('wait-for', 'done')
    return tmux('capture-pane', '-p', '-e').trimEnd().split('\n')
  } finally {
    tmux('kill-server')
  }
}

/** A line of a terminal as HTML. Only what Probant paints: bold, dim and four colours. */
function coloured(line: string): string {
  const on = new Set<string>()
  return line
    .split(/\u001b\[([\d;]*)m/)
    .map((part, index) => {
      if (index % 2 === 1) {
        for (const code of part.split(';').map(Number)) {
          if (code === 0) on.clear()
          if (code === 1) on.add('b')
          if (code === 2) on.add('d')
          if (code >= 31 && code <= 39) for (const one of on) if (one.startsWith('c')) on.delete(one)
          if (code >= 31 && code <= 34) on.add(`c${code}`)
        }
        return ''
      }
      const text = part.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
      return on.size === 0 || text === '' ? text : `<span class="${[...on].join(' ')}">${text}</span>`
    })
    .join('')
}

/** The page of three tries: two demands gained, then another gained and one lost. */
async function tries(folder: string, browser: Browser): Promise<void> {
  const look = () => probant(['self-test', 'sujet.yaml', '--here', 'web'], folder)
  look()
  chmodSync(partage, 0o2770)
  mkdirSync(join(machine, 'site'))
  writeFileSync(join(machine, 'site/index.html'), '<h1>Agence de Lyon</h1>\n')
  look()
  writeFileSync(sauvegarde, '#!/bin/sh\n')
  chmodSync(sauvegarde, 0o750)
  chmodSync(partage, 0o750)
  look()
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'fr-FR' })
  await page.goto(`file://${join(folder, 'sujet.essais.html')}`)
  await page.screenshot({ path: join(pictures, 'guide-essai.png') })
  await page.close()
}

if (!ensure(['chromium', 'poppler-utils', 'tmux'])) process.exit(1)
mkdirSync(pictures, { recursive: true })
mkdirSync(machine)
const folder = mkdtempSync(join(tmpdir(), 'probant-pictures-'))
const browser = await launch()
try {
  writeFileSync(join(folder, 'sujet.yaml'), exam)
  writeFileSync(join(folder, 'session.yaml'), session)
  writeFileSync(join(folder, 'modele.sh'), model, { mode: 0o755 })
  printedExam(folder)
  handOut()
  await rehearsal(folder, browser)
  for (const made of ['partage', 'site']) rmSync(join(machine, made), { recursive: true })
  unlinkSync(sauvegarde)
  handOut()
  await tries(folder, browser)
} finally {
  await browser.close()
  rmSync(machine, { recursive: true })
  rmSync(folder, { recursive: true })
}
