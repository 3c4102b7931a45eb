import type { Text } from '../../checks/text.ts'
import { readPassphrase } from '../secrets/passphrase.ts'
import { secretSource } from '../secrets/resolve.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { visibleLine } from '../terminal/visible.ts'
import { CommandFailure } from './command-failure.ts'
import { exitCode } from './exit-code.ts'

/**
 * The address of a server as it was typed, with a path that ends in `/`. Warns on stderr where what is sent could be read
 * on the way.
 * @throws CommandFailure (2) where it is no http(s) address, or holds credentials.
 */
export function serverUrl(written: string, terminal: Terminal): URL {
  const url = URL.canParse(written) ? new URL(written) : null
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '')
    throw new CommandFailure(
      {
        fr: `« ${visibleLine(written, 80)} » n'est pas l'adresse d'un serveur : écrivez par exemple https://probant.example/ (sans identifiants)`,
        en: `“${visibleLine(written, 80)}” is not a server's address: write for instance https://probant.example/ (without credentials)`,
      },
      exitCode.badInput,
    )
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  const local = ['localhost', '[::1]'].includes(url.hostname) || url.hostname.startsWith('127.')
  if (url.protocol === 'http:' && !local)
    terminal.err(
      terminal.say({
        fr: 'Attention : http sans chiffrement, le jeton et ce qui est envoyé peuvent être lus sur le réseau.',
        en: 'Beware: http without encryption, the token and what is sent can be read on the network.',
      }),
    )
  return url
}

/**
 * The token that `--token-from` refers to (`env:NAME` or `vault:name`).
 * @param whence where such a token is to be had: the end of the sentence that says that there is none.
 * @throws CommandFailure (2) where the reference is none, or has no value; VaultFailure where the vault can't be opened.
 */
export async function tokenFrom(reference: string, { lang }: Terminal, whence: Text): Promise<string> {
  if (!/^(env:[A-Z_][A-Z0-9_]*|vault:[a-z0-9][a-z0-9._-]*)$/.test(reference))
    throw new CommandFailure(
      {
        fr: '--token-from attend env:NOM ou vault:nom, jamais le jeton lui-même',
        en: '--token-from takes env:NAME or vault:name, never the token itself',
      },
      exitCode.badInput,
    )
  try {
    return (await secretSource({ passphrase: () => readPassphrase(lang) })(reference)).trim()
  } catch (error) {
    if (error instanceof Error && 'text' in error) throw error
    throw new CommandFailure(
      {
        fr: `le jeton manque : ${reference} n'a pas de valeur. ${whence.fr}`,
        en: `the token is missing: ${reference} has no value. ${whence.en}`,
      },
      exitCode.badInput,
    )
  }
}
