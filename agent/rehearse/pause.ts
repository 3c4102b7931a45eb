import { createInterface } from 'node:readline'
import { once } from 'node:events'

/**
 * Waits until Enter is typed on standard input. False where the signal aborts first or the input ends. The terminal stays in
 * its own mode, so that Ctrl-C reaches the process as everywhere else.
 */
export async function enterTyped(
  signal: AbortSignal,
  input: NodeJS.ReadableStream = process.stdin,
): Promise<boolean> {
  const lines = createInterface({ input, terminal: false })
  const left = new AbortController()
  const either = AbortSignal.any([signal, left.signal])
  try {
    return await Promise.race([
      once(lines, 'line', { signal: either }).then(() => true),
      once(lines, 'close', { signal: either }).then(() => false),
    ])
  } catch {
    return false
  } finally {
    left.abort()
    lines.close()
    input.pause()
  }
}
