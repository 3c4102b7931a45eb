import { Document, isMap, isScalar, isSeq, parseDocument, stringify, type YAMLMap } from 'yaml'

/** What is to be added to an exam. */
export interface Addition {
  readonly checkId: string
  readonly params: Readonly<Record<string, unknown>>
  /** The demand that gets the check: one that is there, or a new one at the end. */
  readonly demand: { readonly id: string } | NewDemand
  /** Machines that the exam doesn't have yet, and their kinds. */
  readonly roles: Readonly<Record<string, string>>
}
export interface NewDemand {
  readonly id: string
  readonly text: string
  readonly criteria: readonly string[]
}

interface Insertion {
  readonly offset: number
  readonly text: string
}

/** No line of a check gets longer: its parameters then have a line each. */
const WIDEST = 118

/**
 * The exam's text with a check more, and machines where some are new. All that was there stays as it was, to the letter,
 * comments and spaces included; only a list in brackets that has to grow is written anew.
 * @param text an exam that was read without error.
 * @returns the new text, and the line (from 1) where the check stands.
 */
export function withCheck(text: string, addition: Addition): { text: string; line: number } {
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  const document = parseDocument(text, { keepSourceTokens: true })
  const root = document.contents
  if (!isMap(root)) return rewritten(document, addition)
  const insertions: Insertion[] = []
  if (Object.keys(addition.roles).length > 0) {
    const roles = root.get('roles')
    if (!isMap(roles) || roles.items.length === 0) return rewritten(document, addition)
    insertions.push(rolesInsertion(text, roles, addition.roles))
  }
  const check = checkInsertion(text, root, addition)
  if (!check) return rewritten(document, addition)
  insertions.push(check)
  let changed = text
  for (const { offset, text: more } of [...insertions].sort((a, b) => b.offset - a.offset))
    changed = changed.slice(0, offset) + more.replaceAll('\n', newline) + changed.slice(offset)
  return { text: changed, line: lineOf(changed, addition) }
}

function rolesInsertion(text: string, roles: YAMLMap, added: Addition['roles']): Insertion {
  const lines = Object.entries(added).map(([name, kind]) => `${name}: ${kind}`)
  if (roles.flow)
    return { offset: lastOffset(text, roles.items.at(-1)?.value), text: `, ${lines.join(', ')}` }
  const indent = ' '.repeat(columnOf(text, roles.range![0]))
  return after(
    text,
    roles.items.at(-1)?.value,
    lines.map((line) => `${indent}${line}`),
  )
}

/** Where the check goes and as what; null where lines can't simply be added. */
function checkInsertion(
  text: string,
  root: YAMLMap,
  { demand, checkId, params }: Addition,
): Insertion | null {
  const demands = root.get('demands')
  if (!isSeq(demands) || demands.flow || demands.items.length === 0) return null
  const call = { [checkId]: params }
  if ('text' in demand) {
    const indent = ' '.repeat(columnOf(text, demands.range![0]))
    const lines = newDemandLines(demand, call).map((line) => `${indent}${line}`)
    return after(text, demands.items.at(-1), spaced(text) ? ['', ...lines] : lines)
  }
  const found = demands.items.find((item) => isMap(item) && item.get('id') === demand.id)
  if (!isMap(found) || found.flow) return null
  const checks = found.get('checks')
  if (isSeq(checks)) {
    if (checks.flow || checks.items.length === 0) return null
    const indent = ' '.repeat(columnOf(text, checks.range![0]))
    return after(
      text,
      checks.items.at(-1),
      callLines(call).map((line) => `${indent}${line}`),
    )
  }
  const before = ['criteria', 'text', 'id'].flatMap((key) =>
    found.items.filter((pair) => isScalar(pair.key) && pair.key.value === key),
  )[0]
  const indent = ' '.repeat(columnOf(text, found.range![0]))
  return after(
    text,
    before?.value,
    ['checks:', ...callLines(call).map((line) => `  ${line}`)].map((line) => `${indent}${line}`),
  )
}

