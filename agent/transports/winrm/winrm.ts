import { readAuthority, type CertificateTrust } from '../certificate.ts'
import { openPowerShellTransport } from '../powershell/transport.ts'
import { TransportFailure, type OpenTransport, type TransportContext } from '../transport.ts'
import type { NtlmIdentity } from './ntlm/client.ts'
import { openWinRm } from './open.ts'

/** The port that the session says, or the one that Windows listens at. */
export const winRmPort = ({
  scheme,
  port,
}: {
  scheme: 'http' | 'https'
  port?: number | undefined
}): number => port ?? (scheme === 'https' ? 5986 : 5985)

/** Asks a Windows machine through its WinRM: sealed on HTTP, as Windows is installed, or over TLS bound to its channel. */
export const openWinRmTransport: OpenTransport = (context) => {
  const { address, winrm } = context.target
  const where = `winrm ${address}:${winrm ? winRmPort(winrm) : 0}`
  return openPowerShellTransport(context, {
    where,
    pinned: winrm?.scheme === 'http' ? (winrm.identity ?? 'first-use') : 'first-use',
    open: async (signal) => {
      if (!winrm) throw new TransportFailure('grader', 'the session gives no winrm for this machine')
      const { powershell, fingerprint } = await openWinRm({
        address,
        port: winRmPort(winrm),
        identity: await identityOf(context, winrm.credential),
        tls: await trustOf(context, winrm),
        checkIdentity: context.checkIdentity,
        connectTimeoutMs: context.connectTimeoutMs,
        signal,
      })
      return { powershell, identity: fingerprint }
    },
  })
}

/** Why the certificate is to be believed, as the session says; null for plain HTTP. */
export async function trustOf(
  context: Pick<TransportContext, 'readFile' | 'target'>,
  winrm: NonNullable<TransportContext['target']['winrm']>,
): Promise<CertificateTrust | null> {
  if (winrm.scheme === 'http') return null
  const ca = winrm.ca === undefined ? undefined : await readAuthority(context, winrm.ca)
  const identity = winrm.identity ?? (ca === undefined ? 'first-use' : undefined)
  return { ca, identity, names: [context.target.address] }
}

/** Who we are. Rejects with a TransportFailure `grader` where the session does not say it whole. */
export async function identityOf(
  { credentials }: Pick<TransportContext, 'credentials'>,
  name: string,
): Promise<NtlmIdentity> {
  const { user, password } = await credentials(name)
  if (!user || !password)
    throw new TransportFailure('grader', `credential ${name} has no user or no password`)
  return { ...accountOf(user), password }
}

/** `DOMAIN\user`, `.\user`, `user@domain` (a UPN goes whole, without a domain of its own) or a bare name. */
export function accountOf(written: string): { user: string; domain: string } {
  const at = written.indexOf('\\')
  if (at < 0) return { user: written, domain: '' }
  const domain = written.slice(0, at)
  return { user: written.slice(at + 1), domain: domain === '.' ? '' : domain }
}
