import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { agentVerbs } from '../../../agent/commands/verbs.ts'
import { serverVerbs } from '../../../server-verbs.ts'
import { folderForTests, run } from './probant.ts'

// An examination shows no hint, no expected value and no verdict to a candidate, whatever command is used. Whoever types
// has been given everything that a room has but a role on the server: the paper's file, the session, a run, the vault.

const folder = folderForTests()
const home = join(folder, 'home')
const exam = join(folder, 'sujet.yaml')
const session = join(folder, 'session.yaml')
const runs = join(folder, 'passages')
const produced = join(folder, 'produit')

const hints = /canari-indice/
const question = /canari-question/
const expected = /canari-attendu/
const verdicts = /constaté|observed as asked|\bpass\b|\bfail\b|[●✕]\s+(site|absent)/i

beforeAll(async () => {
  for (const path of [home, produced]) mkdirSync(path, { recursive: true })
  writeFileSync(join(folder, 'present'), 'canari-vu\n')
  writeFileSync(
    exam,
    `title: Examen
purpose: examination
referential: tp-01351-01
certificate: TITRE
roles: { web: linux }
demands:
  - id: site
    text: Le fichier demandé est en place.
    criteria: [C9.1]
    checks:
      - linux.file: { on: web, path: ${join(folder, 'present')}, contains: canari-attendu }
    question: canari-question
    hint: [canari-indice un, canari-indice deux]
  - id: absent
    text: L'autre aussi.
    criteria: [C9.1]
    checks:
      - linux.file: { on: web, path: ${join(folder, 'canari-attendu')} }
    hint: canari-indice
`,
  )
  writeFileSync(
    session,
    `exam: sujet.yaml
date: 2026-12-01
targets: { web: { address: 127.0.0.1, local: true } }
candidates: [{ code: C01, n: 1, seat: A1 }, { code: C02, n: 2, seat: A2 }]
`,
  )
  const { status, err } = await run(home, ['check', '--session', session, '--out', runs])
  expect([status, err]).toEqual([0, expect.any(String)])
}, 60_000)

const recorded = () => globSync('*.run.json', { cwd: runs }).map((path) => join(runs, path))

/** What each verb is given; what it exits with; null where it has nothing to do with an exam, a session or a run. */
const uses: Readonly<Record<string, (() => { args: readonly string[]; exit: number }[]) | null>> = {
  validate: () => [{ args: ['validate', exam, session], exit: 0 }],
  print: () => [
    { args: ['print', exam, '--session', session, '--candidate', 'C01'], exit: 0 },
    { args: ['print', exam, '--session', session, '--out', `${produced}/`, '--format', 'md'], exit: 0 },
    { args: ['print', exam, '--hints'], exit: 2 },
  ],
  'self-test': () =>
    [[], ['--here', 'web'], ['--hint', 'site'], ['--watch'], ['--json'], ['--history'], ['--lang', 'en']].map(
      (more) => ({
        args: ['self-test', exam, '--html', join(produced, 'page.html'), ...more],
        exit: 2,
      }),
    ),
  rehearse: () => [
    { args: ['rehearse', exam, '--session', session, '--handed-out', 'C01', '--model', 'C02'], exit: 2 },
    {
      args: ['rehearse', exam, '--session', session, '--handed-out', 'C01', '--model', 'C02', '--json'],
      exit: 2,
    },
  ],
  prepare: () => [{ args: ['prepare', '--session', session], exit: 0 }],
  preflight: () => [{ args: ['preflight', '--session', session], exit: 0 }],
  doctor: () => [{ args: ['doctor', 'web', '--session', session, '--candidate', 'C01'], exit: 0 }],
  check: () => [
    { args: ['check', '--session', session, '--out', join(folder, 'passages-2')], exit: 0 },
    ...['--json', '--html', '--junit'].map((report) => ({
      args: [
        'check',
        '--session',
        session,
        report,
        ...(report === '--json' ? [] : [join(produced, 'rapport')]),
      ],
      exit: 2,
    })),
  ],
  verify: () => [
    { args: ['verify', ...recorded()], exit: 0 },
    { args: ['verify', '--json', ...recorded()], exit: 0 },
  ],
  regrade: () => [
    { args: ['regrade', recorded()[0]!], exit: 0 },
    { args: ['regrade', '--json', recorded()[0]!], exit: 0 },
  ],
  // These bring files to a server, or keep one: roles are its own matter (test/server/access/matrix.test.ts).
  push: null,
  agent: null,
  deliver: null,
  serve: null,
  backup: null,
  restore: null,
  // An editor of the paper's file: it shows what stands there to whoever can read it there.
  add: null,
  init: null,
  schema: null,
  referential: null,
  catalogue: null,
  completion: null,
  vault: null,
  identities: null,
}

it('says of each verb what it may be given', () => {
  expect(Object.keys(uses).sort()).toEqual([...agentVerbs, ...serverVerbs].map(({ name }) => name).sort())
})

describe.each(Object.entries(uses).flatMap(([verb, given]) => (given ? [{ verb, given }] : [])))(
  'probant $verb',
  ({ given }) => {
    it('shows nothing of an examination that is not on the paper', { timeout: 90_000 }, async () => {
      for (const { args, exit } of given()) {
        const { status, out, err } = await run(home, args)
        expect([args, status, status === exit ? '' : err]).toEqual([args, exit, ''])
        for (const never of [hints, question, expected, verdicts])
          expect(out + err, args.join(' ')).not.toMatch(never)
      }
    })
  },
)

it('leaves nothing of it in a file but the findings of the runs, and no hint even there', () => {
  const left = globSync('**/*', {
    cwd: folder,
    withFileTypes: true,
    exclude: (entry) => entry.name === 'compiled',
  })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => ![exam, session].includes(path) && basename(path) !== 'present')
  expect(left.length).toBeGreaterThan(4)
  for (const path of left) {
    const text = readFileSync(path, 'latin1')
    expect(text, path).not.toMatch(hints)
    if (!path.endsWith('.run.json'))
      for (const never of [question, expected]) expect(text, path).not.toMatch(never)
  }
})
