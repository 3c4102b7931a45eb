import { diagnosed } from './exam-file.ts'

/** One mistake: what it is, the line that makes it, and what must be said where `@` stands in that line. */
export interface Planted {
  readonly what: string
  /** A demand of its own (with `ID` for its name), or lines of the head of the file. */
  readonly lines: readonly string[]
  readonly head?: boolean
  readonly fr: string
  readonly en: string
}

const demand = (...lines: string[]): string[] => ['  - id: ID', ...lines.map((line) => `    ${line}`)]
const text = 'text: Texte de ID'
const criteria = 'criteria: [C9.1]'
const check = '- linux.service: { on: web, name: nginx }'
const withCheck = (line: string) => demand(text, criteria, 'checks:', `  ${line}`)

/** Twenty-four kinds of mistake; `@` is taken out and marks the place. */
export const planted: readonly Planted[] = [
  {
    what: 'duplicate key',
    lines: demand(text, criteria, '@text: Encore', 'checks:', `  ${check}`),
    fr: 'cette clé est déjà donnée',
    en: 'this key is already given',
  },
  {
    what: 'unknown key',
    lines: demand(text, criteria, '@qestion: Pourquoi ?', 'checks:', `  ${check}`),
    fr: 'clé inconnue « qestion » ; clés possibles : question',
    en: 'unknown key “qestion”; possible keys: question',
  },
  {
    what: 'wrong type',
    lines: demand('text: @12', criteria, 'checks:', `  ${check}`),
    fr: '« text » : du texte est attendu',
    en: '“text”: text is expected',
  },
  {
    what: 'unknown check',
    lines: withCheck('- @linux.servce: { on: web, name: nginx }'),
    fr: 'contrôle inconnu « linux.servce » ; vouliez-vous dire « linux.service »',
    en: 'unknown check “linux.servce”; did you mean “linux.service”',
  },
  {
    what: 'unknown parameter',
    lines: withCheck('- linux.service: { on: web, @enabeld: true, name: nginx }'),
    fr: 'clé inconnue « enabeld » ; clés possibles : enabled',
    en: 'unknown key “enabeld”; possible keys: enabled',
  },
  {
    what: 'missing parameter',
    lines: withCheck('- linux.service: @{ on: web }'),
    fr: 'il manque « name »',
    en: '“name” is missing',
  },
  {
    what: 'unknown role',
    lines: withCheck('- linux.service: { on: @wbe, name: nginx }'),
    fr: 'rôle inconnu « wbe »',
    en: 'unknown role “wbe”',
  },
  {
    what: 'role of the wrong kind',
    lines: withCheck('- linux.service: { on: @sw, name: nginx }'),
    fr: 'le rôle « sw » est de type switch',
    en: 'role “sw” is of kind switch',
  },
  {
    what: 'kind of role',
    head: true,
    lines: ['  dc: @windoz'],
    fr: '« dc » : il faut une valeur parmi linux, windows',
    en: '“dc”: this takes one of linux, windows',
  },
  {
    what: 'unknown criterion',
    lines: demand(text, 'criteria: [@C9.99]', 'checks:', `  ${check}`),
    fr: 'critère inconnu « C9.99 »',
    en: 'unknown criterion “C9.99”',
  },
  {
    what: 'criterion of another certificate',
    lines: demand(text, 'criteria: [@S5.1]', 'checks:', `  ${check}`),
    fr: "le critère S5.1 n'est évalué par aucune modalité",
    en: 'criterion S5.1 is evaluated by no modality',
  },
  {
    what: 'duplicate id',
    lines: ['  - id: @d01', '    text: Texte de ID', '    criteria: [C9.1]', '    checks:', `      ${check}`],
    fr: 'la demande « d01 » existe déjà (la 1ᵉ du sujet)',
    en: 'demand “d01” exists already (number 1)',
  },
  {
    what: 'demand without a check',
    lines: ['  - @id: ID', '    text: Texte de ID', '    criteria: [C9.1]'],
    fr: "n'a aucun contrôle",
    en: 'has no check',
  },
  {
    what: 'two checks under one hyphen',
    lines: withCheck(
      '- @{ linux.service: { on: web, name: nginx }, linux.package: { on: web, name: nginx } }',
    ),
    fr: 'un contrôle s’écrit',
    en: 'a check is written',
  },
  {
    what: 'unresolved placeholder',
    lines: withCheck('- linux.service: { on: web, name: @"{{servise}}" }'),
    fr: '{{servise}} ne désigne rien ; vouliez-vous dire {{service}}',
    en: '{{servise}} stands for nothing; did you mean {{service}}',
  },
  {
    what: 'range the wrong way round',
    head: true,
    lines: ['VARIABLE plage: { from: 9, to: @3 }'],
    fr: '« to » : il faut plus que « from »',
    en: '“to”: this takes more than “from”',
  },
  {
    what: 'bad drawn value',
    lines: withCheck('- linux.port: { on: web, port: @"{{porte}}" }'),
    fr: 'avec porte = 70000, « port » : il faut au plus 65535',
    en: 'with porte = 70000, “port”: this takes at most 65535',
  },
  {
    what: 'empty text',
    lines: demand('text: @""', criteria, 'checks:', `  ${check}`),
    fr: '« text » : il faut au moins 1 caractère',
    en: '“text”: this takes at least 1 character',
  },
  {
    what: 'three hints',
    lines: demand(text, criteria, 'hint: @[un, deux, trois]', 'checks:', `  ${check}`),
    fr: '« hint » : il faut',
    en: '“hint”: this takes',
  },
  {
    what: 'port out of range',
    lines: withCheck('- linux.port: { on: web, port: @80000 }'),
    fr: '« port » : il faut au plus 65535',
    en: '“port”: this takes at most 65535',
  },
  {
    what: 'a form that is not taken',
    lines: withCheck('- http.site: { on: web, path: @intranet }'),
    fr: '« path » :',
    en: '“path”:',
  },
  {
    what: 'an open brace',
    lines: [...withCheck('- linux.service: { on: web, name: nginx'), '    @question: Pourquoi ?'],
    fr: "l'indentation ne correspond pas",
    en: 'the indentation does not fit',
  },
  {
    what: 'a colon in a text',
    lines: demand('text: @Attention : voici', criteria, 'checks:', `  ${check}`),
    fr: 'une valeur imbriquée commence',
    en: 'a nested value starts',
  },
  {
    what: 'a wrong purpose',
    head: true,
    lines: ['purpose: @test'],
    fr: '« purpose » : il faut une valeur parmi training, examination',
    en: '“purpose”: this takes one of training, examination',
  },
]

