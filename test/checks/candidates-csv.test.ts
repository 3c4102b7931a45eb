import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readCandidates, withCandidates } from '../../checks/candidates-csv.ts'
import { decodedText, readDelimited } from '../../checks/delimited-text.ts'
import { diagnosticLine } from '../../checks/document.ts'
import { readSession } from '../../checks/session-reader.ts'
import { validSession } from './session-file.ts'

const read = (text: string) => readCandidates('liste.csv', text)
const said = (text: string, lang: 'fr' | 'en' = 'fr') =>
  read(text).diagnostics.map((one) => diagnosticLine(one, lang).replace('liste.csv:', ''))

describe('a list of candidates', () => {
  it.each([
    [
      'semicolons, French, a byte order mark and CRLF',
      '\ufeffCode;Numéro;Place;Minutes supplémentaires\r\nC01;1;A1;\r\nC02;2;A2;30\r\n',
    ],
    ['commas, English', 'code,n,seat,extra-minutes\nC01,1,A1,\nC02,2,A2,30'],
    [
      'tabs, other order, quotes and an empty row',
      'N°\t"Place"\tCODE\textra_minutes\n1\tA1\tC01\n\t\t\t\n2\t"A2"\tC02\t30\n',
    ],
  ])('is read with %s', (_what, text) => {
    expect(read(text)).toEqual({
      diagnostics: [],
      list: {
        candidates: [
          { code: 'C01', n: 1, seat: 'A1' },
          { code: 'C02', n: 2, seat: 'A2', 'extra-minutes': 30 },
        ],
        names: new Map(),
      },
    })
  })

  it('keeps names apart, and gives variables their types', () => {
    const { list } = read(
      'code;n;Nom;Prénom;vlan;service;actif;mot\nC01;1;"Durand; née ""X""";Chloé;12;nginx;true;007\nC02;2;;;;;false;\n',
    )
    expect(list?.candidates).toEqual([
      { code: 'C01', n: 1, variables: { vlan: 12, service: 'nginx', actif: true, mot: '007' } },
      { code: 'C02', n: 2, variables: { actif: false } },
    ])
    expect([...list!.names]).toEqual([['C01', 'Chloé Durand; née "X"']])
    expect(JSON.stringify(list!.candidates)).not.toContain('Durand')
  })

  it('says every mistake at once, at its line and column', () => {
    expect(
      said(
        'code;n;VLAN d’accès;minutes suplémentaires;place;Seat\nC 1;x;1;2;A1;\nC02;;1;2;A2;;trop\nC02;2;1;2;A3\nC03;2\n',
      ),
    ).toEqual([
      "1:8: « VLAN d’accès » ne peut pas nommer une variable (attendu : minuscules sans accent, chiffres et tirets, une lettre d'abord) : écrivez « vlan-d-acces »",
      "1:21: colonne « minutes suplémentaires » : le temps en plus, en minutes, s'écrit sous « minutes-supplementaires »",
      '1:50: gardez une seule des colonnes qui disent la même chose : « Seat »',
      '2:1: « code » : un code fait de lettres sans accent, de chiffres, - et _',
      '2:5: « n » : il faut un nombre, et non du texte',
      '3:14: cette cellule est au-delà des colonnes nommées à la première ligne : nommez sa colonne, ou retirez-la',
      '3:5: « n » : cette cellule est vide : remplissez-la',
      '4:1: « C02 » est déjà donné au candidat de la ligne 3 : donnez-en un autre',
      '5:5: « 2 » est déjà donné au candidat de la ligne 4 : donnez-en un autre',
    ])
  })

  it.each([
    ['', '1:1: cette liste est vide'],
    ['code;n\n', '1:1: cette liste n’a pas de candidat'],
    ['nom;place\nDurand;A1\n', '1:1: il manque une colonne « code »'],
    ['code;place\nC01;A1\n', '1:1: il manque une colonne « n »'],
    ['code;n\nC01;100001\n', '2:5: « n » : il faut au plus 100000'],
    ['code;n;extra-minutes\nC01;1;-5\n', '2:7: « extra-minutes » : il faut un nombre'],
    ['code;n\n"C01;1\n', '2:1: ces guillemets ne sont pas refermés'],
    ['code;n\n"C01"x;1\n', '2:6: du texte suit les guillemets'],
    ['code;n\nC"01;1\n', '2:2: des guillemets au milieu'],
    ['code;n;v\nC01;1;"a\nb"\n', '2:7: cette cellule contient un caractère de commande'],
    ['code;n;v\nC01;1;a\u202eb\n', '2:7: cette cellule contient un caractère de commande'],
    [`code;n;v\nC01;1;${'a'.repeat(1025)}\n`, '2:7: « v » : il faut au plus 1024 caractères'],
    [`code;n;nom\nC01;1;${'a'.repeat(201)}\n`, '2:7: un nom a au plus 200 caractères'],
    [`code;n\n${'x'.repeat(65_536)}`, '1:1: liste trop longue'],
    [`code;n${';v'.repeat(63)}\n`, '1:132: plus de 64 colonnes'],
    [
      `code;n\n${Array.from({ length: 65 }, (_, i) => `C${i};${i}\n`).join('')}`,
      '66:1: plus de 64 candidats',
    ],
  ] as const)('refuses %#', (text, message) => {
    expect(read(text).list).toBeNull()
    expect(
      said(text).some((line) => line.startsWith(message)),
      said(text).join('\n'),
    ).toBe(true)
    expect(said(text, 'en').join('')).not.toMatch(/[éèà«]/)
  })

  it('is decoded as UTF-8, else as what a spreadsheet of Windows writes', () => {
    const latin = Uint8Array.from('code;n;prénom\n', (character) => character.charCodeAt(0))
    expect(decodedText(latin)).toBe('code;n;prénom\n')
    expect(decodedText(new TextEncoder().encode('prénom’'))).toBe('prénom’')
    expect(decodedText(Uint8Array.from([0xff, 0xfe, 0x63, 0, 0xe9, 0]))).toBe('cé')
    expect(decodedText(Uint8Array.from([0x92]))).toBe('’')
  })

  it('gives back any cells that RFC 4180 can write', () => {
    const cell = fc
      .string({ unit: fc.constantFrom('a', 'é', '"', ';', ',', '\n', ' ', '\t') })
      .map((text) => text.trim())
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { maxLength: 5 })
    fc.assert(
      fc.property(rows, (rows) => {
        const text = rows
          .map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(';'))
          .join('\r\n')
        const { rows: seen, mistakes } = readDelimited(text, ';')
        expect(mistakes).toEqual([])
        expect(seen.map((row) => row.map((one) => one.text))).toEqual(
          rows.filter((row) => row.some((one) => one !== '')),
        )
      }),
    )
  })

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('c', 'n', '1', '"', ';', ',', '\n', '\r', '\t', 'é', '\0') }),
        (text) => {
          const { list, diagnostics } = read(text)
          expect(list === null).toBe(diagnostics.length > 0)
        },
      ),
    )
  })
})

