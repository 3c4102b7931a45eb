import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { WinRmConnection } from '../../../../agent/transports/winrm/connection.ts'
import type { ProcessEnd } from '../../../../agent/transports/powershell/powershell.ts'
import { RemoteShell } from '../../../../agent/transports/winrm/remote-shell.ts'
import { readBody, writeEnvelope } from '../../../../agent/transports/winrm/soap.ts'
import { programs } from '../../../../fixtures/windows/programs.ts'
import { RemoteShells } from '../../../../fixtures/windows/remote-shells.ts'
import { listen, type Listener } from '../../../../fixtures/windows/winrm-listener.ts'

const account = { user: 'Administrateur', domain: '', password: randomBytes(12).toString('base64') }
const system = (name: string) => `C:\\Windows\\System32\\${name}.exe`
const limits = (more: { deadlineMs?: number; maxBytes?: number; signal?: AbortSignal } = {}) => ({
  deadlineMs: 10_000,
  maxBytes: 4_000_000,
  signal: AbortSignal.timeout(20_000),
  ...more,
})

/** Runs a command to its end and keeps all that it wrote. */
async function ran(shell: RemoteShell, ...[program, argv, stdin, within]: Run): Promise<Ran> {
  const stdout: Buffer[] = []
  const end = await shell.run(program, argv, stdin, within, (bytes) => {
    stdout.push(bytes)
    return false
  })
  return { ...end, stdout: Buffer.concat(stdout) }
}
type Run = [program: string, argv: readonly string[], stdin: Buffer, within: ReturnType<typeof limits>]
type Ran = ProcessEnd & { readonly stdout: Buffer }

