import type { Socket } from 'node:net'
import { same } from '../../checks/text.ts'
import { LdapConnection } from '../transports/ldap/connection.ts'
import { believedDomain, bind, ldapPort, readRoot, readSid, secured } from '../transports/ldap/directory.ts'
import { search } from '../transports/ldap/search.ts'
import { TransportFailure, type TransportContext } from '../transports/transport.ts'
import { failureOf } from '../transports/errno.ts'
import type { Verified } from '../transports/certificate.ts'
import { driftOf, driftWords, tooFar } from './clock.ts'
import { requireAccount, requireAuthority } from './credential.ts'
import { nameStage, namesOf, portStage, speaksTls, type Place } from './network.ts'
import { StepFailure } from './problem.ts'
import type { Diagnosis, Stage } from './walk.ts'

const stepMs = 6000

/**
 * Why Active Directory refuses a bind: the number in its message ([MS-ADTS] 3.1.1.3.4.3 gives Windows error codes), which is
 * in no language.
 */
const states: Readonly<Record<string, { fr: string; en: string }>> = {
  '530': { fr: 'hors des heures permises', en: 'outside the hours allowed' },
  '531': { fr: 'pas depuis ce poste', en: 'not from this workstation' },
  '532': { fr: 'mot de passe expiré', en: 'password expired' },
  '533': { fr: 'compte désactivé', en: 'account disabled' },
  '701': { fr: 'compte expiré', en: 'account expired' },
  '773': {
    fr: 'mot de passe à changer à la première ouverture',
    en: 'password to be changed at the first logon',
  },
  '775': { fr: 'compte verrouillé', en: 'account locked' },
}

/** A directory over LDAPS or StartTLS: whose it is comes before the password, which never goes out in clear. */
export function ldapDiagnosis(context: TransportContext): Diagnosis {
  const { address, ldap } = context.target
  if (ldap?.credential === undefined)
    throw new TransportFailure('grader', 'the session gives no way to ask this directory')
  const { credential, domain: expected } = ldap
  const port = ldapPort(ldap)
  const place: Place = { address, addresses: [] }
  const state: {
    plain?: Socket
    verified?: Verified
    connection?: LdapConnection
    naming?: string
    drift?: number
  } = {}

  const reached = portStage(place, port, (socket) => {
    state.plain = socket
  })
  const tls: Stage = {
    step: 'tls',
    timeoutMs: stepMs,
    async run(signal) {
      await requireAuthority(context, ldap.ca)
      state.verified = await secured(state.plain!, context, signal).catch((error: unknown) =>
        rightAwayTls(error, signal),
      )
      state.connection = new LdapConnection(state.verified.socket)
      return {
        identity: state.verified.fingerprint,
        note: ldap.tls === 'starttls' ? same('StartTLS') : null,
      }
    },
  }
  /** StartTLS is asked for in clear: a port of LDAPS understands none of it. */
  const rightAwayTls = async (error: unknown, signal: AbortSignal): Promise<never> => {
    const { reason, message } = failureOf(error)
    const asked = ldap.tls === 'starttls' && /^(unparsable|refused|timeout)$/.test(reason)
    if (asked && (await speaksTls(address, port, signal))) throw new StepFailure('port-speaks-tls', message)
    throw error
  }
  const domain: Stage = {
    step: 'domain',
    timeoutMs: stepMs,
    async run(signal) {
      const root = await readRoot(state.connection!, signal)
      state.naming = believedDomain(root, expected)
      const time = timeOf(root['currenttime']?.[0])
      if (time) state.drift = driftOf(time)
      const late = driftWords(state.drift)
      return {
        note: {
          fr: late ? `${expected} ; ${late.fr}` : expected,
          en: late ? `${expected}; ${late.en}` : expected,
        },
      }
    },
  }
  const accepted: Stage = {
    step: 'accepted',
    timeoutMs: stepMs,
    async run(signal) {
      const { user, password } = await requireAccount(context, credential)
      try {
        await bind(state.connection!, user, password, signal)
      } catch (error) {
        throw refusal(error, state.drift)
      }
    },
  }
  const directory: Stage = {
    step: 'directory',
    timeoutMs: stepMs,
    async run(signal) {
      const sid = await readSid(state.connection!, state.naming!, signal)
      const { answer } = await search(
        state.connection!,
        state.naming!,
        {
          scope: 'base',
          filter: { present: 'objectClass' },
          attributes: ['objectClass'],
          binary: [],
          sizeLimit: 1,
          maxBytes: 65_536,
          timeoutMs: 5000,
        },
        signal,
      )
      if (answer.kind !== 'ldap' || answer.entries.length === 0)
        throw new StepFailure('directory-unreadable', 'the account does not see the domain itself')
      return { identity: sid }
    },
  }
  return {
    way: 'ldap',
    stages: [nameStage(place), reached, tls, domain, accepted, directory],
    said: () => [],
    names: () => [...namesOf(place), { kind: 'domain', name: expected }],
    async close() {
      state.connection?.close()
      state.plain?.destroy()
    },
  }
}

function refusal(error: unknown, drift: number | undefined): unknown {
  if (!(error instanceof TransportFailure) || error.reason !== 'auth') return error
  const state = states[/\bdata ([0-9a-f]{2,4})\b/i.exec(error.message)?.[1]?.toLowerCase() ?? '']
  if (state) return new StepFailure('account-state', error.message, { note: state })
  if (tooFar(drift)) return new StepFailure('clock-skew', error.message, { note: driftWords(drift) })
  return error
}

/** A GeneralizedTime as directories give it (RFC 4517, 3.3.13): `20261201080500.0Z`. */
function timeOf(text = ''): Date | null {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z$/.exec(text)
  if (!parts) return null
  const [, year, month, day, hour, minute, second] = parts
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(time.getTime()) ? null : time
}
