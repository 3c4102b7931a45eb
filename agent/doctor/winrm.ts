import type { Text } from '../../checks/text.ts'
import { failureOf } from '../transports/errno.ts'
import { TransportFailure, type TransportContext } from '../transports/transport.ts'
import { StatusFailure, WinRmConnection, type Offer } from '../transports/winrm/connection.ts'
import { FaultFailure, faultCode } from '../transports/winrm/fault.ts'
import { NtlmClient } from '../transports/winrm/ntlm/client.ts'
import { NtlmError } from '../transports/winrm/ntlm/ntlm-error.ts'
import { targetNames, type TargetNames } from '../transports/winrm/ntlm/target-names.ts'
import { openWinRm, secured, type Channel } from '../transports/winrm/open.ts'
import { identityOf, trustOf, winRmPort } from '../transports/winrm/winrm.ts'
import { visibleLine } from '../terminal/visible.ts'
import type { Socket } from 'node:net'
import { driftOf, driftWords, tooFar } from './clock.ts'
import { requireAccount, requireAuthority } from './credential.ts'
import { nameStage, namesOf, portStage, speaksTls, type Place } from './network.ts'
import { powershellStages } from './powershell.ts'
import { problemOf, StepFailure } from './problem.ts'
import type { Sample } from './script.ts'
import type { Diagnosis, Named, Stage } from './walk.ts'

const httpMs = 5000
/** To see whether a port that speaks no HTTP speaks TLS. */
const besidesMs = 2500
/** Another shell of ours may be on its way out: a quota is believed after this. */
const quotaMs = 3000
const shellMs = 15_000

/**
 * WinRM: a first connection tells what a stranger is told (certificate, authentication offered, the machine's own names and
 * clock); a second one is the transport's own, authenticated, sealed, with one shell.
 */
export function winrmDiagnosis(context: TransportContext, samples: readonly Sample[]): Diagnosis {
  const { target, checkIdentity } = context
  const { address, winrm } = target
  if (!winrm) throw new TransportFailure('grader', 'the session gives no winrm for this machine')
  const port = winRmPort(winrm)
  const where = `winrm ${address}:${port}`
  const place: Place = { address, addresses: [] }
  const nobody = { user: '', domain: '', password: '' }
  const state: {
    plain?: Socket
    channel?: Channel
    names?: TargetNames
    opened?: Awaited<ReturnType<typeof openWinRm>>
    fault?: FaultFailure
  } = {}

  const steps = powershellStages({
    context,
    powershell: () => state.opened!.powershell,
    where,
    pinned: winrm.scheme === 'http' ? (winrm.identity ?? 'first-use') : 'first-use',
    proven: winrm.scheme === 'https',
    samples,
    ofShell: () => false,
  })

  const reached = portStage(place, port, (socket) => {
    state.plain = socket
  })
  const tls: Stage = {
    step: 'tls',
    timeoutMs: httpMs,
    async run(signal) {
      await requireAuthority(context, winrm.ca)
      const tls = await trustOf(context, winrm)
      state.channel = await secured(state.plain!, { address, port, tls, checkIdentity }, signal)
      return { identity: state.channel.fingerprint }
    },
  }
  const offered: Stage = {
    step: 'offered',
    timeoutMs: httpMs + besidesMs,
    async run(whole) {
      const signal = AbortSignal.any([whole, AbortSignal.timeout(httpMs)])
      const { stream, bindings } = state.channel ?? { stream: state.plain!, bindings: null }
      const connection = new WinRmConnection({ stream, host: address, port, identity: nobody, bindings })
      try {
        const offer = await connection.offers(signal)
        const schemes = schemesOf(offer)
        if (!offer.schemes.some((scheme) => scheme.toLowerCase() === 'negotiate'))
          throw new StepFailure('negotiate-missing', `offered: ${schemes || 'nothing'}`)
        const names = await namesSaid(connection, bindings, signal)
        if (names) state.names = names
        return { note: offerWords(schemes, names) }
      } catch (error) {
        // Of a listener of HTTPS, http.sys answers HTTP with 400, or closes; others send an alert of TLS.
        const otherwise = !state.channel && problemOf('winrm', 'offered', failureOf(error)) === 'not-winrm'
        if (otherwise && !whole.aborted && (await speaksTls(address, port, whole)))
          throw new StepFailure('port-speaks-tls', failureOf(error).message)
        throw error
      } finally {
        connection.close()
      }
    },
  }
  const accepted: Stage = {
    step: 'accepted',
    timeoutMs: context.connectTimeoutMs + 1000,
    async run(signal) {
      await requireAccount(context, winrm.credential)
      const identity = await identityOf(context, winrm.credential)
      try {
        state.opened = await openWinRm({
          address,
          port,
          identity,
          tls: await trustOf(context, winrm),
          checkIdentity,
          connectTimeoutMs: context.connectTimeoutMs,
          signal,
        })
      } catch (error) {
        throw refusal(error, identity, state.names)
      }
    },
  }
  const sealed: Stage = {
    step: 'sealed',
    timeoutMs: shellMs,
    async run(signal) {
      const protects: Text =
        winrm.scheme === 'https'
          ? { fr: 'TLS, lié à l’authentification', en: 'TLS, bound to the authentication' }
          : { fr: 'chaque message est scellé (NTLM)', en: 'each message is sealed (NTLM)' }
      try {
        await state.opened!.powershell.open(quotaMs, signal)
      } catch (error) {
        // A fault came sealed: the machine speaks, and says no.
        if (error instanceof FaultFailure) state.fault = error
        else if (error instanceof StatusFailure && error.status >= 300 && error.status < 400)
          throw new StepFailure('redirect', error.message)
        else throw error
      }
      return { note: protects }
    },
  }
  const shell: Stage = {
    step: 'shell',
    timeoutMs: shellMs,
    async run() {
      const { fault } = state
      if (!fault) return
      throw faultCode.quota.has(fault.code) ? new StepFailure('quota', fault.message) : fault
    },
  }
  const named = (): Named[] => {
    const { computer = '', domain = '', dnsDomain = '' } = state.names ?? {}
    return [
      { kind: 'machine', name: computer },
      { kind: 'domain', name: domain },
      { kind: 'domain', name: dnsDomain },
    ]
  }
  return {
    way: 'winrm',
    stages: [
      nameStage(place),
      reached,
      ...(winrm.scheme === 'https' ? [tls] : []),
      offered,
      accepted,
      sealed,
      shell,
      steps.marker,
      steps.machine,
      ...steps.directory,
      steps.rights,
    ],
    said: steps.said,
    names: () => [...namesOf(place), ...named(), ...steps.names()],
    async close() {
      state.channel?.stream.destroy()
      state.plain?.destroy()
      await state.opened?.powershell.close()
    },
  }
}

