import { asKnown, askOnce, failed, ofKind, within } from '../asking.ts'
import { failureOf } from '../errno.ts'
import type { OpenTransport } from '../transport.ts'
import { openDirectory, type Directory } from './directory.ts'
import { search } from './search.ts'

/** Searches under way at once; a domain controller keeps at most ten pages open for one connection. */
const AT_ONCE = 8

/**
 * Searches in the directory that the target serves, over one LDAPS or StartTLS connection for all of them. It is
 * opened by the first question, and again only where a directory that had answered has closed it since.
 */
export const openLdap: OpenTransport = (context) => {
  let opened: Promise<Directory> | undefined
  let known: Directory | undefined
  const directory = (signal: AbortSignal): Promise<Directory> => {
    if (opened && known?.connection.alive !== false) return opened
    known = undefined
    const late = 'the directory does not answer'
    const opening = within(context.connectTimeoutMs, signal, (stop) => openDirectory(context, stop), late)
    opening.then(
      (answered) => (known = answered),
      () => undefined,
    )
    opened = opening
    return opening
  }
  return {
    async *ask(probes, signal) {
      const { mine, others } = ofKind('ldap', probes)
      yield* others
      if (mine.length === 0) return
      const ready = directory(signal)
      ready.catch(() => undefined)
      yield* asKnown(mine, AT_ONCE, async (probe) => {
        try {
          const { connection, identity, baseOf } = await ready
          return await askOnce(probe, signal, async (probe, stop) => ({
            ...(await search(connection, baseOf(probe), probe, stop)),
            identity,
          }))
        } catch (error) {
          return failed(probe, failureOf(error))
        }
      })
    },
    async close() {
      const directory = await opened?.catch(() => undefined)
      directory?.connection.close()
    },
  }
}
