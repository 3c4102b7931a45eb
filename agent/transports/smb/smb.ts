import type { ProbeOf } from '../../../checks/probe.ts'
import { asKnown, askOnce, failed, ofKind, within, type Reply } from '../asking.ts'
import { policyAnswerOf } from '../policy-answer.ts'
import { openStream } from '../stream.ts'
import { TransportFailure, type OpenTransport, type Outcome, type TransportContext } from '../transport.ts'
import { runSmbclient, type SmbSession } from './smbclient.ts'
import { mostOutput, seenPolicy, sysvolCommands } from './sysvol.ts'

const AT_ONCE = 4

/** Failures of the session itself: no other question would fare better, and a wrong password may lock its account. */
const ofSession = new Set(['auth', 'unreachable', 'refused', 'timeout', 'grader', 'missing-tool', 'identity'])

/**
 * Reads the files of group policies from the SYSVOL that the target serves, by Debian's `smbclient`, a process for each. The
 * first is asked alone: where it has no session, the others fail as it did.
 */
export const openSmb: OpenTransport = (context) => {
  let session: Promise<SmbSession> | undefined
  let broken: TransportFailure | undefined
  const ask = async (probe: ProbeOf<'group-policy'>, signal: AbortSignal): Promise<Outcome> => {
    if (broken) return failed(probe, broken)
    const outcome = await askOnce(probe, signal, async (probe, stop) => {
      session ??= within(context.connectTimeoutMs, stop, (stop) => reached(context, stop))
      return policyOf(await session, domainOf(context), probe, stop)
    })
    if ('failure' in outcome && ofSession.has(outcome.failure.cause))
      broken = new TransportFailure(outcome.failure.cause, outcome.failure.detail)
    return outcome
  }
  return {
    async *ask(probes, signal) {
      const { mine, others } = ofKind('group-policy', probes)
      yield* others
      const stop = AbortSignal.any([signal, context.signal])
      const [first, ...rest] = mine
      if (!first) return
      yield await ask(first, stop)
      yield* asKnown(rest, AT_ONCE, (probe) => ask(probe, stop))
    },
    close: () => Promise.resolve(),
  }
}

function domainOf({ target }: TransportContext): string {
  if (!target.ldap)
    throw new TransportFailure('grader', 'the session names no domain for this SYSVOL (ldap.domain)')
  return target.ldap.domain
}

/** What smbclient needs, once the machine was seen to take connections: its own words for that are fewer. */
async function reached(context: TransportContext, signal: AbortSignal): Promise<SmbSession> {
  const { address, smb } = context.target
  if (!smb) throw new TransportFailure('grader', 'the session gives no way to ask this SYSVOL')
  const { user, password } = await context.credentials(smb.credential)
  if (!user || !password)
    throw new TransportFailure('grader', `credential ${smb.credential} has no user or no password`)
  const socket = await openStream(address, smb.port, signal)
  socket.on('error', () => undefined)
  socket.destroy()
  return { address, port: smb.port, name: domainOf(context), share: 'sysvol', user, password }
}

async function policyOf(
  session: SmbSession,
  domain: string,
  { guid, maxBytes }: ProbeOf<'group-policy'>,
  signal: AbortSignal,
): Promise<Reply> {
  const output = await runSmbclient(session, sysvolCommands(domain, guid), mostOutput(maxBytes), signal)
  return policyAnswerOf(seenPolicy(output, domain, guid, maxBytes))
}
