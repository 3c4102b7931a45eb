import type { Cause } from '../../checks/verdict.ts'
import { TransportFailure } from './transport.ts'

const causes: Readonly<Record<string, Cause>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'refused',
  ECONNABORTED: 'refused',
  EPIPE: 'refused',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  ENOTFOUND: 'unreachable',
  EAI_AGAIN: 'unreachable',
  EAI_FAIL: 'unreachable',
  ETIMEDOUT: 'timeout',
}

const said: Partial<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset by the machine',
  EHOSTUNREACH: 'no route to the machine',
  ENETUNREACH: 'no route to its network',
  ENOTFOUND: 'its name is unknown to the resolver',
  EAI_AGAIN: 'the resolver does not answer',
  ETIMEDOUT: 'no answer',
}

/**
 * The failure that a system error stands for (errno(3), getaddrinfo(3)). What the network or the machine did has a
 * cause of its own; anything else (no permission, no descriptors left) is the grader's.
 */
export function failureOf(error: unknown): TransportFailure {
  if (error instanceof TransportFailure) return error
  const code = codeOf(error)
  if (code === undefined)
    return new TransportFailure('grader', error instanceof Error ? error.message : String(error))
  const saying = said[code]
  return new TransportFailure(causes[code] ?? 'grader', saying === undefined ? code : `${saying} (${code})`)
}

/** The `code` of a system error of Node; undefined where there is none. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
