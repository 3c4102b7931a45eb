import Fastify from 'fastify'
import { expect, it } from 'vitest'
import { refuseOtherNames } from '../../../server/access/loopback-name.ts'

it('a server that only this machine reaches answers to loopback names only', async () => {
  const app = Fastify()
  refuseOtherNames(app)
  app.get('/', async () => 'here')
  const asked = async (host: string) => (await app.inject({ url: '/', headers: { host } })).statusCode
  for (const name of ['127.0.0.1:8080', 'localhost', '[::1]:8080', 'LOCALHOST:1'])
    expect(await asked(name)).toBe(200)
  for (const name of ['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example:80'])
    expect(await asked(name), name).toBe(421)
  await app.close()
})
