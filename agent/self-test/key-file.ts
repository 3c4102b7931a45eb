import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Text } from '../../checks/text.ts'
import { systemReason } from '../commands/system-reason.ts'
import { typedPath } from '../secrets/typed-path.ts'
import { visibleLine } from '../terminal/visible.ts'

const MAX_BYTES = 65_536
const usual = ['id_ed25519', 'id_ecdsa', 'id_rsa']

/** The private key that ssh itself would take first, as it is typed (`~/.ssh/id_ed25519`); null where there is none. */
export async function keyFileNear(home: string): Promise<string | null> {
  for (const name of usual) {
    const there = await stat(join(home, '.ssh', name)).catch(() => null)
    if (there?.isFile()) return `~/.ssh/${name}`
  }
  return null
}

/** Reads a private key; `~` is the home folder. */
export async function readKeyFile(written: string): Promise<{ key: string } | { problem: Text }> {
  const path = typedPath(written)
  const shown = visibleLine(written, 80)
  try {
    const file = await open(path, 'r')
    try {
      const buffer = Buffer.alloc(MAX_BYTES + 1)
      const { bytesRead } = await file.read(buffer, 0, buffer.length, 0)
      const text = buffer.toString('utf8', 0, bytesRead)
      if (bytesRead <= MAX_BYTES && /^-----BEGIN [A-Z ]*PRIVATE KEY-----/m.test(text)) return { key: text }
    } finally {
      await file.close()
    }
    return {
      problem: {
        fr: `une clé privée SSH, ce que « ${shown} » n'est pas (la clé publique finit par .pub)`,
        en: `an SSH private key, which “${shown}” is not (the public one ends in .pub)`,
      },
    }
  } catch (error) {
    const why = systemReason(error)
    return {
      problem: {
        fr: `un fichier lisible (« ${shown} » : ${why.fr})`,
        en: `a file that can be read (“${shown}”: ${why.en})`,
      },
    }
  }
}

/** Whether ssh can use this key, opened with this passphrase where it has one. */
export async function isPrivateKey(key: string, passphrase?: string): Promise<boolean> {
  const { publicKeyLine } = await import('../commands/prepare/public-key.ts')
  return publicKeyLine(key, passphrase) !== null
}
