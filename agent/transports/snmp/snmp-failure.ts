import {
  ErrorStatus,
  RequestFailedError,
  RequestTimedOutError,
  ResponseInvalidCode,
  ResponseInvalidError,
} from 'net-snmp'
import { failureOf } from '../errno.ts'
import { TransportFailure } from '../transport.ts'

/** What a device reports about our keys (usmStats, RFC 3414, 5), as net-snmp words it. */
const reports: Readonly<Record<string, string>> = {
  'Unsupported Security Level': 'the device does not offer this level of security to this user',
  'Unknown User Name': 'the device does not know this user',
  'Wrong Digest (incorrect password, community or key)': 'the device refuses the authentication key',
  'Decryption Error': 'the device refuses the privacy key',
}

/**
 * The failure that an error of net-snmp stands for. The library's own words are not passed on: some hold digests that
 * were computed with the keys. `garbage` says that what did come was not SNMP.
 */
export function snmpFailure(error: unknown, garbage: boolean): TransportFailure {
  if (error instanceof RequestTimedOutError)
    return garbage
      ? new TransportFailure('unparsable', 'what the device sends is not SNMP')
      : new TransportFailure('timeout', 'the device does not answer')
  if (error instanceof RequestFailedError) {
    const denied =
      error.status === ErrorStatus['AuthorizationError'] || error.status === ErrorStatus['NoAccess']
    const name = ErrorStatus[error.status] ?? 'unknown'
    return new TransportFailure(denied ? 'denied' : 'unparsable', `the device answers with error ${name}`)
  }
  if (error instanceof ResponseInvalidError) {
    const { EAuthFailure, ECouldNotDecrypt } = ResponseInvalidCode
    if (error.code === ECouldNotDecrypt)
      return new TransportFailure('auth', "the answer can't be decrypted with the privacy key")
    if (error.code !== EAuthFailure)
      return new TransportFailure(
        'unparsable',
        `the answer is not valid (${ResponseInvalidCode[error.code] ?? ''})`,
      )
    if (error.message === 'Not In Time Window')
      return new TransportFailure(
        'unparsable',
        'the device does not keep its own time (usmStatsNotInTimeWindows)',
      )
    return new TransportFailure(
      'auth',
      reports[error.message] ?? 'the answer is not signed with the authentication key',
    )
  }
  return failureOf(error)
}
