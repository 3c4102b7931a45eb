import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Lang, Text } from '../../../checks/text.ts'
import type { Access } from '../../access/guard.ts'
import { mayDo } from '../../access/session-acts.ts'
import { SessionStreams, type Pieces } from '../../live/session-streams.ts'
import type { ServerOptions } from '../../options.ts'
import { mayBecome } from '../../session-life/state.ts'
import { askUnobservedAgain, launch } from '../../work/asking.ts'
import { sessionAddress } from '../addresses.ts'
import { languageOf } from '../language.ts'
import { renderPiece } from '../layout.tsx'
import { CandidateActionsPage } from './candidate-actions-page.tsx'
import { liveCells, type LiveCell } from './candidate-row.tsx'
import { IncidentList } from './incidents.tsx'
import { momentOf } from './moment.ts'
import { ReceiptPage } from './receipt-page.tsx'
import { WatchHead, WatchPage } from './watch-page.tsx'
import { watchedSession, type WatchedSession } from './watched.ts'
import { words } from './wording.ts'

const ofSession = z.object({ session: z.string().max(200) })
const ofCandidate = ofSession.extend({ code: z.string().min(1).max(32) })
const moveForm = z.object({
  from: z.enum(['prepared', 'preflight', 'running']),
  to: z.enum(['preflight', 'running', 'collected']),
})
const whomForm = z.object({ candidate: z.string().max(32).optional() })
const launchForm = whomForm.extend({ kind: z.enum(['preflight', 'start', 'end']) })
const cancelForm = whomForm.extend({ sure: z.literal('yes').optional() })
const incidentForm = z.object({
  at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
  candidate: z.string().max(32).default(''),
  text: z.string().trim().min(1).max(2000),
  minutes: z.coerce.number().int().min(0).max(240).catch(0),
})
const repinForm = z.object({
  target: z.string().trim().min(1).max(64),
  reason: z.string().trim().min(1).max(500),
})
const maxDocument = 20 * 1024 * 1024
const watchAccess: Access = { session: 'watch-session' }
const runAccess: Access = { session: 'run-session' }
/** What an address may say of what was just done. */
const sayings = {
  done: words.done,
  nothing: words.nothingToAsk,
  'under-way': words.underWay,
  'not-pdf': words.notPdf,
  'too-large': words.tooLarge,
  'need-reason': words.needReason,
  'need-text': words.needText,
  state: words.notInState,
} satisfies Record<string, Text>
type Saying = keyof typeof sayings

