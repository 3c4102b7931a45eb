import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { strFromU8, unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readDelimited } from '../../../checks/delimited-text.ts'
import type { Run } from '../../../checks/run.ts'
import type { Verdict } from '../../../checks/verdict.ts'
import { csv } from '../../../server/exports/csv.ts'
import type { ExportInput } from '../../../server/exports/exported-session.ts'
import { hdf, hdfOfAll } from '../../../server/exports/hdf.ts'
import { junit } from '../../../server/exports/junit.ts'
import { ods } from '../../../server/exports/ods.ts'
import { exportSchema, sessionJson } from '../../../server/exports/session-json.ts'
import { cell, findingsTable, runsTable } from '../../../server/exports/table.ts'
import { xlsx } from '../../../server/exports/xlsx.ts'
import { dossierOf, generatedRun, key, recordedRun, summaryOf } from '../paper/dossier-made.ts'
import { hostile, makeRun } from '../run-fixture.ts'

const formulas = [
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '＝1',
  '＋1',
  '－1',
  '＠a',
  '=cmd|" /C calc"!A0',
]
const run = makeRun(key, { says: hostile, broken: true })
const inputOf = (...runs: Run[]): ExportInput => ({
  session: dossierOf(runs[0] ?? run).session,
  dossiers: runs.map((one) => dossierOf(one)),
  lang: 'fr',
  generatedAt: new Date('2026-12-01T16:30:00Z'),
})
const input = inputOf(run, recordedRun('C02'))

describe('CSV', () => {
  const cells = (rows: readonly (readonly string[])[]) =>
    readDelimited(csv({ name: '', head: ['tête'], rows }), ';')

  it('is what a French Excel opens: UTF-8 with its mark, semicolons, CRLF, every cell quoted', () => {
    const text = csv({ name: '', head: ['a', 'b'], rows: [['é"', ';']] })
    expect(text).toBe('\ufeff"a";"b"\r\n"é""";";"\r\n')
  })
  it('has no cell that a spreadsheet takes for a formula', () => {
    for (const formula of formulas) {
      const [, [first] = []] = cells([[formula]]).rows
      expect(first?.text).toMatch(/^'/)
    }
    fc.assert(
      fc.property(
        fc.constantFrom(...formulas),
        fc.string(),
        fc.constantFrom(',', ';', '\t', '|'),
        (f, before, mark) => {
          // Cut at whatever delimiter, quotes or not, no piece begins like a formula.
          for (const piece of csv({ name: '', head: [], rows: [[`${before}${mark}${f}`]] })
            .split(mark)
            .slice(1))
            expect(piece).not.toMatch(/^[=+\-@＝＋－＠]/)
        },
      ),
    )
  })
  it('comes back as it was', () => {
    const { rows, mistakes } = readDelimited(csv(findingsTable(input)), ';')
    expect(mistakes).toEqual([])
    const { head, rows: written } = findingsTable(input)
    expect(rows).toHaveLength(written.length + 1)
    expect(rows.every((row) => row.length === head.length)).toBe(true)
    expect(csv(findingsTable(input))).not.toMatch(/[\u0000-\u0009\u000b\u000c\u000e-\u001f\u202e]/)
  })
})

describe('the table of findings', () => {
  it('has every finding, and a row for a demand without any', () => {
    const bare = { ...run, findings: run.findings.filter(({ demand }) => demand !== 'partage') }
    const { rows, head } = findingsTable(inputOf(bare))
    expect(rows).toHaveLength(bare.findings.length + 1)
    expect(rows.find((row) => row[2] === 'partage')).toHaveLength(head.length)
    expect(new Set(rows.map((row) => row[0]))).toEqual(new Set(['C01']))
  })
  it('takes what was asked again, with the fingerprint of that run', () => {
    const broken = makeRun(key, { broken: true })
    const again: Run = { ...makeRun(key), stage: 'again', follows: broken.id }
    const dossiers = [dossierOf(broken, { again: [again] })]
    const { rows } = findingsTable({ ...input, dossiers })
    const row = rows.find((one) => one[2] === 'partage')
    expect(row?.[7]).toBe('constaté')
    expect(row?.slice(-2)).toEqual([again.id, summaryOf(again).fingerprint])
    expect(runsTable({ ...input, dossiers }).rows.map((one) => [one[1], one[2]])).toEqual([
      [broken.id, ''],
      [again.id, 'again'],
    ])
  })
  it('keeps cells within what a spreadsheet takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(cell(text)).not.toMatch(/[\p{Cc}\p{Cs}]/u)
      }),
    )
    for (const text of ['a'.repeat(100_000), '\u0000'.repeat(100_000), '😀'.repeat(40_000)])
      expect(cell(text).length).toBeLessThan(32_767)
  })
})

