import type { Credential } from '../../checks/session.ts'
import { keyText } from '../secrets/typed-text.ts'
import { TransportFailure, type OpenCredential, type OpenCredentials } from '../transports/transport.ts'

/** Gives the value of `env:NAME` or `vault:name`; rejects where there is none. */
export type SecretSource = (reference: string) => Promise<string>

/**
 * Turns a candidate's credential references into values, in memory only.
 * `seen` collects every value given out, so that echoes of it can be scrubbed from what machines answer.
 */
export function openCredentials(
  credentials: Readonly<Record<string, Credential>>,
  secret: SecretSource,
  seen: Set<string>,
): OpenCredentials {
  const value = async (reference: string | undefined): Promise<string | undefined> => {
    if (reference === undefined) return undefined
    let found: string
    try {
      found = await secret(reference)
    } catch (error) {
      throw new TransportFailure(
        'grader',
        error instanceof Error ? error.message : `${reference} has no value`,
      )
    }
    seen.add(found)
    return found
  }
  const keyValue = async (reference: string | undefined): Promise<string | undefined> => {
    const key = await value(reference)
    return key === undefined ? undefined : keyText(key)
  }
  return async (name): Promise<OpenCredential> => {
    const written = credentials[name]
    if (!written) throw new TransportFailure('grader', `credential ${name} is not in the session`)
    const { auth, privacy } = written
    return {
      user: written.user,
      password: await value(written.password),
      key: await keyValue(written.key),
      passphrase: await value(written.passphrase),
      community: await value(written.community),
      auth: auth && { protocol: auth.protocol, secret: (await value(auth.secret))! },
      privacy: privacy && { protocol: privacy.protocol, secret: (await value(privacy.secret))! },
    }
  }
}
