import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * Where the agent keeps what is its own (key, known identities, preflights, runs): `PROBANT_HOME`, else the XDG state
 * folder. Made with mode 0700 when it doesn't exist.
 */
export function stateFolder(...inside: string[]): string {
  const home = process.env['PROBANT_HOME']
  const state = process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state')
  const folder = join(home ?? join(state, 'probant'), ...inside)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}
