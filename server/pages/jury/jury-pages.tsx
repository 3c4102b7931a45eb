import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Referential } from '../../../checks/referential/referential.ts'
import type { Access } from '../../access/guard.ts'
import { mayDo } from '../../access/session-acts.ts'
import { changesBetween, type Change } from '../../dossier/changes-between.ts'
import { withFollowUps, type FollowedDemand } from '../../dossier/follow-ups.ts'
import { competenciesOf, glanceRow } from '../../dossier/glance.ts'
import type { ServerOptions } from '../../options.ts'
import { noteTextSchema } from '../../store/notes.ts'
import type { Dossier } from '../../store/store.ts'
import {
  contestAddress,
  dossierAddress,
  glanceAddress,
  notesAddress,
  sessionAddress,
  shows,
  traceAddress,
  type DossierQuery,
} from '../addresses.ts'
import { DossierPage } from '../dossier/dossier-page.tsx'
import {
  anchorOfDemand,
  placeOf,
  queryOf,
  type DossierChoice,
  type DossierView,
  type Reader,
} from '../dossier/view.ts'
import { languageOf } from '../language.ts'
import type { Crumb } from '../layout.tsx'
import { ObservationPage } from '../observation-page.tsx'
import { words as pageWords } from '../wording.ts'
import { GlancePage } from './glance-page.tsx'
import { TracePage } from './trace-page.tsx'
import { ViewJournal } from './view-journal.ts'
import { words } from './wording.ts'
import { ContestPage, NotePage } from './writing-page.tsx'

const ofSession = z.object({ session: z.string().max(200) })
const ofCandidate = ofSession.extend({ code: z.string().min(1).max(200) })
const ofRun = ofCandidate.extend({ run: z.string().max(200) })
const ofObservation = ofRun.extend({ key: z.string().max(200) })
const ofFinding = ofRun.extend({ ordinal: z.coerce.number().int().min(0).max(4999) })
const ofNote = ofCandidate.extend({ note: z.uuid() })
const hash = z.string().regex(/^[0-9a-f]{64}$/)
const ofTrace = ofCandidate.extend({ sha256: hash })

const choiceQuery = z.object({
  run: z.uuid().optional().catch(undefined),
  detail: z.enum(['folded', 'unfolded', 'raw']).catch('folded'),
  show: z.enum(shows).optional().catch(undefined),
  document: hash.optional().catch(undefined),
})
const someText = z.string().max(16_000).catch('')
const noteForm = z.object({
  criterion: z.string().max(40),
  kind: z.enum(['private', 'shared']),
  text: someText,
})
const contestForm = z.object({ text: someText })
const readForm = z.object({
  demand: z.string().max(200),
  at: z
    .string()
    .regex(/^demande-\d{1,4}$/)
    .catch(''),
  read: z.enum(['yes', 'no']),
})

const readers: Access = { session: ['read-findings', 'read-own-training'] }
const jury: Access = { session: 'read-findings' }
const writers: Access = { session: 'write-notes' }

