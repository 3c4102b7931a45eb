import type { AgentKey } from '../evidence/agent-key.ts'
import { programName } from '../terminal/program-name.ts'
import { visibleLine } from '../terminal/visible.ts'
import type { AgentEvent } from './agent-event.ts'
import { AgentFailure } from './agent-failure.ts'
import type { Backoff } from './backoff.ts'
import { heartbeat } from './heartbeat.ts'
import { keepName, nameAt } from './known-servers.ts'
import { enrolledSchema, heartbeatSchema } from './protocol.ts'
import { problemOf } from './receipt.ts'
import { isAway, type Answered, type ServerClient } from './server-client.ts'

export type EnrolCode = string | (() => Promise<string>)

export interface Introduction {
  readonly client: ServerClient
  readonly server: URL
  readonly key: AgentKey
  /** The agent's own folder. */
  readonly folder: string
  /** The name to be enrolled under. */
  readonly name: string
  readonly version: string
  readonly enrolCode: EnrolCode | undefined
  readonly signal: AbortSignal
  readonly backoff: Backoff
  readonly tell: (event: AgentEvent) => void
  readonly heard: (answered: Answered) => void
}

/** Longest difference of two clocks that signatures are taken with, in ms. */
const MAX_SKEW_MS = 300_000

/**
 * Makes itself known to the server, which may not be there yet: with its key where it is enrolled, else with the one-time
 * code. Gives the name that the server knows it by; null where the signal aborted first.
 * @throws AgentFailure where the server does not want it, with what to do.
 */
export async function introduce(intro: Introduction): Promise<string | null> {
  const { signal, folder, server, enrolCode } = intro
  let name = await nameAt(folder, server)
  if (name === null && enrolCode === undefined) throw new AgentFailure(notEnrolled(server))
  if (name !== null) {
    const answered = await untilThere(intro, () => greet(intro))
    if (!answered) return null
    if (isWelcome(answered)) return name
    if (answered.status !== 401 || enrolCode === undefined) throw refusal(answered, server)
    name = null
  }
  const code = typeof enrolCode === 'function' ? await enrolCode() : enrolCode
  if (signal.aborted) return null
  const answered = await untilThere(intro, () => enrol(intro, String(code).trim()))
  if (!answered) return null
  const enrolled = answered.status === 201 ? enrolledSchema.safeParse(answered.body) : null
  if (enrolled?.success) name = enrolled.data.agent
  else if (answered.status === 403) {
    // The answer to an earlier attempt may have been lost, with the code used: then the key opens the door already.
    const known = await untilThere(intro, () => greet(intro))
    if (!known) return null
    if (!isWelcome(known)) throw codeRefused(answered)
    name = intro.name
  } else if (answered.status === 409 || answered.status === 422) throw nameRefused(answered, intro.name)
  else throw refusal(answered, server)
  await keepName(folder, server, name)
  intro.tell({ type: 'enrolled', name })
  return name
}

const greet = async ({ client, version, signal }: Introduction): Promise<Answered> =>
  (await heartbeat(client, [], version, signal)).answered

const enrol = ({ client, name, key, signal }: Introduction, code: string): Promise<Answered> =>
  client.post('api/v1/agent/enrol', { code, name, publicKey: key.publicKey }, { signal, timeoutMs: 10_000 })

const isWelcome = (answered: Answered): boolean =>
  answered.status === 200 && heartbeatSchema.safeParse(answered.body).success

/** Asks until the server answers; null where the signal aborts first. */
async function untilThere(
  { signal, backoff, heard }: Introduction,
  ask: () => Promise<Answered>,
): Promise<Exclude<Answered, { status: null }> | null> {
  for (;;) {
    const answered = await ask()
    if (signal.aborted) return null
    heard(answered)
    if (answered.status !== null && !isAway(answered)) return answered
    await backoff.wait(signal)
    if (signal.aborted) return null
  }
}

const enrolAgain = (server: URL) => `${programName()} agent --server ${server.href} --enrol`

const notEnrolled = (server: URL) => ({
  fr: `cet agent n'est pas inscrit sur ce serveur : demandez un code au responsable de session (page « Agents » du serveur), puis lancez « ${enrolAgain(server)} »`,
  en: `this agent is not enrolled with this server: ask the head of session for a code (page “Agents” of the server), then start “${enrolAgain(server)}”`,
})

/** What to do where a server answers and doesn't want this agent. */
export function refusal(answered: Answered, server: URL): AgentFailure {
  const { status } = answered
  const ahead = status === null ? null : answered.aheadMs
  if (status === 401 && ahead !== null && Math.abs(ahead) > MAX_SKEW_MS) {
    const minutes = Math.round(Math.abs(ahead) / 60_000)
    return new AgentFailure({
      fr: `l'horloge de cette machine a ${minutes} minutes ${ahead > 0 ? "d'avance" : 'de retard'} sur celle du serveur : réglez-la, puis relancez l'agent`,
      en: `the clock of this machine is ${minutes} minutes ${ahead > 0 ? 'ahead of' : 'behind'} that of the server: set it, then start the agent again`,
    })
  }
  if (status === 401 || status === 403)
    return new AgentFailure({
      fr: `le serveur ne reconnaît pas cet agent (il a pu être révoqué) : demandez un code au responsable de session, puis lancez « ${enrolAgain(server)} »`,
      en: `the server does not know this agent (it may have been revoked): ask the head of session for a code, then start “${enrolAgain(server)}”`,
    })
  const why = status === null ? null : problemOf(answered.body)
  return new AgentFailure({
    fr: `ce qui répond à ${server.href} n'est pas un serveur Probant auquel cet agent peut parler (${status ?? ''}${why ? ` : ${visibleLine(why.fr, 200)}` : ''}) : vérifiez l'adresse et les versions`,
    en: `what answers at ${server.href} is no Probant server that this agent can talk to (${status ?? ''}${why ? `: ${visibleLine(why.en, 200)}` : ''}): look at the address and the versions`,
  })
}

function codeRefused(answered: Exclude<Answered, { status: null }>): AgentFailure {
  const why = problemOf(answered.body)
  return new AgentFailure({
    fr: `le code d'inscription est refusé${why ? ` (${visibleLine(why.fr, 200)})` : ''} : il sert une seule fois et pendant quinze minutes ; demandez-en un autre au responsable de session`,
    en: `the enrolment code is refused${why ? ` (${visibleLine(why.en, 200)})` : ''}: it serves once and for fifteen minutes; ask the head of session for another`,
  })
}

function nameRefused(answered: Exclude<Answered, { status: null }>, name: string): AgentFailure {
  const why = problemOf(answered.body)
  return new AgentFailure({
    fr: `le serveur ne prend pas « ${visibleLine(name, 64)} »${why ? ` (${visibleLine(why.fr, 200)})` : ''} : donnez à cet agent un autre nom par --name (lettres, chiffres, espace, point, tiret) ; le code n'a pas servi`,
    en: `the server does not take “${visibleLine(name, 64)}”${why ? ` (${visibleLine(why.en, 200)})` : ''}: give this agent another name with --name (letters, digits, space, dot, hyphen); the code was not used`,
  })
}
