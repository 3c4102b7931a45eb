import { randomBytes } from 'node:crypto'
import { avId, readAvPairs, writeAvPairs } from './av-pairs.ts'
import { flag, micOffset, readChallenge, writeAuthenticate, writeNegotiate } from './messages.ts'
import { NtlmError } from './ntlm-error.ts'
import { exchanged, integrityCode, respond, responseKey } from './ntlmv2.ts'
import { SealingContext } from './sealing.ts'

export interface NtlmIdentity {
  readonly user: string
  /** NetBIOS or DNS name; empty for an account of the machine itself. */
  readonly domain: string
  readonly password: string
}

export interface NtlmPlace {
  /** Service principal name of whom we believe to talk to: `HTTP/10.0.1.10`. */
  readonly servicePrincipal: string
  /** Hash of the TLS channel (`channelBindings`), where there is one. */
  readonly bindings: Buffer | null
}

/** What may differ in a test of the specification's own vectors, and nowhere else. */
interface Chance {
  readonly clientChallenge: Buffer
  readonly sessionKey: Buffer
}

/** NTLMv2, sealed, 128 bits, or nothing. */
const required = flag.unicode | flag.seal | flag.extendedSessionSecurity | flag.key128 | flag.keyExchange
const asked =
  required |
  flag.requestTarget |
  flag.sign |
  flag.ntlm |
  flag.alwaysSign |
  flag.targetInfo |
  flag.version |
  flag.key56

const micPresent = 2

/**
 * The client's side of one NTLM handshake (MS-NLMP 3.1.5): sends `negotiate`, answers the challenge, then seals.
 * Never NTLMv1, never without a session key of 128 bits.
 */
export class NtlmClient {
  /** NEGOTIATE_MESSAGE. */
  readonly negotiate: Buffer = writeNegotiate(asked)
  readonly #identity: NtlmIdentity
  readonly #place: NtlmPlace

  constructor(identity: NtlmIdentity, place: NtlmPlace) {
    this.#identity = identity
    this.#place = place
  }

  /** The AUTHENTICATE_MESSAGE for a CHALLENGE_MESSAGE, and what seals from then on. Throws an NtlmError. */
  authenticate(
    challengeMessage: Buffer,
    chance: Chance = { clientChallenge: randomBytes(8), sessionKey: randomBytes(16) },
  ): { readonly message: Buffer; readonly sealing: SealingContext } {
    const { flags, serverChallenge, targetInfo } = readChallenge(challengeMessage)
    if ((flags & required) !== required)
      throw new NtlmError('the machine does not offer sealing with 128 bits')
    const pairs = new Map(readAvPairs(targetInfo))
    const timestamp = pairs.get(avId.timestamp)
    const timestamped = timestamp?.length === 8
    const own = new Map(pairs)
    if (timestamped) own.set(avId.flags, withMic(pairs.get(avId.flags)))
    own.set(avId.channelBindings, this.#place.bindings ?? Buffer.alloc(16))
    own.set(avId.targetName, Buffer.from(this.#place.servicePrincipal, 'utf16le'))
    const { user, domain, password } = this.#identity
    const response = respond(responseKey(user, domain, password), {
      serverChallenge,
      clientChallenge: chance.clientChallenge,
      time: timestamped ? timestamp : now(),
      targetInfo: writeAvPairs(own),
      timestamped,
    })
    const message = writeAuthenticate({
      flags: flags & asked,
      lmResponse: response.lm,
      ntResponse: response.nt,
      domain,
      user,
      workstation: '',
      sessionKey: exchanged(response.sessionBaseKey, chance.sessionKey),
      mic: Buffer.alloc(16),
    })
    if (timestamped)
      integrityCode(chance.sessionKey, this.negotiate, challengeMessage, message).copy(message, micOffset)
    return { message, sealing: new SealingContext('client', chance.sessionKey) }
  }
}

function withMic(flags: Buffer | undefined): Buffer {
  const value = Buffer.alloc(4)
  value.writeUInt32LE((flags?.length === 4 ? flags.readUInt32LE() : 0) | micPresent)
  return value
}

/** The moment in 100 ns since 1601 (FILETIME). */
function now(): Buffer {
  const time = Buffer.alloc(8)
  time.writeBigUInt64LE((BigInt(Date.now()) + 11_644_473_600_000n) * 10_000n)
  return time
}
