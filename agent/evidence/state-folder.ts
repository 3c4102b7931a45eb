import { existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { posix, win32 } from 'node:path'
import type { Text } from '../../checks/text.ts'

/** What decides where a program keeps what is its own. */
export interface Surroundings {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  /** The account's own folder; throws where it has none. */
  readonly home: () => string
  readonly exists: (path: string) => boolean
}

const here: Surroundings = { platform: process.platform, env: process.env, home: homedir, exists: existsSync }

/** Why the agent can keep nothing; `message` is the English sentence. */
export class NoStateFolder extends Error {
  override readonly name = 'NoStateFolder'
  readonly text: Text

  constructor(text: Text) {
    super(text.en)
    this.text = text
  }
}

/**
 * Where the agent keeps what is its own: `PROBANT_HOME`; else the folder that an earlier version made in the XDG place, which
 * was the only one; else where the platform has such things: `%LOCALAPPDATA%\probant` on Windows (not `%APPDATA%`, which follows
 * its account to other machines, as a key must not), `~/Library/Application Support/probant` on macOS, the XDG state folder
 * elsewhere. Throws NoStateFolder where the account has no folder of its own.
 */
export function statePath({ platform, env, home, exists }: Surroundings): string {
  const given = env['PROBANT_HOME']
  if (given) return given
  const { join } = platform === 'win32' ? win32 : posix
  const homeFolder = () => {
    try {
      return home()
    } catch {
      throw new NoStateFolder({
        fr: 'ce compte n’a pas de dossier personnel : indiquez par PROBANT_HOME un dossier où l’agent puisse garder sa clé',
        en: 'this account has no home folder: say with PROBANT_HOME where the agent may keep its key',
      })
    }
  }
  const xdg = () => join(env['XDG_STATE_HOME'] || join(homeFolder(), '.local', 'state'), 'probant')
  if (platform !== 'win32' && platform !== 'darwin') return xdg()
  const earlier = xdg()
  if (exists(earlier)) return earlier
  return platform === 'win32'
    ? join(env['LOCALAPPDATA'] || join(homeFolder(), 'AppData', 'Local'), 'probant')
    : join(homeFolder(), 'Library', 'Application Support', 'probant')
}

/**
 * The agent's own folder (key, known identities, preflights, runs), or one inside it; made with mode 0700 when it doesn't
 * exist (on Windows the folder above is already its account's own). Throws NoStateFolder where it can't be made.
 */
export function stateFolder(...inside: string[]): string {
  const { join } = here.platform === 'win32' ? win32 : posix
  const folder = join(statePath(here), ...inside)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    throw new NoStateFolder({
      fr: `le dossier de l’agent ${folder} ne peut pas être créé (${code}) : indiquez-en un autre par PROBANT_HOME`,
      en: `the agent’s folder ${folder} cannot be made (${code}): say another one with PROBANT_HOME`,
    })
  }
  return folder
}
