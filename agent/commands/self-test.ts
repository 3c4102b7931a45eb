import type { Exam } from '../../checks/exam.ts'
import { sampleSeed } from '../../checks/drawn-values.ts'
import type { Run } from '../../checks/run.ts'
import { variablesOf } from '../../checks/session-reader.ts'
import type { Text } from '../../checks/text.ts'
import { agentKey } from '../evidence/agent-key.ts'
import { openLooks, type Looks } from '../run/looks.ts'
import type { RunEvent } from '../run/run-conditions.ts'
import { paperOf, type Paper } from '../self-test/explained.ts'
import { givenMachines } from '../self-test/given.ts'
import { historyLines } from '../self-test/history-lines.ts'
import { lookJson } from '../self-test/look-json.ts'
import { detailLines, hintLabel, paperLines } from '../self-test/lines.ts'
import { LineReader } from '../self-test/line-reader.ts'
import { refuseToReplace, sayTheSame } from '../self-test/known-machines.ts'
import { machinesAreKnown, makeMachines } from '../self-test/machines.ts'
import { forgetTries, Memory } from '../self-test/memory.ts'
import { alone, needsOf } from '../self-test/needs.ts'
import { knownCandidate, openOwnSession, type OwnSession } from '../self-test/own-session.ts'
import { placeOfExam, type Place } from '../self-test/place.ts'
import { canAsk, GaveUp, terminalPrompter, type Prompter } from '../self-test/prompter.ts'
import { readTyped } from '../self-test/prompt-line.ts'
import { Training, type Look } from '../self-test/training.ts'
import { trainingExam } from '../self-test/training-exam.ts'
import { changedLines, comparisonLines } from '../self-test/comparison-lines.ts'
import { writePage } from '../self-test/write-page.ts'
import { summaryWords } from '../self-test/words.ts'
import { nearest } from '../../checks/nearest.ts'
import { programName } from '../terminal/program-name.ts'
import { statusLine } from '../terminal/status-line.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { visibleLine } from '../terminal/visible.ts'
import { watch } from '../terminal/watch.ts'
import { wrapped } from '../terminal/wrapped.ts'
import { quoteArgument } from '../transports/shell/quote.ts'
import { CommandFailure } from './command-failure.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { interruptible } from './interruption.ts'
import type { CommandContext, Options } from './verb.ts'

const many = (options: Options, name: string) => options[name] as readonly string[] | undefined
const path = (options: Options, name: string) =>
  options[name] === undefined ? undefined : String(options[name])

/**
 * `probant self-test EXAM`: a candidate alone in front of their own machines. Asks once what they are, grades, explains, and
 * says what changed since the last try. Exit 0 where everything was observed whatever the verdicts, 3 where something stayed
 * unknown, 2 for an examination or a wrong use, 130 interrupted.
 */
export async function selfTest(
  [typed = '']: readonly string[],
  options: Options,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal } = context
  const exam = await trainingExam(typed, context)
  if (options['every'] !== undefined && options['watch'] !== true)
    throw new CommandFailure(
      { fr: '--every va avec --watch : ajoutez-le', en: '--every goes with --watch: add it' },
      exitCode.badInput,
    )
  const place = await placeOfExam(typed, exam.title, {
    machines: path(options, 'machines'),
    page: path(options, 'html'),
  })
  if (options['reset']) return reset(place, options['yes'] === true, terminal)
  const memory = await Memory.open(place.folder)
  if (options['history']) {
    if (options['json']) terminal.out(JSON.stringify({ exam: exam.title, tries: memory.tries }))
    else
      for (const line of historyLines(
        memory.tries,
        exam.demands.map(({ id }) => id),
        terminal,
      ))
        terminal.out(line)
    return exitCode.ok
  }
  if (options['hint'] !== undefined) {
    const variables =
      (await knownCandidate(place, context))?.variables ?? variablesOf(exam, alone, sampleSeed)
    return hint(String(options['hint']), paperOf(exam, variables), memory, terminal)
  }
  try {
    const session = await ownSession(typed, exam, place, options, context)
    const paper = paperOf(session.loaded.exam, session.candidate.resolved.variables)
    return await new Lesson(typed, session, paper, memory, place, options, context).run()
  } catch (error) {
    if (!(error instanceof GaveUp)) throw error
    terminal.err(
      terminal.say({ fr: 'Abandonné : rien n’a été écrit.', en: 'Given up: nothing was written.' }),
    )
    return exitCode.interrupted
  }
}

