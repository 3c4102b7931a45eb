import { createInterface } from 'node:readline'
import { readHidden } from '../secrets/hidden-input.ts'

/** Somebody who gave up at a question: nothing of what was typed is kept. */
export class GaveUp extends Error {
  override readonly name = 'GaveUp'
}

/** Asks a person at the terminal, one line at a time. Questions go to stderr; what is secret has no echo. */
export interface Prompter {
  readonly say: (line: string) => void
  /** The line typed, without spaces around it. Rejects with GaveUp. */
  readonly ask: (question: string) => Promise<string>
  /** The same without echo. */
  readonly hidden: (question: string) => Promise<string>
}

/** Whether there is a person to ask: both what is typed and what is shown are a terminal. */
export const canAsk = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true

/** The person at this process's terminal. */
export function terminalPrompter(say: (line: string) => void): Prompter {
  return {
    say,
    ask: (question) =>
      new Promise((resolve, reject) => {
        const lines = createInterface({
          input: process.stdin,
          output: process.stderr,
          terminal: true,
          historySize: 0,
        })
        let answered = false
        const end = (then: () => void) => {
          if (answered) return
          answered = true
          lines.close() // its own listeners go with it
          process.stdin.pause()
          then()
        }
        const giveUp = () =>
          end(() => {
            say('')
            reject(new GaveUp())
          })
        lines.on('line', (line) => end(() => resolve(line.trim().normalize('NFC'))))
        lines.on('SIGINT', giveUp)
        lines.on('close', giveUp)
        lines.setPrompt(question)
        lines.prompt()
      }),
    hidden: async (question) => {
      const typed = await readHidden(question)
      if (typed === null) throw new GaveUp()
      return typed
    },
  }
}
