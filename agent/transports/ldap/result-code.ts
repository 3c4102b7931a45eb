import type { Cause } from '../../../checks/verdict.ts'
import { TransportFailure } from '../transport.ts'
import type { Result } from './response.ts'

/** Result codes of RFC 4511, appendix A, and what they tell of a question. */
const codes: Readonly<Record<number, readonly [name: string, cause: Cause]>> = {
  1: ['operationsError', 'denied'], // Active Directory: not bound
  3: ['timeLimitExceeded', 'timeout'],
  4: ['sizeLimitExceeded', 'truncated'],
  7: ['authMethodNotSupported', 'auth'],
  8: ['strongerAuthRequired', 'auth'],
  10: ['referral', 'unparsable'],
  11: ['adminLimitExceeded', 'truncated'],
  13: ['confidentialityRequired', 'auth'],
  17: ['undefinedAttributeType', 'unparsable'],
  18: ['inappropriateMatching', 'unparsable'],
  21: ['invalidAttributeSyntax', 'unparsable'],
  32: ['noSuchObject', 'unparsable'],
  34: ['invalidDNSyntax', 'unparsable'],
  48: ['inappropriateAuthentication', 'auth'],
  49: ['invalidCredentials', 'auth'],
  50: ['insufficientAccessRights', 'denied'],
  51: ['busy', 'refused'],
  52: ['unavailable', 'refused'],
  53: ['unwillingToPerform', 'denied'],
}

export const SUCCESS = 0
export const NO_SUCH_OBJECT = 32

/** The failure that a result stands for; for a bind, whatever the directory says of name and password is `auth`. */
export function resultFailure(
  { code, message }: Result,
  operation: 'bind' | 'search' | 'StartTLS',
): TransportFailure {
  const [name, cause] = codes[code] ?? [`result ${code}`, 'unparsable']
  const ofBind = cause === 'refused' || cause === 'timeout' ? cause : 'auth'
  const chosen = operation === 'bind' ? ofBind : operation === 'StartTLS' ? 'refused' : cause
  return new TransportFailure(
    chosen,
    `${operation}: ${name}${message === '' ? '' : ` (${message.slice(0, 200)})`}`,
  )
}