/** Sentences fit the width; a question stays one line, which the terminal itself breaks where it is typed. */
const prompterOf = (terminal: Terminal): Prompter =>
  terminalPrompter((line) => {
    const indent = /^ */.exec(line)?.[0].length ?? 0
    const [first = '', ...rest] = wrapped(line.trimStart(), terminal.columns, indent)
    terminal.err(' '.repeat(indent) + first)
    for (const more of rest) terminal.err(more)
  })

async function reset(place: Place, sure: boolean, terminal: Terminal): Promise<ExitCode> {
  const { say } = terminal
  if (!sure && !canAsk())
    throw new CommandFailure(
      {
        fr: 'oublier les essais ne se défait pas : ajoutez --yes',
        en: 'to forget the tries cannot be undone: add --yes',
      },
      exitCode.badInput,
    )
  if (!sure) {
    const question = say({
      fr: 'Oublier tous les essais et les indices vus de ce sujet ? (oui, non) [non] : ',
      en: 'Forget all tries of this exam and the hints seen? (yes, no) [no]: ',
    })
    const answer = await terminalPrompter(terminal.err)
      .ask(question)
      .catch(() => '')
    if (!/^(o|oui|y|yes)$/i.test(answer)) {
      terminal.err(say({ fr: 'Rien n’a été oublié.', en: 'Nothing was forgotten.' }))
      return exitCode.ok
    }
  }
  const count = await forgetTries(place.folder)
  terminal.out(
    say({
      fr: `${count} essai${count > 1 ? 's' : ''} oublié${count > 1 ? 's' : ''}, et les indices vus. Vos machines restent connues (--forget).`,
      en: `${count} ${count === 1 ? 'try' : 'tries'} forgotten, and the hints seen. Your machines stay known (--forget).`,
    }),
  )
  return exitCode.ok
}

async function ownSession(
  typed: string,
  exam: Exam,
  place: Place,
  options: Options,
  context: CommandContext,
): Promise<OwnSession> {
  const { terminal } = context
  const given = givenMachines(
    {
      here: many(options, 'here') ?? [],
      machine: many(options, 'machine') ?? [],
      passwordEnv: many(options, 'passwordEnv') ?? [],
      key: many(options, 'key') ?? [],
      domain: many(options, 'domain') ?? [],
    },
    Object.keys(exam.roles),
  )
  if ((await machinesAreKnown(place)) && options['forget'] !== true) {
    const resolved = given.size === 0 ? null : await knownCandidate(place, context)
    if (given.size === 0 || (resolved && sayTheSame(given, resolved)))
      return openOwnSession(typed, place, null, context)
  }
  await refuseToReplace(place.machines)
  const today = new Date().toISOString().slice(0, 10)
  const passphrase = await makeMachines(
    {
      exam,
      typed,
      place,
      given,
      needs: needsOf(exam, sampleSeed),
      prompter: canAsk() && !options['json'] ? prompterOf(terminal) : null,
      seed: sampleSeed,
      today,
    },
    context,
  )
  return openOwnSession(typed, place, passphrase, context)
}

/** Shows one more hint of a demand, named by its id or its number. */
async function hint(named: string, paper: Paper, memory: Memory, terminal: Terminal): Promise<ExitCode> {
  const { say } = terminal
  const demand = paper.demands.find(({ id, number }) => id === named || String(number) === named)
  if (!demand) {
    const near = nearest(
      named,
      paper.demands.map(({ id }) => id),
    )
    const shown = visibleLine(named, 64)
    throw new CommandFailure(
      {
        fr: `pas de demande « ${shown} » dans ce sujet${near ? ` ; vouliez-vous dire « ${near} » ?` : '.'} Il en a ${paper.demands.length}, nommées par leur numéro ou leur identifiant`,
        en: `no demand “${shown}” in this exam${near ? `; did you mean “${near}”?` : '.'} It has ${paper.demands.length}, named by their number or their id`,
      },
      exitCode.badInput,
    )
  }
  for (const line of await nextHint(demand, memory, terminal)) terminal.out(line)
  if (demand.hints.length > memory.hintsShown(demand.id))
    terminal.err(
      say({
        fr: 'Le deuxième indice vient si vous le redemandez.',
        en: 'The second hint comes when you ask again.',
      }),
    )
  return exitCode.ok
}

