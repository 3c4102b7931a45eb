import type { AgentKey } from '../evidence/agent-key.ts'
import { knownIdentities } from '../identities/known-identities.ts'
import canonicalize from 'canonicalize'
import type { SecretSource } from '../run/credentials.ts'
import type { LoadedCandidate, LoadedSession } from '../run/load.ts'
import { preflight, recordOf, type PreflightResult } from '../run/preflight.ts'
import { runSession, type RunEvent } from '../run/runner.ts'
import { scrub } from '../secrets/scrub.ts'
import { CannotDo } from './agent-failure.ts'
import type { Result, TriedWay, Work } from './protocol.ts'
import { repin } from './repin.ts'
import type { SessionRoom } from './session-rooms.ts'

export interface Performance {
  /** The agent's own folder. */
  readonly folder: string
  readonly key: AgentKey
  readonly version: string
  readonly secrets: SecretSource
  /** What this clock is ahead of the server's, in ms; null where it isn't known. */
  readonly clockOffsetMs: () => number | null
}

export interface Moment {
  readonly signal: AbortSignal
  /** When the works that were leased together began, ms since the epoch. */
  readonly since: number
  readonly onEvent: (event: RunEvent) => void
}

/**
 * Does one work and gives what the server is to get. An interrupted run is given as far as it got.
 * @throws CannotDo where it can't be done here, with a sentence for the surveillant.
 */
export async function perform(
  work: Work,
  session: SessionRoom,
  by: Performance,
  moment: Moment,
): Promise<Result> {
  const candidate = candidateOf(work, session.loaded)
  switch (work.kind) {
    case 'preflight':
      return tryWays(work, session, by, moment)
    case 'repin': {
      const target = work.role === null ? undefined : candidate.resolved.targets[work.role]?.target
      if (!target)
        throw new CannotDo({
          fr: 'cette session n’a pas de machine de ce rôle : il n’y a rien à oublier, vérifiez son nom',
          en: 'this session has no machine of this role: there is nothing to forget, check its name',
        })
      return {
        kind: 'repinned',
        body: { forgotten: repin(by.folder, work.session.id, target, work.reason ?? '') },
      }
    }
    default:
      return run(work, work.kind, session, by, moment)
  }
}

function candidateOf({ candidate }: Work, { candidates }: LoadedSession): LoadedCandidate {
  const found = candidates.find(({ resolved }) => resolved.candidate.code === candidate)
  if (found) return found
  throw new CannotDo({
    fr: `la session ne connaît pas le candidat ${candidate} : actualisez la page, puis recommencez`,
    en: `the session knows no candidate ${candidate}: refresh the page, then start again`,
  })
}

async function run(
  work: Work,
  stage: 'start' | 'end' | 'again',
  { loaded, room, preflight }: SessionRoom,
  by: Performance,
  { signal, since, onEvent }: Moment,
): Promise<Result> {
  const { id, candidate, demands, follows } = work
  const known = new Set(loaded.exam.demands.map((demand) => demand.id))
  const foreign = demands?.find((demand) => !known.has(demand))
  if (foreign !== undefined)
    throw new CannotDo({
      fr: `le sujet n'a pas de demande « ${foreign.slice(0, 64)} » : actualisez la page, puis recommencez`,
      en: `the exam has no demand “${foreign.slice(0, 64)}”: refresh the page, then start again`,
    })
  const order = {
    id,
    stage,
    ...(follows === null ? {} : { follows }),
    ...(demands === null ? {} : { demands }),
  }
  const runs = runSession({
    loaded,
    only: [candidate],
    orders: new Map([[candidate, order]]),
    signal,
    room,
    since,
    onEvent,
    secrets: by.secrets,
    checkIdentity: knownIdentities(by.folder, work.session.id),
    preflight: await preflight(work.preflight),
    key: by.key,
    version: by.version,
    clockOffsetMs: by.clockOffsetMs(),
  })
  for await (const made of runs) return { kind: 'run', body: canonicalize(made) ?? '' }
  throw new Error('no run')
}

async function tryWays(
  { session: { id }, candidate, preflight: known }: Work,
  { loaded, room, preflight: keep }: SessionRoom,
  by: Performance,
  { signal }: Moment,
): Promise<Result> {
  const seen = new Set<string>()
  const secrets: SecretSource = async (reference) => {
    const value = await by.secrets(reference)
    seen.add(value)
    return value
  }
  const control = room.control()
  const results: PreflightResult[] = []
  const checkIdentity = knownIdentities(by.folder, id)
  for await (const tried of preflight({ loaded, only: [candidate], signal, secrets, checkIdentity }))
    results.push(tried)
  if (signal.aborted)
    throw new CannotDo({
      fr: 'contrôle préalable interrompu : relancez-le',
      en: 'preflight interrupted: launch it again',
    })
  await keep(known)
  await keep(recordOf(results))
  const ways = results.map((result) => triedWay(result, [...seen]))
  return { kind: 'preflight', body: { at: new Date().toISOString(), ways, control: await control } }
}

/** The directory that is asked through a machine's PowerShell is a way of its own to whoever reads this. */
const triedWay = (
  { route, about, address, worked, cause, detail, identity }: PreflightResult,
  secrets: readonly string[],
): TriedWay => ({
  role: route.role,
  way: about === 'directory' ? 'ldap' : route.way,
  address,
  worked,
  cause,
  detail: scrub(detail, secrets).slice(0, 500).toWellFormed(),
  identity,
})
