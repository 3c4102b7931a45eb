import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { parseSync } from '@swc/core'

export const root = join(import.meta.dirname, '../..')

/**
 * Where something stands in its file, from the outside in: `fn deliver > throw > new CommandFailure`. A declaration is
 * `fn NAME` or `var NAME:TYPE`, a call `f()` or `object.f()`, a key `.key`, an element `<p.class` and its attribute `@name`.
 */
export type Place = string

/** A sentence in the sources. What is filled in when it is said stands as `{…}`. */
export interface Sentence {
  readonly file: string
  readonly line: number
  readonly place: Place
  readonly fr: string | null
  readonly en: string | null
  /** Where what holds it is used: `file#name` or `file#name.key`, the nearest first. */
  readonly holders: readonly string[]
}

export interface Bare {
  readonly file: string
  readonly line: number
  readonly place: Place
  readonly words: string
}

export interface Sources {
  readonly sentences: readonly Sentence[]
  /** Words that are in one language only: a literal that is said, an error's message, text of a page. */
  readonly bare: readonly Bare[]
  readonly uses: ReadonlyMap<string, readonly Use[]>
}

interface Use {
  readonly file: string
  readonly place: Place
  readonly holders: readonly string[]
}

type Tree = { readonly type?: string; readonly span?: { readonly start: number } } & Record<string, any>

/** Functions that make a sentence of its French and its English. */
const pairs = /^(?:sentence|wrong|problem|ours|said)$/
/** Says what it is given, or an error with it; `say` is what takes a sentence's language. */
const saying =
  /^(?:terminal\.(?:out|err)|console\.\w+|process\.std(?:out|err)\.write|prompter\.\w+|status\.show)$/

export function readSources(): Sources {
  const files = ['checks', 'agent', 'server', 'paper'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .map((path) => `${folder}/${String(path).replaceAll('\\', '/')}`)
      .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts')),
  )
  const sentences: Sentence[] = []
  const bare: Bare[] = []
  const uses = new Map<string, Use[]>()
  for (const file of [...files, 'probant.ts', 'server-verbs.ts', 'referentials.ts'].sort())
    readFile(file, readFileSync(join(root, file), 'utf8'), { sentences, bare, uses })
  return { sentences, bare, uses }
}