/** The surveillant's page and what is done from it. Nothing here reads a finding. */
export async function registerSurveillantPages(app: FastifyInstance, options: ServerOptions): Promise<void> {
  const { store, changes } = options
  const now = options.now ?? (() => new Date())
  const timeZone = options.timeZone ?? 'Europe/Paris'
  const schema = { hide: true, params: ofSession }
  const candidateSchema = { hide: true, params: ofCandidate }
  const sessionIn = (request: FastifyRequest) => (request.params as z.infer<typeof ofSession>).session
  const watchOf = (session: string) => `${sessionAddress(session)}/watch`

  const streams = new SessionStreams(changes, async (session, view) => {
    const watched = await watchedSession(store, session, now())
    if (!watched || watched.session.state === 'purged') return null
    return piecesOf(watched, view === 'en' ? 'en' : 'fr', timeZone)
  })
  app.addHook('preClose', async () => streams.close())

  const back = (reply: FastifyReply, session: string, saying: Saying, candidate?: string) =>
    reply.redirect(
      `${watchOf(session)}${candidate === undefined ? '' : `/${encodeURIComponent(candidate)}`}?said=${saying}`,
      303,
    )
  const saidIn = (request: FastifyRequest): Text | null => {
    const { said } = request.query as { said?: unknown }
    return typeof said === 'string' && said in sayings ? sayings[said as Saying] : null
  }
  /** All candidates of the session, or the one that the form names. */
  const codesFor = async (session: string, candidate: string | undefined): Promise<string[]> => {
    const all = (await store.life.candidates(session)).map(({ code }) => code)
    return candidate === undefined || candidate === '' ? all : all.filter((code) => code === candidate)
  }
  const announceAll = (session: string, codes: readonly string[]) => {
    for (const code of codes) changes.announce(session, code)
  }

  const showWatch = async (
    request: FastifyRequest,
    reply: FastifyReply,
    shown: { confirmCancel?: boolean } = {},
  ) => {
    const watched = await watchedSession(store, sessionIn(request), now())
    if (!watched) return app.pageNotFound(request, reply)
    const { session } = watched
    return reply.page(
      {
        title: `${words.watch[languageOf(request, reply)]} – ${session.title}`,
        crumbs: [{ href: sessionAddress(session.id), label: session.title }],
        live: true,
      },
      <WatchPage
        watched={watched}
        said={saidIn(request)}
        confirmCancel={shown.confirmCancel ?? false}
        open={mayDo('run-session', request.viewer!.role, session.state) && session.hasFiles}
      />,
    )
  }
  app.get('/sessions/:session/watch', { config: { access: watchAccess }, schema }, (request, reply) =>
    showWatch(request, reply),
  )
  app.get(
    '/sessions/:session/watch/receipt',
    { config: { access: watchAccess }, schema },
    async (request, reply) => {
      const watched = await watchedSession(store, sessionIn(request), now())
      if (!watched) return app.pageNotFound(request, reply)
      const { session } = watched
      return reply.page(
        {
          title: words.receiptTitle[languageOf(request, reply)],
          crumbs: [
            { href: sessionAddress(session.id), label: session.title },
            { href: watchOf(session.id), label: words.watch[languageOf(request, reply)] },
          ],
        },
        <ReceiptPage watched={watched} />,
      )
    },
  )
  app.get(
    '/sessions/:session/watch/events',
    { config: { access: watchAccess }, schema, logLevel: 'warn' },
    async (request, reply) => {
      const session = sessionIn(request)
      const { account, role } = request.viewer!
      const lang = languageOf(request, reply)
      const signedIn = request.signInHash
      reply.hijack()
      streams.open(reply.raw, {
        session,
        view: lang,
        stillAllowed: async () => {
          if (signedIn !== null && !(await store.accounts.viewerBySignIn(signedIn))) return false
          const access = await store.life.access(session, account, role)
          return access !== null && access.own && mayDo('watch-session', role, access.state)
        },
      })
    },
  )

  app.post(
    '/sessions/:session/watch/state',
    { config: { access: runAccess }, schema },
    async (request, reply) => {
      const session = sessionIn(request)
      const form = moveForm.safeParse(request.body)
      if (!form.success || !mayBecome(form.data.from, form.data.to)) return back(reply, session, 'state')
      const { from, to } = form.data
      const moved = await store.life.setState(session, from, to, request.viewer!.name)
      changes.announce(session)
      return back(reply, session, moved ? 'done' : 'state')
    },
  )
  app.post(
    '/sessions/:session/watch/clocks',
    { config: { access: runAccess }, schema },
    async (request, reply) => {
      const session = sessionIn(request)
      if (request.sessionAccess?.state !== 'running') return back(reply, session, 'state')
      const { candidate } = whomForm.catch({}).parse(request.body)
      const started = await store.life.startClocks(
        session,
        await codesFor(session, candidate),
        request.viewer!.name,
      )
      announceAll(session, started)
      return back(reply, session, started.length > 0 ? 'done' : 'under-way')
    },
  )
  app.post(
    '/sessions/:session/watch/launch',
    { config: { access: runAccess }, schema },
    async (request, reply) => {
      const session = sessionIn(request)
      const form = launchForm.safeParse(request.body)
      if (!form.success) return back(reply, session, 'state')
      const { candidate, kind } = form.data
      const asked = await launch(
        store,
        session,
        await codesFor(session, candidate),
        kind,
        request.viewer!.name,
      )
      announceAll(
        session,
        asked.map((work) => work.candidate),
      )
      return back(reply, session, asked.length > 0 ? 'done' : 'under-way', candidate || undefined)
    },
  )
  app.post(
    '/sessions/:session/watch/again',
    { config: { access: runAccess }, schema },
    async (request, reply) => {
      const session = sessionIn(request)
      const { candidate } = whomForm.catch({}).parse(request.body)
      const outcomes = new Set<Awaited<ReturnType<typeof askUnobservedAgain>>>()
      for (const code of await codesFor(session, candidate)) {
        outcomes.add(await askUnobservedAgain(store, session, code, request.viewer!.name))
        changes.announce(session, code)
      }
      const said = outcomes.has('asked') ? 'done' : outcomes.has('under-way') ? 'under-way' : 'nothing'
      return back(reply, session, said, candidate || undefined)
    },
  )
  app.post(
    '/sessions/:session/watch/cancel',
    { config: { access: runAccess }, schema },
    async (request, reply) => {
      const session = sessionIn(request)
      const form = cancelForm.catch({}).parse(request.body)
      if (form.sure !== 'yes') return showWatch(request, reply, { confirmCancel: true })
      const codes = new Set(await codesFor(session, form.candidate))
      for (const { id, state, candidate } of await store.work.ofSession(session))
        if ((state === 'queued' || state === 'leased') && codes.has(candidate)) {
          await store.work.cancel(id, request.viewer!.name)
          changes.announce(session, candidate)
        }
      return back(reply, session, 'done', form.candidate || undefined)
    },
  )
  app.post(
    '/sessions/:session/watch/incidents',
    { config: { access: { session: 'note-incident' } }, schema },
    async (request, reply) => {
      const session = sessionIn(request)
      const form = incidentForm.safeParse(request.body)
      if (!form.success) return back(reply, session, 'need-text')
      const { at, text, minutes } = form.data
      const [candidate = null] = form.data.candidate ? await codesFor(session, form.data.candidate) : []
      await store.life.noteIncident(
        session,
        { candidate, text, at: momentOf(at, now(), timeZone).toISOString(), addedSeconds: minutes * 60 },
        request.viewer!.name,
      )
      changes.announce(session, candidate)
      return back(reply, session, 'done', candidate ?? undefined)
    },
  )

  const showCandidate = async (request: FastifyRequest, reply: FastifyReply) => {
    const { session: id, code } = request.params as z.infer<typeof ofCandidate>
    const watched = await watchedSession(store, id, now())
    const one = watched?.candidates.find(({ candidate }) => candidate.code === code)
    if (!watched || !one) return app.pageNotFound(request, reply)
    return reply.page(
      {
        title: `${code} – ${watched.session.title}`,
        crumbs: [
          { href: sessionAddress(id), label: watched.session.title },
          { href: watchOf(id), label: words.watch[languageOf(request, reply)] },
        ],
      },
      <CandidateActionsPage watched={watched} one={one} said={saidIn(request)} />,
    )
  }
  app.get(
    '/sessions/:session/watch/:code',
    { config: { access: runAccess }, schema: candidateSchema },
    showCandidate,
  )
  /** Does something for the candidate of the address, if there is one. */
  const forCandidate = (
    act: (where: { session: string; code: string; by: string }, body: unknown) => Promise<Saying>,
    to: 'candidate' | 'session' = 'candidate',
  ) => {
    return async (request: FastifyRequest, reply: FastifyReply) => {
      const { session, code } = request.params as z.infer<typeof ofCandidate>
      if ((await codesFor(session, code)).length === 0) return app.pageNotFound(request, reply)
      const saying = await act({ session, code, by: request.viewer!.name }, request.body)
      changes.announce(session, code)
      return back(reply, session, saying, to === 'candidate' ? code : undefined)
    }
  }
  app.post(
    '/sessions/:session/watch/:code/identity',
    { config: { access: runAccess }, schema: candidateSchema },
    forCandidate(async ({ session, code, by }, body) => {
      await store.life.checkIdentity(session, code, (body as { checked?: unknown })?.checked === 'yes', by)
      return 'done'
    }, 'session'),
  )
  app.post(
    '/sessions/:session/watch/:code/presence',
    { config: { access: runAccess }, schema: candidateSchema },
    forCandidate(async ({ session, code, by }, body) => {
      await store.life.setAbsent(session, code, (body as { absent?: unknown })?.absent === 'yes', by)
      return 'done'
    }),
  )
  app.post(
    '/sessions/:session/watch/:code/repin',
    { config: { access: runAccess }, schema: candidateSchema },
    forCandidate(async ({ session, code, by }, body) => {
      const form = repinForm.safeParse(body)
      if (!form.success) return 'need-reason'
      const { target, reason } = form.data
      const asked = await store.work.ask(
        [{ session, candidate: code, kind: 'repin', demands: null, follows: null, target, reason }],
        by,
      )
      return asked.length > 0 ? 'done' : 'under-way'
    }),
  )

  await app.register(async (scope) => {
    await scope.register(multipart, { limits: { fileSize: maxDocument, files: 1, fields: 4, parts: 6 } })
    scope.post(
      '/sessions/:session/watch/:code/document',
      { config: { access: runAccess }, schema: candidateSchema, bodyLimit: maxDocument + 65_536 },
      async (request, reply) => {
        const { session, code } = request.params as z.infer<typeof ofCandidate>
        if ((await codesFor(session, code)).length === 0) return app.pageNotFound(request, reply)
        const sent = await documentIn(request)
        if (typeof sent === 'string') return back(reply, session, sent, code)
        await store.life.keepTrace(session, code, sent.name, sent.bytes, request.viewer!.name)
        changes.announce(session, code)
        return back(reply, session, 'done', code)
      },
    )
  })
}