const names = (zip: Uint8Array) => Object.keys(unzipSync(zip))
const xmlOf = (zip: Uint8Array, name: string) => {
  const text = strFromU8(unzipSync(zip)[name]!)
  expect(XMLValidator.validate(text)).toBe(true)
  return text
}

describe('XLSX and ODS', () => {
  const tables = [
    findingsTable(input),
    { name: 'Formules', head: ['f'], rows: [...formulas, '', '007', ' x '].map((text) => [text]) },
  ]
  it('XLSX holds texts only, as they are', async () => {
    const book = await xlsx(tables)
    expect(names(book)).toContain('xl/workbook.xml')
    for (const sheet of ['xl/worksheets/sheet1.xml', 'xl/worksheets/sheet2.xml']) {
      const xml = xmlOf(book, sheet)
      expect(xml).not.toMatch(/<f[ >]/)
      expect(xml).not.toMatch(/<c [^>]*t="(n|b|d|str)"/)
    }
    expect(xmlOf(book, 'xl/sharedStrings.xml')).toMatch(/=cmd\|("|&quot;) \/C calc/)
  })
  it('ODS holds texts only, as they are, and says its type first', () => {
    const sheet = ods(tables, input.generatedAt)
    expect(names(sheet)[0]).toBe('mimetype')
    expect(Buffer.from(sheet).toString('latin1', 30, 30 + 8 + 46)).toBe(
      'mimetypeapplication/vnd.oasis.opendocument.spreadsheet',
    )
    const xml = xmlOf(sheet, 'content.xml')
    xmlOf(sheet, 'META-INF/manifest.xml')
    expect(xml).not.toContain('table:formula')
    expect(new Set([...xml.matchAll(/office:value-type="(\w+)"/g)].map((match) => match[1]))).toEqual(
      new Set(['string']),
    )
    const read = new XMLParser({ ignoreAttributes: false, parseTagValue: false, trimValues: false }).parse(
      xml,
    )
    const rows = read['office:document-content']['office:body']['office:spreadsheet']['table:table'][1][
      'table:table-row'
    ] as { 'table:table-cell': { 'text:p': string } }[]
    expect(rows.map((row) => row['table:table-cell']['text:p'])).toContain('007')
  })
})

describe('JUnit', () => {
  it('is a suite a candidate, well formed whatever a machine says', () => {
    const xml = junit(input)
    expect(XMLValidator.validate(xml)).toBe(true)
    expect(xml).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202e]/)
    const suites = new XMLParser({ ignoreAttributes: false }).parse(xml).testsuites.testsuite
    expect(suites.map((one: Record<string, string>) => one['@_name'])).toEqual(['C01', 'C02'])
    expect(suites[0].testcase).toHaveLength(run.findings.length)
    expect(suites[0]['@_errors']).toBe(String(run.findings.filter((f) => f.verdict === 'unknown').length))
    expect(xml).toContain('type="timeout" message="pas de réponse dans le délai, côté candidat"')
  })
})

describe('JSON', () => {
  it('is of its published schema, and says nothing above a demand', () => {
    const text = sessionJson(input)
    const parsed = exportSchema.parse(JSON.parse(text))
    expect(parsed.candidates.map(({ code }) => code)).toEqual(['C01', 'C02'])
    expect(parsed.candidates[0]?.demands.flatMap(({ findings }) => findings)).toHaveLength(
      run.findings.length,
    )
    expect(parsed.candidates[0]?.demands.find(({ id }) => id === 'partage')?.verdict).toBe('unknown')
    const schema = z.toJSONSchema(exportSchema, { target: 'draft-7' })
    expect(
      new Ajv({ strict: false, formats: { uuid: true, 'date-time': true } }).validate(schema, parsed),
    ).toBe(true)
  })
})

