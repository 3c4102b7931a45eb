import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'

// docs/fr/ecrire-un-controle.md, followed to the letter in a copy of the tree: the comment before each block says what
// whoever reads the page does with it.

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/fr/ecrire-un-controle.md'), 'utf8')
const blocks = [...page.matchAll(/<!-- ([^>]+?) -->\n\n```\w+\n([\s\S]*?)```/g)].map(
  ([, what = '', text = '']) => ({ what, text }),
)
let copy: string

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'probant-write-a-check-'))
  const left = new Set(['node_modules', '.git', 'dist', 'artefacts'].map((name) => join(root, name)))
  cpSync(root, copy, { recursive: true, filter: (path) => !left.has(path) })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

/** What somebody does at this block of the page; gives what the commands print. */
async function follow({ what, text }: { what: string; text: string }): Promise<string> {
  const [, act = '', file = '', where = ''] = /^([^:]+?)(?: : ([^,]+?)(?:, avant : (.+))?)?$/.exec(what) ?? []
  switch (act) {
    case 'fichier':
      writeFileSync(join(copy, file), text, { flag: 'wx' })
      return ''
    case 'en tête de':
      edit(file, (before) => text + before)
      return ''
    case 'dans':
      edit(file, (before) => before.replace(new RegExp(`^ *${where}$`, 'm'), (line) => `${text}${line}`))
      return ''
    case 'à la fin de la liste de':
      edit(file, (before) => before.replace(/\]\n$/, `${text}]\n`))
      return ''
    case 'commande':
      return run(text)
    default:
      throw new Error(`nothing says what to do with: ${what}`)
  }
}

function edit(file: string, change: (before: string) => string): void {
  const path = join(copy, file)
  const before = readFileSync(path, 'utf8')
  const after = change(before)
  if (after === before) throw new Error(`${file} has no such place`)
  writeFileSync(path, after)
}

/** Types the lines of a block. The lab that `npm run record` would start is the one that this test runs in. */
async function run(lines: string): Promise<string> {
  const line = lines.replace('npm run record --', 'node fixtures/observations/record.ts')
  const path = `${join(copy, 'node_modules', '.bin')}:${process.env['PATH']}`
  const { stdout, stderr } = await promisify(execFile)('sh', ['-e', '-c', line], {
    cwd: copy,
    env: { ...process.env, PATH: path, NO_COLOR: '1', LANG: 'fr_FR.UTF-8' },
    maxBuffer: 16 * 1024 * 1024,
  })
  return stdout + stderr
}

it('adds a check, proves it on the real machine, and can be seen to fail', async () => {
  const printed: string[] = []
  const isExam = ({ what }: { what: string }) => what === 'sujet'
  for (const block of blocks.filter((one) => !isExam(one))) printed.push(await follow(block))
  const [catalogue = '', , tests = ''] = printed.filter((text) => text !== '')
  expect(catalogue).toContain('linux.kernel-parameter')
  expect(catalogue).toContain('valeur attendue, entre guillemets')
  // Three recordings in two languages, each judged and each spoiled in eight ways.
  expect(Number(/Tests\s+(\d+) passed/.exec(tests)?.[1])).toBeGreaterThan(30)

  const demand = blocks.find(isExam)!.text
  const exam = join(copy, 'sujet.yaml')
  writeFileSync(
    exam,
    `title: Essai\npurpose: training\nreferential: tp-01351-01\ncertificate: TITRE\nroles: { web: linux }\ndemands:\n${demand}`,
  )
  expect(await run(`npx probant validate ${exam.split(sep).join('/')}`)).not.toMatch(/:\d+:\d+:/)

  edit('checks/linux/kernel-parameter.ts', (before) =>
    before.replace('numbers(found) === numbers(value)', 'numbers(found) !== numbers(value)'),
  )
  const red = await run(blocks.filter(({ what }) => what === 'commande').at(-1)!.text).then(
    () => 'green',
    (error: { stdout: string }) => error.stdout,
  )
  expect(red).toMatch(/Tests\s+.*failed/)
})
