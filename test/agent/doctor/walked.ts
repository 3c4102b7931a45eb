import type { Asked } from '../../../agent/doctor/asked.ts'
import { diagnosisOf, type DiagnosisOptions } from '../../../agent/doctor/diagnose.ts'
import { remediesOf } from '../../../agent/doctor/remedies/of-findings.ts'
import type { SshContext } from '../../../agent/doctor/ssh.ts'
import type { DoctorWay, StepFinding } from '../../../agent/doctor/step.ts'
import { findingsOf, walk } from '../../../agent/doctor/walk.ts'
import type { CheckIdentity, OpenCredential, TransportFailure } from '../../../agent/transports/transport.ts'
import type { Target } from '../../../checks/session.ts'

/** What a doctor gets from outside, with one credential for every name. */
export const placeOf = (
  target: Target,
  credential: OpenCredential,
  more: Partial<SshContext> = {},
): SshContext => ({
  role: 'm',
  target,
  credentials: async () => credential,
  checkIdentity: believes,
  readFile: async () => '',
  connectTimeoutMs: 3000,
  signal: new AbortController().signal,
  addressOf: () => target.address,
  ...more,
})

/** Takes a pinned identity only as pinned. */
export const believes: CheckIdentity = (_where, shown, pinned) => pinned === 'first-use' || pinned === shown

/** Asked of a session that takes one password from the environment. */
export const asked: Asked = {
  again: 'probant doctor m',
  doctorOf: (role) => `probant doctor ${role}`,
  typed: null,
  folder: '/session',
  secretsOf: async () => [{ kind: 'password', from: 'env:SECRET', missing: false }],
}

/** Walks one way to its end, and checks what holds of every walk. */
export async function walked(
  way: DoctorWay,
  context: SshContext,
  options: DiagnosisOptions & { readonly signal?: AbortSignal; readonly refused?: TransportFailure } = {},
): Promise<{ findings: StepFinding[]; said: readonly unknown[] }> {
  const diagnosis = await diagnosisOf(way, context, options)
  const signal = options.signal ?? AbortSignal.timeout(30_000)
  const findings = await findingsOf(walk(diagnosis, signal, options.refused ?? null))
  for (const { state, problem, cause } of findings) {
    if (state === 'fails' && (problem === null || cause === null))
      throw new Error('a failure without a reason')
    if (state === 'works' && (problem !== null || cause !== null))
      throw new Error('a reason without a failure')
  }
  if (findings.some(({ problem }) => problem !== null)) {
    const remedies = await remediesOf(findings, way, context, asked)
    if (remedies.length === 0) throw new Error('a failure without a remedy')
  }
  return { findings, said: diagnosis.said() }
}

/** `name works`, `port fails port-refused`, in the order of the steps. */
export const lines = ({ findings }: { findings: readonly StepFinding[] }): string[] =>
  findings.map(({ step, state, problem }) => [step, state, problem].filter((part) => part !== null).join(' '))

/** The first step that fails, and why. */
export const failing = ({ findings }: { findings: readonly StepFinding[] }): string => {
  const first = findings.find(({ state }) => state === 'fails')
  return first ? `${first.step} ${first.problem}` : 'all works'
}
