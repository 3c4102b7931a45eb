import { randomBytes, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { CertificateTrust } from '../../../../agent/transports/certificate.ts'
import { askByScript } from '../../../../agent/transports/powershell/ask.ts'
import { channelBindings } from '../../../../agent/transports/winrm/ntlm/ntlmv2.ts'
import { openWinRm, type WinRmOptions } from '../../../../agent/transports/winrm/open.ts'
import { powershell } from '../../../../checks/probe.ts'
import { windowsServer } from '../../../../fixtures/windows/model/server.ts'
import { serveWindows } from '../../../../fixtures/windows/serve.ts'
import type { Listener, ListenerOptions } from '../../../../fixtures/windows/winrm-listener.ts'
import { Authority } from '../certificates.ts'

const account = { user: 'Administrateur', domain: '', password: randomBytes(12).toString('base64') }

describe('opening WinRM', () => {
  let folder = ''
  let authority: Authority
  let issued: ReturnType<Authority['issue']>
  const open: Listener[] = []
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'probant-winrm-tls-'))
    authority = new Authority(folder)
    issued = authority.issue('srv-ad', 'DNS:srv-ad.agence.test,IP:127.0.0.1')
  })
  afterEach(async () => {
    for (const listener of open.splice(0)) await listener.close()
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  async function listening(options: Partial<ListenerOptions> = {}): Promise<number> {
    const listener = await serveWindows(windowsServer('fr'), { account, maxShells: 1, ...options })
    open.push(listener)
    return listener.port
  }
  const tls = () => {
    const [key, cert] = [readFileSync(issued.key, 'utf8'), readFileSync(issued.cert, 'utf8')]
    return { key, cert, bindings: channelBindings(new X509Certificate(cert).raw) }
  }
  const opening = (port: number, more: Partial<WinRmOptions> = {}) =>
    openWinRm({
      address: '127.0.0.1',
      port,
      identity: account,
      tls: null,
      checkIdentity: (_where, shown, pinned) => pinned === shown,
      connectTimeoutMs: 3000,
      signal: AbortSignal.timeout(10_000),
      ...more,
    })
  const trust = (more: Partial<CertificateTrust> = {}): CertificateTrust => ({
    names: ['127.0.0.1'],
    ...more,
  })
  const answers = async ({ powershell: opened, fingerprint }: Awaited<ReturnType<typeof openWinRm>>) => {
    try {
      for await (const outcome of askByScript(opened, [powershell('dc', 'machine')], {
        domain: null,
        identity: fingerprint,
        checkIdentity: () => true,
        where: 'winrm',
        pinned: 'first-use',
        signal: AbortSignal.timeout(10_000),
      }))
        return outcome
    } finally {
      await opened.close()
    }
  }
  const answered = { answer: { error: null, value: { computer: 'SRV-AD', language: 1036 } } }

  it('plain HTTP, sealed', async () => {
    expect(await answers(await opening(await listening()))).toMatchObject(answered)
  })

  it.each([
    ['a pinned certificate', () => trust({ identity: issued.fingerprint })],
    ['an authority', () => trust({ ca: authority.pem })],
  ])('HTTPS with %s, bound to its channel', async (_name, believed) => {
    const opened = await opening(await listening({ tls: tls() }), { tls: believed() })
    expect(opened.fingerprint).toBe(issued.fingerprint)
    expect(await answers(opened)).toMatchObject(answered)
  })

  it('another certificate than the pinned one gets nothing, not even a name', async () => {
    const port = await listening({ tls: tls() })
    const pinned = trust({ identity: `SHA256:${'A'.repeat(43)}` })
    await expect(opening(port, { tls: pinned })).rejects.toMatchObject({ reason: 'identity' })
    expect(open[0]!.connections()).toBe(1)
  })

  it('somebody in the middle, with a certificate of their own, is refused by the machine', async () => {
    // The channel that the machine knows is another one than that which the client sees.
    const port = await listening({ tls: { ...tls(), bindings: randomBytes(16) } })
    await expect(opening(port, { tls: trust({ identity: issued.fingerprint }) })).rejects.toMatchObject({
      reason: 'auth',
    })
  })

  it('never falls back: HTTP where TLS was asked for, TLS where it was not', async () => {
    await expect(
      opening(await listening(), { tls: trust({ identity: issued.fingerprint }) }),
    ).rejects.toMatchObject({ reason: 'unparsable' })
    await expect(opening(await listening({ tls: tls() }))).rejects.toMatchObject({
      reason: expect.stringMatching(/refused|unparsable/),
    })
  })

  it('a closed port is refused, a wrong password said', async () => {
    const port = await listening()
    await expect(opening(port, { identity: { ...account, password: 'autre' } })).rejects.toMatchObject({
      reason: 'auth',
    })
    await open.splice(0)[0]!.close()
    await expect(opening(port)).rejects.toMatchObject({ reason: 'refused' })
  })
})
