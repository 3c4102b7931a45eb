import { z } from 'zod'
import type { Text } from '../../checks/text.ts'
import type { ServerOptions } from '../options.ts'
import { maxFileBytes, maxFiles, takeUpload } from '../session-life/upload.ts'
import type { TypedApp } from './api.ts'
import { parseBoundedJson } from './bounded-json.ts'
import { problem, problemSchema } from './problem.ts'

const text = z.strictObject({ fr: z.string(), en: z.string() })
const diagnostic = z.strictObject({
  severity: z.enum(['error', 'note']),
  file: z.string(),
  line: z.int(),
  column: z.int(),
  message: text,
})
const created = z.strictObject({
  id: z.string(),
  url: z.string(),
  /** About what was sent beside the session's files. */
  warnings: z.array(text),
  /** Notes, each at its place: `probant push` says them before it sends. */
  diagnostics: z.array(diagnostic),
})
/** A file's name, a code or a person's name: one line. */
const line = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Cs}]+$/u)
const body = z.strictObject({
  files: z
    .array(z.strictObject({ name: line(1024), text: z.string().max(maxFileBytes) }))
    .min(1)
    .max(maxFiles)
    .refine((files) => new Set(files.map(({ name }) => name)).size === files.length, 'two files of one name'),
  names: z
    .record(z.string().max(32), line(200))
    .refine((names) => Object.keys(names).length <= 64, 'more than 64 names')
    .default({}),
  launch: z.enum(['hand', 'clock']).default('hand'),
  minutes: z.int().min(1).max(1440).optional(),
})

/** `POST /api/v1/sessions`: what `probant push` brings. Validated as a whole; kept as a whole or not at all. */
export async function registerSessionUpload(app: TypedApp, options: ServerOptions): Promise<void> {
  const { store, catalogue, allReferentials, changes } = options
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, sent, done) => {
    try {
      done(null, parseBoundedJson(String(sent), 4))
    } catch (error) {
      done(error as Error)
    }
  })
  app.post(
    '/api/v1/sessions',
    {
      config: { access: { roles: ['responsable'] } },
      // A text grows in JSON, by its line ends and quotes.
      bodyLimit: 2 * maxFiles * maxFileBytes,
      schema: {
        summary: 'Prepare a session from its files',
        description:
          'First the session, then the exam and the CA files under the names that the session gives. Idempotent: the same files again give 200. Where something is wrong nothing is kept, and 422 says all of it, each mistake at its place.',
        security: [{ account: [] }, { signIn: [] }],
        body,
        response: {
          200: created,
          201: created,
          400: problemSchema,
          401: problemSchema,
          403: problemSchema,
          409: problemSchema,
          410: problemSchema,
          413: problemSchema,
          422: problemSchema.extend({ diagnostics: z.array(diagnostic).optional() }),
        },
      },
    },
    async (request, reply) => {
      const { files, names, launch, minutes } = request.body
      const [session, ...others] = files
      if (!session) return reply.code(422).send(problem('invalid').body)
      const { account, name } = request.viewer!
      const taken = await takeUpload(
        { session, exam: null, others, candidates: null, names: new Map(Object.entries(names)) },
        { launch, minutes },
        {
          store,
          sources: { catalogue, referentials: await allReferentials() },
          by: { account, name },
        },
      )
      if (taken.outcome === 'refused')
        return reply.code(422).send({
          ...problem('invalid-session').body,
          diagnostics: taken.diagnostics.slice(0, 500),
        })
      if (taken.outcome === 'purged') return reply.code(410).send(problem('purged').body)
      if (taken.outcome === 'foreign')
        return reply.code(409).send({ code: 'foreign-session', message: foreign })
      if (taken.outcome === 'created') changes.announce(taken.id)
      return reply.code(taken.outcome === 'created' ? 201 : 200).send({
        id: taken.id,
        url: `${request.protocol}://${request.host}/sessions/${taken.id}`,
        warnings: [...taken.warnings],
        diagnostics: taken.diagnostics.slice(0, 500),
      })
    },
  )
}

const foreign: Text = {
  fr: 'Cette session existe déjà et n’est pas la vôtre\u202F: demandez à son responsable de vous y ajouter.',
  en: 'This session exists already and is not yours: ask its head of session to add you.',
}
