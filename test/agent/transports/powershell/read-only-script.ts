import { createRequire } from 'node:module'
import { Language, Parser, type Node } from 'web-tree-sitter'
import type { Reading } from './reading-commands.ts'

/** Why a script is not taken, and where: counted from 1. */
export interface Refusal {
  readonly line: number
  readonly column: number
  readonly why: string
}

let parser: Promise<Parser> | undefined

function powershellParser(): Promise<Parser> {
  parser ??= (async () => {
    await Parser.init()
    const wasm = createRequire(import.meta.url).resolve('tree-sitter-powershell/tree-sitter-powershell.wasm')
    const parsing = new Parser()
    parsing.setLanguage(await Language.load(wasm))
    return parsing
  })()
  return parser
}

/** Everything in a script that is not known to be reading only; empty where it is proved to be. */
export async function refusalsIn(text: string, reading: Reading): Promise<Refusal[]> {
  const tree = (await powershellParser()).parse(text)
  if (!tree) throw new Error('the parser gave nothing')
  try {
    return new Proof(tree.rootNode, text, reading).refusals
  } finally {
    tree.delete()
  }
}

/** The grammar's words that say nothing by themselves; any other (class, using, trap, configuration …) is refused. */
const harmless = new Set(
  (
    'additive_argument_expression additive_expression argument_expression argument_expression_list argument_list ' +
    'array_expression array_literal_expression array_type_name assignement_operator assignment_expression attribute ' +
    'attribute_list bitwise_argument_expression bitwise_expression braced_variable cast_expression catch_clause catch_clauses ' +
    'catch_type_list command command_argument_sep command_elements command_invokation_operator command_name ' +
    'command_name_expr command_parameter comment comparison_argument_expression comparison_expression ' +
    'comparison_operator decimal_integer_literal dimension do_statement element_access else_clause elseif_clause ' +
    'elseif_clauses empty_statement expandable_string_literal expression_with_unary_operator finally_clause ' +
    'flow_control_statement for_condition for_initializer for_iterator for_statement foreach_statement ' +
    'format_argument_expression format_expression format_operator function_name function_parameter_declaration ' +
    'function_statement generic_token hash_entry hash_literal_body hash_literal_expression ' +
    'hexadecimal_integer_literal if_statement integer_literal invokation_expression key_expression ' +
    'left_assignment_expression logical_argument_expression logical_expression member_access member_name ' +
    'multiplicative_argument_expression multiplicative_expression param_block parameter_list ' +
    'parenthesized_expression path_command_name path_command_name_token pipeline pipeline_chain ' +
    'post_decrement_expression post_increment_expression pre_decrement_expression pre_increment_expression program ' +
    'range_argument_expression range_expression real_literal script_block script_block_body script_block_expression ' +
    'script_parameter script_parameter_default simple_name statement_block statement_list string_literal ' +
    'sub_expression switch_body switch_clause switch_clause_condition switch_clauses switch_condition ' +
    'switch_statement try_statement type_identifier type_literal type_name type_spec unary_expression variable ' +
    'verbatim_string_characters while_condition while_statement'
  ).split(' '),
)

/** Parameters that hold a query, which no text of anybody's may be put into. */
const queries = ['filter', 'query', 'ldapfilter', 'filterxpath', 'filterxml']
/** Parameters by which a command that reads would write or repair, or run a text, in full or cut short. */
const writing = ['repair', 'outfile', 'logpath', 'filepath', 'outputpath', 'destination', 'encodedcommand']
/** Methods that change a list of the script's own, or of a request that it is about to send. */
const collecting = new Set([
  'Add',
  'AddRange',
  'Append',
  'Clear',
  'Insert',
  'Push',
  'Enqueue',
  'Dequeue',
  'Sort',
  'Reverse',
])
const collections = ['Collections.ArrayList', 'Collections.Queue', 'Text.StringBuilder']
/** Lists of an asking object. */
const requestLists = new Set(['attributes', 'controls', 'propertiestoload'])
const comparisons =
  /^(property|value|c?(eq|ne|gt|ge|lt|le|like|match|contains|in|notin|notlike|notmatch|is|isnot))$/

