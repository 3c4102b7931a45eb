import type { Readable, Writable } from 'node:stream'
import { interrupted } from '../asking.ts'
import { TransportFailure } from '../transport.ts'
import type { ProcessEnd, RequestLimits, TakeOutput } from './powershell.ts'

/** A `powershell.exe` or `pwsh` whose three streams are at hand. */
export interface PipedProcess {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** Its exit code, null after a signal. Rejects with a TransportFailure where it can't run, or the way to it is lost. */
  readonly ended: Promise<number | null>
  /** Ends it, whatever it does. */
  readonly abandon: () => void
}

/** Runs one request in a process: the request whole on its standard input, its output handed over as it comes. */
export async function runPiped(
  process: PipedProcess,
  stdin: Buffer,
  { deadlineMs, maxBytes, signal }: RequestLimits,
  take: TakeOutput,
): Promise<ProcessEnd> {
  const { promise: over, resolve: enough, reject: fail } = Promise.withResolvers<number | null>()
  const errors: Buffer[] = []
  let bytes = 0
  const count = (chunk: Buffer): boolean => {
    bytes += chunk.length
    if (bytes > maxBytes)
      fail(new TransportFailure('truncated', `the command wrote more than ${maxBytes} bytes`))
    return bytes <= maxBytes
  }
  process.stdout.on('data', (chunk: Buffer) => {
    if (!count(chunk)) return
    try {
      if (take(chunk)) enough(null)
    } catch (error) {
      // Thrown from here it would be nobody's, and end the agent.
      fail(error)
    }
  })
  process.stderr.on('data', (chunk: Buffer) => {
    if (count(chunk)) errors.push(chunk)
  })
  // A program that does not read is known by how it ends.
  process.stdin.on('error', () => undefined)
  const timer = setTimeout(
    () => fail(new TransportFailure('timeout', 'the command did not end in time')),
    deadlineMs,
  )
  const stop = () => fail(interrupted(signal))
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  else process.stdin.end(stdin)
  process.ended.catch(() => undefined)
  try {
    const exitCode = await Promise.race([over, process.ended])
    return { stderr: Buffer.concat(errors), exitCode }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
    process.abandon()
  }
}
