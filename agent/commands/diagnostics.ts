import { sortedDiagnostics, type Diagnostic } from '../../checks/document.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { visible } from '../terminal/visible.ts'

/** `sujet.yaml:12:7: …` for each, in the order of the files; notes say that they are. What the file holds is shown harmless. */
export function diagnosticLines(diagnostics: readonly Diagnostic[], terminal: Terminal): string[] {
  const note = terminal.say({ fr: 'note : ', en: 'note: ' })
  return sortedDiagnostics(diagnostics).map(
    ({ file, line, column, message, severity }) =>
      `${visible(file)}:${line}:${column}: ${severity === 'note' ? note : ''}${visible(terminal.say(message)).replaceAll('\n', ' ')}`,
  )
}
