import { createHash } from 'node:crypto'
import { readExam } from '../../checks/exam.ts'
import { sampleSeed } from '../../checks/drawn-values.ts'
import type { Exam } from '../../checks/exam.ts'
import { subjectOf, type Holder, type Subject } from '../../checks/subject.ts'
import { loadSession, readText, type Sources } from '../run/load.ts'
import { markdownOf } from '../print/markdown.ts'
import { destinationOf, refuseExisting, writePaper, type Destination } from './print-destination.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { statusLine } from '../terminal/status-line.ts'
import { visible, visibleLine } from '../terminal/visible.ts'
import { chosenCandidates } from './chosen-candidates.ts'
import { CommandFailure } from './command-failure.ts'
import { diagnosticLines } from './diagnostics.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { sourcesOf } from './sources.ts'
import type { CommandContext, Options } from './verb.ts'

/**
 * `probant print EXAM [--session FILE] [--out PATH]`: the paper of each candidate, or a sample. One of them goes to stdout
 * as Markdown; files are written whole, none over another without `--force`; their paths go to stdout.
 * Exit 2 where the exam, the session or the options are wrong, or a file can't be written.
 */
export async function print(
  [file = '']: readonly string[],
  options: Options,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal } = context
  const { lang } = terminal
  refuseContradictions(options)
  const sources = await sourcesOf(context)
  const read = await examOf(file, sources, terminal)
  if (options['hints'] && read.exam.purpose === 'examination')
    throw wrong(
      "ce sujet est celui d'un examen : ses indices ne s'impriment jamais ; relancez sans --hints",
      'this is the paper of an examination: its hints are never printed; start again without --hints',
    )
  const holders = options['session']
    ? await holdersOf(String(options['session']), read.hash, { options, sources, terminal })
    : [sampleOf(options)]
  const destination = await destinationOf(options, holders.length)
  const papers = holders.map((holder) => ({
    name: nameOf(holder),
    subject: subjectOf(read, holder, { lang, hints: options['hints'] === true }),
  }))
  sayWhatLacks(read.exam, terminal)
  if (destination === null) {
    for (const { subject } of papers) terminal.out(markdownOf(subject, lang).trimEnd())
    return exitCode.ok
  }
  await write(papers, destination, options['force'] === true, terminal)
  return exitCode.ok
}

const wrong = (fr: string, en: string) => new CommandFailure({ fr, en }, exitCode.badInput)

function refuseContradictions(options: Options): void {
  const given = (names: readonly string[]) => names.find((name) => options[name] !== undefined)
  const ofSample = given(['n', 'seed'])
  if (options['session'] !== undefined && ofSample !== undefined)
    throw wrong(
      `--${ofSample} ne va pas avec --session : la session dit les numéros et la graine ; retirez l'un des deux`,
      `--${ofSample} does not go with --session: the session says the numbers and the seed; leave one of them out`,
    )
  if (options['session'] === undefined && options['candidate'] !== undefined)
    throw wrong(
      '--candidate choisit dans une session : ajoutez --session FICHIER, ou --n NOMBRE pour un spécimen',
      '--candidate chooses in a session: add --session FILE, or --n NUMBER for a sample',
    )
}

interface ReadPaper {
  readonly exam: Exam
  readonly hash: string
}

async function examOf(file: string, sources: Sources, terminal: Terminal): Promise<ReadPaper> {
  const text = await readText(file)
  const { exam, diagnostics } =
    typeof text === 'string' ? readExam(file, text, sources) : { exam: null, diagnostics: [text] }
  if (exam && typeof text === 'string') return { exam, hash: createHash('sha256').update(text).digest('hex') }
  for (const line of diagnosticLines(diagnostics, terminal)) terminal.err(line)
  throw wrong(
    'aucun sujet mis en page : corrigez d’abord ces erreurs',
    'no paper was made: correct these mistakes first',
  )
}

