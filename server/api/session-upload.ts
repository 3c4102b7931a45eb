import { z } from 'zod'
import type { ServerOptions } from '../options.ts'
import { takeUpload } from '../session-life/upload.ts'
import type { TypedApp } from './api.ts'
import { problem, problemSchema } from './problem.ts'

const text = z.strictObject({ fr: z.string(), en: z.string() })
const diagnostic = z.strictObject({
  severity: z.enum(['error', 'note']),
  file: z.string(),
  line: z.int(),
  column: z.int(),
  message: text,
})
const created = z.strictObject({ id: z.string(), url: z.string(), warnings: z.array(text) })

/** `POST /api/v1/sessions`: what `probant push` brings. Validated as a whole; kept as a whole or not at all. */
export async function registerSessionUpload(app: TypedApp, options: ServerOptions): Promise<void> {
  const { store, catalogue, allReferentials } = options
  app.post(
    '/api/v1/sessions',
    {
      config: { access: { roles: ['responsable'] } },
      bodyLimit: 8 * 1024 * 1024,
      schema: {
        summary: 'Prepare a session from its files; the same files again give 200',
        security: [{ account: [] }],
        body: z.strictObject({
          files: z
            .array(z.strictObject({ name: z.string().min(1).max(1024), text: z.string().max(4_194_304) }))
            .min(1)
            .max(32),
          names: z.record(z.string().max(32), z.string().max(200)).default({}),
          launch: z.enum(['hand', 'clock']).default('hand'),
        }),
        response: {
          200: created,
          201: created,
          401: problemSchema,
          403: problemSchema,
          422: problemSchema.extend({ diagnostics: z.array(diagnostic).optional() }),
        },
      },
    },
    async (request, reply) => {
      const { files, names, launch } = request.body
      const { account, name } = request.viewer!
      const taken = await takeUpload(
        { files, names: new Map(Object.entries(names)), launch },
        {
          store,
          sources: { catalogue, referentials: await allReferentials() },
          by: { account, name },
        },
      )
      if (taken.outcome === 'refused')
        return reply
          .code(422)
          .send({ ...problem('invalid-session').body, diagnostics: taken.diagnostics.slice(0, 500) })
      return reply.code(taken.outcome === 'created' ? 201 : 200).send({
        id: taken.id,
        url: `${request.protocol}://${request.host}/sessions/${taken.id}`,
        warnings: taken.warnings.map(({ message }) => message),
      })
    },
  )
}
