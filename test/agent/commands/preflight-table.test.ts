import { describe, expect, it } from 'vitest'
import { failureLines, noteLines, tableLines, type Row } from '../../../agent/commands/preflight-table.ts'
import type { Diagnosed } from '../../../agent/run/preflight-diagnosis.ts'
import { silentTerminal as terminal } from '../terminal/silent-terminal.ts'
import { width } from '../../../agent/terminal/width.ts'

const row = (more: Partial<Row> = {}): Row => ({
  candidate: 'C01',
  route: { role: 'dc', way: 'winrm' },
  address: '10.0.1.10',
  worked: true,
  cause: null,
  detail: '',
  identity: 'S-1-5-21-1004336348-1177238915-682003330',
  ms: 12,
  about: null,
  note: null,
  failing: null,
  ...more,
})
const note = { fr: 'sans droits d’administrateur', en: 'without administrator rights' }
const failing = {
  step: 'accepted',
  state: 'fails',
  cause: 'auth',
  problem: 'account-refused',
  detail: 'surveillant was refused with the credential of the session',
  note: null,
  ms: 3,
  identity: null,
} as const
const refused = (more: Partial<Row> = {}) =>
  row({ worked: false, cause: 'auth', detail: failing.detail, identity: null, failing, ...more })
const directory = refused({ about: 'directory' })
const plain = (lines: Iterable<string>) => [...lines].join('\n').replaceAll('\u202f', ' ')
// oxlint-disable-next-line no-control-regex
const bare = (text: string) => text.replaceAll(/\u001b\[\d+m/g, '')

describe('the table of the preflight', () => {
  it.each([30, 50, 64, 80, 120])('fits %i columns, and cuts nothing', (columns) => {
    for (const lang of ['fr', 'en'] as const) {
      const lines = [...tableLines([row({ note }), refused(), directory], terminal(columns, lang))]
      for (const line of lines) expect(width(line), line).toBeLessThanOrEqual(columns)
      expect(lines.join('')).not.toContain('…')
      const text = lines.map((line) => line.trim()).join(' ')
      expect(text).toContain(note[lang])
      expect(text.replaceAll(' ', '')).toContain('682003330')
    }
  })

  it('in 50 columns a state stands below its row', () => {
    expect(plain(tableLines([refused()], terminal(50)))).toBe(
      [
        'Candidat  Machine  Adresse    Accès',
        'C01       dc       10.0.1.10  winrm',
        '    ✕ identifiants refusés, étape « identifiants',
        '    acceptés »',
      ].join('\n'),
    )
  })

  it('says what is asked through a connection by its own name', () => {
    expect(plain(tableLines([directory], terminal(Infinity)))).toMatch(/ annuaire \(winrm\) +✕/)
    expect(plain(tableLines([directory], terminal(Infinity, 'en')))).toMatch(/ directory \(winrm\) +✕/)
  })

  it('says no English sentence of ours in French', () => {
    const others = [
      row({ worked: false, cause: 'refused', detail: 'connection refused (ECONNREFUSED)' }),
      row({ worked: false, cause: 'grader', detail: 'credential a has no user or no password' }),
    ]
    const text = plain(tableLines([refused(), ...others], terminal(Infinity)))
    expect(text).not.toMatch(/was refused|connection refused|has no user/)
  })
})

describe('what is worth knowing of what works', () => {
  const again = (one: { candidate: string }) => `probant doctor dc --candidate ${one.candidate}`

  it.each([50, 80])('stands in full below the table in %i columns, with what it means', (columns) => {
    const lines = [...noteLines([row({ note }), row({ candidate: 'C02' })], again, terminal(columns))]
    for (const line of lines) expect(width(line)).toBeLessThanOrEqual(columns)
    const text = plain(lines).replaceAll(/\s+/g, ' ')
    expect(text).toContain('C01 dc winrm : sans droits d’administrateur')
    expect(text).toContain('Ce que Windows ne montre qu’aux administrateurs restera « non vérifié »')
    expect(lines.at(-1)).toBe('      probant doctor dc --candidate C01')
    expect(text).not.toContain('C02')
  })

  it('in yellow where colours are; nothing where there is nothing', () => {
    const lines = [...noteLines([row({ note })], again, terminal(80, 'en', true))]
    expect(lines[1]).toMatch(/^\u001b\[33m/)
    expect(bare(lines[1]!)).toBe('C01  dc  winrm: without administrator rights')
    expect([...noteLines([row(), refused()], again, terminal(80))]).toEqual([])
  })
})

describe('what to do about what fails', () => {
  const remedies = [{ place: 'agent', says: { fr: 'Vérifiez', en: 'Look' }, lines: ['read -rs PW'] }] as const
  const diagnosed = (result: Row): Diagnosed => ({ result, failing, remedies })

  it('is said once for one cause on one machine, whatever went through it', () => {
    const text = plain(failureLines([diagnosed(refused()), diagnosed(directory)], terminal(120)))
    expect(text).toContain('C01  dc  winrm, annuaire (winrm)')
    expect(text.match(/read -rs PW/g)).toHaveLength(1)
    expect(text).not.toContain('was refused')
  })

  it('and for each machine; not where too much fails to be read', () => {
    const each = (count: number) =>
      Array.from({ length: count }, (_, i) => diagnosed(refused({ candidate: `C${i}` })))
    expect(plain(failureLines(each(3), terminal(120))).match(/read -rs PW/g)).toHaveLength(3)
    expect([...failureLines(each(4), terminal(120))]).toEqual([])
  })
})
