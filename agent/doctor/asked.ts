import type { Credential } from '../../checks/session.ts'
import type { SecretSource } from '../run/credentials.ts'

/** From where one secret is taken. */
export interface SecretOrigin {
  readonly kind: 'password' | 'key' | 'passphrase' | 'community' | 'auth' | 'privacy'
  /** `env:NAME` or `vault:name`, as a session writes them; `file:PATH` of --key; `prompt` where it was typed without echo. */
  readonly from: string
  /** Nothing is there. */
  readonly missing: boolean
}

/** What whoever asks for a diagnosis knows of how it was asked: nothing of it comes from a machine. */
export interface Asked {
  /** The command that tries this again, as it was typed. */
  readonly again: string
  /** The command for another machine of the same session; null outside of a session. */
  readonly doctorOf: ((role: string) => string) | null
  /** The address that was typed and the options after it; null within a session. */
  readonly typed: { readonly address: string; readonly options: readonly string[] } | null
  /** From which files named in the session, or typed, are read. */
  readonly folder: string
  readonly secretsOf: (credential: string) => Promise<readonly SecretOrigin[]>
}

/** Where the credentials of a session take their secrets, and which of them have none. No value leaves this. */
export const originsIn =
  (credentials: Readonly<Record<string, Credential>>, secrets: SecretSource): Asked['secretsOf'] =>
  async (name) => {
    const { password, key, passphrase, community, auth, privacy } = credentials[name] ?? {}
    const references = { password, key, passphrase, community, auth: auth?.secret, privacy: privacy?.secret }
    const written = Object.entries(references).flatMap(([kind, from]) =>
      from === undefined ? [] : [{ kind: kind as SecretOrigin['kind'], from }],
    )
    return Promise.all(
      written.map(async ({ kind, from }) => ({
        kind,
        from,
        missing: await secrets(from).then(
          () => false,
          () => true,
        ),
      })),
    )
  }