const good = (id: string) => [
  '  - id: ' + id,
  '    text: "Texte de ' + id + ' {{service}} {{porte}}"',
  '    criteria: [C9.1]',
  '    checks:',
  '      - linux.service: { on: web, name: "{{service}}" }',
  '      - active-directory.ou: { on: dc, path: Ventes }',
]

/** An exam of 60 demands with these mistakes among them, and where each of them must be said. */
export function examWith(mistakes: readonly Planted[]): {
  text: string
  expected: { at: string; fr: string; en: string }[]
} {
  const headed = (what: string) => mistakes.find((one) => one.head && one.what === what)
  const lines: string[] = ['title: Sujet de soixante demandes']
  const places: { line: number; column: number; mistake: Planted }[] = []
  const put = (written: readonly string[], mistake: Planted | undefined, id: string) => {
    for (const line of written) {
      const column = line.indexOf('@')
      const whole = line.replace('@', '').replaceAll(/\bID\b/g, id)
      lines.push(whole)
      if (mistake && column >= 0) places.push({ line: lines.length, column: column + 1, mistake })
    }
  }
  const purpose = headed('a wrong purpose')
  put(purpose?.lines ?? ['purpose: training'], purpose, '')
  lines.push('referential: tp-01351-01', 'certificate: TITRE', 'roles:', '  web: linux', '  sw: switch')
  const kind = headed('kind of role')
  put(kind?.lines ?? ['  dc: windows'], kind, '')
  lines.push('variables:', '  service: nginx', '  porte: { among: [80, 70000] }')
  const range = headed('range the wrong way round')
  if (range)
    put(
      range.lines.map((line) => line.replace('VARIABLE', ' ')),
      range,
      '',
    )
  lines.push('demands:')
  const own = mistakes.filter((one) => !one.head)
  for (let i = 1; i <= 60; i++) {
    const id = `d${String(i).padStart(2, '0')}`
    // Spread out, the first demand always good.
    const mistake = i % 2 === 0 ? own[i / 2 - 1] : undefined
    put(mistake ? mistake.lines : good(id), mistake, id)
  }
  return {
    text: `${lines.join('\n')}\n`,
    expected: places.map(({ line, column, mistake: { fr, en } }) => ({
      at: `sujet.yaml:${line}:${column}: `,
      fr,
      en,
    })),
  }
}

export const errorsOf = (written: string) => {
  const { all, fr, en } = diagnosed(written)
  return all.flatMap(({ severity }, i) => (severity === 'error' ? [{ fr: fr[i]!, en: en[i]! }] : []))
}
