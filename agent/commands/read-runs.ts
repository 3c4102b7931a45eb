import type { Run } from '../../checks/run.ts'
import type { Text } from '../../checks/text.ts'
import { NotARun, readRun } from '../evidence/run-file.ts'
import { visibleLine } from '../terminal/visible.ts'
import { systemReason } from './system-reason.ts'

/** Reads a run file, or says in one sentence why it is none. */
export async function readRunFile(path: string): Promise<{ run: Run } | { problem: Text }> {
  try {
    return { run: await readRun(path) }
  } catch (error) {
    if (error instanceof NotARun) {
      const { fr, en } = error.why
      return {
        problem: {
          fr: `ce n'est pas un passage (${visibleLine(fr, 160)}) : donnez un fichier écrit par « probant check »`,
          en: `not a run (${visibleLine(en, 160)}): give a file written by “probant check”`,
        },
      }
    }
    if (error instanceof Error && 'code' in error) return { problem: systemReason(error) }
    throw error
  }
}
