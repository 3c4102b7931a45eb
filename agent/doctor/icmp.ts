import { icmp } from '../../checks/probe.ts'
import { openIcmp } from '../transports/icmp/icmp.ts'
import { TransportFailure, type TransportContext } from '../transports/transport.ts'
import { nameStage, namesOf, type Place } from './network.ts'
import { StepFailure } from './problem.ts'
import type { Diagnosis, Stage } from './walk.ts'

/** An echo, for a machine that is asked nothing else. */
export function icmpDiagnosis(context: TransportContext): Diagnosis {
  const place: Place = { address: context.target.address, addresses: [] }
  const transport = openIcmp(context)
  const echo: Stage = {
    step: 'echo',
    timeoutMs: 10_000,
    async run(signal) {
      for await (const outcome of transport.ask([icmp(context.role)], signal)) {
        if ('failure' in outcome) throw new TransportFailure(outcome.failure.cause, outcome.failure.detail)
        if (outcome.answer.kind === 'icmp' && outcome.answer.received > 0) return
      }
      throw new StepFailure('no-echo', 'no echo')
    },
  }
  return {
    way: 'icmp',
    stages: [nameStage(place), echo],
    said: () => [],
    names: () => namesOf(place),
    close: () => transport.close(),
  }
}
