import fc from 'fast-check'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { CandidateProgress } from '../../../agent/terminal/progress.ts'
import { Progress } from '../../../agent/terminal/progress.ts'
import { programName } from '../../../agent/terminal/program-name.ts'
import { tableLines } from '../../../agent/terminal/table.ts'
import { columnsOf, languageOf } from '../../../agent/terminal/terminal.ts'
import { french } from '../../../agent/terminal/typography.ts'
import { visible, visibleLine } from '../../../agent/terminal/visible.ts'
import { fitted, width } from '../../../agent/terminal/width.ts'

const anyText = fc.string({ unit: 'binary', maxLength: 60 })

describe('text of a machine', () => {
  it('moves no cursor, rings no bell, turns no line round', () => {
    expect(visible('a\u001b[2Jb\u0007\u202ec\u009b1m\u007f')).toBe(
      'a‹U+001B›[2Jb‹U+0007›‹U+202E›c‹U+009B›1m‹U+007F›',
    )
    expect(visible('a\nb\tc\r', { lines: true })).toBe('a\nb\tc‹U+000D›')
    fc.assert(
      fc.property(anyText, (text) => {
        expect(visible(text)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]/u)
        expect(visible(text).isWellFormed()).toBe(true)
      }),
    )
  })
  it('fits on a line, and says that it was cut', () => {
    expect(visibleLine(' a\n\n b ')).toBe('a b')
    expect(visibleLine('x'.repeat(1000), 10)).toBe('xxxxxxxxx…')
    fc.assert(
      fc.property(
        anyText,
        fc.integer({ min: 1, max: 40 }),
        (text, limit) => visibleLine(text, limit).length <= limit,
      ),
    )
  })
})

describe('width', () => {
  it.each([
    ['é', 1],
    ['e\u0301', 1],
    ['漢字', 4],
    ['👩‍👩‍👧', 2],
    ['', 0],
  ])('of %s is %i', (text, columns) => expect(width(text)).toBe(columns))
  it('is exactly what was asked for', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 40 }), (text, columns) => {
        expect(width(fitted(visible(text), columns))).toBe(columns)
      }),
    )
  })
})