/** What the jury reads and writes: the session at a glance, dossiers, evidence, documents, notes. */
export async function registerJuryPages(app: FastifyInstance, options: ServerOptions): Promise<void> {
  const { store, referentials, now = () => new Date() } = options
  const views = new ViewJournal(store.journal, now)

  app.get(
    '/sessions/:session/jury',
    { config: { access: jury }, schema: { hide: true, params: ofSession } },
    async (request, reply) => {
      const { session: id } = request.params as z.infer<typeof ofSession>
      const viewer = request.viewer!
      const [session, outlines, candidates, incidents, readBy] = await Promise.all([
        store.life.session(id),
        store.outlines(id),
        store.life.candidates(id),
        store.life.incidents(id),
        store.notes.readBy(id, viewer.account),
      ])
      if (!session) return app.pageNotFound(request, reply)
      const referential = await referentials(session.referential)
      const competencies = competenciesOf(referential, session.certificate)
      const read = Map.groupBy(readBy, ({ candidate }) => candidate)
      const rows = outlines.map((outline) =>
        glanceRow(
          outline,
          referential,
          competencies,
          new Set(read.get(outline.code)?.map(({ demand }) => demand)),
        ),
      )
      const known = new Set(outlines.map(({ code }) => code))
      return reply.page(
        {
          title: `${words.glance[languageOf(request, reply)]} – ${session.title}`,
          crumbs: [{ href: sessionAddress(id), label: session.title }],
        },
        <GlancePage
          session={session}
          referential={referential}
          competencies={competencies}
          rows={rows}
          without={candidates.filter(({ code }) => !known.has(code))}
          incidents={incidents}
          marks={viewer.role === 'jury'}
        />,
      )
    },
  )

  /** Everything that a page of a dossier shows; null where there is none. */
  const open = async (request: FastifyRequest, beside: boolean) => {
    const { session, code } = request.params as z.infer<typeof ofCandidate>
    const { document, ...chosen } = choiceQuery.parse(request.query)
    const dossier = await store.dossier(session, code, chosen.run)
    if (!dossier) return null
    const viewer = request.viewer!
    const reader: Reader =
      viewer.role === 'candidate'
        ? 'candidate'
        : request.sessionAccess && mayDo('write-notes', viewer.role, request.sessionAccess.state)
          ? 'writes'
          : 'reads'
    const forJury = reader !== 'candidate'
    const [referential, notes, marks, traces] = await Promise.all([
      referentials(dossier.run.exam.referential),
      forJury ? store.notes.of(session, code, viewer.account) : [],
      forJury ? store.notes.marks(session, code) : [],
      forJury ? store.life.traces(session, code) : [],
    ])
    const trace = beside ? (traces.find(({ sha256 }) => sha256 === document) ?? traces[0]) : undefined
    const demands = withFollowUps(dossier, dossier.followUps)
    const choice: DossierChoice = { ...chosen, beside: trace?.sha256 ?? null }
    const view: DossierView = {
      dossier,
      choice,
      reader,
      account: viewer.account,
      ...comparison(dossier, demands),
      notes,
      marks: Map.groupBy(marks, ({ demand }) => demand),
      shown: new Set(),
      days: new Map(),
      printed: [],
    }
    await views.note('dossier-read', viewer, session, code)
    return { view, demands, referential, traces, trace }
  }

  app.get(
    '/sessions/:session/candidates/:code',
    { config: { access: readers }, schema: { hide: true, params: ofCandidate } },
    async (request, reply) => {
      const found = await open(request, false)
      if (!found) return app.pageNotFound(request, reply)
      const { view, demands, referential, traces } = found
      return reply.page(
        {
          title: `${view.dossier.candidate} – ${view.dossier.session.title}`,
          crumbs: crumbsOf(request, reply, view.dossier.session),
        },
        <DossierPage view={view} demands={demands} referential={referential} traces={traces} />,
      )
    },
  )

  app.get(
    '/sessions/:session/candidates/:code/trace',
    { config: { access: jury }, schema: { hide: true, params: ofCandidate } },
    async (request, reply) => {
      const found = await open(request, true)
      if (!found?.trace) return app.pageNotFound(request, reply)
      const { view, demands, referential, traces, trace } = found
      const { session, candidate } = view.dossier
      // The one page that frames something, and only from here.
      void reply.header('content-security-policy', `${pagePolicy}; frame-src 'self'`)
      return reply.page(
        {
          title: `${words.trace[languageOf(request, reply)]} – ${candidate}`,
          crumbs: [
            ...crumbsOf(request, reply, session),
            { href: dossierAddress(session.id, candidate), label: candidate },
          ],
        },
        <TracePage
          session={session.id}
          candidate={candidate}
          run={view.choice.run}
          traces={traces}
          shown={trace}
        >
          <DossierPage view={view} demands={demands} referential={referential} traces={traces} />
        </TracePage>,
      )
    },
  )

  app.get(
    '/sessions/:session/candidates/:code/trace/:sha256',
    { config: { access: jury }, schema: { hide: true, params: ofTrace } },
    async (request, reply) => {
      const { session, code, sha256 } = request.params as z.infer<typeof ofTrace>
      const contents = await store.life.trace(session, code, sha256)
      if (!contents) return app.pageNotFound(request, reply)
      await views.note('dossier-read', request.viewer!, session, code)
      return (
        reply
          .type('application/pdf')
          .header('content-disposition', 'inline; filename="document.pdf"')
          .header('cache-control', 'no-store')
          .header('x-content-type-options', 'nosniff')
          // A candidate made it: no script, no form, nothing loaded, framed by this site only.
          .header('content-security-policy', "sandbox; default-src 'none'; frame-ancestors 'self'")
          .send(contents)
      )
    },
  )

  app.get(
    '/sessions/:session/candidates/:code/runs/:run/observations/:key',
    { config: { access: readers }, schema: { hide: true, params: ofObservation } },
    async (request, reply) => {
      const { session, code, run, key } = request.params as z.infer<typeof ofObservation>
      const about = await store.life.session(session)
      const observation = await store.observation(run, key)
      if (!about || !observation || !(await store.isRunOf(run, session, code)))
        return app.pageNotFound(request, reply)
      const viewer = request.viewer!
      await views.note('observation-read', viewer, session, code)
      // The way back is to the dossier that a jury reads, unless the run is not part of it.
      const dossier = await store.dossier(session, code)
      const joined = [dossier?.run.id, ...(dossier?.followUps.map((one) => one.run.id) ?? [])].includes(run)
      const back = dossierAddress(session, code, { run: joined ? undefined : run })
      return reply.page(
        {
          title: `${pageWords.raw[languageOf(request, reply)]} – ${code}`,
          crumbs: [...crumbsOf(request, reply, about), { href: back, label: code }],
        },
        <ObservationPage
          run={run}
          observation={observation}
          back={back}
          candidate={viewer.role === 'candidate'}
        />,
      )
    },
  )

  const by = (request: FastifyRequest) => ({ account: request.viewer!.account, name: request.viewer!.name })
  const queryIn = (request: FastifyRequest): DossierQuery => {
    const { document, ...chosen } = choiceQuery.parse(request.query)
    return queryOf({ ...chosen, beside: document ?? null })
  }
  /** To where the reader was, with his choices. */
  const backTo = ({ session, code }: z.infer<typeof ofCandidate>, query: DossierQuery, anchor: string) =>
    `${(query.document === undefined ? dossierAddress : traceAddress)(session, code, query)}${anchor && `#${anchor}`}`

  app.post(
    '/sessions/:session/candidates/:code/notes',
    { config: { access: writers }, schema: { hide: true, params: ofCandidate } },
    async (request, reply) => {
      const params = request.params as z.infer<typeof ofCandidate>
      const { session, code } = params
      const form = noteForm.safeParse(request.body)
      const about = await store.life.session(session)
      const label =
        form.success && about
          ? criterionLabel(await referentials(about.referential), about.certificate, form.data.criterion)
          : null
      if (!form.success || label === null || !(await isCandidate(session, code)))
        return app.pageNotFound(request, reply)
      const { criterion, kind } = form.data
      const text = noteTextSchema.safeParse(form.data.text)
      const query = queryIn(request)
      if (!text.success)
        return reply.page(
          { title: words.notes[languageOf(request, reply)], status: 422 },
          <NotePage
            action={notesAddress(session, code, query)}
            back={backTo(params, query, criterion)}
            criterion={criterion}
            label={label}
            text={form.data.text}
          />,
        )
      await store.notes.add(
        session,
        { candidate: code, kind, criterion, run: null, ordinal: null, text: text.data },
        by(request),
      )
      options.changes.announce(session, code)
      return reply.redirect(backTo(params, query, criterion), 303)
    },
  )

  app.post(
    '/sessions/:session/candidates/:code/notes/:note/withdraw',
    { config: { access: writers }, schema: { hide: true, params: ofNote } },
    async (request, reply) => {
      const { note, ...params } = request.params as z.infer<typeof ofNote>
      if (!(await store.notes.withdraw(params.session, params.code, note, by(request))))
        return app.pageNotFound(request, reply)
      options.changes.announce(params.session, params.code)
      return reply.redirect(backTo(params, queryIn(request), `note-${note}`), 303)
    },
  )

  app.post(
    '/sessions/:session/candidates/:code/read',
    { config: { access: writers }, schema: { hide: true, params: ofCandidate } },
    async (request, reply) => {
      const params = request.params as z.infer<typeof ofCandidate>
      const form = readForm.safeParse(request.body)
      const query = queryIn(request)
      const dossier = form.success ? await store.dossier(params.session, params.code, query.run) : null
      if (!form.success || !dossier?.run.exam.demands.some(({ id }) => id === form.data.demand))
        return app.pageNotFound(request, reply)
      const { demand, read, at } = form.data
      await store.notes.mark(params.session, params.code, request.viewer!.account, demand, read === 'yes')
      return reply.redirect(backTo(params, query, at), 303)
    },
  )

  const contested = '/sessions/:session/candidates/:code/runs/:run/findings/:ordinal/contest'
  const contest = async (request: FastifyRequest, reply: FastifyReply, text: string | null) => {
    const params = request.params as z.infer<typeof ofFinding>
    const { session, code, run, ordinal } = params
    const dossier = await store.dossier(session, code, run)
    const finding = dossier?.findings[ordinal]
    if (!dossier || !finding) return app.pageNotFound(request, reply)
    const query = queryIn(request)
    // The way back is to a page that may show another run, joined with this one.
    const shown = query.run === run ? dossier : await store.dossier(session, code, query.run)
    const back = backTo(params, query, shown ? anchorOfDemand(finding.demand, shown.run) : '')
    const parsed = noteTextSchema.safeParse(text)
    if (text !== null && parsed.success) {
      await store.notes.add(
        session,
        { candidate: code, kind: 'contest', criterion: null, run, ordinal, text: parsed.data },
        by(request),
      )
      options.changes.announce(session, code)
      return reply.redirect(back, 303)
    }
    return reply.page(
      {
        title: words.contest[languageOf(request, reply)],
        status: text === null ? 200 : 422,
        crumbs: [...crumbsOf(request, reply, dossier.session), { href: back, label: code }],
      },
      <ContestPage
        action={contestAddress(session, code, { run, ordinal }, query)}
        back={back}
        finding={finding}
        text={text ?? ''}
        problem={text !== null}
      />,
    )
  }
  app.get(
    contested,
    { config: { access: writers }, schema: { hide: true, params: ofFinding } },
    (request, reply) => contest(request, reply, null),
  )
  app.post(
    contested,
    { config: { access: writers }, schema: { hide: true, params: ofFinding } },
    (request, reply) => contest(request, reply, contestForm.safeParse(request.body).data?.text ?? ''),
  )

  /** Whether there is such a candidate: by the session's files, or by a run. */
  const isCandidate = async (session: string, code: string): Promise<boolean> =>
    (await store.life.candidates(session)).some((one) => one.code === code) ||
    (await store.dossier(session, code)) !== null
}

