import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { command, file, icmp, tcp } from '../../../checks/probe.ts'
import { ensure } from '../../setup/debian.ts'
import { IdleShells } from '../../../agent/transports/shell/idle-shells.ts'
import type { ShellProcess } from '../../../agent/transports/shell/shell-process.ts'
import { ask, shells, shellProcess, starting, streamed } from './shells.ts'

const isRoot = process.getuid?.() === 0
const nobody = { uid: 65_534, gid: 65_534 }
const sh = (script: string, options = {}) => command('web', ['sh', '-c', script], options)
/** Finds the shell that asks: the parent, or the parent of `timeout`. */
const shellAbove =
  'shell=$PPID; read -r name </proc/$PPID/comm; ' +
  'if [ "$name" = timeout ]; then read -r _ _ _ shell _ </proc/$PPID/stat; fi'
const running = (mark: string) =>
  execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.startsWith(`sleep ${mark}`))
const here = (argv: readonly string[]) => starting(argv)

describe.each(shells)('$name', ({ argv }) => {
  test('outputs come back byte by byte, apart from each other, with the exit status', async () => {
    const probes = [
      sh(`printf 'no newline'; printf 'on the other' >&2; exit 3`),
      sh(`printf 'a\\0b\\n\\n\\n'`),
      sh(`printf '\\377\\376 latin \\351\\n'`),
      command('web', ['printf', '%s|', "it's", '$(id)', '', '*', '-n', 'é\n']),
      command('web', ['cat']),
      sh('echo "$LC_ALL"; pwd'),
    ]
    const outcomes = await ask(probes, here(argv))
    expect(outcomes.map((o) => o.answer)).toEqual([
      { kind: 'command', status: 3, stdout: 'no newline', stderr: 'on the other' },
      { kind: 'command', status: 0, stdout: 'a\0b\n\n\n', stderr: '' },
      { kind: 'command', status: 0, stdout: '\ufffd\ufffd latin \ufffd\n', stderr: '' },
      { kind: 'command', status: 0, stdout: "it's|$(id)||*|-n|é\n|", stderr: '' },
      { kind: 'command', status: 0, stdout: '', stderr: '' },
      { kind: 'command', status: 0, stdout: 'C\n/\n', stderr: '' },
    ])
  })

  test('a signal is no exit status, and the shell adds no word of its own', async () => {
    const [killed] = await ask([sh('kill -TERM $$')], here(argv))
    expect(killed!.answer).toEqual({ kind: 'command', status: null, stdout: '', stderr: '' })
  })

  test('a missing tool is not an answer, nor is one that the account may not run', async () => {
    const [missing, absent, folder, denied, echo] = await ask(
      [
        command('web', ['no-such-tool']),
        command('web', ['/no/such/tool']),
        command('web', ['/etc']),
        command('web', ['/etc/passwd']),
        command('web', ['ldconfig', '--version']),
      ],
      here(argv),
    )
    expect(missing!.failure).toEqual({ cause: 'missing-tool', detail: 'no no-such-tool on the machine' })
    expect(absent!.failure?.cause).toBe('missing-tool')
    expect(folder!.failure?.cause).toBe('denied')
    expect(denied!.failure?.cause).toBe('denied')
    // It is in /sbin, which is not in the PATH of most logins.
    expect(echo!.answer).toMatchObject({ status: 0 })
  })

  test('a late question ends with all that it started, and the next ones are answered', async () => {
    const mark = `987${process.pid}${Math.floor(Math.random() * 1000)}`
    const begun = performance.now()
    const [late, next] = await ask(
      [sh(`sleep ${mark} & sleep ${mark}; wait`, { timeoutMs: 300 }), command('web', ['echo', 'still here'])],
      here(argv),
    )
    expect(late!.failure?.cause).toBe('timeout')
    expect(performance.now() - begun).toBeLessThan(5000)
    expect(next!.answer).toMatchObject({ stdout: 'still here\n' })
    expect(running(mark)).toEqual([])
  })

  test('a flood is cut and said to be, and costs the others nothing', async () => {
    const [flood, cut, whole, next] = await ask(
      [
        command('web', ['yes'], { maxBytes: 100, timeoutMs: 20_000 }),
        sh('head -c 101 /dev/zero', { maxBytes: 100 }),
        sh('head -c 100 /dev/zero', { maxBytes: 100 }),
        command('web', ['echo', 'next']),
      ],
      here(argv),
    )
    expect(flood).toMatchObject({ truncated: true, answer: { status: null, stdout: 'y\n'.repeat(50) } })
    expect(cut).toMatchObject({ truncated: true, answer: { stdout: '\0'.repeat(100) } })
    expect(whole).toMatchObject({ truncated: false, answer: { stdout: '\0'.repeat(100) } })
    expect(next).toMatchObject({ answer: { stdout: 'next\n' } })
  })

  test('the next round goes to the same shell, and to a new one where that is gone', async () => {
    const idle = new IdleShells()
    const started: ShellProcess[] = []
    const start = async (): Promise<ShellProcess> => {
      started.push(shellProcess(argv))
      return started.at(-1)!
    }
    try {
      for (const round of ['first', 'second', 'third']) {
        const [said, failed] = await ask(
          [command('web', ['echo', round]), sh('echo no >&2; exit 4')],
          start,
          {
            idle,
          },
        )
        expect(said!.answer).toMatchObject({ stdout: `${round}\n`, stderr: '' })
        expect(failed!.answer).toMatchObject({ status: 4, stdout: '', stderr: 'no\n' })
      }
      expect(started).toHaveLength(1)
      // Dies unnoticed: the group is written to a shell that reads nothing any more.
      started[0]!.stdin.end('exec 1>&- 2>&- 3>&-; exit\n')
      const [said] = await ask([command('web', ['echo', 'after'])], start, { idle })
      expect(said!.answer).toMatchObject({ stdout: 'after\n' })
      expect(started).toHaveLength(2)
    } finally {
      idle.close()
    }
    await Promise.all(started.map((shell) => shell.ended))
  })

  test('a question that takes the shell down with it costs itself', async () => {
    const suicide = `${shellAbove}; kill -9 "$shell"; exec sleep 1`
    const [before, during, after] = await ask(
      [command('web', ['echo', '1']), sh(suicide), command('web', ['echo', '2'])],
      here(argv),
    )
    expect(before).toMatchObject({ answer: { stdout: '1\n' } })
    expect(during!.answer ?? during!.failure).toBeDefined()
    expect(after).toMatchObject({ answer: { stdout: '2\n' } })
  })

  test('looks at paths as they are', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'probant-'))
    try {
      const path = (name: string) => join(dir, name)
      writeFileSync(path("l'été $(id)"), 'contenu\0é', { mode: 0o640 })
      symlinkSync('nowhere', path('dangling'))
      mkdirSync(path('folder'))
      chmodSync(path('folder'), 0o2770)
      writeFileSync(path('long'), 'x'.repeat(1000))
      const outcomes = await ask(
        [
          file('web', path("l'été $(id)"), { content: true }),
          file('web', path('dangling'), { content: true }),
          file('web', path('folder'), { content: true }),
          file('web', path('absent'), { content: true }),
          file('web', path('absent/below')),
          file('web', path('long/below')),
          file('web', path('long'), { content: true, maxBytes: 100 }),
          file('web', '/dev/null', { content: true }),
        ],
        here(argv),
      )
      const absent = { exists: false, type: null, mode: null, uid: null, owner: null, content: null }
      expect(outcomes).toMatchObject([
        {
          answer: { exists: true, type: 'file', mode: '640', size: 10, content: 'contenu\0é' },
          truncated: false,
        },
        { answer: { exists: true, type: 'link', content: null } },
        { answer: { exists: true, type: 'directory', mode: '2770', content: null } },
        { answer: absent },
        { answer: absent },
        { answer: absent },
        { answer: { size: 1000, content: 'x'.repeat(100) }, truncated: true },
        { answer: { exists: true, type: 'other', content: null } },
      ])
    } finally {
      rmSync(dir, { recursive: true })
    }
  })

  test('pings and connects from here as a vantage point', async () => {
    const server = createServer((socket) => socket.destroy())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    try {
      const [echo, open] = await ask(
        [icmp('other', { from: 'web' }), tcp('other', port, { from: 'web' })],
        here(argv),
      )
      expect(echo!.answer ?? echo!.failure).toMatchObject(
        existsSync('/usr/bin/ping') ? { sent: 2, received: 2 } : { cause: 'missing-tool' },
      )
      expect(open!.answer).toEqual({ kind: 'tcp', state: 'open' })
    } finally {
      await new Promise((resolve) => server.close(resolve))
    }
    const [refused] = await ask([tcp('other', port, { from: 'web' })], here(argv))
    expect(refused!.answer).toEqual({ kind: 'tcp', state: 'refused' })
  })

  test.skipIf(!isRoot)('a path in a folder that may not be looked into is denied, not absent', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'probant-'))
    try {
      chmodSync(dir, 0o700)
      writeFileSync(join(dir, 'there'), '')
      const outcomes = await ask(
        [
          file('web', join(dir, 'there')),
          file('web', join(dir, 'not-there')),
          file('web', '/etc/shadow', { content: true }),
        ],
        starting(argv, nobody),
      )
      expect(outcomes).toMatchObject([
        { failure: { cause: 'denied' } },
        { failure: { cause: 'denied' } },
        { answer: { exists: true, content: null } },
      ])
    } finally {
      rmSync(dir, { recursive: true })
    }
  })
})

