import { readFile } from 'node:fs/promises'
import { readDocument, sortedDiagnostics, type Diagnostic } from '../../checks/document.ts'
import { readExam } from '../../checks/exam.ts'
import { loadSession, type Sources } from '../run/load.ts'
import { diagnosticLines } from './diagnostics.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { sourcesOf } from './sources.ts'
import type { CommandContext, Options } from './verb.ts'

/**
 * `probant validate FILE…`: every mistake of every file at its place, on stdout; a summary on stderr.
 * Exit 2 where there is an error; notes alone change nothing.
 */
export async function validate(
  files: readonly string[],
  options: Options,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal } = context
  const sources = await sourcesOf(context)
  const diagnostics: Diagnostic[] = []
  for (const file of files) diagnostics.push(...(await diagnosticsOf(file, sources)))
  const found = sortedDiagnostics(diagnostics)
  const errors = found.filter((d) => d.severity === 'error').length
  const notes = found.length - errors

  if (options['json'])
    terminal.out(
      JSON.stringify({
        valid: errors === 0,
        diagnostics: found.map(({ message, ...rest }) => ({ ...rest, message: terminal.say(message) })),
      }),
    )
  else for (const line of diagnosticLines(found, terminal)) terminal.out(line)

  const names = files.length > 1 ? { fr: `${files.length} fichiers`, en: `${files.length} files` } : null
  if (errors > 0)
    terminal.err(
      terminal.say({
        fr: `${counted(errors, 'erreur')} à corriger${notes > 0 ? `, ${counted(notes, 'note')}` : ''}.`,
        en: `${counted(errors, 'error')} to correct${notes > 0 ? `, ${counted(notes, 'note')}` : ''}.`,
      }),
    )
  else
    terminal.err(
      terminal.say({
        fr: `${names?.fr ?? files[0]} : aucune erreur${notes > 0 ? `, ${counted(notes, 'note')}` : ''}.`,
        en: `${names?.en ?? files[0]}: no error${notes > 0 ? `, ${counted(notes, 'note')}` : ''}.`,
      }),
    )
  return errors > 0 ? exitCode.badInput : exitCode.ok
}

const counted = (count: number, word: string) => `${count} ${word}${count > 1 ? 's' : ''}`

/** What is wrong with one file: an exam has demands, a session has candidates. */
async function diagnosticsOf(file: string, sources: Sources): Promise<readonly Diagnostic[]> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch {
    // Read again by the loader, which says why it cannot.
    return (await loadSession(file, sources)).diagnostics
  }
  const document = readDocument(file, text)
  const { recovered } = document
  const keys = typeof recovered === 'object' && recovered !== null ? Object.keys(recovered) : []
  const isExam = ['demands', 'roles', 'certificate', 'purpose'].some((key) => keys.includes(key))
  const isSession = ['candidates', 'exam', 'targets', 'credentials'].some((key) => keys.includes(key))
  if (isExam && !isSession) return readExam(file, text, sources).diagnostics
  if (isSession && !isExam) return (await loadSession(file, sources)).diagnostics
  // Of a file that can't be read it can't be said what it is.
  if (document.diagnostics.length > 0) return document.diagnostics
  return [
    document.diagnose([], {
      fr: "ce fichier n'est ni un sujet (clés « title », « demands »…) ni une session (clés « exam », « candidates »…) : « probant init » en écrit un modèle",
      en: 'this file is neither an exam (keys “title”, “demands”…) nor a session (keys “exam”, “candidates”…): “probant init” writes a model',
    }),
  ]
}