/** Whether the demands of this text are set apart by empty lines. */
const spaced = (text: string): boolean => /\n[ \t]*\r?\n[ \t]*(#.*\r?\n[ \t]*)*- /.test(text)

function newDemandLines({ id, text, criteria }: NewDemand, call: object): string[] {
  return [
    `- id: ${id}`,
    `  text: ${oneLine(text)}`,
    ...(criteria.length > 0 ? [`  criteria: [${criteria.join(', ')}]`] : []),
    '  checks:',
    ...callLines(call).map((line) => `    ${line}`),
  ]
}

/** A check as a list of checks holds it: on one line where it is short. */
function callLines(call: object): string[] {
  const [[id, params] = ['', {}]] = Object.entries(call) as [string, object][]
  const short = `- ${id}: ${inBraces(params)}`
  if (short.length <= WIDEST) return [short]
  return [`- ${id}:`, ...Object.entries(params).map(([name, value]) => `    ${name}: ${inBraces(value)}`)]
}

const oneLine = (value: unknown): string => stringify(value, { lineWidth: 0, blockQuote: false }).trimEnd()

/** A value on one line, in the braces and brackets that exams are written with: `{ on: web, groups: [compta] }`. */
function inBraces(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inBraces).join(', ')}]`
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([name, item]) => `${name}: ${inBraces(item)}`)
      .join(', ')} }`
  // Inside brackets more has to be quoted than elsewhere: the library knows what.
  const list = new Document([value])
  if (isSeq(list.contents)) list.contents.flow = true
  return list
    .toString({ lineWidth: 0, flowCollectionPadding: false, blockQuote: false })
    .trimEnd()
    .slice(1, -1)
}

const columnOf = (text: string, offset: number): number => offset - (text.lastIndexOf('\n', offset - 1) + 1)

/** Where the last thing that is written in a node ends: comments and empty lines after it belong to what follows. */
function lastOffset(text: string, node: unknown): number {
  if (isMap(node) && !node.flow && node.items.length > 0) {
    const { key, value } = node.items.at(-1)!
    return lastOffset(text, value ?? key)
  }
  if (isSeq(node) && !node.flow && node.items.length > 0) return lastOffset(text, node.items.at(-1))
  const range = (node as { range?: [number, number, number] } | undefined)?.range
  return text.slice(0, range?.[1] ?? 0).trimEnd().length
}

/** Lines of their own after the line on which a node ends. */
function after(text: string, node: unknown, lines: readonly string[]): Insertion {
  const end = text.indexOf('\n', lastOffset(text, node))
  return end < 0
    ? { offset: text.length, text: `\n${lines.join('\n')}` }
    : { offset: end + 1, text: `${lines.join('\n')}\n` }
}

/** Where lines can't be added between others: the document is written again, its comments kept. */
function rewritten(
  document: ReturnType<typeof parseDocument>,
  addition: Addition,
): { text: string; line: number } {
  const { demand, checkId, params } = addition
  for (const [name, kind] of Object.entries(addition.roles)) document.setIn(['roles', name], kind)
  const call = document.createNode({ [checkId]: params }, { flow: true })
  const demands = document.get('demands')
  if ('text' in demand)
    document.addIn(
      ['demands'],
      document.createNode({
        id: demand.id,
        text: demand.text,
        ...(demand.criteria.length > 0 ? { criteria: demand.criteria } : {}),
        checks: [{ [checkId]: params }],
      }),
    )
  else if (isSeq(demands)) {
    const place = demands.items.findIndex((item) => isMap(item) && item.get('id') === demand.id)
    if (document.hasIn(['demands', place, 'checks'])) document.addIn(['demands', place, 'checks'], call)
    else document.setIn(['demands', place, 'checks'], document.createNode([{ [checkId]: params }]))
  }
  const text = document.toString({ lineWidth: 0 })
  return { text, line: lineOf(text, addition) }
}

/** The line of the last check of a demand, as the text that holds it now has it. */
function lineOf(text: string, { demand }: Addition): number {
  const demands = parseDocument(text).get('demands')
  if (!isSeq(demands)) return 1
  const found = demands.items.find((item) => isMap(item) && item.get('id') === demand.id)
  const checks = isMap(found) ? found.get('checks') : undefined
  const last = isSeq(checks) ? checks.items.at(-1) : undefined
  const offset = isMap(last) ? (last.range?.[0] ?? 0) : 0
  return text.slice(0, offset).split('\n').length
}