describe('root', () => {
  test.skipIf(!isRoot)('sudo that asks for a password is denied, with what it said', async () => {
    const [mine, roots] = await ask(
      [command('web', ['id', '-u']), command('web', ['id', '-u'], { as: 'root' })],
      starting(['/bin/sh'], nobody),
    )
    expect(mine!.answer).toMatchObject({ stdout: '65534\n' })
    expect(roots!.failure?.cause).toBe(existsSync('/usr/bin/sudo') ? 'denied' : 'missing-tool')
    expect(roots!.failure?.detail).toMatch(/sudo/)
  })

  test.skipIf(!isRoot)('sudo is not needed where the login is root already', async () => {
    const [roots] = await ask([command('web', ['id', '-u'], { as: 'root' })], starting(['/bin/sh']))
    expect(roots!.answer).toMatchObject({ stdout: '0\n' })
  })
})

describe('limits', () => {
  test('an account without shell is denied, with what its login said', async () => {
    const [outcome] = await ask(
      [command('web', ['id'])],
      starting(['/bin/echo', 'This account is not available.']),
    )
    expect(outcome!.failure).toEqual({
      cause: 'denied',
      detail: "the account's login gives no shell: This account is not available.",
    })
  })

  test('a login that never gives a shell costs one wait for all', async () => {
    const begun = performance.now()
    const outcomes = await ask(
      [command('web', ['id']), file('web', '/etc')],
      starting(['/bin/sleep', '60']),
      { startTimeoutMs: 300 },
    )
    expect(outcomes.map((o) => o.failure?.cause)).toEqual(['timeout', 'timeout'])
    expect(performance.now() - begun).toBeLessThan(2000)
  })

  test('a login that greets with noise, endless noise, and a nonce of its own', async () => {
    const greeting = ['/bin/sh', '-c', 'echo Bienvenue; echo warn >&2; exec /bin/sh']
    const [greeted] = await ask([command('web', ['echo', 'ok'])], starting(greeting))
    expect(greeted!.answer).toMatchObject({ stdout: 'ok\n', stderr: '' })
    const [flooded] = await ask([command('web', ['echo', 'ok'])], starting(['/usr/bin/yes']))
    expect(flooded!.failure?.cause).toBe('unparsable')
  })

  test('an interruption keeps what was answered and ends the rest', async () => {
    const stop = new AbortController()
    const probes = [command('web', ['echo', '1']), command('web', ['sleep', '60'], { timeoutMs: 60_000 })]
    const causes: unknown[] = []
    for await (const outcome of streamed(probes, starting(['/bin/sh']), { signal: stop.signal })) {
      causes.push('failure' in outcome ? outcome.failure.cause : 'answered')
      stop.abort()
    }
    expect(causes).toEqual(['answered', 'cancelled'])
  })

  test('the end of the time for a machine is a timeout', async () => {
    const [outcome] = await ask(
      [command('web', ['sleep', '60'], { timeoutMs: 60_000 })],
      starting(['/bin/sh']),
      {
        signal: AbortSignal.timeout(200),
      },
    )
    expect(outcome!.failure?.cause).toBe('timeout')
  })

  test('a machine that stops answering ends with the question, not with the run', async () => {
    const [outcome, next] = await ask(
      [sh(`${shellAbove}; kill -STOP "$shell"`, { timeoutMs: 200 }), command('web', ['echo', 'next'])],
      starting(['/bin/sh']),
    )
    expect(outcome!.failure?.cause).toBe('timeout')
    expect(next!.answer).toMatchObject({ stdout: 'next\n' })
  })
})

