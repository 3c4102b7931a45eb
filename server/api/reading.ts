import { z } from 'zod'
import { signedRunSchema } from '../../checks/run.ts'
import type { Dossier, Store } from '../store/store.ts'
import type { Access } from '../access/guard.ts'
import type { TypedApp } from './api.ts'
import { problemSchema, refuse } from './problem.ts'
import {
  dossierSchema,
  foundFindingsSchema,
  keptObservationSchema,
  linkSchema,
  sessionDetailSchema,
  sessionSummarySchema,
} from './shapes.ts'

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const code = z.string().min(1).max(64)
const ofSession = z.object({ session: hash })
const ofCandidate = z.object({ session: hash, code })
const problems = { 401: problemSchema, 403: problemSchema, 404: problemSchema, 422: problemSchema }
const security: Record<string, string[]>[] = [{ account: [] }, { signIn: [] }]
const readers: Access = { session: 'read-findings' }

/** What may be asked of what was delivered. */
export function registerReading(app: TypedApp, store: Store): void {
  app.get(
    '/api/v1/sessions',
    {
      config: { access: 'signed-in' },
      schema: {
        summary: 'Sessions',
        security,
        response: { 200: z.array(sessionSummarySchema), ...problems },
      },
    },
    async (request) => {
      const { account, role } = request.viewer!
      const own = new Set((await store.life.ownSessions(account, role)).map(({ id }) => id))
      return (await store.sessions()).filter(({ id }) => own.has(id))
    },
  )

  app.get(
    '/api/v1/sessions/:session',
    {
      config: { access: readers },
      schema: {
        summary: 'A session: its candidates and how far each run got',
        security,
        params: ofSession,
        response: { 200: sessionDetailSchema, ...problems },
      },
    },
    async (request, reply) => {
      const session = await store.session(request.params.session)
      if (!session) return refuse(reply, 'not-found')
      return {
        ...session,
        people: session.people.map((one) => ({ ...one, unobserved: [...one.unobserved] })),
      }
    },
  )

  app.get(
    '/api/v1/sessions/:session/candidates/:code',
    {
      config: { access: readers },
      schema: {
        summary: 'The dossier of a candidate: demands and their findings',
        description:
          'Of the latest complete run (of the latest where none is complete), or of the run asked for.',
        security,
        params: ofCandidate,
        querystring: z.object({ run: z.uuid().optional() }),
        response: { 200: dossierSchema, ...problems },
      },
    },
    async (request, reply) => {
      const { session, code } = request.params
      const dossier = await store.dossier(session, code, request.query.run)
      return dossier ? printDossier(dossier) : refuse(reply, 'not-found')
    },
  )

  app.get(
    '/api/v1/sessions/:session/criteria/:criterion/findings',
    {
      config: { access: readers },
      schema: {
        summary: 'Findings that bear on one criterion, of every run or of those of one candidate',
        security,
        params: z.object({ session: hash, criterion: z.string().regex(/^[A-Z]\d{1,2}(\.\d{1,2})?$/) }),
        querystring: z.object({ candidate: code.optional() }),
        response: { 200: foundFindingsSchema, ...problems },
      },
    },
    async (request) => store.findings({ ...request.params, candidate: request.query.candidate }),
  )

  app.get(
    '/api/v1/runs/:run',
    {
      config: { access: readers },
      schema: {
        summary: 'A run as it was delivered: canonical JSON (RFC 8785) with its signature',
        security,
        params: z.object({ run: z.uuid() }),
        response: { 200: signedRunSchema, ...problems },
      },
    },
    async (request, reply) => {
      const text = await store.runText(request.params.run)
      if (text === null) return refuse(reply, 'not-found')
      // The very bytes that were signed over, not a second serialisation of them.
      return reply
        .type('application/json; charset=utf-8')
        .serializer((kept: unknown) => kept as string)
        .send(text as never)
    },
  )

  app.get(
    '/api/v1/runs/:run/observations/:key',
    {
      config: { access: readers },
      schema: {
        summary: 'One observation, whole, with the question it answers',
        security,
        params: z.object({ run: z.uuid(), key: hash }),
        response: { 200: keptObservationSchema, ...problems },
      },
    },
    async (request, reply) => {
      const kept = await store.observation(request.params.run, request.params.key)
      if (!kept) return refuse(reply, 'not-found')
      return { probe: kept.probe, observation: { ...kept.outline, answer: kept.answer } }
    },
  )

  app.get(
    '/api/v1/chain',
    {
      config: { access: { roles: ['responsable'] } },
      schema: {
        summary: 'The chain of everything that was received',
        security,
        response: { 200: z.array(linkSchema), ...problems },
      },
    },
    async () => store.chain(),
  )
}

function printDossier(dossier: Dossier): z.infer<typeof dossierSchema> {
  const { run } = dossier
  const results = new Map(run.demands.map((result) => [result.demand, result]))
  const findings = Map.groupBy(dossier.findings, (finding) => finding.demand)
  return {
    session: dossier.session,
    candidate: run.candidate,
    shown: dossier.summary,
    runs: [...dossier.runs],
    receipt: dossier.link,
    facts: run.facts,
    notes: run.notes,
    demands: run.exam.demands.map(({ id, text, criteria, question }) => ({
      id,
      text,
      criteria,
      question,
      result: results.get(id) ?? null,
      findings: findings.get(id) ?? [],
    })),
  }
}
