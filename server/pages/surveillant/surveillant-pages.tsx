import type { FastifyInstance } from 'fastify'
import type { Access } from '../../access/guard.ts'
import { mayDo } from '../../access/session-acts.ts'
import { SessionStreams } from '../../live/session-streams.ts'
import type { ServerOptions } from '../../options.ts'
import { sessionAddress } from '../addresses.ts'
import { languageOf } from '../language.ts'
import { registerCandidateActs } from './candidate-acts.ts'
import { piecesOf } from './live-pieces.tsx'
import { ReceiptPage } from './receipt-page.tsx'
import { registerRoomActs } from './room-acts.ts'
import { ofCandidate, ofSession, Supervision } from './supervision.tsx'
import { watchedSession } from './watched.ts'
import { words } from './wording.ts'

const watchAccess: Access = { session: 'watch-session' }
const runAccess: Access = { session: 'run-session' }

/** The surveillant's pages and what is done from them. Nothing here reads a finding. */
export async function registerSurveillantPages(app: FastifyInstance, options: ServerOptions): Promise<void> {
  const { store, changes } = options
  const supervision = new Supervision(app, options)
  const schema = { hide: true, params: ofSession }

  const streams = new SessionStreams({
    changes,
    now: () => supervision.now(),
    failed: (error) => app.log.error({ err: error }, 'rendering for event streams failed'),
    render: async (session, view) => {
      const watched = await watchedSession(store, session, supervision.now())
      if (!watched || watched.session.state === 'purged') return null
      // The responsable may do the same, and in the same states.
      const open = mayDo('run-session', 'surveillant', watched.session.state) && watched.session.hasFiles
      return piecesOf(watched, view === 'en' ? 'en' : 'fr', supervision.timeZone, open)
    },
  })
  app.addHook('preClose', async () => streams.close())

  app.get('/sessions/:session/watch', { config: { access: watchAccess }, schema }, (request, reply) =>
    supervision.showRoom(request, reply),
  )
  app.get(
    '/sessions/:session/watch/receipt',
    { config: { access: watchAccess }, schema },
    async (request, reply) => {
      const watched = await watchedSession(store, supervision.sessionIn(request), supervision.now())
      if (!watched) return supervision.notThere(request, reply)
      const { session } = watched
      const watch = `${sessionAddress(session.id)}/watch`
      return reply.page(
        {
          title: words.receiptTitle[languageOf(request, reply)],
          crumbs: [
            { href: sessionAddress(session.id), label: session.title },
            { href: watch, label: words.watch[languageOf(request, reply)] },
          ],
        },
        <ReceiptPage watched={watched} />,
      )
    },
  )
  app.get(
    '/sessions/:session/watch/events',
    // A HEAD request would open a stream that nobody reads.
    { config: { access: watchAccess }, schema, logLevel: 'warn', exposeHeadRoute: false },
    async (request, reply) => {
      const session = supervision.sessionIn(request)
      const { account, role } = request.viewer!
      const view = languageOf(request, reply)
      const signedIn = request.signInHash
      reply.hijack()
      streams.open(reply.raw, {
        session,
        account,
        view,
        stillAllowed: async () => {
          // A token isn't looked up again: its stream ends soon, and whoever comes back shows it once more.
          if (signedIn === null || !(await store.accounts.viewerBySignIn(signedIn))) return false
          const access = await store.life.access(session, account, role)
          return access !== null && access.own && mayDo('watch-session', role, access.state)
        },
      })
    },
  )
  app.get(
    '/sessions/:session/watch/:code',
    { config: { access: runAccess }, schema: { hide: true, params: ofCandidate } },
    (request, reply) => supervision.showCandidate(request, reply),
  )
  registerRoomActs(app, supervision)
  await registerCandidateActs(app, supervision)
}
