import type { Cause } from '../../../checks/verdict.ts'
import { printable } from '../shell/printable.ts'
import { TransportFailure } from '../transport.ts'

/** What the errors of getaddrinfo(3) and connect(2) say of a machine; any other is the grader's. */
const causes: Readonly<Record<string, Cause>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'unreachable',
  EAI_AGAIN: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ETIMEDOUT: 'unreachable',
  ECONNRESET: 'refused',
}

/** A failed connection attempt as a TransportFailure. Where several addresses were tried, a refusal tells most. */
export function tcpFailure(
  error: Error & { code?: string; errors?: readonly (Error & { code?: string })[] },
): TransportFailure {
  const codes = [error.code, ...(error.errors ?? []).map((each) => each.code)].filter(
    (code) => code !== undefined,
  )
  const code = codes.find((each) => causes[each] === 'refused') ?? codes.find((each) => each in causes)
  return code === undefined
    ? new TransportFailure('grader', printable(error.message, 150))
    : new TransportFailure(causes[code]!, code)
}
