import { codeOf } from '../transports/errno.ts'
import { holdsCertificate } from '../transports/certificate.ts'
import { authentication } from '../transports/ssh/connection.ts'
import { TransportFailure, type OpenCredential, type TransportContext } from '../transports/transport.ts'
import { visibleLine } from '../terminal/visible.ts'
import { StepFailure } from './problem.ts'

/** The account and password of a credential. Rejects with a StepFailure where it is not made of these, or has no values here. */
export async function requireAccount(
  { credentials }: Pick<TransportContext, 'credentials'>,
  name: string,
): Promise<{ user: string; password: string }> {
  const { user, password, key } = await credentials(name)
  if (user && password) return { user, password }
  const lacking = `credential ${name} has no user or no password`
  throw new StepFailure('credential-unfit', lacking, {
    note:
      key === undefined
        ? {
            fr: `il faut un compte et un mot de passe ; il n’a pas de ${user ? 'mot de passe' : 'compte (user)'}`,
            en: `an account and a password are needed; it has no ${user ? 'password' : 'account (user)'}`,
          }
        : {
            fr: 'il n’a qu’une clé ; il faut un compte et un mot de passe',
            en: 'it has a key only; an account and a password are needed',
          },
  })
}

/** What SSH may be convinced with. Throws a StepFailure where that is nothing. */
export function requireMethods(credential: OpenCredential): string[] {
  try {
    return authentication(credential).map(({ type }) => type)
  } catch (error) {
    if (!(error instanceof TransportFailure)) throw error
    const { user, key } = credential
    if (user && key !== undefined) throw new StepFailure('key-unreadable', error.message)
    throw new StepFailure('credential-unfit', error.message, {
      note: user
        ? { fr: 'il n’a ni clé ni mot de passe', en: 'it has neither key nor password' }
        : { fr: 'il ne dit pas le compte (user)', en: 'it does not say the account (user)' },
    })
  }
}

/** The file of authorities is read before any machine is told anything: that it can't be is nobody else's matter. */
export async function requireAuthority(
  { readFile }: Pick<TransportContext, 'readFile'>,
  path: string | undefined,
): Promise<void> {
  if (path === undefined) return
  const note = { fr: visibleLine(path, 120), en: visibleLine(path, 120) }
  const pem = await readFile(path).catch((error: unknown) => {
    const code = codeOf(error) ?? 'error'
    throw new StepFailure('ca-unreadable', `the CA file ${path} can't be read (${code})`, { note })
  })
  if (!holdsCertificate(pem))
    throw new StepFailure('ca-no-certificate', `the CA file ${path} holds no certificate (PEM)`, { note })
}
