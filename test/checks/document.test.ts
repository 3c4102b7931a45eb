import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diagnosticLine, readDocument, sortedDiagnostics } from '../../checks/document.ts'

const lines = (text: string, lang: 'fr' | 'en' = 'fr') =>
  readDocument('f.yaml', text).diagnostics.map((d) => diagnosticLine(d, lang))

describe('a YAML text', () => {
  it('gives its value', () => {
    expect(readDocument('f.yaml', 'a: [1, b]\ndate: 2026-12-01\n').value).toEqual({
      a: [1, 'b'],
      date: '2026-12-01',
    })
  })

  it.each([
    [
      'a duplicate key',
      'a: 1\nb: 2\na: 3\n',
      'f.yaml:3:1: cette clé est déjà donnée plus haut',
      'f.yaml:3:1: this key is already given',
    ],
    ['a tab', 'a:\n\tb: 1\n', 'f.yaml:2:1: une tabulation', 'f.yaml:2:1: a tab'],
    ['an unquoted placeholder', 'a:\n  b: {{n}}\n', 'f.yaml:2:7: une accolade', 'f.yaml:2:7: a brace'],
    [
      'a backslash in double quotes',
      'a: "D:\\Données"\n',
      'f.yaml:1:7: dans des guillemets doubles, \\ est un caractère d’échappement : employez des guillemets simples',
      'f.yaml:1:7: between double quotes, \\ is an escape character: use single quotes',
    ],
    // What double quotes read without a word: a paragraph separator, a tabulation, a backspace.
    [
      'one that is an escape',
      'a: "D:\\Partages"\n',
      'f.yaml:1:4: dans des guillemets doubles',
      'f.yaml:1:4: betw',
    ],
    ['one before a t', 'a: "D:\\temp"\n', 'f.yaml:1:4: dans des guillemets doubles', 'f.yaml:1:4: between'],
    [
      'one before a name',
      'a: "AG\\bruno"\n',
      'f.yaml:1:4: dans des guillemets doubles',
      'f.yaml:1:4: between',
    ],
    [
      'a colon in braces',
      'a: {b: E:}\n',
      'f.yaml:1:8: entre accolades ou crochets',
      'f.yaml:1:8: between brac',
    ],
    [
      'a dash in brackets',
      'a: [- b]\n',
      'f.yaml:1:5: entre accolades ou crochets',
      'f.yaml:1:5: between brac',
    ],
    [
      'a variable',
      'a: %TEMP%\\x\n',
      'f.yaml:1:4: une valeur ne peut pas commencer par',
      'f.yaml:1:4: a value',
    ],
    ['an unquoted star', 'a: *\n', 'f.yaml:1:4: cet alias', 'f.yaml:1:4: this alias'],
    ['an exclamation mark', 'a: !x\n', 'f.yaml:1:4: « ! » annonce un type', 'f.yaml:1:4: “!” announces'],
    [
      'words after a quote',
      'a: "b" c\n',
      "f.yaml:1:8: ce caractère n'est pas attendu",
      'f.yaml:1:8: this char',
    ],
    ['two documents', 'a: 1\n---\nb: 1\n', 'f.yaml:2:1: un seul document', 'f.yaml:2:1: one document'],
    [
      'an alias that contains itself',
      'a: &x { b: *x }\n',
      'f.yaml:1:1: blocs imbriqués',
      'f.yaml:1:1: blocks nested',
    ],
    ['an unknown alias', 'a: *x\n', 'f.yaml:1:4: cet alias', 'f.yaml:1:4: this alias'],
    ['too much', 'a'.repeat(1_048_577), 'f.yaml:1:1: fichier trop long', 'f.yaml:1:1: file too long'],
  ])('says where there is %s, in both languages', (_what, text, fr, en) => {
    expect(lines(text)[0]).toContain(fr)
    expect(lines(text, 'en')[0]).toContain(en)
    expect(readDocument('f.yaml', text).value).toBeUndefined()
  })

  it('may have escapes that are meant, and a backslash elsewhere', () => {
    const text = String.raw`a: "ligne 1\nligne 2\tfin"
b: 'D:\temp'
c: D:\Partages
d: "D:\\Partages"
e: "Bonjour\n"
`
    expect(lines(text)).toEqual([])
    expect(readDocument('f.yaml', text).value).toMatchObject({
      b: String.raw`D:\temp`,
      d: String.raw`D:\Partages`,
    })
  })

  it('refuses an alias bomb quickly', () => {
    const names = 'abcdefghij'
    const bomb = `a: &a [${'x,'.repeat(9)}x]\n${names
      .slice(1)
      .split('')
      .map((c, i) => `${c}: &${c} [${`*${names[i]},`.repeat(9)}*${names[i]}]`)
      .join('\n')}`
    const start = performance.now()
    expect(lines(bomb)).toEqual(['f.yaml:1:1: trop d’alias YAML : écrivez ces valeurs en toutes lettres'])
    expect(performance.now() - start).toBeLessThan(2000)
  })

  it('survives nesting without end, and says it once', () => {
    expect(lines('['.repeat(5000)).length).toBeGreaterThan(0)
    expect(lines('['.repeat(5000)).length).toBeLessThanOrEqual(100)
    expect(lines(`${'['.repeat(500)}${']'.repeat(500)}`)[0]).toContain('64 niveaux')
  })

  it('never throws', () => {
    const piece = fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '- ',
      '&x ',
      '*x',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '|',
      '>',
      '#',
      '!',
      '%',
      '\t',
      '\u0000',
      '\ud800',
      '<<: ',
      '? ',
      '---\n',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const { value, diagnostics } = readDocument('f.yaml', pieces.join(''))
        if (diagnostics.length > 0) expect(value).toBeUndefined()
        for (const { line, column } of diagnostics) expect(Math.min(line, column)).toBeGreaterThan(0)
      }),
      { numRuns: 500 },
    )
  })
})

describe('a place', () => {
  const document = readDocument('f.yaml', 'a:\n  b:\n    - c: 1\n    - { d: 2 }\n')
  const at = (path: (string | number)[], key = false) => {
    const { line, column } = document.diagnose(path, { fr: '', en: '' }, { key })
    return [line, column]
  }
  it('is that of the value, of the key where asked, of the nearest parent where there is none', () => {
    expect(at(['a', 'b', 0, 'c'])).toEqual([3, 10])
    expect(at(['a', 'b', 0, 'c'], true)).toEqual([3, 7])
    expect(at(['a', 'b', 1, 'd'])).toEqual([4, 12])
    expect(at(['a', 'b', 1, 'missing'])).toEqual([4, 7])
    expect(at(['a', 'b', 9])).toEqual([3, 5])
  })
})

it('sorts by file and place, each said once', () => {
  const said = (file: string, line: number) =>
    ({ severity: 'error', file, line, column: 1, message: { fr: 'm', en: 'm' } }) as const
  const sorted = sortedDiagnostics([said('b', 1), said('a', 2), said('a', 1), said('a', 2)])
  expect(sorted.map((d) => `${d.file}${d.line}`)).toEqual(['a1', 'a2', 'b1'])
})