/** What an answer to nobody tells; an answer that asks for nobody is not WinRM's. */
function schemesOf({ status, schemes }: Offer): string {
  if (status !== 401) throw new StepFailure('not-winrm', `HTTP status ${status} instead of 401`)
  return schemes
    .slice(0, 8)
    .map((scheme) => visibleLine(scheme, 20))
    .join(', ')
}

/** The names in the challenge that NTLM answers a stranger with; null where it gives none: the next step says why. */
async function namesSaid(
  connection: WinRmConnection,
  bindings: Buffer | null,
  signal: AbortSignal,
): Promise<TargetNames | null> {
  const client = new NtlmClient({ user: '', domain: '', password: '' }, { servicePrincipal: '', bindings })
  try {
    return targetNames(await connection.challenge(client.negotiate, signal))
  } catch (error) {
    if (error instanceof TransportFailure || error instanceof NtlmError) return null
    throw error
  }
}

function offerWords(schemes: string, names: TargetNames | null): Text {
  if (!names) return { fr: schemes, en: schemes }
  const computer = visibleLine(names.computer, 40)
  const domain = visibleLine(names.dnsDomain || names.domain, 80)
  const drift = driftWords(names.time && driftOf(names.time))
  return {
    fr: `${schemes} ; machine ${computer}, domaine ${domain}${drift ? ` ; ${drift.fr}` : ''}`,
    en: `${schemes}; machine ${computer}, domain ${domain}${drift ? `; ${drift.en}` : ''}`,
  }
}

/** Why the credentials were refused, as far as what the machine said before tells. */
function refusal(
  error: unknown,
  identity: { user: string; domain: string },
  names: TargetNames | undefined,
): unknown {
  if (!(error instanceof TransportFailure) || error instanceof StepFailure) return error
  if (error.reason === 'identity') return new StepFailure('ntlm-weak', error.message)
  if (error instanceof StatusFailure && error.status === 401)
    return new StepFailure('ntlm-refused', error.message)
  if (error.reason !== 'auth') return error
  const said = error.message
  if (!names) return new StepFailure('account-refused', said)
  const drift = names.time && driftOf(names.time)
  if (tooFar(drift)) return new StepFailure('clock-skew', said, { note: driftWords(drift) })
  const own = [names.computer, names.domain, names.dnsDomain].map((name) => name.toLowerCase())
  const domain = domainOf(identity).toLowerCase()
  if (domain === '' || own.includes(domain)) return new StepFailure('account-refused', said)
  const announced = visibleLine(names.dnsDomain || names.domain, 80)
  return new StepFailure('wrong-domain', said, {
    note: {
      fr: `compte du domaine ${visibleLine(domain, 80)}, machine du domaine ${announced}`,
      en: `account of domain ${visibleLine(domain, 80)}, machine of domain ${announced}`,
    },
  })
}

/** The domain that an account is written with: `DOMAIN\user`, `user@domain`, or none. */
const domainOf = ({ user, domain }: { user: string; domain: string }): string =>
  domain || (user.includes('@') ? user.slice(user.lastIndexOf('@') + 1) : '')
