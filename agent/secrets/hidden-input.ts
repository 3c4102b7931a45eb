import { openSync } from 'node:fs'
import { ReadStream } from 'node:tty'
import { StringDecoder } from 'node:string_decoder'

const ENTER = new Set(['\r', '\n'])
const CTRL_C = '\u0003'
const CTRL_D = '\u0004'
const ERASE = new Set(['\u007f', '\b'])
const MAX_LENGTH = 4096

/**
 * Asks for one line at the terminal without echo; the prompt goes to stderr. Null where there is no terminal, or the
 * person gave up (Ctrl-C, Ctrl-D on an empty line). The terminal is given back as it was, whatever happens.
 */
export async function readHidden(prompt: string): Promise<string | null> {
  let descriptor: number
  try {
    descriptor = openSync('/dev/tty', 'r+')
  } catch {
    return null
  }
  const terminal = new ReadStream(descriptor)
  try {
    terminal.setRawMode(true) // before the prompt: what is typed at once isn't shown either
    process.stderr.write(prompt)
    return await line(terminal)
  } finally {
    terminal.setRawMode(false)
    terminal.destroy()
    process.stderr.write('\n')
  }
}

async function line(terminal: ReadStream): Promise<string | null> {
  const decoder = new StringDecoder('utf8')
  let typed: string[] = []
  for await (const chunk of terminal as AsyncIterable<Buffer>)
    for (const character of decoder.write(chunk)) {
      if (ENTER.has(character)) return typed.join('')
      if (character === CTRL_C || (character === CTRL_D && typed.length === 0)) return null
      if (ERASE.has(character)) typed = typed.slice(0, -1)
      else if (typed.length < MAX_LENGTH && character >= ' ') typed.push(character)
    }
  return null
}
