import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { firstBrokenLink } from '../../../checks/evidence/chain.ts'
import { JournalVerifier } from '../../../checks/evidence/journal-chain.ts'
import type { Access } from '../../access/guard.ts'
import type { ServerOptions } from '../../options.ts'
import type { Store } from '../../store/store.ts'
import { dossierAddress, sessionAddress } from '../addresses.ts'
import { languageOf } from '../language.ts'
import { CandidateDataPage } from './candidate-data-page.tsx'
import { JournalPage } from './journal-page.tsx'
import { RetentionPage } from './retention-page.tsx'
import { words } from './wording.ts'

const ofSession = z.object({ session: z.string().max(200) })
const ofCandidate = ofSession.extend({ code: z.string().min(1).max(200) })
const journalQuery = z.object({ before: z.coerce.number().int().positive().optional().catch(undefined) })
const retentionForm = z.object({ purgeAfter: z.iso.date() })
const purgeForm = z.object({ title: z.string().max(1000) })
/** Entries of one page of the journal. */
const perPage = 100
const administer: Access = { session: 'administer-session' }

/** What the responsable de session answers for: the journal, how long things are kept, a candidate's data. */
export async function registerResponsablePages(
  app: FastifyInstance,
  { store, now = () => new Date() }: ServerOptions,
): Promise<void> {
  const showJournal = async (request: FastifyRequest, reply: FastifyReply, session?: string) => {
    const { before } = journalQuery.parse(request.query)
    const own = await store.life.ownSessions(request.viewer!.account, request.viewer!.role)
    const found = await store.journal.read({
      ...(session === undefined ? { among: own.map(({ id }) => id) } : { session }),
      before,
      limit: perPage + 1,
    })
    const entries = found.slice(0, perPage)
    const [here] = request.url.split('?')
    const last = entries.at(-1)
    return reply.page(
      {
        title: words.journal[languageOf(request, reply)],
        crumbs: session ? await crumbsOf(store, session) : [],
      },
      <JournalPage
        entries={entries}
        titles={session === undefined ? new Map(own.map(({ id, title }) => [id, title])) : null}
        older={found.length > perPage && last ? `${here}?before=${last.sequence}` : null}
        newest={before === undefined ? null : (here ?? null)}
      />,
    )
  }
  app.get('/journal', { config: { access: { roles: ['responsable'] } }, schema: { hide: true } }, showJournal)
  app.get(
    '/sessions/:session/journal',
    { config: { access: administer }, schema: { hide: true, params: ofSession } },
    (request, reply) => showJournal(request, reply, (request.params as z.infer<typeof ofSession>).session),
  )

  const showRetention = async (request: FastifyRequest, reply: FastifyReply, wrongTitle = false) => {
    const { session: id } = request.params as z.infer<typeof ofSession>
    const session = await store.life.session(id)
    if (!session) return app.pageNotFound(request, reply)
    const proof = await store.retention.proof(id)
    return reply.page(
      {
        title: words.retention[languageOf(request, reply)],
        crumbs: await crumbsOf(store, id),
        status: wrongTitle ? 422 : 200,
      },
      <RetentionPage
        session={session}
        today={now().toISOString().slice(0, 10)}
        mayPurge={
          session.state === 'closed' ||
          (session.state === 'prepared' && (await store.runsOf(id)).length === 0)
        }
        wrongTitle={wrongTitle}
        purged={
          proof && {
            proof,
            brokenLink: firstBrokenLink(await store.chain()),
            brokenEntry: await firstTornEntry(store),
          }
        }
      />,
    )
  }
  app.get(
    '/sessions/:session/retention',
    { config: { access: administer }, schema: { hide: true, params: ofSession } },
    (request, reply) => showRetention(request, reply),
  )
  app.post(
    '/sessions/:session/retention',
    { config: { access: administer }, schema: { hide: true, params: ofSession } },
    async (request, reply) => {
      const { session } = request.params as z.infer<typeof ofSession>
      const form = retentionForm.safeParse(request.body)
      if (form.success)
        await store.life.change(session, { purgeAfter: form.data.purgeAfter }, request.viewer!.name)
      return reply.redirect(`${sessionAddress(session)}/retention`, 303)
    },
  )
  app.post(
    '/sessions/:session/purge',
    { config: { access: administer }, schema: { hide: true, params: ofSession } },
    async (request, reply) => {
      const { session: id } = request.params as z.infer<typeof ofSession>
      const session = await store.life.session(id)
      const form = purgeForm.safeParse(request.body)
      if (!session || !form.success || form.data.title.trim() !== session.title.trim())
        return showRetention(request, reply, true)
      await store.retention.purge(id, request.viewer!.name)
      return reply.redirect(`${sessionAddress(id)}/retention`, 303)
    },
  )

  const dataOf = async (request: FastifyRequest) => {
    const { session, code } = request.params as z.infer<typeof ofCandidate>
    const data = await store.retention.candidateData(session, code)
    if (data)
      await store.journal.append({
        actor: request.viewer!.name,
        act: 'candidate-data-read',
        session,
        candidate: code,
      })
    return data
  }
  app.get(
    '/sessions/:session/candidates/:code/data',
    { config: { access: administer }, schema: { hide: true, params: ofCandidate } },
    async (request, reply) => {
      const { session, code } = request.params as z.infer<typeof ofCandidate>
      const data = await dataOf(request)
      if (!data) return app.pageNotFound(request, reply)
      return reply.page(
        {
          title: `${words.data[languageOf(request, reply)]} ${code}`,
          crumbs: await crumbsOf(store, session),
        },
        <CandidateDataPage code={code} data={data} json={`${dossierAddress(session, code)}/data.json`} />,
      )
    },
  )
  app.get(
    '/sessions/:session/candidates/:code/data.json',
    { config: { access: administer }, schema: { hide: true, params: ofCandidate } },
    async (request, reply) => {
      const { code } = request.params as z.infer<typeof ofCandidate>
      const data = await dataOf(request)
      if (!data) return app.pageNotFound(request, reply)
      return reply
        .type('application/json; charset=utf-8')
        .header('content-disposition', `attachment; filename="${code.replace(/[^\w-]/g, '_')}.json"`)
        .header('cache-control', 'no-store')
        .serializer((value: unknown) => JSON.stringify(value, null, 1))
        .send(data)
    },
  )
}

const crumbsOf = async (store: Store, id: string) => [
  { href: sessionAddress(id), label: (await store.life.session(id))?.title ?? id.slice(0, 12) },
]

async function firstTornEntry(store: Store): Promise<number | null> {
  const verifier = new JournalVerifier()
  for await (const { session: _, candidate: __, contents, ...entry } of store.journal.all())
    if (!verifier.follows({ ...entry, contents: contents && { ...contents } })) return entry.sequence
  return null
}
