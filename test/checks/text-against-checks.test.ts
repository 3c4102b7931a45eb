import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readExam, type Exam } from '../../checks/exam.ts'
import { textsAgainstChecks } from '../../checks/text-against-checks.ts'
import { sources, valid } from './exam-file.ts'

const head = valid.slice(0, valid.indexOf('demands:')).replace('sw: switch', 'sw: switch, f: linux')
const read = (demands: string, introduction = ''): Exam => {
  const text = `${head}${introduction}demands:\n${demands}`
  const { exam, diagnostics } = readExam('s.yaml', text, sources)
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return exam!
}
const demand = (id: string, text: string, check: string) =>
  `  - id: ${id}\n    text: ${JSON.stringify(text)}\n    criteria: [C9.1]\n    checks:\n      - ${check}\n`
const review = (exam: Exam) => {
  const { unsaid, contradictions } = textsAgainstChecks(exam, { n: 3, code: 'C03', seat: '' })
  return {
    unsaid: unsaid.map(({ value }) => value),
    contradictions: contradictions.map(({ said, expected }) => [said, expected]),
  }
}

it.each([
  ['a port', 'Le site répond sur le port 8080.', 'linux.port: { on: web, port: 8081 }', [['8080'], '8081']],
  [
    'a path',
    'Le dossier /srv/compta existe.',
    'linux.file: { on: f, path: /srv/ventes }',
    [['/srv/compta'], '/srv/ventes'],
  ],
  [
    'a mode',
    'Le dossier /srv/compta a les droits 2750.',
    'linux.file: { on: f, path: /srv/compta, mode: "2770" }',
    [['2750'], '2770'],
  ],
  [
    'an address',
    'Le nom web a l’adresse 10.0.3.21.',
    'dns.record: { on: dc, name: web, type: A, value: "10.0.{{n}}.20" }',
    [['10.0.3.21'], '10.0.3.20'],
  ],
  ['a VLAN', 'Créez les VLAN 10 et 20.', 'network.vlan: { on: sw, id: 30 }', [['10', '20'], '30']],
  [
    'a name',
    'Créez l’OU « Comptabilité ».',
    'active-directory.ou: { on: dc, path: Ventes }',
    [['Comptabilité'], 'Ventes'],
  ],
])('says %s that the text contradicts', (_what, text, check, contradiction) => {
  const found = review(read(demand('a', text, check)))
  expect(found.contradictions).toEqual([contradiction])
  expect(found.unsaid).toEqual([contradiction[1]])
})

it.each([
  ['in capitals', 'Installez NGINX.', 'linux.package: { on: web, name: nginx }'],
  [
    'with a typographic apostrophe',
    'L’OU « L’agence » existe.',
    `active-directory.ou: { on: dc, path: "L'agence" }`,
  ],
  [
    'a time as it is said',
    'La tâche sauve part chaque nuit à 2 h 30.',
    'linux.scheduled-task: { on: web, command: sauve, schedule: 30 2 * * * }',
  ],
  [
    'a path by its name',
    'La commande sauve part à 2 h 30.',
    'linux.scheduled-task: { on: web, command: /usr/local/bin/sauve, schedule: 30 2 * * * }',
  ],
  [
    'with the value of the candidate',
    'Le site répond sur le port {{n+8000}}.',
    'linux.port: { on: web, port: "{{n+8000}}" }',
  ],
  ['a word of the format', 'Le dossier /srv existe.', 'linux.file: { on: f, path: /srv, type: directory }'],
  ['what must not be', 'Aucun serveur Apache.', 'not: { linux.package: { on: web, name: apache2 } }'],
])('takes a value for said: %s', (_what, text, check) => {
  expect(review(read(demand('a', text, check)))).toEqual({ unsaid: [], contradictions: [] })
})

it('takes for said what the introduction and earlier demands say, and not later ones', () => {
  const check = 'linux.package: { on: web, name: nginx }'
  const other = 'network.reachable: { on: web }'
  expect(review(read(demand('a', 'Un serveur web.', check))).unsaid).toEqual(['nginx'])
  expect(
    review(read(demand('a', 'Un serveur web.', check), 'introduction: Tout est sous nginx.\n')).unsaid,
  ).toEqual([])
  expect(
    review(read(demand('z', 'Tout est sous nginx.', other) + demand('a', 'Un serveur web.', check))).unsaid,
  ).toEqual([])
  expect(
    review(read(demand('a', 'Un serveur web.', check) + demand('z', 'Tout est sous nginx.', other))).unsaid,
  ).toEqual(['nginx'])
})

it('finds no contradiction in an exam that was rehearsed', () => {
  const text = readFileSync(join(import.meta.dirname, '../../fixtures/exams/agence-lyon.yaml'), 'utf8')
  const found = review(readExam('s.yaml', text, sources).exam!)
  expect(found.contradictions).toEqual([])
  expect(found.unsaid).toContain('nginx-light')
  expect(found.unsaid.length).toBeLessThan(25)
})
