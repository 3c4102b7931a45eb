import { openSync } from 'node:fs'
import { ReadStream } from 'node:tty'
import { StringDecoder } from 'node:string_decoder'

const ENTER = new Set(['\r', '\n'])
const CTRL_C = '\u0003'
const CTRL_D = '\u0004'
/** How a Windows console ends its input. */
const CTRL_Z = '\u001a'
const ERASE = new Set(['\u007f', '\b'])
const MAX_LENGTH = 4096

/** A terminal that keys are read from. */
interface Keyboard {
  readonly stream: ReadStream
  /** Lets go of it, so that it doesn't keep the process. */
  readonly release: () => void
}

/**
 * Asks for one line at the terminal without echo; the prompt goes to stderr. Null where there is no terminal, or the
 * person gave up (Ctrl-C, Ctrl-D or Ctrl-Z on an empty line). The terminal is given back as it was, whatever happens.
 */
export async function readHidden(
  prompt: string,
  platform: NodeJS.Platform = process.platform,
): Promise<string | null> {
  const keyboard = platform === 'win32' ? consoleKeyboard() : terminalKeyboard()
  if (!keyboard) return null
  const { stream, release } = keyboard
  try {
    stream.setRawMode(true) // before the prompt: what is typed at once isn't shown either
    process.stderr.write(prompt)
    return await line(stream)
  } finally {
    stream.setRawMode(false)
    release()
    process.stderr.write('\n')
  }
}

/** The terminal of the session, also where standard input is something else. */
function terminalKeyboard(): Keyboard | null {
  try {
    const stream = new ReadStream(openSync('/dev/tty', 'r+'))
    return { stream, release: () => stream.destroy() }
  } catch {
    return null
  }
}

/** Windows has no `/dev/tty`: its console is standard input, or there is none. */
function consoleKeyboard(): Keyboard | null {
  const { stdin } = process
  if (!stdin.isTTY) return null
  // Only paused: it is the process's own, and the next question reads it again.
  return { stream: stdin, release: () => void stdin.unref() }
}

/** What is typed up to Enter; null where the person gave up, or the terminal went away. */
function line(terminal: ReadStream): Promise<string | null> {
  const decoder = new StringDecoder('utf8')
  const { promise, resolve } = Promise.withResolvers<string | null>()
  let typed: string[] = []
  const take = (chunk: Buffer | string): void => {
    for (const character of typeof chunk === 'string' ? chunk : decoder.write(chunk)) {
      if (ENTER.has(character)) return resolve(typed.join(''))
      if (character === CTRL_C) return resolve(null)
      if ((character === CTRL_D || character === CTRL_Z) && typed.length === 0) return resolve(null)
      if (ERASE.has(character)) typed = typed.slice(0, -1)
      else if (typed.length < MAX_LENGTH && character >= ' ') typed.push(character)
    }
  }
  const gone = () => resolve(null)
  terminal.on('data', take).once('end', gone).once('error', gone).once('close', gone)
  // A console that was let go of after an earlier question is read again.
  terminal.ref()
  terminal.resume()
  return promise.finally(() => {
    terminal.off('data', take).off('end', gone).off('error', gone).off('close', gone)
    terminal.pause()
  })
}
