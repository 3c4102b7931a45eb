import { chmodSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openSmb } from '../../../../agent/transports/smb/smb.ts'
import { groupPolicy, tcp } from '../../../../checks/probe.ts'
import type { Target } from '../../../../checks/session.ts'
import { defaultDomainPolicy } from '../../../../checks/windows/group-policy/paths.ts'
import { ensure } from '../../../setup/debian.ts'
import { answerOf, askAll, askOne, causeOf, context, freePort } from '../service.ts'
import { password, plant, smbd, smbdReady, user, type Smbd } from './smbd.ts'

const domain = 'agence1.lan'
const guid = '5a5b514b-82fe-43c2-86b3-f5c9260f89e0'
const policies = `${domain}/Policies`
const policy = `${policies}/{${guid.toUpperCase()}}`
const target = (port: number): Target => ({
  address: '127.0.0.1',
  smb: { credential: 'c', port },
  ldap: { credential: 'c', tls: 'ldaps', domain },
})
const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64')
const opened = (port: number, secret = password, name = user) =>
  openSmb(context(target(port), { credential: { user: name, password: secret } }))

/** Every smbclient of this process, by its number. */
const clients = (): string[] =>
  readdirSync('/proc').filter((name) => {
    try {
      return (
        /^\d+$/.test(name) &&
        readFileSync(`/proc/${name}/comm`, 'utf8').trim() === 'smbclient' &&
        readFileSync(`/proc/${name}/stat`, 'utf8').includes(` ${process.pid} `)
      )
    } catch {
      return false
    }
  })
