import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Lang, Text } from '../../../checks/text.ts'
import type { Access } from '../../access/guard.ts'
import { mayDo } from '../../access/session-acts.ts'
import { serverKey } from '../../bundle/server-key.ts'
import { sessionBundle } from '../../bundle/session-bundle.ts'
import type { ExportInput } from '../../exports/exported-session.ts'
import type { ServerOptions } from '../../options.ts'
import { clockEnd } from '../../session-life/clock.ts'
import type { LivingSession } from '../../store/session-life.ts'
import type { Dossier } from '../../store/store.ts'
import { sessionAddress } from '../addresses.ts'
import { languageOf } from '../language.ts'
import { FilesPage, type Listed } from './files-page.tsx'
import { words } from './wording.ts'

const ofSession = z.object({ session: z.string().max(200) })
const ofCandidate = ofSession.extend({ code: z.string().min(1).max(200) })

/** What a file is made from; each file loads what it needs when it is asked for. */
interface Made {
  readonly options: ServerOptions
  readonly session: LivingSession
  readonly lang: Lang
  readonly timeZone: string
  readonly now: Date
  readonly by: string
}

interface SessionFile {
  readonly name: string
  readonly type: string
  readonly access: 'watch-session' | 'read-findings'
  readonly label: Text
  readonly means: Text
  readonly make: (made: Made) => Promise<Uint8Array | string>
}

/** The dossiers of a session, joined with what was asked again, as the exports take them. */
async function exported({ options, session, lang, now }: Made): Promise<ExportInput> {
  const people = (await options.store.session(session.id))?.people ?? []
  const dossiers: Dossier[] = []
  // One after the other: a room of them at once would double what is in memory.
  for (const { code } of people) {
    const dossier = await options.store.dossier(session.id, code)
    if (dossier) dossiers.push(dossier)
  }
  return { session, dossiers, lang, generatedAt: now }
}

const paperOf = ({ session, lang, timeZone, now }: Made) => ({ session, lang, timeZone, generatedAt: now })

const files: readonly SessionFile[] = [
  {
    name: 'receipt.pdf',
    type: 'application/pdf',
    access: 'watch-session',
    label: words.receipt,
    means: words.receiptMeans,
    make: async (made) => {
      const { receiptPdf } = await import('../../paper/receipt.ts')
      const receipts = await made.options.store.receipts(made.session.id)
      return receiptPdf({ ...paperOf(made), receipts, candidate: null })
    },
  },
  {
    name: 'incidents.pdf',
    type: 'application/pdf',
    access: 'watch-session',
    label: words.incidents,
    means: words.incidentsMeans,
    make: async (made) => {
      const { incidentsPdf } = await import('../../paper/incidents-annex.ts')
      const { store } = made.options
      const { id, minutes } = made.session
      const [incidents, candidates, works] = await Promise.all([
        store.life.incidents(id),
        store.life.candidates(id),
        store.work.ofSession(id),
      ])
      return incidentsPdf({
        ...paperOf(made),
        incidents,
        clocks: candidates.map((candidate) => ({
          candidate: candidate.code,
          absent: candidate.absentAt !== null,
          startedAt: candidate.clockStartedAt,
          endsAt: clockEnd(candidate, minutes)?.toISOString() ?? null,
          minutes,
          extraMinutes: candidate.extraMinutes,
          addedSeconds: candidate.addedSeconds,
        })),
        launches: works.map(({ requestedAt, candidate, kind, requestedBy, state }) => ({
          at: requestedAt,
          candidate,
          kind,
          by: requestedBy,
          state,
        })),
      })
    },
  },
  {
    name: 'summary.pdf',
    type: 'application/pdf',
    access: 'read-findings',
    label: words.summary,
    means: words.summaryMeans,
    make: async (made) => {
      const { summaryPdf } = await import('../../paper/session-summary.ts')
      const { store, referentials } = made.options
      return summaryPdf({
        ...paperOf(made),
        referential: await referentials(made.session.referential),
        outlines: await store.outlines(made.session.id),
      })
    },
  },
  {
    name: 'findings.csv',
    type: 'text/csv; charset=utf-8',
    access: 'read-findings',
    label: words.csv,
    means: words.csvMeans,
    make: async (made) => {
      const [{ csv }, { findingsTable }] = await Promise.all([
        import('../../exports/csv.ts'),
        import('../../exports/table.ts'),
      ])
      return csv(findingsTable(await exported(made)))
    },
  },
  {
    name: 'findings.xlsx',
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    access: 'read-findings',
    label: words.xlsx,
    means: words.xlsxMeans,
    make: async (made) => {
      const [{ xlsx }, { findingsTable, runsTable }] = await Promise.all([
        import('../../exports/xlsx.ts'),
        import('../../exports/table.ts'),
      ])
      const input = await exported(made)
      return xlsx([findingsTable(input), runsTable(input)])
    },
  },
  {
    name: 'findings.ods',
    type: 'application/vnd.oasis.opendocument.spreadsheet',
    access: 'read-findings',
    label: words.ods,
    means: words.odsMeans,
    make: async (made) => {
      const [{ ods }, { findingsTable, runsTable }] = await Promise.all([
        import('../../exports/ods.ts'),
        import('../../exports/table.ts'),
      ])
      const input = await exported(made)
      return ods([findingsTable(input), runsTable(input)], made.now)
    },
  },
  {
    name: 'findings.json',
    type: 'application/json; charset=utf-8',
    access: 'read-findings',
    label: words.json,
    means: words.jsonMeans,
    make: async (made) => {
      const { sessionJson } = await import('../../exports/session-json.ts')
      return sessionJson(await exported(made))
    },
  },
  {
    name: 'junit.xml',
    type: 'application/xml; charset=utf-8',
    access: 'read-findings',
    label: words.junit,
    means: words.junitMeans,
    make: async (made) => {
      const { junit } = await import('../../exports/junit.ts')
      return junit(await exported(made))
    },
  },
  {
    name: 'hdf.zip',
    type: 'application/zip',
    access: 'read-findings',
    label: words.hdf,
    means: words.hdfMeans,
    make: async (made) => {
      const { hdfOfAll } = await import('../../exports/hdf.ts')
      return hdfOfAll(await exported(made))
    },
  },
  {
    name: 'bundle.zip',
    type: 'application/zip',
    access: 'read-findings',
    label: words.bundle,
    means: words.bundleMeans,
    make: async ({ options, session, by, now }) =>
      (await sessionBundle(session.id, {
        store: options.store,
        key: serverKey(options.dataFolder),
        by,
        version: options.version,
        now,
      })) ?? '',
  },
]

