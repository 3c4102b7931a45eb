import { sortedDiagnostics, type Diagnostic } from '../../checks/document.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { visible } from '../terminal/visible.ts'
import { wrapped } from '../terminal/wrapped.ts'

const INDENT = 4

/**
 * `sujet.yaml:12:7: …` for each, in the order of the files; notes say that they are. What the file holds is shown harmless.
 * On a screen a long one goes on below, further in; what is piped has one line each.
 */
export function diagnosticLines(diagnostics: readonly Diagnostic[], terminal: Terminal): string[] {
  const note = terminal.say({ fr: 'note : ', en: 'note: ' })
  return sortedDiagnostics(diagnostics).flatMap(({ file, line, column, message, severity }) =>
    wrapped(
      `${visible(file)}:${line}:${column}: ${severity === 'note' ? note : ''}${visible(terminal.say(message)).replaceAll('\n', ' ')}`,
      terminal.columns,
      INDENT,
      0,
    ),
  )
}
