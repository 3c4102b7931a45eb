import { execFile, execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { agentVerbs } from '../../agent/commands/verbs.ts'
import type { Verb } from '../../agent/commands/verb.ts'
import { serverVerbs } from '../../server-verbs.ts'
import { root } from './sources.ts'

type Lang = 'fr' | 'en'
const folder = mkdtempSync(join(tmpdir(), 'probant-wrong-'))
let built: string

beforeAll(() => {
  // Inside the checkout, to find its packages.
  mkdirSync(join(root, 'artefacts'), { recursive: true })
  built = mkdtempSync(join(root, 'artefacts', 'wrong-uses-'))
  execFileSync(process.execPath, [join(root, 'build.ts'), built], { cwd: root, stdio: 'pipe' })

  mkdirSync(join(folder, 'dossier'))
  writeFileSync(join(folder, 'vide.yaml'), '')
  writeFileSync(
    join(folder, 'binaire.yaml'),
    Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 131) % 256)),
  )
  writeFileSync(join(folder, 'enorme.yaml'), `title: ${'x'.repeat(3_000_000)}\n`)
  writeFileSync(join(folder, 'casse.yaml'), 'title: [Sujet\n\troles: { web: linux\n: - }\n')
  writeFileSync(join(folder, 'illisible.yaml'), 'title: Sujet\n')
  chmodSync(join(folder, 'illisible.yaml'), 0)
}, 60_000)
afterAll(() => {
  rmSync(built, { recursive: true, force: true })
  rmSync(folder, { recursive: true, force: true })
})

interface Said {
  readonly line: string
  readonly status: number | null
  readonly text: string
}
function probant(lang: Lang, args: readonly string[]): Promise<Said> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    PROBANT_HOME: join(folder, 'maison'),
    PROBANT_LANG: lang,
    PROBANT_TOKEN: 'jeton',
    PROBANT_ENROL_CODE: 'code',
    PROBANT_VAULT_PASSPHRASE: 'phrase',
  }
  return new Promise((resolve) => {
    const line = `${lang}: probant ${args.join(' ')}`
    const child = execFile(
      process.execPath,
      [join(built, 'probant.js'), ...args],
      { cwd: folder, env, timeout: 20_000 },
      (error, out, err) => {
        const status = error === null ? 0 : typeof error.code === 'number' ? error.code : null
        resolve({ line, status, text: `${out}${err}` })
      },
    )
    child.stdin?.end()
  })
}

/** Two at a time: the machine has other things to do. */
async function allOf(uses: readonly (readonly [Lang, readonly string[]])[]): Promise<Said[]> {
  const left = [...uses]
  const said: Said[] = []
  const worker = async () => {
    for (let next = left.shift(); next; next = left.shift()) said.push(await probant(...next))
  }
  await Promise.all([worker(), worker()])
  return said
}

