import { z } from 'zod'
import { findingSchema } from '../../checks/finding.ts'
import { verdictSchema } from '../../checks/verdict.ts'
import { exportedCandidate, type ExportInput } from './exported-session.ts'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** A session for other programs, `probant-export/1`. `z.toJSONSchema(exportSchema)` is its JSON Schema. */
export const exportSchema = z.strictObject({
  format: z.literal('probant-export/1'),
  generatedAt: z.iso.datetime().describe('When this file was made.'),
  session: z.strictObject({
    id: sha256.describe('SHA-256 of the session file.'),
    title: z.string(),
    date: z.string().describe('Day of the sitting.'),
    exam: z.string().describe('Title of the exam paper.'),
    purpose: z.enum(['training', 'examination']),
    referential: z.string(),
    certificate: z.string(),
  }),
  candidates: z.array(
    z.strictObject({
      code: z.string(),
      seat: z.string().nullable(),
      runs: z
        .array(
          z.strictObject({
            id: z.uuid(),
            stage: z.enum(['start', 'end', 'again']).nullable(),
            fingerprint: sha256,
            startedAt: z.iso.datetime(),
            endedAt: z.iso.datetime(),
            receivedAt: z.iso.datetime(),
            complete: z.boolean(),
          }),
        )
        .describe('Those that the findings come from, the shown one first.'),
      demands: z
        .array(
          z.strictObject({
            id: z.string(),
            text: z.string(),
            criteria: z.array(z.string()),
            question: z.string().nullable(),
            verdict: verdictSchema.nullable().describe('Null where the run says nothing of it.'),
            alternative: z
              .int()
              .nonnegative()
              .nullable()
              .describe('Which accepted alternative matched, from 0.'),
            run: z.uuid().describe('The run that the findings are of.'),
            again: z.boolean().describe('Whether that run asked again what was not observed before.'),
            findings: z.array(findingSchema.extend({ ordinal: z.int().nonnegative() })),
          }),
        )
        .describe('In the order of the paper. Nothing adds up above a demand.'),
    }),
  ),
})
export type ExportedSession = z.infer<typeof exportSchema>

/** The session as JSON, two spaces a level. Findings are as the run has them: raw, in both languages. */
export function sessionJson({ session, dossiers, generatedAt }: ExportInput): string {
  const { id, title, date, exam, purpose, referential, certificate } = session
  const exported: ExportedSession = {
    format: 'probant-export/1',
    generatedAt: generatedAt.toISOString(),
    session: { id, title, date, exam, purpose, referential, certificate },
    candidates: dossiers.map((dossier) => {
      const { code, seat, runs, demands } = exportedCandidate(dossier)
      return {
        code,
        seat,
        runs: runs.map((run) => ({
          id: run.id,
          stage: dossier.stages.get(run.id) ?? null,
          fingerprint: run.fingerprint,
          startedAt: run.startedAt,
          endedAt: run.endedAt,
          receivedAt: run.receivedAt,
          complete: run.complete,
        })),
        demands: demands.map(({ demand, result, run, again, findings }) => ({
          id: demand.id,
          text: demand.text,
          criteria: demand.criteria,
          question: demand.question,
          verdict: result?.verdict ?? null,
          alternative: result?.alternative ?? null,
          run,
          again,
          findings: findings.map(({ finding, ordinal }) => ({ ...finding, ordinal })),
        })),
      }
    }),
  }
  return `${JSON.stringify(exported, null, 2)}\n`
}
