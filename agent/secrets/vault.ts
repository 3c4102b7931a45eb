import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Text } from '../../checks/text.ts'
import { writeWhole } from '../evidence/atomic-file.ts'
import { stateFolder } from '../evidence/state-folder.ts'

/**
 * The vault: one file encrypted with a passphrase by age (https://age-encryption.org/v1; `age -d` opens it), which
 * holds a JSON map of names to secrets. Written aside, synced and renamed, mode 0600.
 */

/** Base-2 logarithm of scrypt's work factor: 64 MiB, so that opening the vault doesn't double the agent's memory. */
const WORK_FACTOR = 16
const MAX_BYTES = 1_048_576
const secretName = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/)
const contents = z.record(secretName, z.string().min(1).max(65_536))

/** Why the vault could not be used; `message` is the English sentence, and neither holds a secret. */
export class VaultFailure extends Error {
  override readonly name = 'VaultFailure'
  readonly text: Text

  constructor(text: Text) {
    super(text.en)
    this.text = text
  }
}

/** Where the vault is: `PROBANT_VAULT`, else `vault.age` in the agent's own folder. */
export const vaultPath = (): string => process.env['PROBANT_VAULT'] ?? join(stateFolder(), 'vault.age')

/** Whether there is a vault at all. */
export const vaultExists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/** Decrypts the vault: names and secrets. Rejects with VaultFailure: none there, wrong passphrase, damaged. */
export async function openVault(path: string, passphrase: string): Promise<ReadonlyMap<string, string>> {
  const sealed = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(path, error.code)
  })
  if (sealed.length > MAX_BYTES) throw damaged(path)
  // Half a megabyte of cryptography, for those who have a vault.
  const { Decrypter } = await import('age-encryption')
  const decrypter = new Decrypter()
  decrypter.addPassphrase(passphrase)
  let text: string
  try {
    text = await decrypter.decrypt(sealed, 'text')
  } catch (error) {
    // age says "no identity matched" for a wrong passphrase; anything else means that the file was changed.
    throw error instanceof Error && error.message.includes('no identity matched')
      ? wrongPassphrase()
      : damaged(path)
  }
  try {
    return new Map(Object.entries(contents.parse(JSON.parse(text))))
  } catch {
    throw damaged(path)
  }
}

/** The names in the vault, sorted. */
export const listNames = async (path: string, passphrase: string): Promise<string[]> =>
  [...(await openVault(path, passphrase)).keys()].sort()

/** Stores a secret under a name, replacing what was there; makes the vault where there is none. */
export async function setSecret(
  path: string,
  passphrase: string,
  name: string,
  secret: string,
): Promise<void> {
  if (!secretName.safeParse(name).success) throw badName(name)
  if (secret === '') throw empty()
  await change(path, passphrase, (secrets) => secrets.set(name, secret))
}

/** Removes a secret. False where there is none of that name. */
export async function removeSecret(path: string, passphrase: string, name: string): Promise<boolean> {
  let found = false
  await change(path, passphrase, (secrets) => (found = secrets.delete(name)))
  return found
}

async function change(
  path: string,
  passphrase: string,
  edit: (secrets: Map<string, string>) => unknown,
): Promise<void> {
  if (passphrase === '') throw noPassphrase()
  const before = await version(path)
  const secrets = before === null ? new Map<string, string>() : new Map(await openVault(path, passphrase))
  edit(secrets)
  const { Encrypter } = await import('age-encryption')
  const encrypter = new Encrypter()
  encrypter.setPassphrase(passphrase)
  encrypter.setScryptWorkFactor(WORK_FACTOR)
  const sealed = await encrypter.encrypt(JSON.stringify(Object.fromEntries(secrets)))
  if ((await version(path)) !== before) throw changedMeanwhile(path)
  await writeWhole(path, sealed)
}

/** Tells whether another process wrote the vault in between; every writing makes a new file. */
const version = (path: string): Promise<string | null> =>
  stat(path, { bigint: true }).then(
    ({ ino, mtimeNs }) => `${ino} ${mtimeNs}`,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw unreadable(path, error.code)
    },
  )

const unreadable = (path: string, code = '') =>
  code === 'ENOENT'
    ? new VaultFailure({
        fr: `il n’y a pas de coffre ${path} : « probant vault set » le crée`,
        en: `there is no vault ${path}: “probant vault set” makes it`,
      })
    : new VaultFailure({
        fr: `le coffre ${path} ne peut pas être lu (${code}) : vérifiez ses droits`,
        en: `the vault ${path} cannot be read (${code}): check its permissions`,
      })
const wrongPassphrase = () =>
  new VaultFailure({
    fr: 'la phrase secrète du coffre n’est pas la bonne : retapez-la',
    en: 'wrong passphrase for the vault: type it again',
  })
const damaged = (path: string) =>
  new VaultFailure({
    fr: `le coffre ${path} est abîmé : remettez-en une copie, ou effacez-le et refaites-le par « probant vault set »`,
    en: `the vault ${path} is damaged: restore a copy of it, or delete it and make it again with “probant vault set”`,
  })
const badName = (name: string) =>
  new VaultFailure({
    fr: `« ${name} » ne peut pas nommer un secret : employez minuscules, chiffres, point, tiret, souligné`,
    en: `“${name}” cannot name a secret: use lower-case letters, digits, dot, hyphen, underscore`,
  })
const empty = () =>
  new VaultFailure({
    fr: 'le secret est vide : tapez-le, ou donnez-le sur l’entrée standard',
    en: 'the secret is empty: type it, or give it on standard input',
  })
export const noPassphrase = () =>
  new VaultFailure({
    fr: 'la phrase secrète du coffre manque : tapez-la au terminal, ou donnez-la dans PROBANT_VAULT_PASSPHRASE',
    en: 'the passphrase of the vault is missing: type it at the terminal, or give it in PROBANT_VAULT_PASSPHRASE',
  })
const changedMeanwhile = (path: string) =>
  new VaultFailure({
    fr: `une autre commande vient d’écrire le coffre ${path} : recommencez`,
    en: `another command has just written the vault ${path}: try again`,
  })