async function nextHint(
  demand: Pick<Paper['demands'][number], 'id' | 'number' | 'hints'>,
  memory: Memory,
  terminal: Terminal,
): Promise<string[]> {
  const { say, columns } = terminal
  const { id, number, hints } = demand
  if (hints.length === 0)
    return [
      say({
        fr: `Le sujet ne donne pas d’indice pour la demande ${number} (${id}).`,
        en: `The exam gives no hint for demand ${number} (${id}).`,
      }),
    ]
  const shown = await memory.showHint(id, hints.length)
  return hints
    .slice(0, shown)
    .flatMap((text, index) =>
      wrapped(`${number}  ${say(hintLabel(index, hints.length))}${visibleLine(text, 2000)}`, columns, 4, 0),
    )
}

/** One sitting of a candidate: a look, and with `--watch` as many as wanted. */
class Lesson {
  readonly #typed: string
  readonly #session: OwnSession
  readonly #paper: Paper
  readonly #memory: Memory
  readonly #place: Place
  readonly #options: Options
  readonly #context: CommandContext
  readonly #training: Training
  #take: (event: RunEvent) => void = () => undefined

  constructor(
    typed: string,
    session: OwnSession,
    paper: Paper,
    memory: Memory,
    place: Place,
    options: Options,
    context: CommandContext,
  ) {
    this.#typed = typed
    this.#session = session
    this.#paper = paper
    this.#memory = memory
    this.#place = place
    this.#options = options
    this.#context = context
    this.#training = new Training(paper, memory)
  }

