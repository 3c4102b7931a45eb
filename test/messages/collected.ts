import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from '@swc/core'

export const root = join(import.meta.dirname, '../..')

/** A sentence in the sources. What is filled in when it is said stands as `{…}`. */
export interface Message {
  readonly file: string
  readonly line: number
  readonly fr: string | null
  readonly en: string | null
  /** Whether somebody who reads it has to do something before going on. */
  readonly failure: boolean
}

type Tree = { readonly type?: string; readonly span?: { readonly start: number } } & Record<string, any>

/** Files whose every sentence is about something that went wrong. */
const failureFiles = new Set([
  'checks/yaml-words.ts',
  'checks/issue-words.ts',
  'agent/commands/system-reason.ts',
  'server/api/problem.ts',
  'probant.ts',
])
/** Classes of errors that are shown to people by the text they bring. */
const shown = /(?:Failure|Refused|CannotServe|CannotDo|WrongTarget)$/
/** Not shown as they are: what a transport says is the technical detail beside a cause, in one language, as tools say it. */
const technical = new Set(['TransportFailure', 'StepFailure', 'StatusFailure', 'FaultFailure'])
/** Functions that take the sentence that goes with a place in a file or a field of a form. */
const telling = new Set(['diagnose', 'wrong', 'mistake', 'refused'])
/** Properties that hold such sentences. */
const told = new Set(['problem', 'problems', 'params', 'wrong'])
/** Constants and functions that give one. */
const named = /problem|mistake|weak|cannot|refusal/i
/** Functions that make a sentence of its French and its English. */
const pairs = /^(?:sentence|wrong|problem)$/
/** Not the name of a field, which goes first in some calls. */
const isLiteral = (node: Tree): boolean =>
  ['StringLiteral', 'TemplateLiteral', 'BinaryExpression'].includes(node.type ?? '') &&
  written(node).includes(' ')
/** Keys of words that are no sentence, which are also the names of other things. */
const commonKeys = new Set(['session', 'exam', 'more', 'refused'])
/** A check's own sentences are findings; what it refuses of its parameters is in `params: { fr, en }`. */
const isCheck = (file: string): boolean => /^checks\/(?!exam\/|referential\/|evidence\/)[^/]+\//.test(file)

/** Every sentence of the product: whatever literal has both `fr` and `en`, or one where the other is missing. */
export function collectedMessages(): Message[] {
  const files = ['checks', 'agent', 'server', 'paper'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .map((path) => `${folder}/${String(path).replaceAll('\\', '/')}`)
      .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts')),
  )
  const read = [...files, 'probant.ts', 'server-verbs.ts', 'referentials.ts']
    .sort()
    .map((file) => sentencesOf(file, readFileSync(join(root, file), 'utf8')))
  // A form's page takes its sentences from a file of words, by their keys.
  const members = new Set(read.flatMap(({ file, members }) => (file.startsWith('server/') ? members : [])))
  return read.flatMap(({ file, sentences, names }) =>
    sentences.map(({ within, ...message }) => ({
      ...message,
      failure:
        message.failure ||
        (!isCheck(file) && within.some((name) => names.has(name) || named.test(name))) ||
        (file.startsWith('server/pages/') &&
          within.some((name) => members.has(name) && !commonKeys.has(name))),
    })),
  )
}

interface Sentences {
  readonly file: string
  readonly sentences: readonly (Message & { readonly within: readonly string[] })[]
  /** Constants and functions of the file, and keys of another's, that stand where the sentence of a failure belongs. */
  readonly names: ReadonlySet<string>
  readonly members: readonly string[]
}

function sentencesOf(file: string, source: string): Sentences {
  const ast = parseSync(source, { syntax: 'typescript', tsx: file.endsWith('.tsx'), target: 'esnext' })
  const bytes = Buffer.from(source)
  // The parser counts bytes over all the files that it has read in this process.
  const start = ((ast as unknown as Tree).span?.start ?? 1) - startOfCode(source)
  const lineAt = (offset: number) =>
    bytes
      .subarray(0, Math.max(0, offset - start))
      .toString()
      .split('\n').length
  const names = new Set<string>()
  const members = new Set<string>()
  const sentences: (Message & { within: readonly string[] })[] = []

  const walk = (node: unknown, failure: boolean, within: readonly string[]): void => {
    if (Array.isArray(node)) {
      for (const one of node) walk(one, failure, within)
      return
    }
    if (typeof node !== 'object' || node === null) return
    const tree = node as Tree
    let fails = failure
    let inside = within
    switch (tree.type) {
      case 'NewExpression': {
        const name = String(tree['callee'].value ?? '')
        fails = shown.test(name) && !technical.has(name)
        break
      }
      case 'CallExpression': {
        const name = String(tree['callee'].value ?? tree['callee'].property?.value ?? '')
        const said = (tree['arguments'] as Tree[]).map((one) => one['expression'] as Tree)
        if (pairs.test(name) && said.length >= 2 && said.slice(0, 2).every(isLiteral)) {
          const [fr, en] = said.map(written) as [string, string]
          const fails = failure || name !== 'sentence'
          sentences.push({ file, line: lineAt(tree.span!.start), fr, en, failure: fails, within })
          return
        }
        if (failure && tree['callee'].type === 'Identifier') names.add(name)
        fails = !isCheck(file) && (telling.has(name) || (failure && /^(?:joined|filled)$/.test(name)))
        break
      }
      case 'KeyValueProperty': {
        const key = String(tree['key'].value ?? '')
        inside = [...within, key]
        const value = tree['value'] as Tree
        const isText = value.type === 'ObjectExpression' && wordsOf(value, 'fr') !== null
        fails = (failure && key !== 'exit') || (told.has(key) && (isText || !isCheck(file)))
        break
      }
      case 'AssignmentExpression':
        fails ||= named.test(
          String(tree['left'].object?.value ?? tree['left'].expression?.object?.value ?? ''),
        )
        break
      case 'VariableDeclarator':
      case 'FunctionDeclaration':
        inside = [...within, String(tree['id']?.value ?? tree['identifier']?.value ?? '')]
        break
      case 'MemberExpression':
        if (failure) members.add(String(tree['property'].value ?? ''))
        return
      case 'Identifier':
        if (failure) names.add(String(tree['value']))
        return
      case 'ObjectExpression': {
        const [fr, en] = [wordsOf(tree, 'fr'), wordsOf(tree, 'en')]
        if (fr !== null || en !== null) {
          sentences.push({ file, line: lineAt(tree.span!.start), fr, en, failure: fails, within: inside })
          fails = false
        }
        break
      }
    }
    for (const [key, value] of Object.entries(tree)) if (key !== 'span') walk(value, fails, inside)
  }
  walk(ast['body'], failureFiles.has(file), [])
  return { file, sentences, names, members: [...members] }
}

/** The words of one language that an object literal holds; null where it has none. */
function wordsOf(object: Tree, lang: 'fr' | 'en'): string | null {
  for (const one of object['properties'] as Tree[]) {
    if (one.type === 'KeyValueProperty' && one['key'].value === lang) return written(one['value'] as Tree)
    if (one.type === 'Identifier' && one['value'] === lang) return `{${lang}}`
  }
  return null
}

/** Where the first token stands, past comments: the span of a module begins there. */
const startOfCode = (source: string): number =>
  Buffer.byteLength(/^(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/|#![^\n]*)*/.exec(source)?.[0] ?? '')

/** A literal as it is written, what is filled in as `{…}`; undefined words where it is no literal at all. */
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
