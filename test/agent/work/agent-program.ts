import { CommandFailure } from '../../../agent/commands/command-failure.ts'
import { agentVerb } from '../../../agent/commands/agent-verb.ts'
import { runProgram } from '../../../agent/commands/program.ts'
import { processTerminal } from '../../../agent/terminal/terminal.ts'
import { readReferentials } from '../../../referentials.ts'

/** The command with this one verb, as a process that tests start and kill. */
const terminal = processTerminal('fr')
try {
  process.exitCode = await runProgram(process.argv.slice(2), [agentVerb], {
    terminal,
    version: '0',
    referentials: readReferentials,
  })
} catch (error) {
  if (!(error instanceof CommandFailure)) throw error
  terminal.err(`probant: ${terminal.say(error.text)}`)
  process.exitCode = error.exit
}
