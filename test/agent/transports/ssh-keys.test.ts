import { KeyObject } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connect } from '../../../agent/transports/ssh/connection.ts'
import { context } from './service.ts'
import { sshdReady, startSshd, type Sshd } from './sshd.ts'

let server: Sshd
beforeAll(async () => {
  if (sshdReady()) server = await startSshd()
}, 60_000)
afterAll(() => server?.stop())

// What agent/transports/ssh/prepared-keys.ts touches is ssh2's own affair: this says when another version has it otherwise.
it.skipIf(!sshdReady())(
  'the keys of a connection are key objects, in both directions, and it works',
  async () => {
    const signal = AbortSignal.timeout(20_000)
    const { client } = await connect(
      context(
        {
          address: '127.0.0.1',
          ssh: { credential: 'c', port: server.port, identity: 'first-use', shell: 'posix' },
        },
        { credential: { user: 'root', key: server.key } },
      ),
      signal,
    )
    const keyOf = (cipher: string, name: string): unknown =>
      [cipher, name].reduce<unknown>(
        (part, next) => Reflect.get(Object(part), next),
        Reflect.get(client, '_protocol'),
      )
    expect(keyOf('_cipher', '_encKey')).toBeInstanceOf(KeyObject)
    expect(keyOf('_decipher', '_decipherKey')).toBeInstanceOf(KeyObject)
    const said = await new Promise<string>((resolve, reject) =>
      client.exec('echo works', (error, channel) => {
        if (error) return reject(error)
        channel.once('data', (bytes: Buffer) => resolve(bytes.toString()))
      }),
    )
    expect(said).toBe('works\n')
    client.end()
  },
  30_000,
)