async function holdersOf(
  path: string,
  hash: string,
  { options, sources, terminal }: { options: Options; sources: Sources; terminal: Terminal },
): Promise<Holder[]> {
  const { loaded, diagnostics } = await loadSession(path, sources)
  if (!loaded) {
    for (const line of diagnosticLines(diagnostics, terminal)) terminal.err(line)
    throw wrong(
      'aucun sujet mis en page : corrigez d’abord ces erreurs',
      'no paper was made: correct these mistakes first',
    )
  }
  if (loaded.hashes.exam !== hash) {
    const other = visibleLine(loaded.session.file.exam, 200)
    throw wrong(
      `cette session a un autre sujet (« ${other} ») : donnez celui-là, ou corrigez « exam » dans la session`,
      `this session has another exam (“${other}”): give that one, or correct “exam” in the session`,
    )
  }
  const codes = chosenCandidates(
    loaded.candidates.map(({ resolved }) => resolved.candidate.code),
    options,
  )
  const { title = null, date } = loaded.session.file
  return loaded.candidates
    .filter(({ resolved }) => codes.includes(resolved.candidate.code))
    .map(({ resolved }) => ({ kind: 'candidate', resolved, sitting: { title, date } }))
}

const longestSeed = 200

function sampleOf(options: Options): Holder {
  const seed = String(options['seed'] ?? sampleSeed)
  if (seed.length > longestSeed || seed.trim() === '')
    throw wrong(
      `--seed attend un texte de 1 à ${longestSeed} caractères`,
      `--seed takes a text of 1 to ${longestSeed} characters`,
    )
  return { kind: 'sample', n: Number(options['n'] ?? 1), seed }
}

const nameOf = (holder: Holder): string =>
  holder.kind === 'candidate' ? holder.resolved.candidate.code : `specimen-${holder.n}`

/** A demand that has no text is printed under its name: its author should know before the candidates do. */
function sayWhatLacks({ demands }: Exam, { say, err }: Terminal): void {
  const bare = demands.filter(({ id, text }) => id === text).map(({ id }) => `« ${id} »`)
  if (bare.length === 0) return
  const first = bare.slice(0, 5).join(', ') + (bare.length > 5 ? '…' : '')
  err(
    say({
      fr: `Sans texte, donc imprimées sous leur nom : ${first}. Ajoutez « text » à ces demandes.`,
      en: `Without a text, so printed under their name: ${first.replace(/« | »/g, '"')}. Add “text” to these demands.`,
    }),
  )
}

async function write(
  papers: readonly { readonly name: string; readonly subject: Subject }[],
  destination: Destination,
  force: boolean,
  terminal: Terminal,
): Promise<void> {
  const { lang, say } = terminal
  const files = papers.map(({ name, subject }) => ({ name, subject, path: destination.pathOf(name) }))
  if (!force) await refuseExisting(files.map(({ path }) => path))
  // pdfkit and its fonts are loaded for a PDF only.
  const bytesOf =
    destination.format === 'md'
      ? (subject: Subject) => markdownOf(subject, lang)
      : await import('../print/pdf.ts').then(
          ({ pdfOf }) =>
            (subject: Subject) =>
              pdfOf(subject, lang, new Date()),
        )
  const status = statusLine(terminal)
  const done: string[] = []
  try {
    for (const { name, subject, path } of files) {
      const [at, of] = [done.length + 1, files.length]
      status.show(say({ fr: `sujet ${at} sur ${of}, ${name}`, en: `paper ${at} of ${of}, ${name}` }))
      await writePaper(path, await bytesOf(subject), force)
      done.push(path)
    }
  } finally {
    status.clear()
    for (const path of done) terminal.out(visible(path))
  }
  terminal.err(
    say(
      done.length === 1
        ? { fr: 'Un sujet écrit.', en: 'One paper written.' }
        : { fr: `${done.length} sujets écrits.`, en: `${done.length} papers written.` },
    ),
  )
}
