import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { openTcp } from '../../../agent/transports/tcp/tcp.ts'
import { icmp, tcp } from '../../../checks/probe.ts'
import { answerOf, askAll, askOne, causeOf, context, freePort } from './service.ts'

const open = (address = '127.0.0.1') => openTcp(context({ address }))
const state = (of: string) => ({ kind: 'tcp', state: of })

describe('tcp', () => {
  it('tells an open port from a closed one', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const [here, there] = await askAll(open(), [tcp('m', port), tcp('m', await freePort())])
    server.close()
    expect(answerOf(here!)).toEqual(state('open'))
    expect(answerOf(there!)).toEqual(state('refused'))
  })

  it('gives silence as an answer, within the probe’s own time', async () => {
    // A listener that never accepts, its queue of one filled: the kernel drops further requests for a connection.
    const child = spawn(process.execPath, [
      '-e',
      `const s = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
         require('node:fs').writeSync(1, String(s.address().port)); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0) })`,
    ])
    const [first] = (await once(child.stdout, 'data')) as [Buffer]
    const port = Number(first.toString())
    const fillers: Socket[] = []
    try {
      for (let full = false; !full && fillers.length < 8;) {
        const filler = connect(port, '127.0.0.1').on('error', () => undefined)
        fillers.push(filler)
        full = await Promise.race([
          once(filler, 'connect').then(() => false),
          new Promise<boolean>((resolve) => setTimeout(() => resolve(true), 400)),
        ])
      }
      const outcome = await askOne(open(), tcp('m', port, { timeoutMs: 300 }))
      expect(answerOf(outcome)).toEqual(state('silent'))
      expect(outcome.ms).toBeLessThan(600)
    } finally {
      fillers.forEach((filler) => filler.destroy())
      child.kill('SIGKILL')
    }
  })

  it('says unreachable of a name that nobody knows, not that the port is closed', async () => {
    expect(causeOf(await askOne(open('no-such-host.invalid'), tcp('m', 80)))).toBe('unreachable')
  })

  it('says cancelled or timeout according to who stopped it', async () => {
    const stopped = AbortSignal.abort()
    expect(causeOf(await askOne(open(), tcp('m', 1), stopped))).toBe('cancelled')
    const late = AbortSignal.timeout(1)
    await once(late, 'abort')
    expect(causeOf(await askOne(open(), tcp('m', 1), late))).toBe('timeout')
  })

  it('leaves a question of another kind to the grader', async () => {
    expect(causeOf(await askOne(open(), icmp('m')))).toBe('grader')
  })
})
