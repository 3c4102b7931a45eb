import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Check } from '../../checks/define.ts'
import { observationSchema } from '../../checks/observation.ts'
import { runFactsSchema } from '../../checks/run.ts'
import { all, causeSchema, verdictSchema } from '../../checks/verdict.ts'
import { scriptHashes } from '../../fixtures/observations/recording.ts'
import { replay, staleAnswers } from './replay.ts'

const root = join(import.meta.dirname, '../..')

const recordedSchema = z.strictObject({
  check: z.string(),
  source: z.string().min(10),
  params: z.record(z.string(), z.unknown()),
  facts: runFactsSchema,
  /** SHA-256 of the text of each script that was run. */
  scripts: z.record(z.string(), z.string()).optional(),
  observations: z.record(z.string(), observationSchema),
  expect: z
    .array(
      z.strictObject({
        verdict: verdictSchema,
        cause: causeSchema.nullable(),
        contradiction: z.boolean().optional(),
      }),
    )
    .min(1),
})

const isCheck = (value: unknown): value is Check =>
  typeof value === 'object' && value !== null && 'judge' in value && 'probes' in value && 'id' in value

const checks: Check[] = []
for (const path of globSync('checks/*/*.ts', { cwd: root }).sort()) {
  const module = (await import(join(root, path))) as Record<string, unknown>
  for (const exported of Object.values(module).filter(isCheck)) {
    checks.push(exported)
    it(`${exported.id} is declared in the file that its id names`, () => {
      expect(path).toBe(`checks/${exported.id.replace('.', '/')}.ts`)
    })
  }
}

const recordings = globSync('fixtures/observations/*/*.json', { cwd: root })
  .sort()
  .map((path) => {
    const [name = '', verdict = '', label = '', language = null] = basename(path, '.json').split('.')
    const recorded = recordedSchema.parse(JSON.parse(readFileSync(join(root, path), 'utf8')))
    return { path, id: `${basename(dirname(path))}.${name}`, verdict, label, language, recorded }
  })

/** A Windows recording without what that Windows displays: names that begin with `display`, and messages of exceptions. */
function undisplayed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(undisplayed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !/^(display|message$|detail$)/.test(name))
      .map(([name, item]) => [name, undisplayed(item)]),
  )
}

it('finds checks and recordings', () => {
  expect(checks.length).toBeGreaterThan(0)
  expect(recordings.length).toBeGreaterThan(0)
})

describe.each(checks.map((check) => ({ id: check.id, check })))('$id', ({ check, id }) => {
  const own = recordings.filter((recording) => recording.id === id)

  it.each(['pass', 'fail', 'unknown'])('has a recorded %s', (verdict) => {
    expect(own.map((recording) => recording.verdict)).toContain(verdict)
  })

  it('has French and English recordings where it runs commands or scripts', () => {
    if (!check.asks.includes('command') && !check.asks.includes('powershell')) return
    expect(new Set(own.map((recording) => recording.language))).toEqual(new Set(['fr', 'en']))
  })

  for (const { path, verdict, language, recorded } of own) {
    it(`${basename(path)} gives the same findings`, () => {
      expect(recorded.check).toBe(id)
      expect(
        staleAnswers(check, recorded.params, recorded.facts, recorded.observations),
        'recorded for another question: record again',
      ).toEqual([])
      expect(
        scriptHashes(check, recorded.params, recorded.facts, recorded.observations),
        'recorded of another text of the script: record again',
      ).toEqual(recorded.scripts ?? {})
      const given = replay(check, recorded.params, recorded.facts, recorded.observations)
      expect(given.map(({ verdict, cause, contradiction }) => ({ verdict, cause, contradiction }))).toEqual(
        recorded.expect.map((e) => ({ contradiction: false, ...e })),
      )
      expect(all(recorded.expect.map((e) => e.verdict))).toBe(verdict)
    })
    if (language)
      it(`${basename(path)} has its twin in the other language, with the same verdict`, () => {
        const other = path.replace(/\.(fr|en)\.json$/, language === 'fr' ? '.en.json' : '.fr.json')
        const twin = recordings.find((recording) => recording.path === other)
        expect(twin?.recorded.expect).toEqual(recorded.expect)
        if (check.asks.includes('powershell'))
          expect(undisplayed(twin?.recorded.observations)).toEqual(undisplayed(recorded.observations))
      })
  }
})

it('every recording belongs to a check', () => {
  const ids = new Set(checks.map((check) => check.id))
  expect(recordings.filter((recording) => !ids.has(recording.id)).map((recording) => recording.path)).toEqual(
    [],
  )
})
