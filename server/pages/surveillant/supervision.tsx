import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Text } from '../../../checks/text.ts'
import { mayDo } from '../../access/session-acts.ts'
import type { ServerOptions } from '../../options.ts'
import { sessionAddress } from '../addresses.ts'
import { languageOf } from '../language.ts'
import { timeShort } from '../typography.ts'
import { CandidateActionsPage, type CandidateProblem } from './candidate-actions-page.tsx'
import { actsOf, rowId } from './candidate-row.tsx'
import { emptyEntry, type IncidentEntry, type IncidentProblem } from './incident-form.ts'
import { WatchPage } from './watch-page.tsx'
import { watchedSession } from './watched.ts'
import { words } from './wording.ts'

export const ofSession = z.object({ session: z.string().max(200) })
export const ofCandidate = ofSession.extend({ code: z.string().min(1).max(32) })
export type OfCandidate = z.infer<typeof ofCandidate>

/** What an address may say of what was just done. */
const sayings = {
  done: words.done,
  nothing: words.nothingToAsk,
  idle: words.nothingUnderWay,
  'under-way': words.underWay,
  clocks: words.clocksRun,
  absent: words.isAbsent,
  state: words.notInState,
} satisfies Record<string, Text>
export type Saying = keyof typeof sayings

/** What the routes of the surveillant's pages share: showing both pages, and going back to them. */
export class Supervision {
  readonly options: ServerOptions
  readonly timeZone: string
  readonly #app: FastifyInstance

  constructor(app: FastifyInstance, options: ServerOptions) {
    this.#app = app
    this.options = options
    this.timeZone = options.timeZone ?? 'Europe/Paris'
  }

  now(): Date {
    return (this.options.now ?? (() => new Date()))()
  }

  /** What tells the moment of a time of day that is typed for a session. */
  async today(session: string): Promise<{ now: Date; timeZone: string; date: string }> {
    const date = (await this.options.store.life.session(session))?.date ?? ''
    return { now: this.now(), timeZone: this.timeZone, date }
  }

  sessionIn(request: FastifyRequest): string {
    return (request.params as z.infer<typeof ofSession>).session
  }

  /** Codes of all candidates, or of the one that is named; empty where there is no such candidate. */
  async codesFor(session: string, candidate: string | undefined): Promise<string[]> {
    const all = (await this.options.store.life.candidates(session)).map(({ code }) => code)
    return candidate === undefined || candidate === '' ? all : all.filter((code) => code === candidate)
  }

  /** To the page of the room, at a candidate's row where one is named. */
  toRoom(reply: FastifyReply, session: string, said: Saying, row?: string): FastifyReply {
    const at = row === undefined ? '' : `#${rowId(encodeURIComponent(row))}`
    return reply.redirect(`${sessionAddress(session)}/watch?said=${said}${at}`, 303)
  }

  /** To a candidate's page, or to the room's where none is named. */
  back(reply: FastifyReply, session: string, said: Saying, candidate: string | undefined): FastifyReply {
    if (candidate === undefined || candidate === '') return this.toRoom(reply, session, said)
    return reply.redirect(`${actsOf(session, candidate).own}?said=${said}`, 303)
  }

  toConfirmCancel(reply: FastifyReply, session: string, candidate: string | undefined): FastifyReply {
    const { room, own } = actsOf(session, candidate ?? '')
    return reply.redirect(`${candidate === undefined || candidate === '' ? room : own}?ask=cancel`, 303)
  }

  notThere(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    return this.#app.pageNotFound(request, reply)
  }

  /** @param wrong an incident that was not taken, to be shown again. */
  async showRoom(
    request: FastifyRequest,
    reply: FastifyReply,
    wrong?: { entry: IncidentEntry; problem: IncidentProblem },
  ): Promise<FastifyReply> {
    const watched = await watchedSession(this.options.store, this.sessionIn(request), this.now())
    if (!watched) return this.notThere(request, reply)
    const { session } = watched
    const { role } = request.viewer!
    return reply.page(
      {
        title: `${words.watch[languageOf(request, reply)]} – ${session.title}`,
        crumbs: [{ href: sessionAddress(session.id), label: session.title }],
        status: wrong ? 422 : 200,
        live: true,
      },
      <WatchPage
        watched={watched}
        said={wrong ? words.nothingDone : saidIn(request)}
        confirmCancel={asksCancel(request)}
        open={mayDo('run-session', role, session.state) && session.hasFiles}
        mayNote={mayDo('note-incident', role, session.state)}
        entry={wrong?.entry ?? emptyEntry(this.#timeNow())}
        problem={wrong?.problem ?? null}
      />,
    )
  }

  /** @param problem a form that was not taken, to be shown again. */
  async showCandidate(
    request: FastifyRequest,
    reply: FastifyReply,
    problem: CandidateProblem | null = null,
  ): Promise<FastifyReply> {
    const { session: id, code } = request.params as OfCandidate
    const watched = await watchedSession(this.options.store, id, this.now())
    const one = watched?.candidates.find(({ candidate }) => candidate.code === code)
    if (!watched || !one) return this.notThere(request, reply)
    return reply.page(
      {
        title: `${code} – ${watched.session.title}`,
        crumbs: [
          { href: sessionAddress(id), label: watched.session.title },
          { href: actsOf(id, code).room, label: words.watch[languageOf(request, reply)] },
        ],
        status: problem ? 422 : 200,
        live: true,
      },
      <CandidateActionsPage
        watched={watched}
        one={one}
        said={problem ? words.nothingDone : saidIn(request)}
        confirmCancel={asksCancel(request)}
        entry={emptyEntry(this.#timeNow(), code)}
        problem={problem}
      />,
    )
  }

  /** As a field of a form wants it. */
  #timeNow(): string {
    return timeShort(this.now().toISOString(), this.timeZone, 'en')
  }
}

function saidIn(request: FastifyRequest): Text | null {
  const { said } = request.query as { said?: unknown }
  return typeof said === 'string' && Object.hasOwn(sayings, said) ? sayings[said as Saying] : null
}

const asksCancel = (request: FastifyRequest): boolean =>
  request.method === 'GET' && (request.query as { ask?: unknown }).ask === 'cancel'
