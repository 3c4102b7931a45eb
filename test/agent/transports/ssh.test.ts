import { execFileSync } from 'node:child_process'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { SshTransport } from '../../../agent/transports/ssh/ssh.ts'
import { command, file, http, tcp } from '../../../checks/probe.ts'
import type { Probe } from '../../../checks/probe.ts'
import { outcomesOf } from './shells.ts'
import { freePort, open, sshdReady, startSshd, type Sshd } from './sshd.ts'

// Against OpenSSH's own server, on loopback, with keys made here.
const ready = sshdReady()
const never = new AbortController().signal
const user = 'root'
const transports: SshTransport[] = []
const opened = (transport: SshTransport) => {
  transports.push(transport)
  return transport
}
const ask = (transport: SshTransport, probes: readonly Probe[], signal = never) =>
  outcomesOf(probes, transport.ask(probes, signal))
const hello = command('web', ['echo', 'bonjour'])

describe.skipIf(!ready)('OpenSSH (needs root and openssh-server)', { timeout: 30_000 }, () => {
  let sshd: Sshd
  beforeAll(async () => {
    sshd = await startSshd()
  })
  afterAll(() => sshd?.stop())
  afterEach(async () => {
    await Promise.all(transports.splice(0).map((transport) => transport.close()))
  })

  test('answers commands, files and attempts over one connection, and says who answered', async () => {
    let looks = 0
    const transport = opened(
      open(sshd.port, {
        credential: { user, key: sshd.key },
        checkIdentity: (where, shown, pinned) => {
          looks++
          expect([where, shown, pinned]).toEqual([
            `ssh 127.0.0.1:${sshd.port}`,
            sshd.fingerprint,
            'first-use',
          ])
          return true
        },
      }),
    )
    const bytes = command('web', ['printf', 'a\\0b\\377\\n\\n'])
    const path = file('web', '/etc/debian_version', { content: true })
    const attempt = tcp('other', sshd.port, { from: 'web' })
    const [greeting, raw, version, connected] = await ask(transport, [hello, bytes, path, attempt])
    expect(greeting).toMatchObject({
      identity: sshd.fingerprint,
      answer: { status: 0, stdout: 'bonjour\n', stderr: '' },
    })
    expect(raw!.answer).toMatchObject({ stdout: 'a\0b\ufffd\n\n' })
    expect(version!.answer).toMatchObject({ exists: true, owner: 'root', mode: '644' })
    expect(connected!.answer).toEqual({ kind: 'tcp', state: 'open' })
    const [again] = await ask(transport, [hello])
    expect(again!.answer).toMatchObject({ stdout: 'bonjour\n' })
    expect(looks).toBe(1)
  })

  test('a pinned host key that is the machine’s is taken, another is refused before anything is offered', async () => {
    const pinned = opened(
      open(sshd.port, { credential: { user, key: sshd.key }, identity: sshd.fingerprint }),
    )
    expect((await ask(pinned, [hello]))[0]!.answer).toBeDefined()
    const other = `SHA256:${'A'.repeat(43)}`
    const refused = opened(open(sshd.port, { credential: { user, password: 'never-sent' }, identity: other }))
    const outcomes = await ask(refused, [hello, file('web', '/etc')])
    const anotherKey = { cause: 'identity', detail: 'another host key than the expected one was shown' }
    expect(outcomes.map((o) => o.failure)).toEqual([anotherKey, anotherKey])
  })

  test('a refused credential is auth for all, and no detail holds it', async () => {
    const password = 'mot-de-passe-à-ne-pas-dire'
    const wrong = opened(open(sshd.port, { credential: { user: 'nobody', password } }))
    const outcomes = await ask(wrong, [hello, file('web', '/etc')])
    expect(outcomes.map((o) => o.failure?.cause)).toEqual(['auth', 'auth'])
    expect(JSON.stringify(outcomes)).not.toContain(password)
  })

  test('a key that is none, or without its passphrase, is the grader’s', async () => {
    const none = opened(open(sshd.port, { credential: { user, key: 'not a key' } }))
    const outcomes = await ask(none, [hello])
    expect(outcomes[0]!.failure?.cause).toBe('grader')
    expect(JSON.stringify(outcomes[0]!.failure)).not.toContain('not a key')
    const empty = opened(open(sshd.port, { credential: { user } }))
    expect((await ask(empty, [hello]))[0]!.failure?.cause).toBe('grader')
  })

  test('nobody there is refused, or unreachable, at once', async () => {
    const refused = opened(open(await freePort(), { credential: { user, key: sshd.key } }))
    expect((await ask(refused, [hello]))[0]!.failure).toEqual({ cause: 'refused', detail: 'ECONNREFUSED' })
    const nowhere = opened(open(22, { credential: { user, key: sshd.key }, address: 'no-such-host.invalid' }))
    expect((await ask(nowhere, [hello]))[0]!.failure?.cause).toBe('unreachable')
  })

  test('what a shell cannot answer is said', async () => {
    const transport = opened(open(sshd.port, { credential: { user, key: sshd.key } }))
    const [web, own] = await ask(transport, [http('web', {}), hello])
    expect(web!.failure?.cause).toBe('grader')
    expect(own!.answer).toBeDefined()
  })

  test('goes through a jump host', async () => {
    const bastion = opened(open(sshd.port, { credential: { user, key: sshd.key } }))
    const behind = await startSshd()
    try {
      const jump = (address: string, port: number, signal: AbortSignal) =>
        bastion.forward(address, port, signal)
      const inner = opened(open(behind.port, { credential: { user, key: behind.key }, jump }))
      expect((await ask(inner, [hello]))[0]).toMatchObject({
        identity: behind.fingerprint,
        answer: { status: 0 },
      })
      const dead = opened(open(await freePort(), { credential: { user, key: behind.key }, jump }))
      expect((await ask(dead, [hello]))[0]!.failure?.cause).toBe('refused')
    } finally {
      behind.stop()
    }
  })

  test('a jump host that forwards nothing is denied', async () => {
    const closed = await startSshd(['AllowTcpForwarding no'])
    try {
      const bastion = opened(open(closed.port, { credential: { user, key: closed.key } }))
      const jump = (address: string, port: number, signal: AbortSignal) =>
        bastion.forward(address, port, signal)
      const inner = opened(open(sshd.port, { credential: { user, key: sshd.key }, jump }))
      expect((await ask(inner, [hello]))[0]!.failure?.cause).toBe('denied')
    } finally {
      closed.stop()
    }
  })

  test('one session at a time (MaxSessions 1) is enough', async () => {
    const narrow = await startSshd(['MaxSessions 1'])
    try {
      const transport = opened(open(narrow.port, { credential: { user, key: narrow.key } }))
      const both = [command('web', ['sleep', '0.2']), hello, tcp('other', narrow.port, { from: 'web' })]
      expect((await ask(transport, both)).map((o) => o.failure)).toEqual([undefined, undefined, undefined])
    } finally {
      narrow.stop()
    }
  })

  test('dropped connections (MaxStartups) are no verdict: forty at once are all answered', async () => {
    const busy = await startSshd(['MaxStartups 5:60:10'])
    try {
      const many = Array.from({ length: 40 }, () =>
        opened(open(busy.port, { credential: { user, key: busy.key }, connectTimeoutMs: 20_000 })),
      )
      const outcomes = await Promise.all(many.map((transport) => ask(transport, [hello])))
      expect(outcomes.flat().map((o) => o.failure)).toEqual(Array(40).fill(undefined))
    } finally {
      busy.stop()
    }
  })

  test('a login without a shell is denied', async () => {
    const forced = await startSshd(['ForceCommand internal-sftp'])
    try {
      const transport = opened(
        open(forced.port, { credential: { user, key: forced.key }, connectTimeoutMs: 3000 }),
      )
      expect((await ask(transport, [hello]))[0]!.failure?.cause).toMatch(/^(denied|timeout)$/)
    } finally {
      forced.stop()
    }
  })

  test('a connection lost in the middle keeps what was answered', async () => {
    const transport = opened(open(sshd.port, { credential: { user, key: sshd.key } }))
    // Up to the sshd that serves this session: above the shell, which is above timeout.
    const cut =
      'p=$PPID; until read -r n </proc/$p/comm; [ "$n" = sshd ]; do read -r _ _ _ p _ </proc/$p/stat; done; kill -9 "$p"; exec sleep 3'
    const outcomes = await ask(transport, [
      hello,
      command('web', ['sh', '-c', cut]),
      command('web', ['id']),
      command('web', ['uptime']),
    ])
    expect(outcomes[0]!.answer).toBeDefined()
    expect(outcomes[1]!.failure?.cause).toBe('unreachable')
    expect(outcomes.slice(2).map((o) => o.failure?.cause)).toEqual(['unreachable', 'unreachable'])
    const [again] = await ask(transport, [hello])
    expect(again!.answer).toBeDefined()
  })

  test('a flood of a machine is cut, and ends on the machine too', async () => {
    const transport = opened(open(sshd.port, { credential: { user, key: sshd.key } }))
    const mark = `flood-${process.pid}`
    const [flood, next] = await ask(transport, [
      command('web', ['yes', mark], { timeoutMs: 20_000, maxBytes: 4096 }),
      hello,
    ])
    expect(flood).toMatchObject({ truncated: true })
    expect(next!.answer).toBeDefined()
    await expect
      .poll(() =>
        execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
          .split('\n')
          .filter((l) => l === `yes ${mark}`),
      )
      .toEqual([])
  })
})
