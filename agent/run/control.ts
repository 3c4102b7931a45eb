import { icmp } from '../../checks/probe.ts'
import { loadTransport } from './ways.ts'

/**
 * Asks the room's control for an echo. True: the room's network works. False: it doesn't. Null: it could not be asked.
 * `address` is the session's `control`.
 */
export async function controlAnswers(address: string, signal: AbortSignal): Promise<boolean | null> {
  const open = await loadTransport('icmp')
  const transport = open({
    role: 'control',
    target: { address },
    credentials: () => Promise.reject(new Error('the control needs no credential')),
    checkIdentity: () => false,
    readFile: () => Promise.reject(new Error('the control needs no file')),
    connectTimeoutMs: 3000,
    signal,
    addressOf: () => address,
  })
  try {
    for await (const outcome of transport.ask([icmp('control')], signal))
      if ('answer' in outcome && outcome.answer.kind === 'icmp') return outcome.answer.received > 0
    return null
  } finally {
    await transport.close()
  }
}