describe('the live table', () => {
  const candidate = fc.record({
    code: fc.string({ minLength: 1, maxLength: 32 }),
    seat: anyText,
    state: fc.constantFrom('waiting', 'running', 'complete', 'incomplete'),
    asked: fc.nat({ max: 5000 }),
    answered: fc.nat({ max: 5000 }),
    silent: fc.constantFrom(
      new Map(),
      new Map([['poste', 'auth']]),
      new Map([
        ['web', 'timeout'],
        ['dc', 'unreachable'],
      ]),
    ),
  }) as fc.Arbitrary<CandidateProgress>
  // oxlint-disable-next-line no-control-regex
  const bare = (line: string) => line.replaceAll(/\u001b\[\d+m/g, '')

  it('is never wider than the terminal nor as high, whatever candidates are called', () => {
    fc.assert(
      fc.property(
        fc.array(candidate, { minLength: 1, maxLength: 40 }),
        fc.record({ columns: fc.integer({ min: 20, max: 200 }), rows: fc.integer({ min: 2, max: 60 }) }),
        fc.constantFrom('fr', 'en'),
        (candidates, size, lang) => {
          const lines = tableLines(candidates, size, lang, true)
          expect(lines.length).toBeLessThan(Math.max(2, size.rows))
          for (const line of lines) expect(width(bare(line))).toBeLessThan(size.columns)
        },
      ),
    )
  })

  it('shows those still running where not all fit, and how many are left out', () => {
    const candidates = Array.from({ length: 10 }, (_, i) => ({
      code: `C${i}`,
      seat: '',
      state: i === 9 ? 'running' : 'complete',
      asked: 4,
      answered: 2,
      silent: new Map(),
    })) as CandidateProgress[]
    const lines = tableLines(candidates, { columns: 80, rows: 6 }, 'fr', false)
    expect(lines[1]).toContain('C9')
    expect(lines.at(-1)).toBe('… et 7 autres')
  })

  it('says why a machine could not be asked, and shows no verdict', () => {
    const progress = new Progress([{ code: 'C01', seat: 'A1' }])
    progress.record({ type: 'started', candidate: 'C01' })
    progress.record({ type: 'asking', candidate: 'C01', asked: 2 })
    const observation = {
      probe: '0'.repeat(64),
      transport: 'ssh',
      address: '10.0.0.1',
      identity: null,
      at: '2026-12-01T08:00:00.000Z',
      ms: 1,
      truncated: false,
    }
    progress.record({
      type: 'answered',
      candidate: 'C01',
      role: 'poste',
      observation: {
        ...observation,
        answer: null,
        failure: { cause: 'auth', detail: '', blame: 'candidate' },
      },
    })
    progress.record({
      type: 'answered',
      candidate: 'C01',
      role: 'web',
      observation: {
        ...observation,
        answer: { kind: 'command', status: 1, stdout: '', stderr: '' },
        failure: null,
      },
    })
    const lines = tableLines(progress.candidates, { columns: 120, rows: 24 }, 'fr', false)
    expect(lines[1]).toMatch(/^C01 +A1 +en cours +█+ 2\/2 +poste \(identifiants refusés\)$/)
  })
})

it('French typography is for sentences: narrow spaces, apostrophes, and nothing else', () => {
  expect(french("l'aide : « oui » ?")).toBe('l’aide\u202f: «\u202foui\u202f»\u202f?')
  expect(french('sujet.yaml:12:7 vault:nom http://a/')).toBe('sujet.yaml:12:7 vault:nom http://a/')
})

it.each([
  [['--lang', 'en'], { PROBANT_LANG: 'fr' }, 'en'],
  [['check', '--lang=en'], {}, 'en'],
  [[], { PROBANT_LANG: 'en', LANG: 'fr_FR.UTF-8' }, 'en'],
  [[], { LANG: 'en_GB.UTF-8' }, 'en'],
  [[], { LC_ALL: 'fr_FR.UTF-8', LANG: 'en_GB.UTF-8' }, 'fr'],
  [[], { LANG: 'C.UTF-8' }, 'fr'],
  [[], {}, 'fr'],
])('the language of %j in %j is %s', (argv, env, lang) => expect(languageOf(argv, env)).toBe(lang))

it.each([
  [{ isTTY: true, columns: 120 }, {}, 120],
  [{ isTTY: true, columns: 0 }, {}, 80],
  [{ isTTY: true, columns: 120 }, { COLUMNS: '50' }, 120],
  [{ isTTY: false }, { COLUMNS: '50' }, 50],
  [{ isTTY: false }, {}, Infinity],
  [{ isTTY: false }, { COLUMNS: '0' }, Infinity],
  [{ isTTY: false }, { COLUMNS: 'wide' }, Infinity],
  [{ isTTY: false }, { COLUMNS: '7' }, Infinity],
  [{ isTTY: false }, { COLUMNS: '99999' }, Infinity],
] as const)('columns of %j with %j: %s', (stream, env, columns) =>
  expect(columnsOf(stream as NodeJS.WriteStream, env)).toBe(columns),
)

describe('how this program is typed again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'probant-name-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const withProgram = (name: string) => {
    const own = join(folder, name)
    mkdirSync(own, { recursive: true })
    writeFileSync(join(own, 'probant'), '#!/bin/sh\n')
    chmodSync(join(own, 'probant'), 0o755)
    return own
  }
  it('by its name where the PATH has it; what npx puts there is npx’s own', () => {
    const path = (...folders: string[]) => ({ PATH: folders.join(delimiter) })
    expect(programName(path('/no/such', withProgram('bin')))).toBe('probant')
    expect(programName(path('/no/such'))).toBe('npx probant')
    expect(programName({})).toBe('npx probant')
    expect(programName(path(withProgram('node_modules/.bin')))).toBe('npx probant')
    expect(programName(path(withProgram('_npx/0123/node_modules/.bin')))).toBe('npx probant')
  })
})