describe('HDF', () => {
  const schema = JSON.parse(
    readFileSync(new URL('exec-json.schema.json', import.meta.url), 'utf8'),
  ) as Record<string, unknown>
  const valid = new Ajv({ strict: false }).compile(schema)
  type Status = 'passed' | 'failed' | 'skipped'
  interface Control {
    id: string
    impact: number
    results: { status: Status; skip_message?: string; message?: string }[]
  }
  const controlsOf = (text: string) =>
    (JSON.parse(text) as { profiles: [{ controls: Control[]; groups: { controls: string[] }[] }] })
      .profiles[0]

  /** What inspecjs makes of a control: any failed, else any passed, else not reviewed; impact 0 is not applicable. */
  const heimdall = ({ impact, results }: Control): string => {
    const statuses = results.map(({ status }) => status)
    if (impact === 0) return 'Not Applicable'
    if (statuses.includes('failed')) return 'Failed'
    return statuses.includes('passed') ? 'Passed' : 'Not Reviewed'
  }

  it('is valid ExecJSON', () => {
    for (const one of [run, recordedRun('C01'), recordedRun('C03')])
      expect(valid(JSON.parse(hdf(dossierOf(one), 'fr'))), JSON.stringify(valid.errors)).toBe(true)
  })
  it('is shown by Heimdall as the demand was judged', () => {
    const some: Verdict[] = ['pass', 'fail', 'unknown', 'jury', 'na']
    const made = generatedRun({ demands: 5, checks: 1, verdict: (index) => some[index] ?? 'pass' })
    const { controls } = controlsOf(hdf(dossierOf(made), 'fr'))
    expect(controls.map(heimdall)).toEqual([
      'Passed',
      'Failed',
      'Not Reviewed',
      'Not Reviewed',
      'Not Applicable',
    ])
    expect(controls[2]?.results[0]?.skip_message).toContain('pas de réponse dans le délai')
    expect(controls[3]?.results[0]?.skip_message).toContain('à apprécier par le jury')
  })
  it('never shows as passed what was verified in part', () => {
    const broken = makeRun(key, { broken: true })
    for (const { demand, verdict } of broken.demands) {
      const control = controlsOf(hdf(dossierOf(broken), 'en')).controls.find(({ id }) => id === demand)!
      expect(heimdall(control) === 'Passed').toBe(verdict === 'pass')
    }
  })
  it('groups controls by criterion, one file a candidate', () => {
    const { groups, controls } = controlsOf(hdf(dossierOf(run), 'fr'))
    const known = new Set(controls.map(({ id }) => id))
    for (const group of groups) for (const id of group.controls) expect(known.has(id)).toBe(true)
    expect(names(hdfOfAll(input))).toEqual(['1-C01.hdf.json', '2-C02.hdf.json'])
  })
})

const office = officeProgram()
if (office === null)
  console.log('skipped: LibreOffice (package libreoffice-calc) is too large to be installed for one test')
describe.skipIf(office === null)('LibreOffice, where it is', () => {
  it('opens both workbooks with the same text', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'probant-office-'))
    try {
      const tables = [findingsTable(input)]
      writeFileSync(join(folder, 'a.ods'), ods(tables, input.generatedAt))
      writeFileSync(join(folder, 'b.xlsx'), await xlsx(tables))
      const profile = `-env:UserInstallation=file://${folder}/profile`
      for (const name of ['a.ods', 'b.xlsx'])
        execFileSync(office ?? '', [
          profile,
          '--headless',
          '--convert-to',
          'csv',
          '--outdir',
          folder,
          join(folder, name),
        ])
      expect(readFileSync(join(folder, 'a.csv'), 'utf8')).toBe(readFileSync(join(folder, 'b.csv'), 'utf8'))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }, 120_000)
})

function officeProgram(): string | null {
  try {
    return execFileSync('which', ['soffice'], { encoding: 'utf8' }).trim()
  } catch {
    return null
  }
}