describe('candidates in a session', () => {
  const { candidates } = read('code;n;place;ville\nC02;2;B2;Lyon\nC09;9;B9;#1\n').list!
  const merged = (text: string) => withCandidates({ name: 'session.yaml', text }, candidates)

  it('replace its own; what the list does not say of them stays, and the rest of the text as it was', () => {
    const { text, diagnostics } = merged(`# en-tête\n${validSession}# à la fin\n`)
    expect(text).toBe(
      `# en-tête\n${validSession.slice(0, validSession.indexOf('\ncandidates:') + 1)}candidates:
  - { code: C02, n: 2, seat: B2, variables: { ville: Lyon }, targets: { web: { address: 10.9.9.9 } } }
  - { code: C09, n: 9, seat: B9, variables: { ville: "#1" } }
# à la fin
`,
    )
    expect(diagnostics.map((one) => diagnosticLine(one, 'fr'))).toEqual([
      "session.yaml:14:13: « C01 » n'est pas dans la liste : laissé de côté",
    ])
    expect(diagnostics.every(({ severity }) => severity === 'note')).toBe(true)
  })

  const rest = 'exam: s.yaml # le sujet\ndate: 2026-12-01\n'
  it.each([
    ['none there', rest],
    ['an empty block', `${rest}candidates:\n`],
    ['a comment beside', `${rest}candidates: [] # à venir\ntitle: t\n`],
    ['in the middle, without a last line end', `candidates:\n- { code: X, n: 5 }\n${rest.trim()}`],
    ['a flow mapping', '{ exam: s.yaml, date: 2026-12-01, candidates: [] }'],
    ['an explicit key', `? candidates\n: - { code: X, n: 5 }\n${rest}`],
    ['indented', `  exam: s.yaml\n  candidates: []\n  date: 2026-12-01\n`],
    ['CRLF', `${rest}candidates:\n  - { code: X, n: 5 }\ntitle: t\n`.replaceAll('\n', '\r\n')],
    ['an end of document', `${rest}...\n`],
    ['a byte order mark', `\ufeff${rest}`],
  ])('are put in with %s', (_what, text) => {
    const done = merged(text)
    expect(done.diagnostics.filter((one) => one.severity === 'error')).toEqual([])
    const { session } = readSession('s', done.text!)
    expect(session?.file).toMatchObject({ exam: 's.yaml', date: '2026-12-01' })
    expect(session?.file.candidates).toEqual(candidates)
    if (text.includes('# le sujet')) expect(done.text).toContain('# le sujet')
    if (text.includes('title')) expect(parse(done.text!)).toHaveProperty('title', 't')
  })

  it('are refused where the session cannot be read, at its own place', () => {
    expect(merged('exam: [').text).toBeNull()
    expect(merged('').diagnostics).toHaveLength(1)
    expect(merged('- a\n').text).toBeNull()
    const wrong = merged('exam: s.yaml\ndate: demain\n')
    expect(wrong.text).toBeNull()
    expect(wrong.diagnostics.map((one) => diagnosticLine(one, 'fr'))).toEqual([
      'session.yaml:2:7: « date » : il faut une date, comme 2026-12-01',
    ])
  })
})
