import { visibleLine } from '../terminal/visible.ts'
import { CommandFailure } from './command-failure.ts'
import { exitCode } from './exit-code.ts'
import type { Options } from './verb.ts'

/**
 * The codes that `--candidate` chooses among those of a session, in the order of the session; all where it is absent.
 * @throws CommandFailure (2) for a code that the session doesn't have.
 */
export function chosenCandidates(all: readonly string[], options: Options): readonly string[] {
  const wanted = options['candidate'] as readonly string[] | undefined
  const unknown = (wanted ?? []).filter((code) => !all.includes(code)).map((code) => visibleLine(code, 64))
  if (unknown.length > 0)
    throw new CommandFailure(
      {
        fr: `pas de candidat ${unknown.join(', ')} dans cette session ; choisissez parmi : ${all.join(', ')}`,
        en: `no candidate ${unknown.join(', ')} in this session; choose among: ${all.join(', ')}`,
      },
      exitCode.badInput,
    )
  return all.filter((code) => !wanted || wanted.includes(code))
}
