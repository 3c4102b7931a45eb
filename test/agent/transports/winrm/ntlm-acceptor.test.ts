import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { NtlmClient } from '../../../../agent/transports/winrm/ntlm/client.ts'
import { ensure } from '../../../setup/debian.ts'

const script = resolve(import.meta.dirname, '../../../../fixtures/ntlm/acceptor.py')
const ready = ensure(['gss-ntlmssp', 'python3-gssapi'])

interface Answer {
  readonly token?: string | null
  readonly complete?: boolean
  readonly name?: string | null
  readonly message?: string
  readonly encrypted?: boolean
  readonly error?: string
}

/** The other side: a process that speaks JSON lines. */
class Acceptor {
  readonly #process: ChildProcess
  readonly #lines: AsyncIterator<string>

  constructor(accounts: string) {
    const env = { PATH: '/usr/bin:/bin', NTLM_USER_FILE: accounts }
    this.#process = spawn('/usr/bin/python3', [script], { env, stdio: ['pipe', 'pipe', 'inherit'] })
    this.#lines = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]()
  }

  async ask(what: 'accept' | 'unwrap' | 'wrap', bytes: Uint8Array): Promise<Answer> {
    this.#process.stdin!.write(`${JSON.stringify({ [what]: Buffer.from(bytes).toString('base64') })}\n`)
    const { value, done } = await this.#lines.next()
    if (done) throw new Error('the acceptor ended')
    return JSON.parse(value) as Answer
  }

  end(): void {
    this.#process.stdin!.end()
  }
}

describe.skipIf(!ready)('gss-ntlmssp as acceptor (packages gss-ntlmssp, python3-gssapi)', () => {
  const password = randomBytes(12).toString('base64')
  let folder = ''
  let accounts = ''
  let acceptor: Acceptor | undefined
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'probant-ntlm-'))
    accounts = join(folder, 'accounts')
    writeFileSync(accounts, `LYON:élève:${password}\n`, { mode: 0o600 })
  })
  afterEach(() => acceptor?.end())
  afterAll(() => rmSync(folder, { recursive: true }))

  const place = { servicePrincipal: 'HTTP/10.0.1.10', bindings: null }
  async function handshake(secret: string) {
    acceptor = new Acceptor(accounts)
    const client = new NtlmClient({ user: 'élève', domain: 'LYON', password: secret }, place)
    const challenge = await acceptor.ask('accept', client.negotiate)
    const { message, sealing } = client.authenticate(Buffer.from(challenge.token!, 'base64'))
    return { acceptor, sealing, answer: await acceptor.ask('accept', message) }
  }

  it('takes the right password, and knows who it is', async () => {
    const { answer } = await handshake(password)
    expect(answer.complete).toBe(true)
    // The library counts characters where it means bytes, hence what may follow.
    expect(answer.name).toMatch(/^LYON\\élève.?$/su)
  })

  it('refuses a wrong one', async () => {
    const { answer } = await handshake(`${password}x`)
    expect(answer.error).toBeDefined()
    expect(answer.complete).toBeUndefined()
  })

  it.each([0, 1, 65_535, 1_000_000])('seals and unseals a message of %i bytes, both ways', async (length) => {
    const { acceptor: other, sealing } = await handshake(password)
    for (let round = 0; round < 2; round++) {
      const message = randomBytes(length)
      const { signature, sealed } = sealing.seal(message)
      const there = await other.ask('unwrap', Buffer.concat([signature, sealed]))
      expect(there.encrypted).toBe(true)
      expect(Buffer.from(there.message!, 'base64').equals(message)).toBe(true)
      const wrapped = await other.ask('wrap', message)
      if (length === 0) {
        // GSSAPI has nothing to wrap in nothing: that way the vectors stand alone.
        expect(wrapped.error).toBeDefined()
        return
      }
      const back = Buffer.from(wrapped.message!, 'base64')
      expect(sealing.unseal(back.subarray(16), back.subarray(0, 16)).equals(message)).toBe(true)
    }
  })

  it('the acceptor refuses what was changed on the way', async () => {
    const { acceptor: other, sealing } = await handshake(password)
    const { signature, sealed } = sealing.seal(Buffer.from('demande'))
    sealed[0]! ^= 1
    expect((await other.ask('unwrap', Buffer.concat([signature, sealed]))).error).toBeDefined()
  })
})
