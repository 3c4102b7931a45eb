import { groupPolicy } from '../../checks/probe.ts'
import { same } from '../../checks/text.ts'
import { noSysvol } from '../transports/policy-answer.ts'
import { openSmb } from '../transports/smb/smb.ts'
import { TransportFailure, type TransportContext } from '../transports/transport.ts'
import { requireAccount } from './credential.ts'
import { nameStage, namesOf, portStage, type Place } from './network.ts'
import { StepFailure } from './problem.ts'
import type { Diagnosis, Stage } from './walk.ts'

/** The Default Domain Policy, which every domain has ([MS-GPOD] 1.1.4). */
const defaultDomainPolicy = '31B2F340-016D-11D2-945F-00C04FB984F9'
const readMs = 20_000
const ofSession = new Set(['auth', 'grader', 'unreachable', 'refused', 'timeout', 'missing-tool'])

/** The SYSVOL of a domain controller over SMB. */
export function smbDiagnosis(context: TransportContext): Diagnosis {
  const { address, smb, ldap } = context.target
  if (!smb) throw new TransportFailure('grader', 'the session gives no way to ask this SYSVOL')
  const place: Place = { address, addresses: [] }
  const transport = openSmb(context)
  let ofDomain: StepFailure | null = null
  let ofPolicy: TransportFailure | null = null
  const port = portStage(place, smb.port)
  const accepted: Stage = {
    step: 'accepted',
    timeoutMs: readMs,
    async run(signal) {
      await requireAccount(context, smb.credential)
      for await (const outcome of transport.ask([groupPolicy(context.role, defaultDomainPolicy)], signal)) {
        if (!('failure' in outcome)) continue
        const failure = new TransportFailure(outcome.failure.cause, outcome.failure.detail)
        // Another domain, or no SYSVOL at all, is learned from within a session.
        if (failure.message === noSysvol) ofDomain = new StepFailure('no-controller', noSysvol)
        else if (failure.reason === 'identity') ofDomain = new StepFailure('other-domain', failure.message)
        else if (ofSession.has(failure.reason)) throw failure
        else ofPolicy = failure
      }
    },
  }
  const domain: Stage = {
    step: 'domain',
    timeoutMs: 5000,
    async run() {
      if (ofDomain) throw ofDomain
      return { note: same(ldap?.domain ?? '') }
    },
  }
  const directory: Stage = {
    step: 'directory',
    timeoutMs: 5000,
    async run() {
      if (ofPolicy) throw ofPolicy
      return { note: same('SYSVOL') }
    },
  }
  return {
    way: 'smb',
    stages: [nameStage(place), port, accepted, domain, directory],
    said: () => [],
    names: () => namesOf(place),
    close: () => transport.close(),
  }
}
