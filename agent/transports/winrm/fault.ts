import type { Cause } from '../../../checks/verdict.ts'
import { TransportFailure } from '../transport.ts'
import { attributeOf, child, textOf, type Node } from './soap.ts'

/** Codes of WSManFault that mean something here (winerror.h, wsman.h). */
export const faultCode = {
  /** Nothing to say within the operation timeout: normal, ask again. */
  operationTimeout: 2150858793,
  /** Too many operations, or shells, of this user. */
  quota: new Set([2150859173, 2150859174]),
  accessDenied: 5,
  fileNotFound: 2147942402,
  commandLineTooLong: 2147942606,
  shellNotFound: 2150858843,
} as const

/** A fault that the machine answered with. `code` is 0 where it says none. */
export interface Fault {
  readonly code: number
  /** The machine's words, in its language: shown, never matched. */
  readonly reason: string
}

/** The fault of a SOAP body, or null where it has none (SOAP 1.2 part 1, 5.4; [MS-WSMV] 2.2.4.43). */
export function faultOf(body: Node): Fault | null {
  const fault = child(body, 'Fault')
  if (!fault) return null
  const own = child(child(fault, 'Detail'), 'WSManFault')
  const code = Number(attributeOf(own, 'Code') ?? 0)
  const reason = textOf(child(child(fault, 'Reason'), 'Text')) || textOf(child(own, 'Message'))
  return { code: Number.isSafeInteger(code) ? code : 0, reason: reason.slice(0, 300) }
}

/** A fault as a failure, which keeps its number. */
export class FaultFailure extends TransportFailure {
  readonly code: number

  constructor(cause: Cause, detail: string, code: number) {
    super(cause, detail)
    this.code = code
  }
}

/** A fault as the failure of what was asked. */
export function failureOfFault({ code, reason }: Fault): FaultFailure {
  const said = `WSManFault ${code}${reason ? `: ${reason}` : ''}`
  const failure = (cause: Cause, detail = said) => new FaultFailure(cause, detail, code)
  if (code === faultCode.accessDenied) return failure('denied')
  if (code === faultCode.fileNotFound) return failure('missing-tool')
  if (code === faultCode.commandLineTooLong) return failure('grader')
  if (faultCode.quota.has(code)) return failure('denied', `a quota of the machine is used up: ${said}`)
  return failure('unparsable')
}
