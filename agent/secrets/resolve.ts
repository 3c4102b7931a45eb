import type { Lang } from '../../checks/text.ts'
import { readPassphrase } from './passphrase.ts'
import { openVault, vaultPath } from './vault.ts'

/**
 * Makes a function that gives the value of `env:NAME` or `vault:name`. The vault is opened at the first `vault:`
 * reference and at most once. The function rejects, naming the reference and never a value, where there is none.
 */
export function secretSource(
  options: { path?: string; passphrase?: () => Promise<string> } = {},
): (reference: string) => Promise<string> {
  let vault: Promise<ReadonlyMap<string, string>> | undefined
  const open = async () => {
    const passphrase = await (options.passphrase ?? (() => readPassphrase(language())))()
    return openVault(options.path ?? vaultPath(), passphrase)
  }
  return async (reference) => {
    const [, source, name] = /^(env|vault):(.+)$/.exec(reference) ?? []
    if (source === undefined || name === undefined)
      throw new Error('a secret is written env:NAME or vault:name')
    const value = source === 'env' ? process.env[name] : (await (vault ??= open())).get(name)
    if (!value) throw new Error(`${reference} has no value`)
    return value
  }
}

let shared: ReturnType<typeof secretSource> | undefined

/** The same with the agent's own vault, opened once a process; its passphrase is asked for where it isn't given. */
export const resolveSecret = (reference: string): Promise<string> => (shared ??= secretSource())(reference)

/** The language of the terminal (locale(7)): French unless it says another. */
function language(): Lang {
  const { LC_ALL, LC_MESSAGES, LANG } = process.env
  const locale = LC_ALL || LC_MESSAGES || LANG || 'fr'
  return locale.startsWith('en') ? 'en' : 'fr'
}
