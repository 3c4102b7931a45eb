/**
 * `node test/browser/pictures-editor.ts`, by hand: takes docs/images/editor*.png again. It shows the editor component of
 * VS Code (monaco-editor) with the YAML language service that its extension « YAML » of Red Hat uses (monaco-yaml), fed
 * with an exam of `probant init` and its schema. Both come from npm into a temporary folder, with scripts off; they are
 * no dependencies of the project, and nothing else is downloaded.
 */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { rolldown } from 'rolldown'
import { EXAM_FILE, startingFiles } from '../../agent/authoring/starting-files.ts'
import { readReferentials } from '../../referentials.ts'
import { launch } from './browser.ts'

const packages = ['monaco-editor@0.52.2', 'monaco-yaml@5.3.1']
const pictures = resolve(import.meta.dirname, '../../docs/images')

const page = `<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="main.css">
<style>html,body,#editor{margin:0;height:100%}</style><div id="editor"></div><script type="module" src="main.js"></script>`

const main = `import * as monaco from 'monaco-editor'
import { configureMonacoYaml } from 'monaco-yaml'
window.MonacoEnvironment = {
  getWorker: (_id, label) => new Worker(label === 'yaml' ? 'yaml.js' : 'editor.js', { type: 'module' }),
}
const { text, name } = await (await fetch('exam.json')).json()
// The schema is found as VS Code finds it: by the first line of the exam.
configureMonacoYaml(monaco, { enableSchemaRequest: true })
const model = monaco.editor.createModel(text, 'yaml', monaco.Uri.parse('file:///' + name))
window.editor = monaco.editor.create(document.getElementById('editor'), {
  model, theme: 'vs', fontSize: 14, minimap: { enabled: false }, scrollBeyondLastLine: false, wordWrap: 'off',
  tabSize: 2, fixedOverflowWidgets: true, quickSuggestions: { other: true, comments: false, strings: true },
  suggest: { showWords: false, showStatusBar: false, preview: false },
})
window.marks = () => monaco.editor.getModelMarkers({ resource: model.uri }).map(({ message }) => message)
`

/** A page reads no file: what the first line of the exam leads to, `file:///exam.schema.json`, is asked of the site. */
const asksTheSite = `const asked = globalThis.fetch
globalThis.fetch = (uri, ...more) => asked(String(uri).startsWith('file:') ? '/exam.schema.json' : uri, ...more)`

/** The editor in a page of its own, on loopback. */
async function bundled(folder: string): Promise<void> {
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--silent', ...packages], {
    cwd: folder,
    stdio: 'inherit',
  })
  writeFileSync(join(folder, 'main.ts'), main)
  const ways: [string, string][] = [
    ['main', join(folder, 'main.ts')],
    ['editor', join(folder, 'node_modules/monaco-editor/esm/vs/editor/editor.worker.js')],
    ['yaml', join(folder, 'node_modules/monaco-yaml/yaml.worker.js')],
  ]
  // The style sheets are joined apart: the editor imports one for each of its parts.
  const sheets: string[] = []
  for (const [name, input] of ways) {
    const bundle = await rolldown({
      input: { [name]: input },
      platform: 'browser',
      cwd: folder,
      plugins: [
        {
          name: 'sheets',
          load(id) {
            if (extname(id) !== '.css') return null
            sheets.push(withIcons(readFileSync(id, 'utf8'), id))
            return { code: '', moduleType: 'js' }
          },
        },
      ],
    })
    await bundle.write({
      file: join(folder, 'site', `${name}.js`),
      banner: name === 'yaml' ? asksTheSite : '',
      format: 'esm',
      codeSplitting: false,
    })
    await bundle.close()
  }
  writeFileSync(join(folder, 'site', 'main.css'), sheets.join('\n'))
  writeFileSync(join(folder, 'site', 'index.html'), page)
}

