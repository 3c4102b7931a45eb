import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isForPeople, refuse } from '../api/problem.ts'
import type { SessionAccess } from '../store/session-life.ts'
import type { Store } from '../store/store.ts'
import type { Role, Viewer } from './role.ts'
import { mayDo, sessionActs, type SessionAct } from './session-acts.ts'

/**
 * Who may ask a route. Every route states it in `config.access`; one that doesn't keeps the server from starting.
 * - `public`: anybody (style sheets, signing in).
 * - `signed-in`: any account.
 * - `agent`: an agent, by its key or token.
 * - `roles`: accounts of these roles, where no session is at stake.
 * - `session`: members of the session in `:session`, or of the session of the run in `:run`, as `sessionActs` says.
 *   Several acts: any of them suffices.
 */
export type Access =
  | 'public'
  | 'signed-in'
  | 'agent'
  | { readonly roles: readonly Role[] }
  | { readonly session: SessionAct | readonly SessionAct[] }

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyInstance {
    /** Every route with who may ask it, in the order in which they were made. */
    readonly accessOfRoutes: { readonly method: string; readonly url: string; readonly access: Access }[]
  }
  interface FastifyRequest {
    /** Whoever is signed in; set before the guard by `sign-in.ts`. */
    viewer: Viewer | null
    /** The session at stake, once the guard let the request through. */
    sessionAccess: SessionAccess | null
  }
}

/**
 * Keeps every route to those whom it names. A session that is not the viewer's own answers like one that doesn't exist;
 * what a role may not do answers 403. Must be registered after what sets `request.viewer`, before any route.
 */
export function guardRoutes(app: FastifyInstance, store: Store): void {
  app.decorateRequest('sessionAccess', null)
  app.decorate('accessOfRoutes', [])
  app.addHook('onRoute', (route) => {
    if (route.config?.access === undefined)
      throw new Error(`the route ${String(route.method)} ${route.url} does not say who may ask it`)
    if (typeof route.config.access === 'object' && 'session' in route.config.access)
      if (!/\/:(session|run)(\/|$)/.test(route.url))
        throw new Error(`the route ${route.url} is about a session that it does not name`)
    for (const method of [route.method].flat())
      app.accessOfRoutes.push({ method, url: route.url, access: route.config.access })
  })
  app.addHook('onRequest', async (request, reply) => {
    const { access } = request.routeOptions.config
    // No route: the answer that there is nothing here is for anybody.
    if (access === undefined || access === 'public' || access === 'agent') return
    const { viewer } = request
    if (!viewer) return notSignedIn(request, reply)
    if (access === 'signed-in') return
    if ('roles' in access) return access.roles.includes(viewer.role) ? undefined : forbidden(request, reply)
    const { session, run } = request.params as { session?: string; run?: string }
    const id = session ?? (run === undefined ? null : await store.sessionOfRun(run))
    const found = id === null ? null : await store.life.access(id, viewer.account, viewer.role)
    if (!found?.own) return notFound(request, reply)
    const acts = [access.session].flat() as readonly SessionAct[]
    const may = acts.some(
      (act) =>
        mayDo(act, viewer.role, found.state) && (act !== 'read-own-training' || ownTraining(request, found)),
    )
    if (!may) {
      // To a candidate a session that is not a training of his own does not exist.
      if (viewer.role === 'candidate') return notFound(request, reply)
      return forbidden(request, reply, acts.some((act) => hasRole(act, viewer.role)) ? found : null)
    }
    request.sessionAccess = found
  })
  // The last lock of an agent's route, whatever was registered for it before.
  app.addHook('preHandler', async (request, reply) => {
    if (request.routeOptions.config.access === 'agent' && !request.agent)
      return refuse(reply.header('www-authenticate', 'Bearer'), 'unauthorised')
  })
}

const hasRole = (act: SessionAct, role: Role): boolean =>
  (sessionActs[act].roles as readonly Role[]).includes(role)

/** A candidate's own dossier of a training: never an examination, never a neighbour's. */
function ownTraining(request: FastifyRequest, { purpose, candidate }: SessionAccess): boolean {
  const { code } = request.params as { code?: string }
  return purpose === 'training' && candidate !== null && (code === undefined || code === candidate)
}

function notSignedIn(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!isForPeople(request)) return refuse(reply.header('www-authenticate', 'Bearer'), 'unauthorised')
  const back = request.method === 'GET' ? `?to=${encodeURIComponent(request.url)}` : ''
  return reply.code(303).header('cache-control', 'no-store').redirect(`/sign-in${back}`)
}

const notFound = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  isForPeople(request) ? request.server.pageNotFound(request, reply) : refuse(reply, 'not-found')

/** @param found the session, where it is its state and not the role that forbids. */
const forbidden = (
  request: FastifyRequest,
  reply: FastifyReply,
  found: SessionAccess | null = null,
): FastifyReply =>
  isForPeople(request)
    ? request.server.pageForbidden(request, reply, found?.state ?? null)
    : refuse(reply, found ? 'not-now' : 'forbidden')