const gone = async (): Promise<boolean> => {
  for (let tries = 0; tries < 100; tries++) {
    if (clients().length === 0) return true
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return false
}

describe.skipIf(!smbdReady())('group policies over SMB, a real smbd', () => {
  let server: Smbd
  let strange: Smbd
  beforeAll(async () => {
    ;[server, strange] = await Promise.all([smbd('sysvol'), smbd('partage')])
  })
  afterAll(() => Promise.all([server?.stop(), strange?.stop()]))
  beforeEach(() =>
    plant(server.folder, {
      [`${policies}/{${defaultDomainPolicy.toUpperCase()}}/GPT.INI`]: '[General]\r\nVersion=0\r\n',
      [`${policy}/GPT.INI`]: '[General]\r\nVersion=65536\r\n',
      // Folders as Samba makes them, and Windows.
      [`${policy}/USER/Registry.pol`]: 'PReg',
      [`${policy}/MACHINE/Scripts/scripts.ini`]: '[Startup]\r\n',
      [`${policy}/MACHINE/Scripts/Startup/long.exe`]: Buffer.alloc(3_000_000),
      [`${policy}/MACHINE/Microsoft/Windows NT/SecEdit/GptTmpl.inf`]: '[Version]\r\n',
    }),
  )
  afterEach(() => rmSync(join(server.folder, domain), { recursive: true, force: true }))

  it('gives the files that hold settings, whatever the case of their folders, and no other', async () => {
    const transport = opened(server.port)
    const [one, another, absent] = await askAll(transport, [
      groupPolicy('dc', guid),
      groupPolicy('dc', defaultDomainPolicy),
      groupPolicy('dc', '00000000-0000-4000-8000-000000000000'),
    ])
    await transport.close()
    expect(one).toMatchObject({ truncated: false })
    expect(answerOf(one!)).toEqual({
      kind: 'group-policy',
      found: true,
      files: [
        { path: 'GPT.INI', content: base64('[General]\r\nVersion=65536\r\n') },
        { path: 'Machine/Microsoft/Windows NT/SecEdit/GptTmpl.inf', content: base64('[Version]\r\n') },
        { path: 'Machine/Scripts/scripts.ini', content: base64('[Startup]\r\n') },
        { path: 'User/Registry.pol', content: base64('PReg') },
      ],
    })
    expect(answerOf(another!)).toMatchObject({ found: true, files: [{ path: 'GPT.INI' }] })
    expect(answerOf(absent!)).toEqual({ kind: 'group-policy', found: false, files: [] })
  })

  it('does not believe that a policy is absent where the default one is not there either', async () => {
    rmSync(join(server.folder, policies, `{${defaultDomainPolicy.toUpperCase()}}`), { recursive: true })
    const absent = groupPolicy('dc', '00000000-0000-4000-8000-000000000000')
    expect(causeOf(await askOne(opened(server.port), absent))).toBe('control')
  })

  it('says what is forbidden, and what another domain has', async () => {
    chmodSync(join(server.folder, policy, 'USER/Registry.pol'), 0o600)
    expect(causeOf(await askOne(opened(server.port), groupPolicy('dc', guid)))).toBe('denied')
    chmodSync(join(server.folder, policy, 'USER'), 0o700)
    expect(causeOf(await askOne(opened(server.port), groupPolicy('dc', guid)))).toBe('denied')
    chmodSync(join(server.folder, policies), 0o711)
    expect(causeOf(await askOne(opened(server.port), groupPolicy('dc', guid)))).toBe('denied')
    rmSync(join(server.folder, domain), { recursive: true })
    plant(server.folder, { 'agence2.lan/Policies/note': '' })
    expect(causeOf(await askOne(opened(server.port), groupPolicy('dc', guid)))).toBe('identity')
  })

  it('cuts what is too long, keeps what came before, and says so', async () => {
    const long = join(server.folder, policy, 'USER/Registry.pol')
    truncateSync(long, 3_000_000_000)
    const outcome = await askOne(opened(server.port), groupPolicy('dc', guid))
    expect(outcome).toMatchObject({ truncated: true })
    expect(answerOf(outcome)).toMatchObject({ files: [{ path: 'GPT.INI' }, {}, {}] })
    expect(await gone()).toBe(true)
  })

  it('follows no link out of the share', async () => {
    const at = join(server.folder, policy, 'USER/Registry.pol')
    rmSync(at)
    symlinkSync('/etc/passwd', at)
    const outcome = await askOne(opened(server.port), groupPolicy('dc', guid))
    expect(JSON.stringify(answerOf(outcome))).not.toContain(base64('root:x:').slice(0, 8))
  })

  it('knows a share that is not there, and a password that is wrong: once, for all questions', async () => {
    expect(causeOf(await askOne(opened(strange.port), groupPolicy('dc', guid)))).toBe('missing-tool')
    const sockets: Socket[] = []
    const proxy = createServer((client) => {
      const onward = connect(server.port, '127.0.0.1')
      sockets.push(client, onward)
      for (const socket of [client, onward]) socket.on('error', () => undefined)
      client.pipe(onward).pipe(client)
    }).listen(0, '127.0.0.1')
    await once(proxy, 'listening')
    const { port } = proxy.address() as { port: number }
    const probes = [1, 2, 3, 4].map((n) => groupPolicy('dc', guid, { timeoutMs: 9000 + n }))
    const outcomes = await askAll(opened(port, 'un autre secret'), probes)
    expect(outcomes.map(causeOf)).toEqual(['auth', 'auth', 'auth', 'auth'])
    // One to see whether it is there, one of smbclient: a password is not tried again.
    expect(sockets.length / 2).toBe(2)
    expect(JSON.stringify(outcomes)).not.toContain('un autre secret')
    proxy.close()
    for (const socket of sockets) socket.destroy()
  })

  it('refuses what smbclient would cut or take for something else', async () => {
    const probe = groupPolicy('dc', guid)
    expect(causeOf(await askOne(opened(server.port, 'é'.repeat(64)), probe))).toBe('grader')
    expect(causeOf(await askOne(opened(server.port, 'a\nb'), probe))).toBe('grader')
    expect(causeOf(await askOne(opened(server.port, password, 'nobody%x'), probe))).toBe('grader')
    expect(causeOf(await askOne(opened(server.port, ''), probe))).toBe('grader')
    expect(causeOf(await askOne(opened(server.port), tcp('dc', 80)))).toBe('grader')
  })
})

describe.skipIf(!ensure(['smbclient']))('group policies over SMB, a hostile server', () => {
  const probe = groupPolicy('dc', guid, { timeoutMs: 1500 })
  const serve = async (answer: (socket: Socket) => void) => {
    const sockets = new Set<Socket>()
    const listener = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      answer(socket)
    }).listen(0, '127.0.0.1')
    await once(listener, 'listening')
    const { port } = listener.address() as { port: number }
    return {
      port,
      close: () => {
        listener.close()
        for (const socket of sockets) socket.destroy()
      },
    }
  }

  it('ends in its time where nothing is said, and shows its secret to nobody meanwhile', async () => {
    const silent = await serve(() => undefined)
    const asking = askAll(opened(silent.port), [probe, { ...probe, timeoutMs: 1501 }])
    await expect.poll(() => clients().length, { timeout: 1200 }).toBe(1)
    const [pid] = clients()
    const seen = ['cmdline', 'environ'].map((name) => readFileSync(`/proc/${pid}/${name}`, 'utf8'))
    expect(seen[0]).toContain('--client-protection=sign')
    for (const text of seen) expect(text).not.toContain(password)
    // A group of its own, so that whatever it started ends with it.
    expect(readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ')[2]).toBe(pid)
    const outcomes = await asking
    expect(outcomes.map(causeOf)).toEqual(['timeout', 'timeout'])
    expect(JSON.stringify(outcomes)).not.toContain(password)
    expect(await gone()).toBe(true)
    silent.close()
  })

  it('ends at once when it is told to', async () => {
    const silent = await serve(() => undefined)
    const control = new AbortController()
    const asking = askOne(opened(silent.port), { ...probe, timeoutMs: 30_000 }, control.signal)
    await expect.poll(() => clients().length).toBe(1)
    control.abort()
    expect(causeOf(await asking)).toBe('cancelled')
    expect(await gone()).toBe(true)
    silent.close()
  })

  it.each([
    ['hangs up', (socket: Socket) => socket.destroy()],
    ['says something else', (socket: Socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'.repeat(500))],
    [
      'says it without end',
      (socket: Socket) => void setInterval(() => socket.write(Buffer.alloc(65_536)), 1).unref(),
    ],
  ])('is no answer where it %s', async (_what, answer) => {
    const strange = await serve(answer)
    const outcome = await askOne(opened(strange.port), probe)
    expect(['refused', 'unparsable', 'timeout']).toContain(causeOf(outcome))
    expect(await gone()).toBe(true)
    strange.close()
  })

  it('says that nothing listens, and that there is no smbclient here', async () => {
    expect(causeOf(await askOne(opened(await freePort()), probe))).toBe('refused')
    const silent = await serve(() => undefined)
    const { PATH } = process.env
    try {
      process.env['PATH'] = '/nowhere'
      expect(causeOf(await askOne(opened(silent.port), probe))).toBe('missing-tool')
    } finally {
      process.env['PATH'] = PATH
      silent.close()
    }
  })
})
