/** What is used of net-snmp, which comes without types. */
declare module 'net-snmp' {
  import type { EventEmitter } from 'node:events'

  export interface Varbind {
    oid: string
    type: number
    value: unknown
  }
  export interface User {
    name: string
    level: number
    authProtocol?: number | undefined
    authKey?: string | undefined
    privProtocol?: number | undefined
    privKey?: string | undefined
  }
  export interface Message {
    version: number
    hasAuthentication(): unknown
    hasPrivacy(): unknown
  }
  export interface Request {
    responseCb(error: Error): void
  }
  export interface SessionOptions {
    version: number
    port: number
    timeout: number
    retries: number
    transport?: 'udp4' | 'udp6'
    dgramModule?: { createSocket(type: 'udp4' | 'udp6'): unknown }
  }
  type Done<T> = (error: Error | null, result: T) => void

  export class Session extends EventEmitter {
    constructor(target: string, authenticator: string | User, options: SessionOptions)
    readonly user?: User
    get(oids: readonly string[], done: Done<Varbind[]>): void
    getBulk(
      oids: readonly string[],
      nonRepeaters: number,
      maxRepetitions: number,
      done: Done<Varbind[][]>,
    ): void
    cancelRequests(error: Error): void
    close(): void
    onMsg(buffer: Buffer): void
    onError(error: Error): void
    onSimpleGetResponse(request: Request, message: Message): void
    sendV3Req(pdu: object, feed: unknown, done: (error: Error) => void, ...rest: unknown[]): void
  }
  export class ResponseInvalidError extends Error {
    code: number
  }
  export class RequestFailedError extends Error {
    status: number
  }
  export class RequestTimedOutError extends Error {}

  type Names = Readonly<Record<string, number> & Record<number, string>>
  export const ObjectType: Names
  export const AuthProtocols: Names
  export const PrivProtocols: Names
  export const SecurityLevel: Names
  export const ErrorStatus: Names
  export const ResponseInvalidCode: Names
  export const Version2c: number
  export const Version3: number
}
