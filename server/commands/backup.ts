import { createHash } from 'node:crypto'
import { chmodSync, copyFileSync, createReadStream, existsSync, mkdirSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import SQLite from 'better-sqlite3'
import { z } from 'zod'
import { firstBrokenLink } from '../../checks/evidence/chain.ts'
import { JournalVerifier } from '../../checks/evidence/journal-chain.ts'
import type { Text } from '../../checks/text.ts'
import { openSqliteStore } from '../store/sqlite/open.ts'

/** What is kept of a data folder. The sign-ins' key is not: after a restoration everybody signs in again. */
const storeName = 'probant.sqlite'
const keyName = 'server-key.pem'
const aboutName = 'backup.json'
const aboutSchema = z.strictObject({
  format: z.literal('probant-backup/1'),
  at: z.iso.datetime(),
  version: z.string(),
  files: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
})

/** Why a backup can't be made or restored, in a sentence. */
export class BackupRefused extends Error {
  readonly text: Text
  constructor(text: Text) {
    super(text.en)
    this.name = 'BackupRefused'
    this.text = text
  }
}

/**
 * Copies a data folder, also while the server works on it: SQLite's own online copy, at one moment, then the key.
 * The copy appears whole or not at all.
 * @param to folder in which the backup gets a folder of its own, named after the moment.
 * @param progress is told the share that is copied, from 0 to 1.
 * @returns the backup's folder.
 */
export async function backup(
  data: string,
  to: string,
  about: { version: string; now?: Date; progress?: (share: number) => void },
): Promise<string> {
  if (!existsSync(join(data, storeName))) throw new BackupRefused(noStore(data))
  const at = about.now ?? new Date()
  const folder = join(resolve(to), `probant-${at.toISOString().slice(0, 19).replaceAll(':', '-')}`)
  const aside = `${folder}.part`
  if (existsSync(folder)) throw new BackupRefused(exists(folder))
  try {
    await rm(aside, { recursive: true, force: true })
    mkdirSync(aside, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new BackupRefused(cannotWrite(to, (error as NodeJS.ErrnoException).code ?? ''))
  }
  try {
    await copyInto(aside, data, at, about)
    await rename(aside, folder)
  } catch (error) {
    await rm(aside, { recursive: true, force: true })
    throw error
  }
  return folder
}

/** The copy itself, looked at as a whole before its hashes are said. */
async function copyInto(
  aside: string,
  data: string,
  at: Date,
  about: { version: string; progress?: (share: number) => void },
): Promise<void> {
  const database = new SQLite(join(data, storeName), { readonly: true, timeout: 10_000 })
  try {
    await database.backup(join(aside, storeName), {
      progress: ({ totalPages, remainingPages }) => {
        about.progress?.(totalPages === 0 ? 0 : 1 - remainingPages / totalPages)
        return 2000
      },
    })
  } finally {
    database.close()
  }
  await checkStore(join(aside, storeName))
  const names = [storeName]
  if (existsSync(join(data, keyName))) {
    copyFileSync(join(data, keyName), join(aside, keyName))
    names.push(keyName)
  }
  const files: Record<string, string> = {}
  for (const name of names) {
    chmodSync(join(aside, name), 0o600)
    files[name] = await fileHash(join(aside, name))
  }
  const said: z.infer<typeof aboutSchema> = {
    format: 'probant-backup/1',
    at: at.toISOString(),
    version: about.version,
    files,
  }
  await writeFile(join(aside, aboutName), `${JSON.stringify(said, null, 1)}\n`, { mode: 0o600 })
}

/** What a backup holds, found out by looking at all of it. */
export interface BackupContents {
  readonly at: string
  readonly runs: number
  readonly entries: number
}

/**
 * Puts a backup in the place of a data folder. What was there is kept beside it, never deleted.
 * @param replace whether a store that is there may be put aside.
 * @returns what was restored, and where the former folder is now (null where there was none).
 * @throws BackupRefused where the backup is not whole, a store is there already, or a server is using it.
 */
export async function restore(
  from: string,
  data: string,
  { replace, now = new Date() }: { replace: boolean; now?: Date },
): Promise<BackupContents & { before: string | null }> {
  const said = await aboutOf(from)
  for (const [name, expected] of Object.entries(said.files)) {
    if (![storeName, keyName].includes(name)) throw new BackupRefused(notABackup(from))
    if ((await fileHash(join(from, name)).catch(() => null)) !== expected)
      throw new BackupRefused(changed(name))
  }
  const target = resolve(data)
  let before: string | null = null
  if (existsSync(join(target, storeName))) {
    if (!replace) throw new BackupRefused(thereAlready(data))
    refuseInUse(join(target, storeName), data)
  }
  const aside = `${target}.restoring`
  await rm(aside, { recursive: true, force: true })
  mkdirSync(aside, { recursive: true, mode: 0o700 })
  for (const name of Object.keys(said.files)) {
    copyFileSync(join(from, name), join(aside, name))
    chmodSync(join(aside, name), 0o600)
  }
  // On the copy: what is looked at is brought up to date, and a backup stays as it was made.
  const contents = await checkStore(join(aside, storeName)).catch(async (error: unknown) => {
    await rm(aside, { recursive: true, force: true })
    throw error
  })
  if (existsSync(target)) {
    before = `${target}.before-${now.toISOString().slice(0, 19).replaceAll(':', '-')}`
    await rename(target, before)
  }
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
  await rename(aside, target)
  return { ...contents, at: said.at, before }
}

async function aboutOf(folder: string): Promise<z.infer<typeof aboutSchema>> {
  try {
    return aboutSchema.parse(JSON.parse(await readFile(join(folder, aboutName), 'utf8')))
  } catch {
    throw new BackupRefused(notABackup(folder))
  }
}

/** A store in the making is not trusted for being readable: its pages, its chain and its journal must hold. */
async function checkStore(path: string): Promise<BackupContents> {
  const database = new SQLite(path, { readonly: true })
  let whole: unknown
  try {
    whole = database.pragma('integrity_check', { simple: true })
  } catch {
    whole = null // not even a database
  } finally {
    database.close()
  }
  if (whole !== 'ok') throw new BackupRefused(damaged)
  const store = await openSqliteStore(path)
  try {
    const chain = await store.chain()
    if (firstBrokenLink(chain) !== null) throw new BackupRefused(brokenChain)
    const verifier = new JournalVerifier()
    let entries = 0
    for await (const {
      session: _session,
      candidate: _candidate,
      contents,
      ...entry
    } of store.journal.all()) {
      entries++
      if (!verifier.follows({ ...entry, contents: contents && { ...contents } }))
        throw new BackupRefused(brokenChain)
    }
    return { at: '', runs: chain.length, entries }
  } finally {
    await store.close()
  }
}

/** SQLite gives exclusive locking to nobody while another process has the file open. */
function refuseInUse(path: string, data: string): void {
  const database = new SQLite(path, { timeout: 0 })
  try {
    database.pragma('locking_mode = EXCLUSIVE')
    database.exec('begin exclusive; commit')
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY')) throw new BackupRefused(inUse(data))
    throw error
  } finally {
    database.close()
  }
}

async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

const noStore = (data: string): Text => ({
  fr: `il n’y a pas de base dans ${data}\u202F: donnez le dossier du serveur avec --data`,
  en: `there is no store in ${data}: give the server's folder with --data`,
})
const exists = (folder: string): Text => ({
  fr: `${folder} existe déjà\u202F: attendez une seconde et recommencez`,
  en: `${folder} exists already: wait a second and start again`,
})
const cannotWrite = (to: string, code: string): Text => ({
  fr: `impossible d’écrire dans ${to} (${code})\u202F: choisissez un autre dossier avec --to`,
  en: `cannot write to ${to} (${code}): choose another folder with --to`,
})
const notABackup = (from: string): Text => ({
  fr: `${from} n’est pas une sauvegarde de Probant\u202F: donnez le dossier que «\u202Fprobant backup\u202F» a écrit`,
  en: `${from} is no backup of Probant: give the folder that “probant backup” wrote`,
})
const changed = (name: string): Text => ({
  fr: `«\u202F${name}\u202F» a changé depuis la sauvegarde\u202F: rien n’a été restauré, prenez-en une autre`,
  en: `“${name}” has changed since the backup: nothing was restored, take another one`,
})
const damaged: Text = {
  fr: 'la base de cette sauvegarde est abîmée\u202F: rien n’a été restauré, prenez-en une autre',
  en: 'the store of this backup is damaged: nothing was restored, take another one',
}
const brokenChain: Text = {
  fr: 'la chaîne des passages ou le journal ne se suit pas\u202F: rien n’a été restauré, prenez-en une autre',
  en: 'the chain of runs or the journal does not hold: nothing was restored, take another one',
}
const thereAlready = (data: string): Text => ({
  fr: `il y a déjà une base dans ${data}\u202F: ajoutez --replace pour la mettre de côté (elle est conservée)`,
  en: `there is a store in ${data} already: add --replace to put it aside (it is kept)`,
})
const inUse = (data: string): Text => ({
  fr: `un serveur utilise la base de ${data}\u202F: arrêtez-le d’abord`,
  en: `a server is using the store in ${data}: stop it first`,
})