  get #terminal(): Terminal {
    return this.#context.terminal
  }
  /** Lines for people: results, unless a program reads them. */
  #print = (line: string): void =>
    this.#options['json'] ? this.#terminal.err(line) : this.#terminal.out(line)

  async run(): Promise<ExitCode> {
    const { loaded, candidate, secrets, checkIdentity } = this.#session
    const looks = openLooks({
      loaded,
      secrets,
      checkIdentity,
      candidate: candidate.resolved.candidate.code,
      key: await agentKey(),
      preflight: null,
      version: this.#context.version,
      connectTimeoutMs: 5000,
      onEvent: (event) => this.#take(event),
    })
    try {
      const { result: first, interrupted } = await interruptible(this.#terminal, (signal) =>
        this.#first(looks, signal),
      )
      await this.#show(first, true)
      if (interrupted) return exitCode.interrupted
      if (this.#options['watch'] === true && (await this.#watch(looks)) === 'interrupted')
        return exitCode.interrupted
      return this.#training.unsure ? exitCode.unknown : exitCode.ok
    } finally {
      await looks.close()
    }
  }

  async #first(looks: Looks, signal: AbortSignal): Promise<Look> {
    const shown = await watch(
      [{ code: this.#session.candidate.resolved.candidate.code, seat: '' }],
      this.#terminal,
    )
    this.#take = shown.take
    try {
      return await this.#training.take(await looks.look(undefined, signal), true)
    } finally {
      shown.end()
      this.#take = () => undefined
    }
  }

  async #again(
    looks: Looks,
    demands: readonly string[] | undefined,
  ): Promise<{ look: Look; interrupted: boolean }> {
    const status = statusLine(this.#terminal)
    const { result, interrupted } = await interruptible(this.#terminal, async (signal): Promise<Run> => {
      status.show(this.#terminal.say({ fr: 'je regarde à nouveau', en: 'looking again' }))
      try {
        return await looks.look(demands, signal)
      } finally {
        status.clear()
      }
    })
    return { look: await this.#training.take(result, false), interrupted }
  }

  /** The first look as the whole paper, a later one as what changed. */
  async #show(look: Look, whole: boolean): Promise<void> {
    const terminal = this.#terminal
    const { say } = terminal
    if (this.#options['json']) terminal.out(JSON.stringify(lookJson(look, this.#place, terminal.lang)))
    else if (whole) {
      for (const line of paperLines(look.demands, terminal, this.#hintLine)) terminal.out(line)
      terminal.out('')
      for (const line of comparisonLines(look, terminal)) terminal.out(line)
      terminal.out(`${say(summaryWords(this.#training.verdicts))}.`)
    } else for (const line of changedLines(look, terminal, this.#hintLine)) terminal.out(line)
    if (!look.complete)
      terminal.err(
        say({
          fr: 'Essai interrompu : il n’est pas gardé, ce qui n’a pas été vu est non vérifié.',
          en: 'Try interrupted: it is not kept, what was not seen is not verified.',
        }),
      )
    if (!whole && !look.kept) return
    const written = await writePage(this.#place, {
      exam: this.#session.loaded.exam,
      demands: look.demands,
      tries: this.#memory.tries,
      at: look.at,
      lang: terminal.lang,
    })
    if (whole || 'problem' in written) terminal.err(say(written.words))
    if (whole && this.#options['watch'] !== true) {
      terminal.err(
        say({
          fr: 'Regarder à nouveau ce qui ne correspond pas :',
          en: 'To look again at what does not match:',
        }),
      )
      // On a line of its own, to be copied whole.
      terminal.err(`  ${this.#command} --watch`)
    }
  }

  get #command(): string {
    return `${programName()} self-test ${quoteArgument(this.#typed)}`
  }
  #hintLine = (number: number): string =>
    this.#options['watch'] === true
      ? this.#terminal.say({ fr: `i ${number}`, en: `h ${number}` })
      : `${this.#command} --hint ${number}`

  async #watch(looks: Looks): Promise<'left' | 'interrupted'> {
    const terminal = this.#terminal
    const { say } = terminal
    const every = this.#options['every'] === undefined ? null : Number(this.#options['every']) * 1000
    const reader = new LineReader()
    const help: Text = {
      fr: 'Entrée : regarder à nouveau ce qui ne correspond pas · t : tout regarder · i N : indice de la demande N · d N : son détail · q : quitter',
      en: 'Enter: look again at what does not match · a: look at everything · h N: hint of demand N · d N: its details · q: leave',
    }
    for (const line of wrapped(say(help), terminal.columns, 0)) terminal.err(line)
    try {
      for (;;) {
        const next = await reader.next('> ', this.#training.open.length > 0 ? every : null)
        if (next === 'ended' || next === 'interrupted') return this.#left()
        const act = next === 'due' ? ({ act: 'look' } as const) : readTyped(next.line)
        if (act.act === 'quit') return this.#left()
        if (act.act === 'unclear') {
          for (const line of wrapped(say(help), terminal.columns, 0)) terminal.err(line)
          continue
        }
        if (act.act === 'hint' || act.act === 'details') {
          await this.#tell(act)
          continue
        }
        const { open } = this.#training
        if (act.act === 'look' && open.length === 0) {
          terminal.err(
            say({
              fr: 'Tout ce qu’une machine peut montrer correspond : « t » regarde tout à nouveau, « q » quitte.',
              en: 'All that a machine can show matches: “a” looks at everything again, “q” leaves.',
            }),
          )
          continue
        }
        const { look, interrupted } = await this.#again(looks, act.act === 'everything' ? undefined : open)
        await this.#show(look, false)
        if (interrupted) return 'interrupted'
      }
    } finally {
      reader.close()
    }
  }

  #left(): 'left' {
    this.#print(`${this.#terminal.say(summaryWords(this.#training.verdicts))}.`)
    return 'left'
  }

  async #tell({ act, number }: { readonly act: 'hint' | 'details'; readonly number: number }): Promise<void> {
    const terminal = this.#terminal
    const { say } = terminal
    const demand = this.#training.demands(null).find((one) => one.number === number)
    if (!demand) {
      const { length } = this.#paper.demands
      this.#print(say({ fr: `Les demandes vont de 1 à ${length}.`, en: `Demands go from 1 to ${length}.` }))
      return
    }
    const lines =
      act === 'hint'
        ? await nextHint(demand, this.#memory, terminal)
        : [
            ...paperLines([demand], terminal, this.#hintLine),
            ...(demand.verdict === 'pass' ? detailLines(demand, terminal, this.#hintLine) : []),
          ]
    for (const line of lines) this.#print(line)
  }
}