function readFile(
  file: string,
  source: string,
  to: { sentences: Sentence[]; bare: Bare[]; uses: Map<string, Use[]> },
): void {
  const ast = parseSync(source, { syntax: 'typescript', tsx: file.endsWith('.tsx'), target: 'esnext' })
  const bytes = Buffer.from(source)
  // The parser counts bytes over all the files that it has read in this process.
  const start = ((ast as unknown as Tree).span?.start ?? 1) - startOfCode(source)
  const lineAt = (tree: Tree) =>
    bytes
      .subarray(0, Math.max(0, tree.span!.start - start))
      .toString()
      .split('\n').length
  const imported = importsOf(file, ast['body'] as Tree[])
  const nameOf = (local: string) => imported.get(local) ?? `${file}#${local}`
  const used = (name: string, use: Use) => to.uses.set(name, [...(to.uses.get(name) ?? []), use])

  const walk = (node: unknown, path: readonly string[], holders: readonly string[]): void => {
    if (Array.isArray(node)) {
      for (const one of node) walk(one, path, holders)
      return
    }
    if (typeof node !== 'object' || node === null) return
    const tree = node as Tree
    let inside = path
    let held = holders
    switch (tree.type) {
      case 'ImportDeclaration':
      case 'TsTypeAnnotation':
      case 'TsInterfaceDeclaration':
      case 'TsTypeAliasDeclaration':
        return
      case 'Identifier':
        used(nameOf(String(tree['value'])), { file, place: path.join(' > '), holders })
        return
      case 'MemberExpression': {
        const object = tree['object'] as Tree
        if (object.type === 'Identifier' && tree['property'].type === 'Identifier') {
          const [name, key] = [nameOf(String(object['value'])), String(tree['property'].value)]
          used(isLanguage(key) ? name : `${name}.${key}`, { file, place: path.join(' > '), holders })
        } else walk(object, path, holders)
        if (tree['property'].type === 'Computed') walk(tree['property'], [...path, '[]'], holders)
        return
      }
      case 'NewExpression':
        inside = [...path, `new ${String(tree['callee'].value ?? '?')}`]
        if (tree['callee'].value === 'Error') sayBare(tree, inside)
        break
      case 'CallExpression': {
        const name = calleeName(tree['callee'] as Tree)
        const given = (tree['arguments'] as Tree[]).map((one) => one['expression'] as Tree)
        inside = [...path, `${name}()`]
        if (saying.test(name)) sayBare(tree, inside)
        if (
          pairs.test(name) &&
          given.length >= 2 &&
          given.slice(0, 2).every(isSentence) &&
          (name === 'sentence' || given.slice(0, 2).every((one) => written(one).includes(' ')))
        ) {
          const [fr, en] = given.map(written) as [string, string]
          to.sentences.push({ file, line: lineAt(tree), place: inside.join(' > '), fr, en, holders })
        }
        walk(tree['callee'], [...path, 'called'], holders)
        walk(given, inside, holders)
        return
      }
      case 'KeyValueProperty': {
        const key = String(tree['key'].value ?? '[]')
        inside = [...path, `.${key}`]
        if (holders.length > 0 && /^(?:var|fn) /.test(path.at(-1) ?? ''))
          held = [`${holders[0]}.${key}`, ...holders]
        break
      }
      case 'MethodProperty':
      case 'ClassMethod':
      case 'PrivateMethod':
      case 'ClassProperty':
      case 'PrivateProperty':
        inside = [...path, `fn ${String(tree['key'].value ?? tree['key'].id?.value ?? '?')}`]
        break
      case 'VariableDeclarator':
      case 'FunctionDeclaration': {
        const name = tree['id']?.value ?? tree['identifier']?.value
        const type = tree['id']?.typeAnnotation?.typeAnnotation?.typeName?.value
        inside = [
          ...path,
          `${tree.type === 'FunctionDeclaration' ? 'fn' : 'var'} ${name ?? '{}'}${type ? `:${type}` : ''}`,
        ]
        if (name) held = [`${file}#${name}`, ...holders]
        if (tree.type === 'FunctionDeclaration') {
          walk(tree['params'], [...inside, 'params'], held)
          walk(tree['body'], inside, held)
        } else walk(tree['init'], inside, held)
        return
      }
      case 'CatchClause':
        inside = [...path, 'catch']
        break
      case 'ThrowStatement':
        inside = [...path, 'throw']
        break
      case 'AssignmentExpression': {
        const left = tree['left'] as Tree
        const name = leftName(left)
        walk(
          tree['right'],
          [...path, `= ${String(name)}`],
          left.type === 'Identifier' ? [nameOf(String(name)), ...holders] : holders,
        )
        return
      }
      case 'JSXElement':
        inside = [...path, `<${String(tree['opening'].name.value ?? '?')}${classOf(tree)}`]
        break
      case 'JSXAttribute':
        inside = [...path, `@${String(tree['name'].value)}`]
        break
      case 'JSXText':
        if (/\p{L}{2}/u.test(String(tree['value'])))
          to.bare.push({
            file,
            line: lineAt(tree),
            place: path.join(' > '),
            words: String(tree['value']).trim(),
          })
        return
      case 'ObjectExpression': {
        const [fr, en] = [wordsOf(tree, 'fr'), wordsOf(tree, 'en')]
        // The schema of a sentence is none.
        if ((fr === null && en === null) || /z\.\w+\(\)$/.test(path.at(-1) ?? '')) break
        to.sentences.push({ file, line: lineAt(tree), place: path.join(' > '), fr, en, holders })
        inside = [...path, 'in a sentence']
        break
      }
    }
    for (const [key, value] of Object.entries(tree)) if (key !== 'span') walk(value, inside, held)
  }
  const sayBare = (tree: Tree, path: readonly string[]) => {
    for (const { expression } of (tree['arguments'] ?? []) as Tree[]) {
      const words = written(expression as Tree)
      if (/\p{L}{2}/u.test(words.replaceAll(/\{[^}]*\}/g, '')))
        to.bare.push({ file, line: lineAt(tree), place: path.join(' > '), words })
    }
  }
  walk(ast['body'], [], [])
}

