import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newSecret } from '../../../server/access/one-time-code.ts'
import { startExamDay, type ExamDay } from '../exam-day-server.ts'

/** A small OpenID provider that signs in `subject` whoever comes, and can be told to cheat. */
class Provider {
  server!: Server
  issuer = ''
  subject = 'personne-1'
  cheat: 'nothing' | 'nonce' | 'audience' | 'signature' | 'expired' = 'nothing'
  readonly #keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
  readonly #codes = new Map<string, { nonce: string; challenge: string }>()

  async start(): Promise<void> {
    this.server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', this.issuer)
      const json = (value: unknown, status = 200) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
      if (url.pathname === '/.well-known/openid-configuration')
        return json({
          issuer: this.issuer,
          authorization_endpoint: `${this.issuer}/authorize`,
          token_endpoint: `${this.issuer}/token`,
          jwks_uri: `${this.issuer}/jwks`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
        })
      if (url.pathname === '/jwks')
        return json({
          keys: [{ ...this.#keys.publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'RS256', use: 'sig' }],
        })
      if (url.pathname === '/authorize') {
        const code = randomUUID()
        const of = (name: string) => url.searchParams.get(name) ?? ''
        this.#codes.set(code, { nonce: of('nonce'), challenge: of('code_challenge') })
        const back = new URL(of('redirect_uri'))
        back.searchParams.set('code', code)
        back.searchParams.set('state', of('state'))
        return response.writeHead(302, { location: back.href }).end()
      }
      let body = ''
      request.on('data', (chunk: Buffer) => (body += String(chunk)))
      request.on('end', () => {
        const form = new URLSearchParams(body)
        const begun = this.#codes.get(form.get('code') ?? '')
        const verifier = form.get('code_verifier') ?? ''
        const challenge = createHash('sha256').update(verifier).digest('base64url')
        if (!begun || begun.challenge !== challenge) return json({ error: 'invalid_grant' }, 400)
        return json({ access_token: 'x', token_type: 'Bearer', id_token: this.#token(begun.nonce) })
      })
    }).listen(0, '127.0.0.1')
    await once(this.server, 'listening')
    this.issuer = `http://127.0.0.1:${(this.server.address() as { port: number }).port}`
  }

  #token(nonce: string): string {
    const now = Math.floor(Date.now() / 1000)
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const claims = {
      iss: this.issuer,
      sub: this.subject,
      aud: this.cheat === 'audience' ? 'somebody-else' : 'probant',
      nonce: this.cheat === 'nonce' ? 'another' : nonce,
      iat: this.cheat === 'expired' ? now - 7200 : now,
      exp: this.cheat === 'expired' ? now - 3600 : now + 300,
    }
    const signed = `${part({ alg: 'RS256', kid: 'k' })}.${part(claims)}`
    const key =
      this.cheat === 'signature'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
        : this.#keys.privateKey
    return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`
  }
}

const provider = new Provider()
let day: ExamDay
beforeAll(async () => {
  await provider.start()
  day = await startExamDay({
    oidc: {
      issuer: new URL(provider.issuer),
      clientId: 'probant',
      clientSecret: 'not-a-real-one',
      publicUrl: new URL('http://127.0.0.1:8080/'),
    },
  })
})
afterAll(async () => {
  provider.server.close()
  provider.server.closeAllConnections()
  await day.close()
})

const cookieIn = (answer: { headers: Record<string, unknown> }, name: string): string =>
  [answer.headers['set-cookie']]
    .flat()
    .map((one) => String(one).split(';')[0] ?? '')
    .find((one) => one.startsWith(`${name}=`)) ?? ''

/** Goes through the provider as a browser does, and gives what this server answers in the end. */
async function through(start: string, change: (back: URL) => void = () => {}) {
  const begun = await day.get(start)
  expect(begun.statusCode).toBe(303)
  const there = await fetch(String(begun.headers.location), { redirect: 'manual' })
  const back = new URL(there.headers.get('location') ?? '')
  change(back)
  return day.app.inject({
    url: back.pathname + back.search,
    headers: { cookie: cookieIn(begun, 'probant-oidc') },
  })
}

async function invited(): Promise<{ code: string; name: string }> {
  const name = `jury-${randomUUID().slice(0, 8)}`
  const account = await day.store.accounts.add({ name, displayName: name, role: 'jury' }, 'test')
  const { secret, hash } = newSecret()
  const soon = new Date(Date.now() + 60_000).toISOString()
  await day.store.accounts.invite(account.account, hash, soon, 'test')
  return { code: secret, name }
}

describe('the centre’s own accounts (OpenID Connect)', () => {
  it('give nobody a role by themselves', async () => {
    const answer = await through('/oidc/start')
    expect(answer.headers.location).toBe('/sign-in?problem=unknown')
    expect(cookieIn(answer, 'probant')).toBe('')
  })

  it('are linked by an invitation, once, and sign in from then on', async () => {
    const { code, name } = await invited()
    const linked = await through(`/oidc/start?invitation=${code}`)
    expect(linked.statusCode).toBe(200)
    const again = await through('/oidc/start?to=/account')
    expect(again.headers['refresh']).toBe('0; url=/account')
    const page = await day.app.inject({ url: '/account', headers: { cookie: cookieIn(again, 'probant') } })
    expect(page.body).toContain(name)
    provider.subject = 'personne-2'
    const other = await through(`/oidc/start?invitation=${code}`)
    expect(other.headers.location).toBe('/sign-in?problem=unknown')
    provider.subject = 'personne-1'
  })

  it.each(['nonce', 'audience', 'signature', 'expired'] as const)(
    'are not believed with a wrong %s',
    async (cheat) => {
      provider.cheat = cheat
      const answer = await through('/oidc/start')
      expect(answer.headers.location).toBe('/sign-in?problem=provider')
      provider.cheat = 'nothing'
    },
  )

  it('are not believed with another state, or without the cookie of the one who began', async () => {
    const answer = await through('/oidc/start', (back) => back.searchParams.set('state', 'x'))
    expect(answer.headers.location).toBe('/sign-in?problem=provider')
    const stolen = await day.get('/oidc/callback?code=x&state=y')
    expect(stolen.headers.location).toBe('/sign-in?problem=provider')
  })

  it('that do not answer leave the passwords', async () => {
    const alone = await startExamDay({
      oidc: {
        issuer: new URL('http://127.0.0.1:1/'),
        clientId: 'probant',
        clientSecret: 'x',
        publicUrl: new URL('http://127.0.0.1/'),
      },
    })
    const answer = await alone.get('/oidc/start')
    expect(answer.headers.location).toBe('/sign-in?problem=provider')
    expect((await alone.get('/sign-in?problem=provider')).body).toContain('mot de passe')
    await alone.close()
  })
})