/** What `createServer` says for every page. */
const pagePolicy =
  "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'"

function comparison(
  { start }: Dossier,
  demands: readonly FollowedDemand[],
): Pick<DossierView, 'changes' | 'gone'> {
  if (start === null) return { changes: new Map(), gone: new Map() }
  const placed = demands.flatMap(({ findings }) => findings)
  const compared = changesBetween(
    start.findings,
    placed.map(({ finding }) => finding),
  )
  // The first ones are those of the end, in their order.
  const changes = new Map(placed.map((one, index): [string, Change] => [placeOf(one), compared[index]!]))
  const gone = compared.slice(placed.length)
  return { changes, gone: Map.groupBy(gone, (change) => change.start?.demand ?? '') }
}

/** The official wording of a criterion of a certificate, or of a competency that has none; null where it isn't one. */
function criterionLabel(referential: Referential | null, certificate: string, id: string): string | null {
  for (const competency of competenciesOf(referential, certificate)) {
    const found = referential?.competencies.find((one) => one.id === competency)
    if (found?.criteria.length === 0 && found.id === id) return found.label
    const criterion = found?.criteria.find((one) => one.id === id)
    if (criterion) return criterion.label
  }
  return null
}

/** A candidate is not led to pages that are not his. */
const crumbsOf = (
  request: FastifyRequest,
  reply: FastifyReply,
  { id, title }: { id: string; title: string },
): Crumb[] =>
  request.viewer?.role === 'candidate'
    ? []
    : [
        { href: sessionAddress(id), label: title },
        { href: glanceAddress(id), label: words.glance[languageOf(request, reply)] },
      ]
