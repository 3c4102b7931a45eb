import ssh2 from 'ssh2'
import { keyText } from '../../secrets/typed-text.ts'

/**
 * The public half of a private SSH key, as authorized_keys has it (`ssh-ed25519 AAAA…`); null where the text is no key, or
 * its passphrase is not the right one. Nothing of the private half leaves this.
 */
export function publicKeyLine(privateKey: string, passphrase?: string): string | null {
  const parsed = ssh2.utils.parseKey(keyText(privateKey), passphrase)
  const key = Array.isArray(parsed) ? parsed[0] : parsed
  if (!key || key instanceof Error) return null
  return `${key.type} ${key.getPublicSSH().toString('base64')}`
}
