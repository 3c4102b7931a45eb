import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { readCandidates, withCandidates } from '../../../checks/candidates-csv.ts'
import { decodedText } from '../../../checks/delimited-text.ts'
import type { Diagnostic } from '../../../checks/document.ts'
import { certificateOf } from '../../../checks/referential/referential.ts'
import { readSession } from '../../../checks/session-reader.ts'
import type { Text } from '../../../checks/text.ts'
import type { Access } from '../../access/guard.ts'
import { mayDo } from '../../access/session-acts.ts'
import type { ServerOptions } from '../../options.ts'
import { mayBecome, sessionStateSchema } from '../../session-life/state.ts'
import { takeUpload, type Upload } from '../../session-life/upload.ts'
import type { LivingSession } from '../../store/session-life.ts'
import { sessionAddress } from '../addresses.ts'
import { languageOf } from '../language.ts'
import { NewSessionPage } from './new-session-page.tsx'
import { isBackwards, OverviewPage, type Administration } from './overview-page.tsx'
import { SessionsPage } from './sessions-page.tsx'
import { words } from './wording.ts'

const ofSession = z.object({ session: z.string().max(200) })
const ofMember = ofSession.extend({ account: z.uuid() })
const moveForm = z.object({
  from: sessionStateSchema,
  to: sessionStateSchema,
  reason: z.string().trim().max(500).default(''),
})
const memberForm = z.object({ account: z.uuid(), candidate: z.string().max(32).default('') })
const settingsForm = z.object({
  launch: z.enum(['hand', 'clock']),
  minutes: z.coerce.number().int().min(1).max(1440),
})
const responsable: Access = { roles: ['responsable'] }
const administer: Access = { session: 'administer-session' }
const see: Access = { session: ['see-session', 'read-own-training'] }

/** The list of sessions, their preparation, and the page of each with its state. */
export async function registerSessionPages(app: FastifyInstance, options: ServerOptions): Promise<void> {
  const { store, referentials, changes } = options
  const now = options.now ?? (() => new Date())
  const hide = { hide: true }
  const today = () => now().toISOString().slice(0, 10)

  const labelOf = async ({ referential, certificate }: LivingSession): Promise<string | null> => {
    const known = await referentials(referential)
    return (known && certificateOf(known, certificate)?.label) ?? null
  }

  app.get('/', { config: { access: 'signed-in' }, schema: hide }, async (request, reply) => {
    const { account, role } = request.viewer!
    const all = await store.life.ownSessions(account, role)
    // A training is all that a candidate sees.
    const sessions = role === 'candidate' ? all.filter(({ purpose }) => purpose === 'training') : all
    const only = placeToBe(sessions, role, today())
    if (only !== null && (request.query as { all?: unknown }).all === undefined)
      return reply.redirect(only, 303)
    const labels = new Map<string, string>()
    for (const session of sessions) {
      const label = await labelOf(session)
      if (label !== null) labels.set(session.id, label)
    }
    return reply.page(
      { title: words.sessions[languageOf(request, reply)] },
      <SessionsPage sessions={sessions} certificates={labels} today={today()} />,
    )
  })

  const showSession = async (request: FastifyRequest, reply: FastifyReply, problem: Text | null = null) => {
    const { session: id } = request.params as z.infer<typeof ofSession>
    const session = await store.life.session(id)
    if (!session) return app.pageNotFound(request, reply)
    const administration = request.viewer!.role === 'responsable' ? await administrationOf(id) : null
    return reply.page(
      { title: session.title, status: problem ? 409 : 200 },
      <OverviewPage
        session={session}
        certificate={await labelOf(session)}
        candidate={request.sessionAccess?.candidate ?? null}
        administration={administration}
        problem={problem}
      />,
    )
  }
  const administrationOf = async (id: string): Promise<Administration> => {
    const members = await store.life.members(id)
    const inside = new Set(members.map(({ account }) => account))
    const accounts = await store.accounts.list()
    return {
      members,
      others: accounts.filter(({ account, disabledAt }) => !inside.has(account) && disabledAt === null),
      candidates: await store.life.candidates(id),
      anyAgent: (await store.work.agents()).some(({ publicKey }) => publicKey !== null),
    }
  }
  app.get(
    '/sessions/:session',
    { config: { access: see }, schema: { ...hide, params: ofSession } },
    (request, reply) => showSession(request, reply),
  )

  app.post(
    '/sessions/:session/state',
    { config: { access: administer }, schema: { ...hide, params: ofSession } },
    async (request, reply) => {
      const { session } = request.params as z.infer<typeof ofSession>
      const form = moveForm.safeParse(request.body)
      // A purge has a page of its own, with what it means.
      if (!form.success || !mayBecome(form.data.from, form.data.to) || form.data.to === 'purged')
        return showSession(request, reply, words.moved)
      const { from, to, reason } = form.data
      if (isBackwards(from, to) && reason === '') return showSession(request, reply, words.reasonNeeded)
      if (!(await store.life.setState(session, from, to, request.viewer!.name, reason || null)))
        return showSession(request, reply, words.moved)
      changes.announce(session)
      return reply.redirect(sessionAddress(session), 303)
    },
  )
  app.post(
    '/sessions/:session/members',
    { config: { access: administer }, schema: { ...hide, params: ofSession } },
    async (request, reply) => {
      const { session: id } = request.params as z.infer<typeof ofSession>
      const form = memberForm.safeParse(request.body)
      const account = form.success ? await store.accounts.byId(form.data.account) : null
      const session = await store.life.session(id)
      if (!form.success || !account || !session) return app.pageNotFound(request, reply)
      const code = form.data.candidate || null
      const codes = (await store.life.candidates(id)).map((candidate) => candidate.code)
      const fits =
        account.role === 'candidate'
          ? session.purpose === 'training' && code !== null && codes.includes(code)
          : code === null
      if (!fits) return showSession(request, reply, words.candidateOnly)
      await store.life.addMember(id, account.account, code, request.viewer!.name)
      return reply.redirect(sessionAddress(id), 303)
    },
  )
  app.post(
    '/sessions/:session/members/:account/remove',
    { config: { access: administer }, schema: { ...hide, params: ofMember } },
    async (request, reply) => {
      const { session, account } = request.params as z.infer<typeof ofMember>
      await store.life.removeMember(session, account, request.viewer!.name)
      changes.announce(session)
      return reply.redirect(account === request.viewer!.account ? '/' : sessionAddress(session), 303)
    },
  )
  app.post(
    '/sessions/:session/settings',
    { config: { access: administer }, schema: { ...hide, params: ofSession } },
    async (request, reply) => {
      const { session } = request.params as z.infer<typeof ofSession>
      const form = settingsForm.safeParse(request.body)
      if (form.success) {
        await store.life.change(session, form.data, request.viewer!.name)
        changes.announce(session)
      }
      return reply.redirect(sessionAddress(session), 303)
    },
  )

  await app.register(async (scope) => {
    await scope.register(multipart, {
      limits: { fileSize: 1024 * 1024, files: 20, fields: 10, fieldSize: 1024, parts: 30 },
    })
    const show = (
      request: FastifyRequest,
      reply: FastifyReply,
      problem: Text | null = null,
      diagnostics: readonly Diagnostic[] = [],
    ) =>
      reply.page(
        {
          title: words.prepareNew[languageOf(request, reply)],
          status: problem || diagnostics.length > 0 ? 422 : 200,
        },
        <NewSessionPage problem={problem} diagnostics={diagnostics} />,
      )
    scope.get('/sessions/new', { config: { access: responsable }, schema: hide }, (request, reply) =>
      show(request, reply),
    )
    scope.post('/sessions/new', { config: { access: responsable }, schema: hide }, async (request, reply) => {
      const sent = await readParts(request)
      if (!sent) return show(request, reply, words.tooLong)
      const read = uploadOf(sent)
      if ('problem' in read) return show(request, reply, read.problem)
      if ('diagnostics' in read) return show(request, reply, null, read.diagnostics)
      const { account, name } = request.viewer!
      const taken = await takeUpload(read.upload, {
        store,
        sources: { catalogue: options.catalogue, referentials: await options.allReferentials() },
        by: { account, name },
      })
      if (taken.outcome === 'refused') return show(request, reply, null, taken.diagnostics)
      return reply.redirect(sessionAddress(taken.id), 303)
    })
  })
}