describe('a machine with busybox only (chroot)', () => {
  let root = ''
  const ready = isRoot && ensure(['busybox-static']) && existsSync('/bin/busybox')
  beforeAll(() => {
    if (!ready) return
    root = mkdtempSync(join(tmpdir(), 'probant-'))
    for (const name of ['bin', 'etc', 'tmp', 'dev']) mkdirSync(join(root, name))
    chmodSync(root, 0o755)
    copyFileSync('/bin/busybox', join(root, 'bin/busybox'))
    for (const name of [
      'sh',
      'timeout',
      'setsid',
      'sleep',
      'stat',
      'head',
      'echo',
      'yes',
      'cat',
      'id',
      'printf',
    ])
      symlinkSync('busybox', join(root, 'bin', name))
    writeFileSync(join(root, 'etc/issue'), 'contenu')
    writeFileSync(join(root, 'dev/null'), '')
  })
  afterAll(() => {
    if (root) rmSync(root, { recursive: true })
  })

  test.skipIf(!ready)('answers all the same, and its late questions end', async () => {
    const mark = `986${process.pid}`
    const outcomes = await ask(
      [
        command('web', ['echo', 'é']),
        sh(`sleep ${mark} & sleep ${mark}`, { timeoutMs: 300 }),
        sh('exit 4'),
        command('web', ['yes'], { maxBytes: 100 }),
        command('web', ['ss']),
        file('web', '/etc/issue', { content: true }),
        file('web', '/etc/none'),
      ],
      async () => shellProcess(['/usr/sbin/chroot', root, '/bin/sh']),
    )
    expect(outcomes).toMatchObject([
      { answer: { stdout: 'é\n', status: 0 } },
      { failure: { cause: 'timeout' } },
      { answer: { status: 4 } },
      { truncated: true },
      { failure: { cause: 'missing-tool' } },
      { answer: { exists: true, type: 'file', content: 'contenu' } },
      { answer: { exists: false } },
    ])
    expect(running(mark)).toEqual([])
  })
})
