import { failed } from '../asking.ts'
import { failureOf } from '../errno.ts'
import type { Transport, TransportContext } from '../transport.ts'
import { askByScript } from './ask.ts'
import type { PowerShell } from './powershell.ts'

/** A PowerShell that is connected, and who it was proved to belong to. */
export interface OpenedPowerShell {
  readonly powershell: PowerShell
  /** Host key or certificate as `SHA256:…`; null where the way proves nobody by itself. */
  readonly identity: string | null
}

export interface PowerShellWay {
  /** Connects and authenticates. Rejects with a TransportFailure. */
  readonly open: (signal: AbortSignal) => Promise<OpenedPowerShell>
  /** As known identities are filed: "winrm 10.0.1.10:5985". */
  readonly where: string
  /** SID of the machine or domain that the session expects; `first-use` where it says none. */
  readonly pinned: 'first-use' | (string & {})
}

/**
 * Asks one machine through its PowerShell: `powershell`, and `ldap` and `group-policy` where the session says so. One
 * connection, made by the first question and kept; opened once more by a later `ask` where it was lost after it answered.
 */
export function openPowerShellTransport(context: TransportContext, way: PowerShellWay): Transport {
  const closing = new AbortController()
  const whole = AbortSignal.any([context.signal, closing.signal])
  let opened: Promise<OpenedPowerShell> | null = null
  let answered = false
  return {
    async *ask(probes, signal) {
      const stop = AbortSignal.any([signal, whole])
      opened ??= way.open(stop)
      let open: OpenedPowerShell
      try {
        open = await opened
        if (answered && open.powershell.lost) {
          await open.powershell.close()
          open = await (opened = way.open(stop))
        }
      } catch (error) {
        const failure = failureOf(error)
        for (const probe of probes) yield failed(probe, failure)
        return
      }
      for await (const outcome of askByScript(open.powershell, probes, {
        domain: context.target.ldap?.domain ?? null,
        identity: open.identity,
        checkIdentity: context.checkIdentity,
        where: way.where,
        pinned: way.pinned,
        signal: stop,
      })) {
        if ('answer' in outcome) answered = true
        yield outcome
      }
    },
    async close() {
      closing.abort()
      const open = await opened?.catch(() => null)
      await open?.powershell.close()
    },
  }
}