/** `x`, `x.key`, or `x` of what is set under a computed key of it. */
function leftName(left: Tree): string {
  const name = (node: Tree | undefined) => String(node?.['value'] ?? node?.['expression']?.value ?? '?')
  if (left.type !== 'MemberExpression') return name(left)
  const [object, property] = [left['object'] as Tree, left['property'] as Tree]
  return property.type === 'Computed' ? name(object) : `${name(object)}.${name(property)}`
}

/** What each local name stands for that comes from another file of ours. */
function importsOf(file: string, body: readonly Tree[]): Map<string, string> {
  const names = new Map<string, string>()
  for (const one of body) {
    if (one.type !== 'ImportDeclaration' || !String(one['source'].value).startsWith('.')) continue
    const from = posix.join(dirname(file), String(one['source'].value))
    for (const { local, imported } of one['specifiers'] as Tree[])
      names.set(String(local.value), `${from}#${String(imported?.value ?? local.value)}`)
  }
  return names
}

function calleeName(callee: Tree): string {
  if (callee.type === 'Identifier') return String(callee['value'])
  if (callee.type !== 'MemberExpression') return '?'
  const object = callee['object'] as Tree
  const of = object.type === 'MemberExpression' ? calleeName(object) : String(object['value'] ?? '')
  return `${of}.${String(callee['property'].value ?? callee['property'].id?.value ?? '?')}`
}

const classOf = (element: Tree): string => {
  for (const one of element['opening'].attributes as Tree[])
    if (one['name']?.value === 'class' && one['value']?.type === 'StringLiteral')
      return `.${String(one['value'].value).replaceAll(' ', '.')}`
  return ''
}

/** Not the name of a field, which goes first in some calls. */
const isSentence = (node: Tree): boolean =>
  ['StringLiteral', 'TemplateLiteral', 'BinaryExpression'].includes(node.type ?? '')

/** The words of one language that an object literal holds; null where it has none. */
function wordsOf(object: Tree, lang: 'fr' | 'en'): string | null {
  for (const one of object['properties'] as Tree[]) {
    if (one.type === 'KeyValueProperty' && one['key'].value === lang) return written(one['value'] as Tree)
    if (one.type === 'Identifier' && one['value'] === lang) return `{${lang}}`
  }
  return null
}

const isLanguage = (key: string): boolean => key === 'fr' || key === 'en'

/** Where the first token stands, past comments: the span of a module begins there. */
const startOfCode = (source: string): number =>
  Buffer.byteLength(/^(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/|#![^\n]*)*/.exec(source)?.[0] ?? '')

/** A literal as it is written, what is filled in as `{…}`. */
function written(node: Tree): string {
  switch (node.type) {
    case 'StringLiteral':
      return String(node['value'])
    case 'TemplateLiteral':
      return (node['quasis'] as Tree[])
        .map((quasi, i) => {
          const hole = (node['expressions'] as Tree[])[i]
          return String(quasi['cooked']) + (hole ? holeOf(hole) : '')
        })
        .join('')
    case 'BinaryExpression':
      return written(node['left'] as Tree) + written(node['right'] as Tree)
    case 'ConditionalExpression':
      return `${written(node['consequent'] as Tree)}|${written(node['alternate'] as Tree)}`
    case 'ParenthesisExpression':
      return written(node['expression'] as Tree)
    default:
      return holeOf(node)
  }
}

const holeOf = (node: Tree): string => {
  if (node.type === 'Identifier') return `{${String(node['value'])}}`
  if (node.type === 'MemberExpression' && node['property'].type === 'Identifier')
    return `{${String(node['property'].value)}}`
  if (node.type === 'ConditionalExpression') return `{${written(node)}}`
  return '{…}'
}