/** Where somebody is wanted, when there is only one such place: the jury's open session, the surveillant's of today. */
function placeToBe(
  sessions: readonly LivingSession[],
  role: Parameters<typeof mayDo>[1],
  today: string,
): string | null {
  if (role === 'jury') {
    const open = sessions.filter(({ state }) => state === 'open')
    return open.length === 1 && open[0] ? `${sessionAddress(open[0].id)}/jury` : null
  }
  if (role !== 'surveillant') return null
  const here = sessions.filter(({ state, date }) => date === today && mayDo('run-session', role, state))
  return here.length === 1 && here[0] ? `${sessionAddress(here[0].id)}/watch` : null
}

interface Sent {
  readonly files: readonly { field: string; name: string; text: string }[]
  readonly launch: Upload['launch']
}

/** The parts of the form, read whole; null where there is too much of them. */
async function readParts(request: FastifyRequest): Promise<Sent | null> {
  const files: { field: string; name: string; text: string }[] = []
  let launch: Upload['launch'] = 'hand'
  try {
    for await (const part of request.parts()) {
      if (part.type === 'field') {
        if (part.fieldname === 'launch' && part.value === 'clock') launch = 'clock'
        continue
      }
      const bytes = await part.toBuffer()
      if (bytes.length > 0)
        files.push({ field: part.fieldname, name: part.filename.slice(0, 200), text: decodedText(bytes) })
    }
  } catch (error) {
    const { statusCode } = error as { statusCode?: number }
    if (statusCode === 413) return null
    throw error
  }
  return { files, launch }
}

function uploadOf({
  files,
  launch,
}: Sent): { upload: Upload } | { problem: Text } | { diagnostics: readonly Diagnostic[] } {
  const of = (field: string) => files.find((file) => file.field === field)
  const [exam, session, csv] = [of('exam'), of('session'), of('candidates')]
  if (!exam || !session) return { problem: words.examNeeded }
  let text = session.text
  let names: ReadonlyMap<string, string> = new Map()
  if (csv) {
    const { list, diagnostics } = readCandidates(csv.name, csv.text)
    if (!list) return { diagnostics }
    const merged = withCandidates({ name: session.name, text }, list.candidates)
    if (merged.text === null) return { diagnostics: merged.diagnostics }
    text = merged.text
    names = list.names
  }
  // A browser sends a file's name without its folder: the one exam is the one that the session means.
  const examName = readSession(session.name, text).session?.file.exam ?? exam.name
  const authorities = files.filter(({ field }) => field === 'authorities')
  return {
    upload: {
      files: [
        { name: 'session.yaml', text },
        { name: examName, text: exam.text },
        ...authorities.map(({ name, text: pem }) => ({ name: nameInSession(text, name), text: pem })),
      ],
      names,
      launch,
    },
  }
}

/** The path under which a session's text names a file, known by its last part. */
function nameInSession(session: string, file: string): string {
  const quoted = file.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  return (
    new RegExp(`ca:\\s*["']?([^\\s"',}]*/)?${quoted}(?=["'\\s,}])`).exec(session)?.[1]?.concat(file) ?? file
  )
}
