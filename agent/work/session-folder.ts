import { createHash } from 'node:crypto'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import type { Diagnostic } from '../../checks/document.ts'
import { writeWhole } from '../evidence/atomic-file.ts'
import { loadSession, type LoadedSession, type Sources } from '../run/load.ts'
import { CannotDo } from './agent-failure.ts'
import type { SessionFiles } from './protocol.ts'

/** A session may name files beside its own folder (`../exams/…`), as far up as this. */
const insideFolder = ['in', 'in', 'in', 'in']
const MAX_DEPTH = 8
/** Nothing that a file system reads as more than a name: no backslash, colon (Windows) or control character. */
const segment = /^(?!\.{1,2}$)[^/\\:*?"<>|\u0000-\u001f\u007f]{1,200}$/
/** Names that Windows gives to devices, whatever comes after a dot, and ends that it drops without a word. */
const windowsOnly = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)|[. ]$/i

/** Whether this can be a file's name here and means that file only. */
export const isPlainName = (name: string, platform: NodeJS.Platform = process.platform): boolean =>
  segment.test(name) && !(platform === 'win32' && windowsOnly.test(name))

/**
 * Writes the files of a session that a server leased, each whole, and reads the session from them as any other.
 * @param folder the agent's own place for this session; nothing is ever written outside it.
 * @throws CannotDo where the files are not that session's, or hold mistakes, or can't be written here.
 */
export async function openSessionFiles(
  folder: string,
  id: string,
  files: SessionFiles,
  sources: Sources,
): Promise<LoadedSession> {
  const [session] = files
  if (session?.name !== 'session.yaml' || sha256(session.text) !== id)
    throw new CannotDo({
      fr: 'les fichiers reçus ne sont pas ceux de cette session : envoyez-la de nouveau au serveur',
      en: 'the files received are not those of this session: send it to the server again',
    })
  const base = join(folder, ...insideFolder)
  const places = files.map(({ name, text }) => ({ path: placeOf(folder, base, name), text }))
  await mkdir(base, { recursive: true, mode: 0o700 })
  for (const { path, text } of places) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await writeWhole(path, text)
  }
  const path = join(base, 'session.yaml')
  const { loaded, diagnostics } = await loadSession(path, sources)
  if (loaded) return loaded
  const wrong = diagnostics.find(({ severity }) => severity === 'error')
  throw new CannotDo(wrong ? mistake(wrong, base) : unreadable)
}

/** An agent that was killed leaves the files of its sessions; those of another that works now are newer. */
const ABANDONED_MS = 24 * 3_600_000

/** Removes what earlier starts left of sessions, below `work` in the agent's own folder: the server sends it again. */
export async function removeAbandoned(work: string): Promise<void> {
  for (const id of await readdir(work).catch(() => [])) {
    const folder = join(work, id)
    const written = await stat(join(folder, ...insideFolder, 'session.yaml')).catch(() => null)
    if (written && Date.now() - written.mtimeMs > ABANDONED_MS)
      await rm(folder, { recursive: true, force: true })
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** Where a file that the session names is written. Throws CannotDo for a name that would lead out of the folder. */
function placeOf(folder: string, base: string, name: string): string {
  const segments = name.split('/').filter((part) => part !== '.')
  const up = segments.findIndex((part) => part !== '..')
  const rest = segments.slice(up)
  const path = join(base, ...segments)
  const inside = relative(folder, path)
  const harmless =
    up >= 0 &&
    segments.length <= MAX_DEPTH &&
    rest.every((part) => isPlainName(part)) &&
    inside !== '' &&
    inside.split(sep)[0] !== '..'
  if (harmless) return path
  throw new CannotDo({
    fr: `le nom de fichier « ${name.slice(0, 100)} » n'est pas admis : donnez aux fichiers de la session des chemins simples, relatifs à elle`,
    en: `the file name “${name.slice(0, 100)}” is not accepted: give the files of the session plain paths, relative to it`,
  })
}

/** Under the names that the session gives, not those of this machine's disk. */
function mistake({ file, line, column, message }: Diagnostic, base: string) {
  const where = `${relative(base, file).split(sep).join('/')}:${line}:${column}`
  return {
    fr: `la session contient une erreur, ${where} : ${message.fr}`.slice(0, 500).toWellFormed(),
    en: `the session holds a mistake, ${where}: ${message.en}`.slice(0, 500).toWellFormed(),
  }
}

const unreadable = {
  fr: 'la session ne peut pas être lue : envoyez-la de nouveau au serveur',
  en: 'the session cannot be read: send it to the server again',
}
