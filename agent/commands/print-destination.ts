import { lstat, mkdir, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { CommandFailure } from './command-failure.ts'
import { exitCode } from './exit-code.ts'
import { systemReason } from './system-reason.ts'
import type { Options } from './verb.ts'
import { writeWhole } from '../evidence/atomic-file.ts'
import { visibleLine } from '../terminal/visible.ts'

export type PaperFormat = 'md' | 'pdf'

/** Where papers go, and as what. */
export interface Destination {
  readonly format: PaperFormat
  /** The file of the paper of that name (a candidate's code). */
  readonly pathOf: (name: string) => string
}

const wrong = (fr: string, en: string) => new CommandFailure({ fr, en }, exitCode.badInput)

/**
 * What `--out` and `--format` say for so many papers; null for stdout. Makes the folder where there is none yet.
 * @throws CommandFailure (2) where they don't go together.
 */
export async function destinationOf(options: Options, papers: number): Promise<Destination | null> {
  const format = options['format'] as PaperFormat | undefined
  if (options['out'] === undefined) {
    if (papers > 1)
      throw wrong(
        `${papers} candidats, donc ${papers} sujets : donnez un dossier (--out sujets/), ou un seul candidat (--candidate CODE)`,
        `${papers} candidates, so ${papers} papers: give a folder (--out papers/), or one candidate (--candidate CODE)`,
      )
    if (format === 'pdf')
      throw wrong(
        'un PDF ne s’affiche pas ici : donnez-lui un fichier (--out sujet.pdf)',
        'a PDF is not shown here: give it a file (--out paper.pdf)',
      )
    return null
  }
  const out = String(options['out'])
  const shown = visibleLine(out, 200)
  const extension = extname(out).toLowerCase()
  if ((await isFolder(out)) || /[\\/]$/.test(out) || extension === '') {
    await mkdir(out, { recursive: true }).catch((error: unknown) => {
      throw unwritable(out, error)
    })
    const chosen = format ?? 'pdf'
    return { format: chosen, pathOf: (name) => join(out, `sujet-${name}.${chosen}`) }
  }
  if (extension !== '.md' && extension !== '.pdf')
    throw wrong(
      `« ${shown} » n’est ni un .md, ni un .pdf, ni un dossier : changez la fin du nom, ou ajoutez / pour un dossier`,
      `“${shown}” is neither a .md, nor a .pdf, nor a folder: change how it ends, or add / for a folder`,
    )
  const own = extension === '.md' ? 'md' : 'pdf'
  if (format !== undefined && format !== own)
    throw wrong(
      `--format ${format} contredit « ${shown} » : retirez --format, ou changez la fin du nom`,
      `--format ${format} contradicts “${shown}”: leave --format out, or change how the name ends`,
    )
  if (papers > 1)
    throw wrong(
      `${papers} candidats ne tiennent pas dans « ${shown} » : donnez un dossier (--out sujets/), ou un seul candidat (--candidate CODE)`,
      `${papers} candidates do not go into “${shown}”: give a folder (--out papers/), or one candidate (--candidate CODE)`,
    )
  return { format: own, pathOf: () => out }
}

/** @throws CommandFailure (2) where one of these files exists; nothing has been written then. */
export async function refuseExisting(paths: readonly string[]): Promise<void> {
  const existing: string[] = []
  for (const path of paths) if (await exists(path)) existing.push(path)
  const [first] = existing
  if (first === undefined) return
  const name = visibleLine(first, 200)
  const more = existing.length - 1
  throw more === 0
    ? wrong(
        `« ${name} » existe déjà ; rien n’a été écrit. Ajoutez --force pour le remplacer`,
        `“${name}” exists already; nothing was written. Add --force to replace it`,
      )
    : wrong(
        `« ${name} » et ${more} autre${more > 1 ? 's' : ''} existent déjà ; rien n’a été écrit. Ajoutez --force pour les remplacer`,
        `“${name}” and ${more} more exist already; nothing was written. Add --force to replace them`,
      )
}

/**
 * Writes one paper, whole or not at all.
 * @throws CommandFailure (2) where it can't be written, or, without `force`, where it came to exist meanwhile.
 */
export async function writePaper(path: string, contents: string | Uint8Array, force: boolean): Promise<void> {
  if (!force && (await exists(path))) {
    const name = visibleLine(path, 200)
    throw wrong(
      `« ${name} » est apparu entre-temps et reste tel quel ; relancez dans un autre dossier, ou avec --force`,
      `“${name}” has come to exist meanwhile and is left as it is; start again in another folder, or with --force`,
    )
  }
  await writeWhole(path, contents).catch((error: unknown) => {
    throw unwritable(path, error)
  })
}

function unwritable(path: string, error: unknown): CommandFailure {
  const reason = systemReason(error)
  const name = visibleLine(path, 200)
  return wrong(
    `« ${name} » ne peut pas être écrit : ${reason.fr} ; donnez un autre --out`,
    `“${name}” cannot be written: ${reason.en}; give another --out`,
  )
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  )