/** The one PDF of the form, or why it is none. */
async function documentIn(request: FastifyRequest): Promise<{ name: string; bytes: Buffer } | Saying> {
  try {
    const file = await request.file()
    const bytes = await file?.toBuffer()
    if (!file || !bytes || bytes.subarray(0, 5).toString('latin1') !== '%PDF-') return 'not-pdf'
    return { name: file.filename.slice(0, 200), bytes }
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 413) return 'too-large'
    throw error
  }
}

/** Every piece of the page that changes by itself, as this language has it. */
function piecesOf(watched: WatchedSession, lang: Lang, timeZone: string): Pieces {
  const frame = { lang, timeZone, viewer: null }
  const { session, candidates, incidents, now } = watched
  const pieces = new Map<string, string>([
    ['cell-head', renderPiece(frame, <WatchHead watched={watched} />)],
    ['cell-incidents', renderPiece(frame, <IncidentList incidents={incidents} />)],
  ])
  const named = candidates.some(({ candidate }) => candidate.name !== null)
  const open = mayDo('run-session', 'surveillant', session.state) && session.hasFiles
  for (const one of candidates)
    for (const name of Object.keys(liveCells) as LiveCell[]) {
      const Cell = liveCells[name]
      pieces.set(
        `cell-${one.candidate.code}-${name}`,
        renderPiece(
          frame,
          <Cell
            session={session.id}
            watched={one}
            now={now}
            named={named}
            open={open}
            running={session.state === 'running'}
          />,
        ),
      )
    }
  return pieces
}
