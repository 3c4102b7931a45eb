import { same } from '../../checks/text.ts'
import type { GuardedSession } from '../transports/snmp/guarded-session.ts'
import { snmpFailure } from '../transports/snmp/snmp-failure.ts'
import { openSession } from '../transports/snmp/snmp.ts'
import { rowOf } from '../transports/snmp/varbind.ts'
import { TransportFailure, type TransportContext } from '../transports/transport.ts'
import { visibleLine } from '../terminal/visible.ts'
import { nameStage, namesOf, type Place } from './network.ts'
import { StepFailure } from './problem.ts'
import type { Diagnosis, Named, Stage } from './walk.ts'

/** SNMPv2-MIB sysUpTime and sysName, IF-MIB ifNumber. */
const SYS_UP_TIME = '1.3.6.1.2.1.1.3.0'
const SYS_NAME = '1.3.6.1.2.1.1.5.0'
const IF_NUMBER = '1.3.6.1.2.1.2.1.0'
const readMs = 6000

/** A device by SNMP. UDP has no open port: an answer of any kind shows one, and silence may also be a wrong community. */
export function snmpDiagnosis(context: TransportContext): Diagnosis {
  const { address, snmp } = context.target
  if (!snmp) throw new TransportFailure('grader', 'the session gives no way to ask this device by SNMP')
  const place: Place = { address, addresses: [] }
  const state: { session?: GuardedSession; ofAccount?: TransportFailure; sysName?: string } = {}
  const port: Stage = {
    step: 'port',
    timeoutMs: readMs,
    async run(signal) {
      try {
        state.session = await openSession(context, null)
      } catch (error) {
        // A key that is missing, or too short, is no matter of the device's.
        if (!(error instanceof TransportFailure))
          state.ofAccount = new TransportFailure('grader', 'the credential makes no SNMP session')
        else if (error.reason === 'grader') state.ofAccount = error
        else throw error
        return { note: same(`${snmp.port}/udp`) }
      }
      const { session } = state
      const stop = () => session.close()
      signal.addEventListener('abort', stop, { once: true })
      try {
        await session.read([SYS_UP_TIME])
      } catch (error) {
        const failure = snmpFailure(error, session.garbage)
        if (failure.reason !== 'auth') throw failure
        state.ofAccount = failure
      } finally {
        signal.removeEventListener('abort', stop)
      }
      return { note: same(`${snmp.port}/udp`) }
    },
  }
  const accepted: Stage = {
    step: 'accepted',
    timeoutMs: 5000,
    async run() {
      if (state.ofAccount) throw state.ofAccount
      return {
        note:
          snmp.version === '2c'
            ? { fr: 'v2c : la communauté passe en clair', en: 'v2c: the community goes in clear' }
            : same('v3'),
      }
    },
  }
  const rights: Stage = {
    step: 'rights',
    timeoutMs: readMs,
    alone: true,
    async run() {
      const { session } = state
      try {
        const [name, interfaces] = (await session!.read([SYS_NAME, IF_NUMBER])).map(rowOf)
        state.sysName = name?.value ?? ''
        if (interfaces === undefined || /^(NoSuch|EndOf)/.test(interfaces.type))
          throw new StepFailure('snmp-view', `ifNumber: ${interfaces?.type ?? 'nothing'}`)
        const said = visibleLine(state.sysName, 60)
        return {
          note: {
            fr: `${said}, ${visibleLine(interfaces.value, 10)} interfaces`,
            en: `${said}, ${visibleLine(interfaces.value, 10)} interfaces`,
          },
        }
      } catch (error) {
        throw error instanceof StepFailure ? error : snmpFailure(error, session!.garbage)
      }
    },
  }
  const named = (): Named[] => [{ kind: 'machine', name: state.sysName ?? '' }]
  return {
    way: 'snmp',
    stages: [nameStage(place), port, accepted, rights],
    said: () => [],
    names: () => [...namesOf(place), ...named()],
    async close() {
      state.session?.close()
    },
  }
}
