import type { Text } from '../../checks/text.ts'
import { endingSignals } from '../terminal/ending-signals.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { exitCode } from './exit-code.ts'

const kept: Text = {
  fr: 'Interruption : ce qui a été relevé est conservé. Ctrl-C encore une fois pour tout arrêter.',
  en: 'Interrupted: what was observed is kept. Ctrl-C once more to stop everything.',
}

/** A terminal sends Ctrl-C to the program and to what started it, which passes it on: both at the same moment are one. */
const SAME_MOMENT_MS = 300

/**
 * Runs `work` with a signal that the first SIGINT or SIGTERM aborts; a second one ends the process at once (130).
 * Gives what `work` gave, and whether it was interrupted.
 */
export async function interruptible<T>(
  terminal: Terminal,
  work: (signal: AbortSignal) => Promise<T>,
  says: Text = kept,
): Promise<{ result: T; interrupted: boolean }> {
  const controller = new AbortController()
  let first = 0
  const stop = () => {
    if (!controller.signal.aborted) {
      first = Date.now()
      controller.abort()
      terminal.err(terminal.say(says))
    } else if (Date.now() - first > SAME_MOMENT_MS) process.exit(exitCode.interrupted)
  }
  const signals = endingSignals()
  for (const name of signals) process.on(name, stop)
  try {
    return { result: await work(controller.signal), interrupted: controller.signal.aborted }
  } finally {
    for (const name of signals) process.off(name, stop)
  }
}
