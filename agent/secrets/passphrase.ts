import type { Lang } from '../../checks/text.ts'
import { readHidden } from './hidden-input.ts'
import { pipedText } from './typed-text.ts'
import { noPassphrase, VaultFailure } from './vault.ts'

const prompts = { fr: 'Phrase secrète du coffre : ', en: 'Passphrase of the vault: ' }
const again = { fr: 'Encore une fois : ', en: 'Once more: ' }

/**
 * The vault's passphrase: `PROBANT_VAULT_PASSPHRASE`, else typed at the terminal without echo; typed twice where
 * `confirm` says that the vault is about to be made. Rejects with VaultFailure where it can't be had.
 */
export async function readPassphrase(lang: Lang, options: { confirm?: boolean } = {}): Promise<string> {
  const given = process.env['PROBANT_VAULT_PASSPHRASE']
  if (given) return given
  const typed = await readHidden(prompts[lang])
  if (!typed) throw noPassphrase()
  if (options.confirm && (await readHidden(again[lang])) !== typed)
    throw new VaultFailure({
      fr: 'les deux phrases secrètes diffèrent : recommencez',
      en: 'the two passphrases differ: start again',
    })
  return typed
}

/**
 * The secret to store: typed without echo where standard input is the terminal, else all of standard input. The line
 * end that `echo` adds to a single line is dropped; a key keeps its own.
 */
export async function readSecret(lang: Lang, name: string): Promise<string> {
  if (process.stdin.isTTY)
    return (await readHidden({ fr: `Secret ${name} : `, en: `Secret ${name}: ` }[lang])) ?? ''
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > 65_536)
      throw new VaultFailure({ fr: 'un secret fait au plus 64 Kio', en: 'a secret has at most 64 KiB' })
  }
  const text = pipedText(Buffer.concat(chunks))
  return /^[^\n]*\n$/.test(text) ? text.replace(/\r?\n$/, '') : text
}
