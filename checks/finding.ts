import { z } from 'zod'
import type { Text } from './text.ts'
import { blameSchema, causeSchema, verdictSchema, type Blame, type Cause } from './verdict.ts'

export const textSchema = z.strictObject({ fr: z.string(), en: z.string() })

/** A finding (constat): verdict, expected, observed, where and how, for one check (or one cell of a matrix). */
export const findingSchema = z.strictObject({
  demand: z.string(),
  /** Which accepted alternative of the demand it belongs to, counted from 0. */
  alternative: z.int().nonnegative(),
  check: z.string(),
  /** What the check says with this demand's values. */
  says: textSchema,
  /** The cell or aspect, where a check gives several findings. */
  cell: textSchema.nullable(),
  criteria: z.array(z.string()),
  from: z.string(),
  target: z.string(),
  address: z.string(),
  transport: z.string(),
  verdict: verdictSchema,
  cause: causeSchema.nullable(),
  blame: blameSchema.nullable(),
  /** Technical detail of an unknown; never displayed to a candidate in an examination. */
  detail: z.string().nullable(),
  expected: textSchema,
  observed: textSchema,
  /** Two vantage points disagree. */
  contradiction: z.boolean(),
  byHand: textSchema,
  /** Keys of the observations it rests on. */
  evidence: z.array(z.string()),
  ms: z.number().nonnegative(),
})
export type Finding = z.infer<typeof findingSchema>

/** What a check's `judge` gives: the part of a finding that is the check's to say. */
export interface Judgement {
  readonly verdict: Finding['verdict']
  readonly expected: Text
  readonly observed: Text
  readonly cell?: Text
  readonly cause?: Cause
  readonly blame?: Blame
  readonly detail?: string
  readonly contradiction?: boolean
  /** Names of the probes it rests on; all of the check's where absent. */
  readonly evidence?: readonly string[]
}
type Extra = Partial<Pick<Judgement, 'cell' | 'contradiction' | 'evidence'>>

/** Constaté: the machine was observed and matches. */
export const pass = (expected: Text, observed: Text, extra: Extra = {}): Judgement => ({
  verdict: 'pass',
  expected,
  observed,
  ...extra,
})

/** Non constaté: the machine *was* observed, its control held, and it differs. */
export const fail = (expected: Text, observed: Text, extra: Extra = {}): Judgement => ({
  verdict: 'fail',
  expected,
  observed,
  ...extra,
})

/** Constaté or non constaté by a fact that was observed. */
export const passIf = (matches: boolean, expected: Text, observed: Text, extra: Extra = {}): Judgement =>
  matches ? pass(expected, observed, extra) : fail(expected, observed, extra)

/** Non vérifié, with its cause and whom it points at. */
export const unknown = (
  cause: Cause,
  detail: string,
  expected: Text,
  extra: Extra & { blame?: Blame; observed?: Text } = {},
): Judgement => ({
  verdict: 'unknown',
  cause,
  detail,
  blame: 'undecidable',
  expected,
  observed: { fr: 'non observé', en: 'not observed' },
  ...extra,
})