describe('a Windows remote shell', () => {
  const open: { listener?: Listener; connection?: WinRmConnection } = {}
  afterEach(async () => {
    open.connection?.close()
    await open.listener?.close()
  })

  async function shellOn(shells: RemoteShells): Promise<RemoteShell> {
    open.listener = await listen({ account, answer: (envelope) => shells.answer(envelope) })
    const { port } = open.listener
    const stream = connect(port, '127.0.0.1')
    await once(stream, 'connect')
    open.connection = new WinRmConnection({
      stream,
      host: '127.0.0.1',
      port,
      identity: account,
      bindings: null,
    })
    await open.connection.authenticate(AbortSignal.timeout(5000))
    return new RemoteShell(open.connection, `http://127.0.0.1:${port}/wsman`)
  }
  const opened = async (shells: RemoteShells) => {
    const shell = await shellOn(shells)
    await shell.open(5000, AbortSignal.timeout(5000))
    return shell
  }
  const fresh = (maxShells = 5) => new RemoteShells({ find: programs, maxShells })

  it('runs many commands in one shell over one connection, and deletes it', async () => {
    const shells = fresh()
    const shell = await opened(shells)
    const said = await ran(shell, system('hostname'), [], Buffer.alloc(0), limits())
    expect(said).toEqual({ stdout: Buffer.from('SRV-AD\r\n'), stderr: Buffer.alloc(0), exitCode: 0 })
    const argv = ['été & <hiver>', '"guillemets"']
    expect((await ran(shell, system('echo'), argv, Buffer.alloc(0), limits())).stdout.toString()).toBe(
      `${argv.join(' ')}\r\n`,
    )
    expect((await ran(shell, system('exit'), ['17'], Buffer.alloc(0), limits())).exitCode).toBe(17)
    expect(shells.open).toBe(1)
    await shell.close()
    expect(shells.open).toBe(0)
    // The end of a command comes by itself, after its output; each is told to end, so that the machine forgets it.
    expect(Object.fromEntries(shells.asked)).toMatchObject({
      Create: 1,
      Command: 3,
      Receive: 5,
      Signal: 3,
      Delete: 1,
    })
    expect(open.listener!.connections()).toBe(1)
  })

  it.each([0, 1, 65_536, 65_537, 1_000_000])(
    'gives %i bytes of input and gets them back whole',
    async (size) => {
      const shell = await opened(fresh())
      const input = randomBytes(size)
      const { stdout, stderr, exitCode } = await ran(shell, system('sort'), [], input, limits())
      expect(stdout.equals(input)).toBe(true)
      expect(stderr.toString()).toBe(`${size} octets reçus`)
      expect(exitCode).toBe(3)
    },
  )

  it('a command that never ends is told to, at its deadline, and the shell goes on', async () => {
    const shells = fresh()
    const shell = await opened(shells)
    const late = ran(shell, system('pause'), [], Buffer.alloc(0), limits({ deadlineMs: 700 }))
    await expect(late).rejects.toMatchObject({ reason: 'timeout' })
    expect(shells.asked.get('Signal')).toBe(1)
    const after = await ran(shell, system('hostname'), [], Buffer.alloc(0), limits())
    expect(after.exitCode).toBe(0)
  })

  it('an output of 100 MB is cut off at its limit, and the command ended', async () => {
    const shells = fresh()
    const shell = await opened(shells)
    const flood = ran(shell, system('type'), ['100000000'], Buffer.alloc(0), limits({ maxBytes: 500_000 }))
    await expect(flood).rejects.toMatchObject({ reason: 'truncated' })
    expect(shells.asked.get('Signal')).toBe(1)
    expect(shells.asked.get('Receive')).toBeLessThan(40)
  })

  it('is not waited for once it has said enough', async () => {
    const shells = fresh()
    const shell = await opened(shells)
    const said: string[] = []
    const end = await shell.run(system('greet-and-stay'), [], Buffer.alloc(0), limits(), (bytes) => {
      said.push(bytes.toString())
      return true
    })
    expect(end).toEqual({ stderr: Buffer.alloc(0), exitCode: null })
    expect(said).toEqual(['bonjour\r\n'])
    expect(Object.fromEntries(shells.asked)).toMatchObject({ Command: 1, Send: 1, Receive: 1, Signal: 1 })
  })

  it('tells a missing program from a long line, and neither from an answer', async () => {
    const shell = await opened(fresh())
    const none = Buffer.alloc(0)
    await expect(ran(shell, system('absent'), [], none, limits())).rejects.toMatchObject({
      reason: 'missing-tool',
    })
    // Without its full path real Windows refuses it, as there is no cmd.exe to look for it.
    await expect(ran(shell, 'hostname', [], none, limits())).rejects.toMatchObject({ reason: 'missing-tool' })
    await expect(ran(shell, system('echo'), ['x'.repeat(8200)], none, limits())).rejects.toMatchObject({
      reason: 'grader',
    })
    expect((await ran(shell, system('hostname'), [], none, limits())).exitCode).toBe(0)
  })

  it('waits for a quota within its time, then says that it is used up', async () => {
    const full = await shellOn(fresh(0))
    const begun = performance.now()
    await expect(full.open(600, AbortSignal.timeout(5000))).rejects.toMatchObject({
      reason: 'denied',
      message: expect.stringContaining('2150859174'),
    })
    expect(performance.now() - begun).toBeLessThan(3000)
  })
})

describe('envelopes', () => {
  const wrapped = (content: string) =>
    Buffer.from(`<s:Envelope xmlns:s="x"><s:Body>${content}</s:Body></s:Envelope>`)

  it('values are escaped, and what XML cannot hold is refused', () => {
    const request = { to: '<&">', action: 'a', messageId: 'm', operationTimeoutMs: 500, maxEnvelopeSize: 1 }
    expect(writeEnvelope(request)).toContain('<a:To>&lt;&amp;&quot;&gt;</a:To>')
    expect(() => writeEnvelope({ ...request, to: 'a\u0000b' })).toThrow(/control/)
  })

  it.each([
    ['no XML', Buffer.from('bonjour'), /well-formed|no SOAP/],
    ['a document type', Buffer.from('<!DOCTYPE x><a/>'), /document type/],
    [
      'entities that grow (billion laughs)',
      Buffer.from('<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><l>&b;</l>'),
      /document type/,
    ],
    [
      'an external entity',
      Buffer.from('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'),
      /document type/,
    ],
    ['a thousand levels', wrapped('<a>'.repeat(1000) + '</a>'.repeat(1000)), /too deep/],
    ['an end that is missing', wrapped('<a>'), /well-formed/],
    ['another document', Buffer.from('<html><body/></html>'), /no SOAP/],
  ])('%s is refused', (_name, bytes, why) => {
    expect(() => readBody(bytes)).toThrow(why)
  })

  it('names of the language’s own are elements like others', () => {
    expect(readBody(wrapped('<a __proto__="x"/>'))).not.toHaveProperty('polluted')
  })
})
