import { CommandFailure } from '../../../agent/commands/command-failure.ts'
import { runProgram } from '../../../agent/commands/program.ts'
import { agentVerbs } from '../../../agent/commands/verbs.ts'
import type { Terminal } from '../../../agent/terminal/terminal.ts'
import { french } from '../../../agent/terminal/typography.ts'
import { readReferentials } from '../../../referentials.ts'

const referentials = await readReferentials()

/** Runs the command in this process, in French, as its entry point does: the same words in, the same lines out. */
export async function command(
  argv: readonly string[],
): Promise<{ status: number; out: string; err: string }> {
  const lines = { out: [] as string[], err: [] as string[] }
  const terminal: Terminal = {
    lang: 'fr',
    out: (line) => lines.out.push(line),
    err: (line) => lines.err.push(line),
    // Spaces as they are typed, for the expectations of the tests.
    say: ({ fr }) => french(fr).replaceAll(/[\u202f\u00a0]/g, ' '),
    live: false,
    colour: { out: false, err: false },
    screen: false,
    columns: Number.POSITIVE_INFINITY,
  }
  let status: number
  try {
    status = await runProgram(argv, agentVerbs, {
      terminal,
      version: '0.0.0',
      referentials: () => Promise.resolve(referentials),
    })
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error
    terminal.err(`probant: ${terminal.say(error.text)}`)
    status = error.exit
  }
  return {
    status,
    out: lines.out.map((line) => `${line}\n`).join(''),
    err: lines.err.map((line) => `${line}\n`).join(''),
  }
}