/** The papers and files of a session: each made when it is asked for, and each asking kept in the journal. */
export async function registerFiles(app: FastifyInstance, options: ServerOptions): Promise<void> {
  const { store } = options
  const now = options.now ?? (() => new Date())
  const timeZone = options.timeZone ?? 'Europe/Paris'

  app.get(
    '/sessions/:session/files',
    {
      config: { access: { session: ['watch-session', 'read-findings'] } },
      schema: { hide: true, params: ofSession },
    },
    async (request, reply) => {
      const { session: id } = request.params as z.infer<typeof ofSession>
      const session = await store.life.session(id)
      if (!session) return app.pageNotFound(request, reply)
      const may = (act: SessionFile['access']) => mayDo(act, request.viewer!.role, session.state)
      const listed: Listed[] = files
        .filter(({ access }) => may(access))
        .map(({ name, label, means }) => ({ path: name, label, means }))
      return reply.page(
        {
          title: `${words.files[languageOf(request, reply)]} – ${session.title}`,
          crumbs: [{ href: sessionAddress(id), label: session.title }],
        },
        <FilesPage
          session={session}
          files={listed}
          dossiers={
            may('read-findings') ? ((await store.session(id))?.people.map(({ code }) => code) ?? []) : null
          }
        />,
      )
    },
  )

  /** Sends a file under a name that says what it is, and keeps that it was taken. */
  const send = async (
    request: FastifyRequest,
    reply: FastifyReply,
    session: LivingSession,
    file: { name: string; type: string; candidate?: string; body: Uint8Array | string },
  ) => {
    const { candidate = null } = file
    await store.journal.append({
      actor: request.viewer!.name,
      act: 'file-exported',
      session: session.id,
      candidate,
      details: { file: file.name },
    })
    const name = [session.date, candidate, file.name].filter(Boolean).join('-')
    return reply
      .type(file.type)
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; filename="${name.replace(/[^\w.-]/g, '_')}"`)
      .send(typeof file.body === 'string' ? file.body : Buffer.from(file.body))
  }
  const madeFor = (request: FastifyRequest, reply: FastifyReply, session: LivingSession): Made => ({
    options,
    session,
    lang: languageOf(request, reply),
    timeZone,
    now: now(),
    by: request.viewer!.name,
  })

  for (const file of files) {
    const access: Access = { session: file.access }
    app.get(
      `/sessions/:session/files/${file.name}`,
      { config: { access }, schema: { hide: true, params: ofSession } },
      async (request, reply) => {
        const session = await store.life.session((request.params as z.infer<typeof ofSession>).session)
        if (!session) return app.pageNotFound(request, reply)
        const body = await file.make(madeFor(request, reply, session))
        return send(request, reply, session, { name: file.name, type: file.type, body })
      },
    )
  }
  app.get(
    '/sessions/:session/files/candidates/:code/dossier.pdf',
    { config: { access: { session: 'read-findings' } }, schema: { hide: true, params: ofCandidate } },
    async (request, reply) => {
      const { session: id, code } = request.params as z.infer<typeof ofCandidate>
      const session = await store.life.session(id)
      const dossier = session && (await store.dossier(id, code))
      if (!session || !dossier) return app.pageNotFound(request, reply)
      const { dossierPdf } = await import('../../paper/dossier-pdf.ts')
      const made = madeFor(request, reply, session)
      const body = await dossierPdf({
        dossier,
        referential: await options.referentials(dossier.run.exam.referential),
        notes: (await store.notes.of(id, code, '')).filter(({ kind }) => kind !== 'private'),
        traces: await store.life.traces(id, code),
        lang: made.lang,
        timeZone,
        generatedAt: made.now,
      })
      return send(request, reply, session, {
        name: 'dossier.pdf',
        type: 'application/pdf',
        candidate: code,
        body,
      })
    },
  )
}
