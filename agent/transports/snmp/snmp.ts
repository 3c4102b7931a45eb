import { lookup } from 'node:dns/promises'
import { AuthProtocols, PrivProtocols, SecurityLevel, type User } from 'net-snmp'
import type { ProbeOf } from '../../../checks/probe.ts'
import { asKnown, askOnce, failed, ofKind, within, type Reply } from '../asking.ts'
import { failureOf } from '../errno.ts'
import {
  TransportFailure,
  type OpenCredential,
  type OpenTransport,
  type TransportContext,
} from '../transport.ts'
import { GuardedSession } from './guarded-session.ts'
import { snmpFailure } from './snmp-failure.ts'
import { readObjects, walk } from './walk.ts'

/** Questions to one device at once. */
const AT_ONCE = 4
/** Every agent has it (SNMPv2-MIB, sysUpTime): asked first, so that a dead device costs one deadline. */
const SYS_UP_TIME = '1.3.6.1.2.1.1.3.0'

/**
 * Asks a device by SNMPv2c or v3 (USM) with the credential that the session names, over one UDP socket. A probe that
 * brings a well-known community is asked by v2c with that one instead. Silence is `timeout`: v2c has no way to say no.
 */
export const openSnmp: OpenTransport = (context) => {
  const sessions = new Sessions(context)
  return {
    async *ask(probes, signal) {
      const { mine, others } = ofKind('snmp', probes)
      yield* others
      const wellKnown = mine.filter((probe) => probe.community !== null)
      const trusted = mine.filter((probe) => probe.community === null)
      const ready = trusted.length === 0 ? null : sessions.greeted(signal)
      yield* asKnown([...trusted, ...wellKnown], AT_ONCE, async (probe) => {
        try {
          const session = await (probe.community === null ? ready! : sessions.of(probe.community))
          return await askOnce(probe, signal, (probe, stop) => question(session, probe, stop))
        } catch (error) {
          return failed(probe, failureOf(error))
        }
      })
    },
    close: () => sessions.close(),
  }
}

async function question(
  session: GuardedSession,
  probe: ProbeOf<'snmp'>,
  signal: AbortSignal,
): Promise<Reply> {
  try {
    return probe.op === 'get'
      ? await readObjects(session, probe.oids, probe)
      : await walk(session, probe.oids, probe, signal)
  } catch (error) {
    throw snmpFailure(error, session.garbage)
  }
}

/** The sessions to one device: one by the credential, one by each well-known community. */
class Sessions {
  readonly #context: TransportContext
  readonly #open = new Map<string, Promise<GuardedSession>>()
  #greeted: Promise<GuardedSession> | undefined

  constructor(context: TransportContext) {
    this.#context = context
  }

  /** The session by the credential, once the device has answered. Fails the same way for everybody. */
  greeted(signal: AbortSignal): Promise<GuardedSession> {
    this.#greeted ??= within(
      this.#context.connectTimeoutMs,
      signal,
      () => this.#greet(),
      'the device does not answer',
    )
    this.#greeted.catch(() => undefined)
    return this.#greeted
  }

  async #greet(): Promise<GuardedSession> {
    const session = await this.of(null)
    await session.read([SYS_UP_TIME]).catch((error: unknown) => {
      const failure = snmpFailure(error, session.garbage)
      // An error of the device's about this object is an answer too: it is there and knows us.
      if (!failure.message.startsWith('the device answers with error')) throw failure
    })
    return session
  }

  of(community: string | null): Promise<GuardedSession> {
    const name = community ?? ''
    const known = this.#open.get(name)
    if (known) return known
    const opened = openSession(this.#context, community)
    opened.catch(() => undefined)
    this.#open.set(name, opened)
    return opened
  }

  async close(): Promise<void> {
    for (const opened of this.#open.values())
      await opened.then(
        (session) => session.close(),
        () => undefined,
      )
    this.#open.clear()
  }
}

/** A session by this well-known community, or else by the credential. Rejects with a TransportFailure. */
export async function openSession(
  { target, credentials }: Pick<TransportContext, 'target' | 'credentials'>,
  community: string | null,
): Promise<GuardedSession> {
  const snmp = target.snmp
  if (!snmp) throw new TransportFailure('grader', 'the session gives no way to ask this device by SNMP')
  const authenticator =
    community ?? authenticatorOf(await credentials(snmp.credential), snmp.version, snmp.credential)
  const { address } = await lookup(target.address).catch((error: unknown) => Promise.reject(failureOf(error)))
  return new GuardedSession(address, snmp.port, authenticator)
}

/** A community for v2c, a user with its keys for v3 (RFC 3414, RFC 3826, RFC 7860). */
function authenticatorOf(
  { user, community, auth, privacy }: OpenCredential,
  version: '2c' | 3,
  name: string,
): string | User {
  if (version === '2c') {
    if (community === undefined) throw new TransportFailure('grader', `credential ${name} has no community`)
    return community
  }
  if (user === undefined) throw new TransportFailure('grader', `credential ${name} has no user`)
  if (privacy && !auth)
    throw new TransportFailure('grader', `credential ${name} has a privacy key but no authentication key`)
  const level = SecurityLevel[privacy ? 'authPriv' : auth ? 'authNoPriv' : 'noAuthNoPriv']!
  return {
    name: user,
    level,
    ...(auth && { authProtocol: AuthProtocols[auth.protocol], authKey: auth.secret }),
    ...(privacy && { privProtocol: PrivProtocols[privacy.protocol], privKey: privacy.secret }),
  }
}
