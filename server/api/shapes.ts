import { z } from 'zod'
import { findingSchema } from '../../checks/finding.ts'
import { observationSchema } from '../../checks/observation.ts'
import { probeSchema } from '../../checks/probe.ts'
import { demandResultSchema, runDemandSchema, runFactsSchema } from '../../checks/run.ts'
import { textSchema } from '../../checks/finding.ts'
import { blameSchema, causeSchema } from '../../checks/verdict.ts'

/** Shapes of what the API answers. Read by other programs: nothing here is renamed or removed. */
const hash = z.string().regex(/^[0-9a-f]{64}$/)
const moment = z.iso.datetime()

export const linkSchema = z.strictObject({
  sequence: z.int(),
  run: z.string(),
  fingerprint: hash,
  receivedAt: moment,
  previous: hash,
  hash,
})

export const receiptSchema = z.strictObject({
  status: z.enum(['received', 'already']),
  /** The link of the server's chain that stands for the run. */
  receipt: linkSchema,
})

export const sessionSummarySchema = z.strictObject({
  id: hash,
  title: z.string(),
  date: z.iso.date(),
  exam: z.string(),
  purpose: z.enum(['training', 'examination']),
  referential: z.string(),
  certificate: z.string(),
  /** Candidates of whom a run was delivered. */
  candidates: z.int(),
})

export const runSummarySchema = z.strictObject({
  id: z.string(),
  fingerprint: hash,
  startedAt: moment,
  endedAt: moment,
  receivedAt: moment,
  complete: z.boolean(),
})

export const sessionDetailSchema = sessionSummarySchema.extend({
  people: z.array(
    z.strictObject({
      code: z.string(),
      seat: z.string().nullable(),
      shown: runSummarySchema,
      unobserved: z.array(
        z.strictObject({
          from: z.string(),
          target: z.string(),
          address: z.string(),
          cause: causeSchema.nullable(),
          blame: blameSchema.nullable(),
        }),
      ),
      runs: z.int(),
    }),
  ),
})

export const dossierSchema = z.strictObject({
  session: sessionSummarySchema,
  candidate: z.strictObject({
    code: z.string(),
    n: z.int(),
    seat: z.string().nullable(),
    extraMinutes: z.int(),
  }),
  shown: runSummarySchema,
  runs: z.array(runSummarySchema),
  receipt: linkSchema,
  facts: runFactsSchema,
  notes: z.array(textSchema),
  demands: z.array(
    runDemandSchema.pick({ id: true, text: true, criteria: true, question: true }).extend({
      result: demandResultSchema.nullable(),
      findings: z.array(findingSchema),
    }),
  ),
})

export const keptObservationSchema = z.strictObject({
  probe: probeSchema.nullable(),
  observation: observationSchema,
})

export const foundFindingsSchema = z.array(
  z.strictObject({ candidate: z.string(), run: z.string(), finding: findingSchema }),
)
