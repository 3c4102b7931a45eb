import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenCredential } from '../../../agent/transports/transport.ts'
import type { Target } from '../../../checks/session.ts'
import { freePort, sshdReady, startSshd, type Sshd } from '../transports/sshd.ts'
import { failing, lines, placeOf, walked } from './walked.ts'

type Ssh = NonNullable<Target['ssh']>
const target = (port: number, ssh: Partial<Ssh> = {}, address = '127.0.0.1'): Target => ({
  address,
  ssh: { credential: 'c', port, identity: 'first-use', shell: 'posix', ...ssh },
})

describe.skipIf(!sshdReady())('diagnosing SSH, a real OpenSSH (needs root and openssh-server)', () => {
  let sshd: Sshd
  let key: OpenCredential
  beforeAll(async () => {
    sshd = await startSshd(['KbdInteractiveAuthentication no'])
    key = { user: 'root', key: sshd.key }
  })
  afterAll(() => sshd.stop())

  it('says every step, the host key, and what is offered', async () => {
    const result = await walked('ssh', placeOf(target(sshd.port), key), { root: true })
    expect(lines(result)).toEqual([
      'name works',
      'port works',
      'host-key works',
      'offered works',
      'accepted works',
      'shell works',
      'rights works',
    ])
    expect(result.findings.find(({ step }) => step === 'host-key')?.identity).toBe(sshd.fingerprint)
    expect(result.findings.find(({ step }) => step === 'offered')?.note?.en).toBe('publickey')
  })

  it('another host key than the pinned one gets nothing', async () => {
    const pinned = target(sshd.port, { identity: `SHA256:${'A'.repeat(43)}` })
    expect(failing(await walked('ssh', placeOf(pinned, key)))).toBe('host-key host-key-other')
  })

  it('a password where only keys are taken: said before it is sent', async () => {
    const password = randomBytes(12).toString('base64')
    const result = await walked('ssh', placeOf(target(sshd.port), { user: 'root', password }))
    expect(failing(result)).toBe('offered method-missing')
    expect(JSON.stringify(result)).not.toContain(password)
  })

  it('a key that is not authorised, or can not be read', async () => {
    const other = await startSshd()
    try {
      const stranger = placeOf(target(sshd.port), { user: 'root', key: other.key })
      expect(failing(await walked('ssh', stranger))).toBe('accepted account-refused')
      const unreadable = placeOf(target(sshd.port), { user: 'root', key: 'not a key' })
      expect(failing(await walked('ssh', unreadable))).toBe('offered key-unreadable')
    } finally {
      other.stop()
    }
  })

  it('no session for us (MaxSessions 0) is no refusal of the account', async () => {
    const closed = await startSshd(['MaxSessions 0'])
    try {
      const result = await walked('ssh', placeOf(target(closed.port), { user: 'root', key: closed.key }))
      expect(lines(result)).toContain('accepted works')
      expect(failing(result)).toBe('shell shell-denied')
    } finally {
      closed.stop()
    }
  }, 30_000)

  it('a Debian behind “shell: powershell” starts no PowerShell', async () => {
    const result = await walked('powershell-ssh', placeOf(target(sshd.port, { shell: 'powershell' }), key))
    expect(failing(result)).toMatch(/^(marker no-marker|marker no-powershell)$/)
    expect(lines(result)).toContain('shell works')
  }, 30_000)

  it('a closed port, one where something else speaks, one that says nothing', async () => {
    expect(failing(await walked('ssh', placeOf(target(await freePort()), key)))).toBe('port port-refused')
    const sockets: Socket[] = []
    const other = createServer((socket) => {
      sockets.push(socket)
      socket.on('error', () => undefined)
      socket.end('220 smtp\r\n')
    }).listen(0, '127.0.0.1')
    await once(other, 'listening')
    const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const portOf = (server: typeof other) => (server.address() as AddressInfo).port
    try {
      expect(failing(await walked('ssh', placeOf(target(portOf(other)), key)))).toMatch(/^host-key ssh-/)
      expect(failing(await walked('ssh', placeOf(target(portOf(silent)), key)))).toBe('host-key ssh-silent')
    } finally {
      for (const socket of sockets) socket.destroy()
      other.close()
      silent.close()
    }
  }, 30_000)

  it('a jump host that opens nothing is said to be that', async () => {
    const place = placeOf(target(sshd.port, { jump: 'bastion' }), key, {
      jump: () => Promise.reject(new Error('refused')),
    })
    expect(failing(await walked('ssh', place))).toBe('port jump-failed')
  })

  it('localhost, which may be several addresses', async () => {
    const result = await walked('ssh', placeOf(target(sshd.port, {}, 'localhost'), key))
    expect(lines(result).at(0)).toBe('name works')
  })
})