class Proof {
  readonly refusals: Refusal[] = []
  readonly #reading: Reading
  readonly #root: Node
  /** What each variable is given anywhere in the script; null where that is not written out (a parameter, a loop). */
  readonly #given = new Map<string, (Node | null)[]>()
  readonly #functions = new Map<string, Node>()
  readonly #splatted = new Set<string>()

  constructor(root: Node, text: string, reading: Reading) {
    this.#reading = reading
    this.#root = root
    if (root.hasError) for (const node of all(root)) this.#broken(node)
    for (const node of all(root)) this.#note(node)
    for (const node of all(root)) this.#look(node)
    this.#form(root, text)
  }

  #refuse(node: Node, why: string): void {
    const { row, column } = node.startPosition
    this.refusals.push({ line: row + 1, column: column + 1, why })
  }

  #broken(node: Node): void {
    if (node.isMissing) this.#refuse(node, `there is no ${node.type} where one belongs`)
    else if (node.isError) this.#refuse(node, 'this is no PowerShell')
  }

  /** How each script begins. */
  #form(root: Node, text: string): void {
    if (!text.startsWith('# ') && !this.#reading.runsText) this.#refuse(root, 'no comment says what it reads')
    if (this.#reading.runsText) return
    const parameters = root
      .descendantsOfType('param_block')
      .find((block) => block?.parent?.type === 'program')
    const names = parameters?.descendantsOfType('variable').map((variable) => variable?.text) ?? []
    if (names.join() !== '$asked')
      this.#refuse(parameters ?? root, 'it is given param($asked), and nothing else')
  }

  #note(node: Node): void {
    switch (node.type) {
      case 'assignment_expression': {
        const [left, right] = [node.firstNamedChild!, node.lastNamedChild!]
        const target = variableIn(left)
        const operator = node.namedChildren.find((child) => child?.type === 'assignement_operator')
        if (target) this.#give(target, operator?.text === '=' ? single(right) : null)
        else if (single(left).type === 'array_literal_expression')
          for (const variable of left.descendantsOfType('variable')) this.#give(variable, null)
        return
      }
      case 'script_parameter':
        return this.#give(parameterIn(node), null)
      case 'foreach_statement': {
        const variable = node.namedChildren.find((child) => child?.type === 'variable')
        if (variable) this.#give(variable, null)
        return
      }
      case 'function_statement': {
        const name = node.namedChildren.find((child) => child?.type === 'function_name')!
        if (!/^[A-Z][A-Za-z]+-[A-Za-z]+$/.test(name.text) || this.#reading.commands[name.text] !== undefined)
          this.#refuse(name, `a function is not called ${name.text}`)
        if (this.#functions.has(name.text)) this.#refuse(name, `there are two ${name.text}`)
        this.#functions.set(name.text, node)
        return
      }
      case 'variable':
        if (node.text.startsWith('@')) this.#splatted.add(idOf(node))
    }
  }

  #give(variable: Node, value: Node | null): void {
    const id = idOf(variable)
    this.#given.set(id, [...(this.#given.get(id) ?? []), value])
  }

  #look(node: Node): void {
    if (!node.isNamed) return
    if (!node.isError && !harmless.has(node.type)) this.#refuse(node, `${node.type} is not used in a script`)
    switch (node.type) {
      case 'command':
        return this.#command(node)
      case 'generic_token':
        if (!/^[A-Za-z0-9_][A-Za-z0-9_.,:\\/*-]*$/.test(node.text) && node.text !== '2>$null')
          this.#refuse(node, `${node.text} is not a plain word`)
        return
      case 'invokation_expression':
        return this.#invocation(node)
      case 'cast_expression':
        return this.#named(node.firstNamedChild!, this.#reading.casts, 'nothing is turned into')
      case 'type_literal':
        return this.#type(node)
      case 'assignment_expression':
      case 'post_increment_expression':
      case 'post_decrement_expression':
      case 'pre_increment_expression':
      case 'pre_decrement_expression':
        return this.#assignment(node)
      case 'variable':
        return this.#variable(node)
      case 'braced_variable':
        if (!/^\$\{env:[\w() ]+\}$/i.test(node.text)) this.#refuse(node, `${node.text} is no plain variable`)
        return
      case 'attribute':
        if (single(node).type !== 'type_literal') this.#refuse(node, 'no attributes of parameters')
        return
      case 'comment':
        return
    }
    if (node.childCount === 0 && /[^\n\r\t -~]/.test(node.text))
      this.#refuse(node, 'outside comments only ASCII: PowerShell takes ’ and – for its own signs')
  }

  #variable(node: Node): void {
    if (node.firstNamedChild?.type === 'braced_variable') return
    if (!/^[$@](\w+|env:\w+|script:\w+|\?|\$)$/.test(node.text))
      this.#refuse(node, `${node.text} is no plain variable`)
    else if (/^.(executioncontext|psdefaultparametervalues|host)$/i.test(node.text))
      this.#refuse(node, `${node.text} changes how other lines are read`)
  }

  // ── Commands

  #command(node: Node): void {
    const operator = node.namedChildren.find((child) => child?.type === 'command_invokation_operator')
    if (operator) return this.#called(node, operator)
    const name = node.childForFieldName('command_name') ?? node.firstNamedChild!
    const known = Object.hasOwn(this.#reading.commands, name.text)
    if (!known && !this.#functions.has(name.text)) {
      this.#refuse(name, `${name.text} is not on the list of commands that read`)
      return
    }
    const words = argumentsOf(node)
    for (const [parameter, value] of words) {
      this.#queryIn(parameter, value)
      if (parameter && writing.some((word) => word.startsWith(parameter)))
        this.#refuse(node, `${name.text} is not given -${parameter}`)
    }
    for (const [, value] of words)
      if (value?.type === 'variable' && value.text.startsWith('@')) this.#splat(value)
    const rule = known ? this.#rules[name.text] : undefined
    rule?.call(this, node, words)
  }

  /** `& $block`: only where it is seen which block that is. */
  #called(node: Node, operator: Node): void {
    const what = node.namedChildren.find(
      (child) =>
        child && child.type !== 'command_invokation_operator' && child.type !== 'command_argument_sep',
    )
    const called = what && single(what)
    if (operator.text === '.') this.#refuse(node, 'nothing is run in the place of the script itself')
    else if (!called || !this.#isBlock(called, new Set()))
      this.#refuse(node, `it is not seen what ${called?.text.slice(0, 40) ?? '&'} runs`)
  }

  /** Whether it can only be a block that is written out in the script. */
  #isBlock(node: Node, seen: Set<string>): boolean {
    if (node.type === 'script_block_expression') return true
    if (this.#reading.runsText && /^\(\[ScriptBlock\]::Create\(\$[\w.]+\)\)$/.test(node.text)) return true
    if (node.type !== 'variable') return false
    const id = idOf(node)
    if (seen.has(id)) return true
    seen.add(id)
    const given = this.#given.get(id) ?? []
    const owner = ownerOf(node)
    if (owner === null) return given.length > 0 && given.every((value) => value && this.#isBlock(value, seen))
    // Its parameter, never given anything else: what each call of that function gives.
    const [name] = [...this.#functions].find(([, body]) => body.id === owner.id) ?? []
    return name !== undefined && given.length === 1 && this.#calledWithBlocks(name, node, seen)
  }

  #calledWithBlocks(name: string, parameter: Node, seen: Set<string>): boolean {
    const position = parametersOf(this.#functions.get(name)!).findIndex((one) => key(one) === key(parameter))
    return this.#root
      .descendantsOfType('command')
      .filter((command) => command.firstNamedChild!.text.toLowerCase() === name.toLowerCase())
      .every((command) => {
        const words = argumentsOf(command)
        const given = words[position]?.[1]
        return words.every(([word]) => word === null) && given && this.#isBlock(given, seen)
      })
  }

  #queryIn(parameter: string | null, value: Node | null): void {
    if (!parameter || !queries.some((query) => query.startsWith(parameter))) return
    if (!value || !isConstant(value))
      this.#refuse(value ?? this.#root, `what -${parameter} is given is a constant text`)
  }

  /** `@parameters`: a hash that is written out, with no query that is put together. */
  #splat(node: Node): void {
    const given = this.#given.get(idOf(node)) ?? []
    if (given.length === 0) this.#refuse(node, `it is not seen what ${node.text} holds`)
    for (const value of given) {
      const hash = value && single(value)
      if (hash?.type !== 'hash_literal_expression')
        this.#refuse(node, `it is not seen what ${node.text} holds`)
      else
        for (const entry of hash.descendantsOfType('hash_entry'))
          this.#queryIn(entry.firstNamedChild!.text.toLowerCase(), single(entry.lastNamedChild!))
    }
  }

  readonly #rules: Readonly<Record<string, (this: Proof, node: Node, words: readonly Word[]) => void>> = {
    'New-Object': (node, words) => {
      const [first] = words.filter(([parameter]) => parameter === null || parameter === 'typename')
      const [com] = words.filter(([parameter]) => parameter === 'comobject')
      const unquoted = (value: Node | null | undefined) => value?.text.replaceAll(/^['"]|['"]$/g, '') ?? ''
      for (const [parameter] of words)
        if (parameter !== null && !/^(typename|argumentlist|comobject)$/.test(parameter))
          this.#refuse(node, `New-Object is not given -${parameter}`)
      const type = com ? `COM ${unquoted(com[1])}` : plain(unquoted(first?.[1]))
      if (!lists(Object.keys(this.#reading.made), type)) this.#refuse(node, `no object is made of ${type}`)
    },
    'Add-Type': (node, words) => {
      if (words.length !== 1 || words[0]![0] !== 'assemblyname' || !isConstant(words[0]![1]))
        this.#refuse(node, 'Add-Type is only given -AssemblyName, a constant')
    },
    'ForEach-Object': (_node, words) => this.#blocks(words, /^(process|begin|end)$/),
    'Where-Object': (node, words) => {
      const simple = words.every(([parameter]) => parameter === null || comparisons.test(parameter))
      if (words.some(([, value]) => value?.type === 'script_block_expression') || !simple)
        this.#blocks(words, /^filterscript$/)
      else if (words.length < 1) this.#refuse(node, 'Where-Object is given a block')
    },
    'Invoke-Command': (node, words) => {
      if (words.some(([, value]) => value?.text !== '@there'))
        this.#refuse(node, 'Invoke-Command is given @there')
    },
  }

  #blocks(words: readonly Word[], parameters: RegExp): void {
    for (const [parameter, value] of words) {
      if (parameter !== null && !parameters.test(parameter))
        this.#refuse(value ?? this.#root, `-${parameter} is not used`)
      else if (!value || !this.#isBlock(value, new Set()))
        this.#refuse(value ?? this.#root, 'what runs for each is a block that is written out')
    }
  }

  // ── Members

  #invocation(node: Node): void {
    const [target, member] = [
      node.firstNamedChild!,
      node.namedChildren.find((c) => c?.type === 'member_name'),
    ]
    const name = member && single(member)
    if (!name || name.type !== 'simple_name') {
      this.#refuse(node, 'a method is called by its name')
      return
    }
    const receiver = single(target)
    if (node.children.some((child) => child?.text === '::')) {
      const method = `${receiver.type === 'type_literal' ? typeName(receiver) : receiver.text}::${name.text}`
      const known = Object.keys(this.#reading.statics)
      if (!lists(known, method)) this.#refuse(name, `${method} is not on the list of methods that read`)
    } else if (collecting.has(name.text)) {
      if (!this.#collects(receiver))
        this.#refuse(name, `${receiver.text.slice(0, 40)} is no list of the script’s own`)
    } else if (!Object.hasOwn(this.#reading.methods, name.text))
      this.#refuse(name, `${name.text} is not on the list of methods that read`)
    else {
      const list = node.namedChildren.find((child) => child.type === 'argument_list')?.text ?? ''
      const shape = this.#reading.given[name.text]
      if (shape && !shape.test(list)) this.#refuse(name, `${name.text} is not given ${list.slice(0, 60)}`)
    }
  }

  #collects(receiver: Node): boolean {
    const list = (node: Node) => lists(collections, madeIn(node) ?? '') || isArray(node)
    if (receiver.type === 'variable') return this.#only(receiver, (node) => list(node) || isHash(node))
    if (receiver.type !== 'member_access') return false
    const name = single(receiver.lastNamedChild!).text.toLowerCase()
    const root = single(receiver.firstNamedChild!)
    if (root.type !== 'variable') return false
    return (
      this.#only(root, isHash) ||
      (requestLists.has(name) && this.#only(root, (node) => madeIn(node) !== null))
    )
  }

  /** Whether a variable can only ever hold nothing, or values that are written out in the script and `fit`. */
  #only(variable: Node, fit: (value: Node) => boolean, seen = new Set<string>()): boolean {
    const id = idOf(variable)
    if (seen.has(id)) return true
    seen.add(id)
    const given = this.#given.get(id) ?? []
    return given.length > 0 && given.every((value) => value !== null && this.#fits(value, fit, seen))
  }

  #fits(value: Node, fit: (value: Node) => boolean, seen: Set<string>): boolean {
    const node = single(value)
    if (/^\$null$/i.test(node.text) || fit(node)) return true
    if (node.type === 'variable') return this.#only(node, fit, seen)
    const returned = this.#returnedBy(node)
    return returned.length > 0 && returned.every((one) => this.#fits(one, fit, seen))
  }

  /** What a function or a block of the script gives to who calls it: its returns, or else its last line. */
  #returnedBy(command: Node): Node[] {
    if (command.type !== 'command') return []
    let body = this.#functions.get(command.firstNamedChild!.text)
    if (command.firstNamedChild!.type === 'command_invokation_operator') {
      const called = command.namedChildren.find((child) => child?.type === 'command_name_expr')
      const blocks = called && single(called).type === 'variable' ? this.#given.get(idOf(single(called))) : []
      if (blocks?.length !== 1 || blocks[0]?.type !== 'script_block_expression') return []
      body = blocks[0]
    }
    const returns = body
      ?.descendantsOfType('flow_control_statement')
      .filter((one) => /^return\b/i.test(one.text))
    if (returns && returns.length > 0)
      return returns.map((one) => one.lastNamedChild!).filter((one) => one !== null)
    const last = body?.descendantsOfType('statement_list')[0]?.lastNamedChild
    return last ? [last] : []
  }

  #assignment(node: Node): void {
    const left = node.namedChildren.find((child) => child && child.type !== 'comment')!
    const targets = single(left).type === 'array_literal_expression' ? single(left).namedChildren : [left]
    for (const target of targets) if (target) this.#assigned(single(target))
  }

  #assigned(written: Node): void {
    const target = written.type === 'cast_expression' ? single(written.lastNamedChild!) : written
    if (target.type === 'variable') {
      if (!/^\$(script:)?\w+$/i.test(target.text) || /^\$(env|global|function):/i.test(target.text))
        this.#refuse(target, `${target.text} is not given a value`)
      return
    }
    if (target.type !== 'member_access' && target.type !== 'element_access') {
      this.#refuse(target, `${target.text.slice(0, 40)} is not given a value`)
      return
    }
    let root = target
    while (root.type === 'member_access' || root.type === 'element_access')
      root = single(root.firstNamedChild!)
    const property = target.type === 'member_access' ? single(target.lastNamedChild!).text : null
    const variable = root.type === 'variable' ? root : null
    if (variable && this.#splatted.has(idOf(variable))) this.#refuse(target, 'parameters are written out')
    if (variable && this.#only(variable, isHash)) return
    if (!property || !variable || !this.#maySet(property, variable))
      this.#refuse(target, `${target.text.slice(0, 60)} belongs to an object that is not the script’s own`)
    else if (queries.includes(property.toLowerCase())) {
      const whole = outermost(written).parent!
      if (!this.#reading.escaped.includes(whole.text) && !isConstant(single(whole.lastNamedChild!)))
        this.#refuse(target, `what .${property} is given is a constant text`)
    }
  }

  #maySet(property: string, variable: Node): boolean {
    const asked = queries.includes(property.toLowerCase()) || Object.hasOwn(this.#reading.settable, property)
    return asked && (this.#reading.runsText || this.#only(variable, (node) => madeIn(node) !== null))
  }

  // ── Classes

  #type(node: Node): void {
    const parent = node.parent!
    if (parent.type === 'cast_expression') return
    const { casts, named, made, statics } = this.#reading
    if (parent.type === 'catch_type_list') {
      if (!/^[\w.]+Exception$/.test(typeName(node))) this.#refuse(node, 'only exceptions are caught')
      return
    }
    const known = [
      ...casts,
      ...named,
      ...Object.keys(made),
      ...Object.keys(statics).map((one) => one.split('::')[0]!),
    ]
    if (!typeName(node).endsWith('Exception')) this.#named(node, known, 'nothing is known of')
  }

  #named(node: Node, known: readonly string[], why: string): void {
    if (!lists(known, typeName(node))) this.#refuse(node, `${why} ${node.text}`)
  }
}

type Word = readonly [parameter: string | null, value: Node | null]

/** The parameters of a command with their values; a value that stands alone has no parameter, a switch no value. */
function argumentsOf(command: Node): Word[] {
  const elements = command.namedChildren.find((child) => child?.type === 'command_elements')
  const words: [string | null, Node | null][] = []
  for (const child of elements?.namedChildren ?? []) {
    if (!child || child.type === 'command_argument_sep' || child.text === '2>$null') continue
    const last = words.at(-1)
    if (child.type === 'command_parameter') words.push([child.text.replace(/^-|:$/g, '').toLowerCase(), null])
    else if (last && last[0] !== null && last[1] === null) last[1] = single(child)
    else words.push([null, single(child)])
  }
  return words
}

/** The parameters of a function or a block. */
function parametersOf(body: Node): Node[] {
  const declared = body.namedChildren.find((child) => child?.type === 'function_parameter_declaration')
  const block = body.namedChildren.find((child) => child?.type === 'script_block')
  const written =
    declared ?? [body, block].map((one) => one?.namedChildren.find((c) => c?.type === 'param_block'))
  const list = Array.isArray(written) ? written.find((one) => one) : written
  return list?.descendantsOfType('script_parameter').map((one) => parameterIn(one)) ?? []
}

/** The variable itself: a default value may hold others. */
const parameterIn = (parameter: Node): Node =>
  parameter.namedChildren.find((child) => child?.type === 'variable')!

/** The function or block that a variable is a parameter of; null where it is none. */
function ownerOf(variable: Node): Node | null {
  for (let at = variable.parent; at; at = at.parent)
    if (at.type === 'function_statement' || at.type === 'script_block_expression')
      if (parametersOf(at).some((one) => key(one) === key(variable))) return at
  return null
}

/** Tells variables of one name apart, where one is a parameter. */
const idOf = (variable: Node): string => `${key(variable)} ${ownerOf(variable)?.id ?? ''}`

/** The node itself, without those around it that hold nothing else. */
function single(node: Node): Node {
  let at = node
  while (at.childCount === 1 && at.firstNamedChild && !leaves.has(at.type)) at = at.firstNamedChild
  return at
}
const leaves = new Set(['variable', 'simple_name', 'type_literal', 'expandable_string_literal'])

function outermost(node: Node): Node {
  let at = node
  while (at.parent && at.parent.type !== 'assignment_expression') at = at.parent
  return at
}

function isConstant(node: Node | null): boolean {
  if (!node) return false
  if (node.type === 'generic_token') return true
  if (!/^(verbatim_string_characters|expandable_string_literal|string_literal)$/.test(node.type)) return false
  return node.descendantsOfType(['variable', 'sub_expression', 'braced_variable']).length === 0
}

function variableIn(left: Node): Node | null {
  const node = single(left)
  const target = node.type === 'cast_expression' ? single(node.lastNamedChild!) : node
  return target.type === 'variable' ? target : null
}

/** What class a `New-Object` makes; null for anything else. */
function madeIn(node: Node): string | null {
  const [, type] = /^New-Object (?:-TypeName )?([\w.]+)/.exec(node.text) ?? []
  return type === undefined ? null : plain(type)
}

const isArray = (node: Node): boolean => node.type === 'array_expression' || node.text.startsWith('@(')

function isHash(node: Node): boolean {
  if (node.type === 'hash_literal_expression') return true
  if (node.type !== 'cast_expression') return false
  const type = typeName(node.firstNamedChild!)
  return /^(ordered|pscustomobject|hashtable)$/i.test(type) && isHash(single(node.lastNamedChild!))
}

/** Names are compared as PowerShell does. */
const key = (variable: Node): string =>
  variable.text
    .slice(1)
    .toLowerCase()
    .replace(/^script:/, '')
const plain = (type: string): string => type.replace(/^System\./i, '')
const typeName = (literal: Node): string => plain(literal.text.replace(/^\[/, '').replace(/(\[\])?\]$/, ''))
const lists = (known: readonly string[], name: string): boolean =>
  known.some((one) => one.toLowerCase() === name.toLowerCase())

function* all(node: Node): Generator<Node> {
  yield node
  for (const child of node.children) if (child) yield* all(child)
}
