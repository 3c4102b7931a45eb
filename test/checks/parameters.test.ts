import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { catalogue } from '../../checks/catalogue.ts'
import { roleKinds } from '../../checks/define.ts'
import { descriptionOf } from '../../checks/described.ts'
import { patternWords } from '../../checks/pattern.ts'
import { examJsonSchema, parametersSchema } from '../../checks/schema.ts'
import { inside } from '../../checks/schema-walk.ts'

type Schema = z.core.$ZodType
interface Placed {
  readonly path: string
  readonly schema: Schema
}

/** A schema and everything in it. */
function* everything(schema: Schema, path: string): Generator<Placed> {
  yield { path, schema }
  for (const { step, schema: below } of inside(schema))
    yield* everything(below, step === null ? path : `${path}.${step}`)
}
/** The parameters themselves, those of a list or of a block in a parameter included. */
function* parameters(schema: Schema, path: string): Generator<Placed> {
  for (const { step, schema: below } of inside(schema)) {
    const at = step === null ? path : `${path}.${step}`
    if (step !== null && step !== '*') yield { path: at, schema: below }
    yield* parameters(below, at)
  }
}
const isDescribed = ({ schema }: Placed): boolean => {
  const words = descriptionOf(schema)
  return words ? words.fr.length > 3 && words.en.length > 3 : roleKinds.get(schema as z.ZodType) !== undefined
}
const all = [...catalogue.values()]
const ofWindows = all.filter(({ id }) => /^(windows|hyper-v)\.|^active-directory\.gpo-setting$/.test(id))

describe('the parameters of a Windows check', () => {
  it('are many', () => {
    expect(ofWindows.length).toBeGreaterThanOrEqual(14)
    expect(ofWindows.flatMap(({ params }) => [...parameters(params, '')]).length).toBeGreaterThan(120)
  })

  it.each(ofWindows.map((check) => [check.id, check] as const))('of %s are all described', (id, check) => {
    const silent = [...parameters(check.params, id)].filter((one) => !isDescribed(one))
    expect(silent.map(({ path }) => path)).toEqual([])
  })

  it('are described in the schema of exams, in the language asked for', () => {
    const free = (lang: 'fr' | 'en') => {
      const text = JSON.stringify(examJsonSchema(catalogue, lang))
      return [text.includes('Espace libre en Go, au moins'), text.includes('Free space in GB, at least')]
    }
    expect(free('fr')).toEqual([true, false])
    expect(free('en')).toEqual([false, true])
  })

  it('keep their own words beside those of the kind of machine', () => {
    const properties = parametersSchema(catalogue.get('windows.share')!, 'fr')['properties']
    expect(properties).toMatchObject({
      on: { description: 'Rôle du sujet (windows)' },
      directory: { description: expect.stringContaining('contrôleur de domaine') as string },
    })
  })
})

describe('what a parameter refuses', () => {
  const rules = all.flatMap(({ id, params }) =>
    [...everything(params, id)].flatMap(({ path, schema }) =>
      (schema._zod.def.checks ?? []).map((one) => ({
        path,
        rule: one._zod.def as {
          check: string
          fn?: unknown
          params?: Record<string, unknown>
          pattern?: RegExp
          format?: string
        },
      })),
    ),
  )

  it('is said in words by every rule of its own', () => {
    const refinements = rules.filter(({ rule }) => rule.check === 'custom' && rule.fn !== undefined)
    expect(refinements.length).toBeGreaterThan(12)
    const worded = (words: Record<string, unknown> | undefined) =>
      typeof words?.['fr'] === 'string' && typeof words['en'] === 'string'
    expect(refinements.filter(({ rule }) => !worded(rule.params)).map(({ path }) => path)).toEqual([])
  })

  it('is said in words by every pattern', () => {
    const patterns = rules.filter(({ rule }) => rule.format === 'regex')
    expect(patterns.length).toBeGreaterThan(30)
    const wordless = patterns.filter(({ rule }) => !patternWords(String(rule.pattern)))
    expect([...new Set(wordless.map(({ path }) => path))]).toEqual([])
  })
})
