import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Text } from '../../../checks/text.ts'
import type { Access } from '../../access/guard.ts'
import { readIncident } from './incident-form.ts'
import { ofCandidate, type OfCandidate, type Supervision } from './supervision.tsx'
import { words } from './wording.ts'

const maxDocument = 20 * 1024 * 1024
const runAccess: Access = { session: 'run-session' }

interface Act {
  readonly session: string
  readonly code: string
  readonly by: string
  /** A field of the form; empty where it isn't there. */
  readonly typed: (name: string) => string
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** What is done for one candidate, from his row or from his page. */
export async function registerCandidateActs(app: FastifyInstance, supervision: Supervision): Promise<void> {
  const { store, changes } = supervision.options
  const route = { config: { access: runAccess }, schema: { hide: true, params: ofCandidate } }

  /** Does something for the candidate of the address, if there is one. */
  const forCandidate =
    (act: (given: Act) => Promise<FastifyReply>) => async (request: FastifyRequest, reply: FastifyReply) => {
      const { session, code } = request.params as OfCandidate
      if ((await supervision.codesFor(session, code)).length === 0)
        return supervision.notThere(request, reply)
      const body = request.body as Record<string, unknown> | null | undefined
      const typed = (name: string) => (typeof body?.[name] === 'string' ? body[name] : '')
      return act({ session, code, by: request.viewer!.name, typed, request, reply })
    }

  app.post(
    '/sessions/:session/watch/:code/identity',
    route,
    forCandidate(async ({ session, code, by, typed, reply }) => {
      await store.life.checkIdentity(session, code, typed('checked') === 'yes', by)
      changes.announce(session, code)
      return supervision.toRoom(reply, session, 'done', code)
    }),
  )
  app.post(
    '/sessions/:session/watch/:code/presence',
    route,
    forCandidate(async ({ session, code, by, typed, reply }) => {
      await store.life.setAbsent(session, code, typed('absent') === 'yes', by)
      changes.announce(session, code)
      return supervision.toRoom(reply, session, 'done', code)
    }),
  )
  app.post(
    '/sessions/:session/watch/:code/incidents',
    route,
    forCandidate(async ({ session, code, by, request, reply }) => {
      const read = readIncident(request.body, {
        codes: [code],
        only: code,
        ...(await supervision.today(session)),
      })
      if ('problem' in read) return supervision.showCandidate(request, reply, { form: 'incident', ...read })
      await store.life.noteIncident(session, read.incident, by)
      changes.announce(session, code)
      return supervision.back(reply, session, 'done', code)
    }),
  )
  app.post(
    '/sessions/:session/watch/:code/repin',
    route,
    forCandidate(async ({ session, code, by, typed, request, reply }) => {
      const target = typed('target').trim().slice(0, 64)
      const reason = typed('reason').trim().slice(0, 500)
      const wrong = (field: 'target' | 'reason', text: Text) =>
        supervision.showCandidate(request, reply, { form: 'repin', target, reason, field, text })
      if (target === '') return wrong('target', words.needTarget)
      if (reason === '') return wrong('reason', words.needReason)
      const asked = await store.work.ask(
        [{ session, candidate: code, kind: 'repin', demands: null, follows: null, target, reason }],
        by,
      )
      changes.announce(session, code)
      return supervision.back(reply, session, asked.length > 0 ? 'done' : 'under-way', code)
    }),
  )

  await app.register(async (scope) => {
    await scope.register(multipart, { limits: { fileSize: maxDocument, files: 1, fields: 4, parts: 6 } })
    scope.post(
      '/sessions/:session/watch/:code/document',
      { ...route, bodyLimit: maxDocument + 65_536 },
      forCandidate(async ({ session, code, by, request, reply }) => {
        const sent = await documentIn(request)
        if ('wrong' in sent)
          return supervision.showCandidate(request, reply, { form: 'document', text: sent.wrong })
        await store.life.keepTrace(session, code, sent.name, sent.bytes, by)
        changes.announce(session, code)
        return supervision.back(reply, session, 'done', code)
      }),
    )
  })
}

/** The one PDF of the form, or why it is none. */
async function documentIn(
  request: FastifyRequest,
): Promise<{ name: string; bytes: Buffer } | { wrong: Text }> {
  try {
    const file = await request.file()
    const bytes = await file?.toBuffer()
    if (!file || !bytes || bytes.subarray(0, 5).toString('latin1') !== '%PDF-') return { wrong: words.notPdf }
    return { name: file.filename.slice(0, 200), bytes }
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 413) return { wrong: words.tooLarge }
    throw error
  }
}