/** The font of the icons goes into the sheet itself. */
const withIcons = (sheet: string, id: string): string =>
  sheet.replaceAll(/url\((\.[^)]+\.ttf)\)/g, (_whole, file: string) => {
    const font = readFileSync(resolve(id, '..', file)).toString('base64')
    return `url(data:font/ttf;base64,${font})`
  })

const types: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.html': 'text/html',
  '.json': 'application/json',
}

async function served(folder: string): Promise<{ url: string; close: () => void }> {
  const server = createServer((request, response) => {
    const name = /^\/([a-z.]+\.(?:js|css|json))$/.exec(request.url ?? '')?.[1] ?? 'index.html'
    response.setHeader('Content-Type', `${types[extname(name)]}; charset=utf-8`)
    response.end(readFileSync(join(folder, name)))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => server.close() }
}

/** Puts the cursor after the first line that ends so, types, and waits for what `ready` finds in the page. */
async function typed(editor: Page, after: string, text: string): Promise<void> {
  await editor.evaluate((end) => {
    // The page puts its editor there.
    const { editor: one } = globalThis as unknown as { editor: Editor }
    const lines = one.getModel().getLinesContent()
    const line = lines.findIndex((content) => content.endsWith(end)) + 1
    one.setPosition({ lineNumber: line, column: (lines[line - 1] ?? '').length + 1 })
    one.revealLineInCenter(line)
    one.focus()
  }, after)
  await editor.keyboard.type(text)
}
interface Editor {
  getModel(): { getLinesContent(): string[] }
  setPosition(position: { lineNumber: number; column: number }): void
  revealLineInCenter(line: number): void
  focus(): void
  trigger(source: string, command: string, payload: object): void
}
const suggest = (editor: Page) =>
  editor.evaluate(() => {
    ;(globalThis as unknown as { editor: Editor }).editor.trigger(
      'picture',
      'editor.action.triggerSuggest',
      {},
    )
  })

const folder = mkdtempSync(join(tmpdir(), 'probant-editor-'))
const referential = [...(await readReferentials()).values()].at(-1)!
const files = startingFiles(
  { referential, certificate: 'CCS1', firstSteps: null },
  { purpose: 'training', date: '2026-12-01', lang: 'fr' },
)
const textOf = (name: string) => files.find((file) => file.name === name)!.text
try {
  mkdirSync(join(folder, 'site'))
  mkdirSync(pictures, { recursive: true })
  await bundled(folder)
  // One mistake that everybody makes once: a word where a list belongs.
  const exam = textOf(EXAM_FILE).replace('mode: "2770"', 'mod: "2770"')
  writeFileSync(join(folder, 'site', 'exam.json'), JSON.stringify({ name: EXAM_FILE, text: exam }))
  writeFileSync(join(folder, 'site', 'exam.schema.json'), textOf('exam.schema.json'))
  const site = await served(join(folder, 'site'))
  const browser = await launch()
  try {
    const editor = await browser.newPage({
      viewport: { width: 1100, height: 560 },
      locale: 'fr-FR',
      deviceScaleFactor: 1.5,
    })
    editor.on('pageerror', (error) => process.stderr.write(`${error.message}\n`))
    await editor.goto(site.url)
    // The mistake is underlined once the language service has read the file.
    await editor.waitForFunction(
      () =>
        document.querySelector('.squiggly-error, .squiggly-warning') !== null ||
        (globalThis as unknown as { marks?: () => string[] }).marks?.().length,
      undefined,
      { timeout: 120_000 },
    )
    process.stderr.write(
      `${String(await editor.evaluate(() => (globalThis as unknown as { marks: () => string[] }).marks().join('\n')))}\n`,
    )
    await typed(editor, 'group: compta }', '\n- linux.')
    await suggest(editor)
    await editor.locator('.suggest-widget .monaco-list-row').first().waitFor({ timeout: 40_000 })
    await editor
      .locator('.suggest-widget .monaco-list-row', { hasText: 'linux.service' })
      .first()
      .waitFor({ timeout: 40_000 })
    await editor.screenshot({ path: join(pictures, 'editor.png') })
  } finally {
    await browser.close()
    site.close()
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