/** What is true of every answer to a wrong use: it ends with 2, in a few sentences, and shows nothing of its inside. */
function expectSentences(said: readonly Said[]): void {
  for (const { line, status, text } of said) {
    const shown = `${line}\n${text.slice(0, 2000)}`
    expect.soft(status, shown).toBe(2)
    expect.soft(text.trim(), shown).not.toBe('')
    expect.soft(text, shown).not.toMatch(/^\s+at /m)
    expect
      .soft(text, shown)
      .not.toMatch(/node:|undefined|\[object|Error:|erreur interne|internal error|\bnull\b/)
    expect.soft(text.split('\n').length, shown).toBeLessThan(30)
    expect.soft(Math.max(...text.split('\n').map((one) => one.length)), shown).toBeLessThan(1000)
  }
}

/** Whether an answer is in that language, as far as its most common words tell; in French none of commander's English. */
const isIn = (lang: Lang, text: string): boolean => {
  const french = /(?<!\p{L})(?:le|la|les|un|une|de|des|ce|cette|est|donnez|fichier|il|voyez)(?!\p{L})/iu.test(
    text,
  )
  const english = /\b(?:the|this|is|no|give|not|with|error|unknown|missing|required|invalid)\b/i.test(text)
  return lang === 'fr' ? french && !english : english && !french
}

const flat = (verbs: readonly Verb[], before: readonly string[] = []): { path: string[]; verb: Verb }[] =>
  verbs.flatMap((verb) => [
    ...(verb.run ? [{ path: [...before, verb.name], verb }] : []),
    ...flat(verb.verbs ?? [], [...before, verb.name]),
  ])
const verbs = flat([...agentVerbs, ...serverVerbs])
const languages: readonly Lang[] = ['fr', 'en']

describe('a wrong use is answered by a sentence', { timeout: 300_000 }, () => {
  it('an option that no verb has', async () => {
    const said = await allOf(
      verbs.flatMap(({ path }, i) => [[languages[i % 2]!, [...path, '--sans-pareille']] as const]),
    )
    expectSentences(said)
    // A verb that also lacks something it needs may say that first.
    for (const { text, line } of said) expect.soft(text, line).toMatch(/--sans-pareille|il manque|is missing/)
    for (const { text, line } of said) {
      expect.soft(text, line).toContain('--help')
      expect.soft(isIn(line.slice(0, 2) as Lang, text), `${line}\n${text}`).toBe(true)
    }
  })

  it('a verb that does not exist, one that is nearly right, none at all', async () => {
    const wrong = [['abracadabra'], ['chek'], ['vault', 'abracadabra'], []]
    expectSentences(
      (await allOf(languages.flatMap((lang) => wrong.map((args) => [lang, args] as const)))).filter(
        ({ line }) => !line.endsWith('probant '), // shows the help, which is long
      ),
    )
  })

  it('without what the verb needs', async () => {
    const needing = verbs.filter(
      ({ verb }) =>
        verb.options?.some(({ required }) => required) ||
        verb.arguments?.some(({ name }) => name.startsWith('<')),
    )
    expect(needing.length).toBeGreaterThan(10)
    expectSentences(await allOf(needing.map(({ path }, i) => [languages[i % 2]!, path] as const)))
  })

  /** Every verb that reads a file, with the place of the file as FILE. */
  const reading: Readonly<Record<string, readonly string[]>> = {
    validate: ['FILE'],
    check: ['--session', 'FILE'],
    preflight: ['--session', 'FILE'],
    prepare: ['--session', 'FILE'],
    push: ['--session', 'FILE', '--server', 'http://127.0.0.1:1/'],
    doctor: ['web', '--session', 'FILE'],
    print: ['FILE'],
    rehearse: ['FILE', '--session', 'FILE'],
    'self-test': ['FILE', '--here', 'web'],
    add: ['linux.service', 'name=nginx', '--to', 'FILE'],
    regrade: ['FILE'],
    verify: ['FILE'],
    deliver: ['FILE', '--server', 'http://127.0.0.1:1/'],
    restore: ['FILE'],
    serve: ['--tls-cert', 'FILE', '--tls-key', 'FILE', '--port', '0'],
  }
  const files = ['absent.yaml', 'dossier', 'vide.yaml', 'binaire.yaml', 'enorme.yaml', 'casse.yaml']
  // Root reads everything.
  const isRoot = process.getuid?.() === 0
  it.skipIf(isRoot)('a file that may not be read (skipped for root, who may)', async () => {
    expectSentences(
      await allOf(
        Object.entries(reading).map(([verb, args]) => [
          'fr',
          [verb, ...args.map((arg) => (arg === 'FILE' ? 'illisible.yaml' : arg))],
        ]),
      ),
    )
  })

  it.each(Object.keys(reading))(
    '%s, of a file that is absent, a folder, empty, binary, huge, or broken',
    async (verb) => {
      const line = (given: readonly string[]) => [
        verb,
        ...reading[verb]!.flatMap((arg) => (arg === 'FILE' ? given : [arg])),
      ]
      // What takes many files is started once for all of them, and has to say something of each.
      const takesMany = verbs.some(
        ({ path, verb: { arguments: taken = [] } }) =>
          path.join(' ') === verb && taken.some(({ name }) => /^<.*\.\.\.>$/.test(name)),
      )
      const [absent, ...others] = files
      const calls = takesMany ? [others] : others.map((file) => [file])
      const said = await allOf([
        ['en', line([absent!])],
        ...calls.map((given) => ['fr', line(given)] as const),
      ])
      expectSentences(said)
      const all = said.map(({ text }) => text).join('')
      if (takesMany) for (const file of others) expect.soft(all).toContain(file)
      for (const { text, line } of said)
        expect.soft(isIn(line.slice(0, 2) as Lang, text), `${line}\n${text}`).toBe(true)
    },
  )
})
