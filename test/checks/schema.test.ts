import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { catalogue, catalogueJson } from '../../checks/catalogue.ts'
import { examJsonSchema, sessionJsonSchema } from '../../checks/schema.ts'
import { valid } from './exam-file.ts'
import { validSession } from './session-file.ts'

const root = join(import.meta.dirname, '../..')
/** Compiles as an editor does; formats are left to the reader of the file. */
const ajv = new Ajv2020({ strict: false, validateFormats: false })
const compiled = (schema: object) => ajv.compile(schema)
const exam = compiled(examJsonSchema(catalogue, 'fr'))
const session = compiled(sessionJsonSchema('fr'))
const accepts = (validate: typeof exam, text: string) => {
  validate(parse(text))
  return validate.errors ?? []
}

describe('the JSON Schema of an exam', () => {
  it('takes what is right, placeholders in numbers included', () => {
    expect(accepts(exam, valid)).toEqual([])
  })
  it.each(globSync('fixtures/exams/*.yaml', { cwd: root }))('takes %s', (path) => {
    expect(accepts(exam, readFileSync(join(root, path), 'utf8'))).toEqual([])
  })
  it.each([
    ['an unknown check', 'linux.service', 'linux.servce'],
    ['an unknown parameter', 'on: web, name: "', 'on: web, nom: x, name: "'],
    ['a missing parameter', ', name: "{{service}}"', ''],
    ['a parameter of the wrong type', '"{{n+8000}}"', 'true'],
    ['an unknown kind of role', 'dc: windows', 'dc: windoz'],
    ['an unknown key', 'purpose: training', 'purpose: training\nfoo: 1'],
    ['two checks in one', '- linux.port: {', '- linux.mount: { on: web, path: / }\n        linux.port: {'],
  ])('refuses %s', (_what, from, to) => {
    expect(valid).toContain(from)
    expect(accepts(exam, valid.replace(from, to))).not.toEqual([])
  })
  it('describes every check in the language asked for', () => {
    for (const lang of ['fr', 'en'] as const) {
      const text = JSON.stringify(examJsonSchema(catalogue, lang))
      for (const check of catalogue.values())
        expect(text).toContain(JSON.stringify(check.observes[lang]).slice(1, -1))
    }
  })
})

describe('the JSON Schema of a session', () => {
  it('takes what is right', () => expect(accepts(session, validSession)).toEqual([]))
  it.each(globSync('fixtures/sessions/*.yaml', { cwd: root }))('takes %s', (path) => {
    expect(accepts(session, readFileSync(join(root, path), 'utf8'))).toEqual([])
  })
  it.each([
    ['a secret written out', 'env:ADMIN', 'hunter2'],
    ['an unknown way of asking', 'ldap:', 'ldpa:'],
    ['a candidate without number', '{ code: C01, n: 1, seat: A1 }', '{ code: C01 }'],
    ['a candidate with an unknown way', 'address: 10.9.9.9', 'adress: 10.9.9.9'],
  ])('refuses %s', (_what, from, to) => {
    expect(validSession).toContain(from)
    expect(accepts(session, validSession.replace(from, to))).not.toEqual([])
  })
})

describe('every field of an exam and of a session', () => {
  /** The fields of a JSON Schema that say nothing of themselves, by their path. */
  const silent = (schema: unknown, path = ''): string[] => {
    if (Array.isArray(schema)) return schema.flatMap((one) => silent(one, path))
    if (typeof schema !== 'object' || schema === null) return []
    return Object.entries(schema).flatMap(([key, value]: [string, unknown]) => {
      if (key === '$defs') return []
      if (key !== 'properties') return silent(value, path)
      return Object.entries(value as object).flatMap(([name, field]: [string, { description?: string }]) => [
        ...((field.description ?? '').length > 3 ? [] : [`${path}.${name}`]),
        ...silent(field, `${path}.${name}`),
      ])
    })
  }
  it.each(['fr', 'en'] as const)('is described in %s', (lang) => {
    expect(silent(examJsonSchema(catalogue, lang))).toEqual([])
    expect(silent(sessionJsonSchema(lang))).toEqual([])
  })
  it('is described in the language asked for', () => {
    expect(JSON.stringify(examJsonSchema(catalogue, 'en'))).toContain('The situation, printed above')
    expect(JSON.stringify(sessionJsonSchema('fr'))).toContain('Graine des valeurs tirées')
  })
})

describe('the new fields of an exam', () => {
  const introduced = (lines: string) => valid.replace('demands:', `${lines}demands:`)
  it.each([
    ['two hints', valid.replace('    criteria', '    hint: [a, b]\n    criteria')],
    ['an introduction', introduced('introduction: La situation de {{n}}.\n')],
    ['values among several', valid.replace('service: nginx', 'service: { among: [nginx, apache2] }')],
    ['a range', valid.replace('service: nginx', 'service: nginx, vlan: { from: 100, to: 199 }')],
  ])('are taken: %s', (_what, text) => {
    expect(accepts(exam, text)).toEqual([])
  })
  it('may be wrong', () => {
    expect(accepts(exam, valid.replace('    criteria', '    hint: [a, b, c]\n    criteria'))).not.toEqual([])
    expect(accepts(exam, valid.replace('service: nginx', 'service: { among: [nginx] }'))).not.toEqual([])
    expect(accepts(session, validSession.replace('date:', 'seed: mai\ndate:'))).toEqual([])
  })
})

describe('the catalogue', () => {
  it('forgets no check of the folders', async () => {
    const isCheck = (value: unknown) =>
      typeof value === 'object' && value !== null && 'id' in value && 'judge' in value && 'probes' in value
    const found: string[] = []
    for (const path of globSync('checks/*/*.ts', { cwd: root })) {
      const module = (await import(join(root, path))) as Record<string, unknown>
      found.push(
        ...Object.values(module)
          .filter(isCheck)
          .map((check) => (check as { id: string }).id),
      )
    }
    expect(found.length).toBeGreaterThan(15)
    expect([...catalogue.keys()]).toEqual(found.sort((a, b) => a.localeCompare(b)))
  })
  it.each(['fr', 'en'] as const)('is printed whole in %s', (lang) => {
    const printed = catalogueJson(lang)
    expect(printed.map((c) => c.id)).toEqual([...catalogue.keys()])
    for (const check of printed) {
      expect(Object.keys(check)).toEqual(['id', 'criteria', 'observes', 'transports', 'params', 'proven'])
      expect(check.criteria.length).toBeGreaterThan(0)
      expect(check.observes.length).toBeGreaterThan(10)
      expect(compiled(check.params)).toBeTypeOf('function')
    }
  })
})

describe('where the samples look for their schema', () => {
  const samples = globSync(['fixtures/{exams,sessions}/*.yaml', 'fixtures/observations/windows/*.yaml'], {
    cwd: root,
  })
  it.each(samples)('%s', (path) => {
    const text = readFileSync(join(root, path), 'utf8')
    const [, schema = ''] = /^# yaml-language-server: \$schema=(\S+)/.exec(text) ?? []
    const kind = /^exam:/m.test(text) ? 'session' : 'exam'
    expect(join(root, path, '..', schema)).toBe(join(root, 'schemas', `${kind}.schema.json`))
  })
  it('is what npm writes in a clone', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>
    }
    expect(scripts['schemas']).toMatch(/schema .*--dir schemas$/)
    expect(scripts['prepare']).toContain('npm run schemas')
  })
})
