import { createPrivateKey, createPublicKey, sign as signWith, verify as verifyWith } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  digestHolds,
  sign,
  signatureBase,
  verify,
  type RequestKey,
  type SignedRequest,
} from '../../checks/http-signature.ts'

/** `test-key-ed25519` of RFC 9421, B.1.4: published so that everybody can try it. */
const privateKey = createPrivateKey({
  key: Buffer.from('MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF', 'base64'),
  format: 'der',
  type: 'pkcs8',
})
const publicKey = Buffer.from(
  createPublicKey(privateKey).export({ format: 'jwk' }).x ?? '',
  'base64url',
).toString('base64')
const key: RequestKey = { publicKey, signBytes: (bytes) => signWith(null, bytes, privateKey) }

const bytes = (text: string) => new TextEncoder().encode(text)
const request = { method: 'POST', path: '/api/v1/agent/lease', query: '?a=1', body: bytes('{"wait":25}') }
const at = { created: 1_796_000_000, nonce: 'abcdefghijklmnop_-09' }

describe('against the RFCs', () => {
  it('RFC 9421, B.2.6: the same base gives the same signature', () => {
    const base = signatureBase(
      [
        ['date', 'Tue, 20 Apr 2021 02:07:55 GMT'],
        ['@method', 'POST'],
        ['@path', '/foo'],
        ['@authority', 'example.com'],
        ['content-type', 'application/json'],
        ['content-length', '18'],
      ],
      '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
    )
    expect(Buffer.from(signWith(null, base, privateKey)).toString('base64')).toBe(
      'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==',
    )
    expect(publicKey).toBe('JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=')
  })

  it('RFC 9530: the digest of a body', async () => {
    const fields = await sign({ ...request, body: bytes('{"hello": "world"}') }, key, at)
    expect(fields['content-digest']).toBe('sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:')
  })

  it('signs the bytes that RFC 9421, 2.5 says, and an absent query as its question mark', async () => {
    const fields = await sign({ ...request, query: '' }, key, at)
    const parameters = fields['signature-input'].replace(/^probant=/, '')
    expect(parameters).toBe(
      `("@method" "@path" "@query" "content-digest");created=1796000000;nonce="abcdefghijklmnop_-09";keyid="${publicKey}";alg="ed25519"`,
    )
    const expected = `"@method": POST\n"@path": /api/v1/agent/lease\n"@query": ?\n"content-digest": ${fields['content-digest']}\n"@signature-params": ${parameters}`
    const signature = Buffer.from(fields.signature.slice('probant=:'.length, -1), 'base64')
    expect(verifyWith(null, bytes(expected), createPublicKey(privateKey), signature)).toBe(true)
  })
})

describe('a signed request', () => {
  it('is known by its key, its moment and its nonce, and its body by the digest', async () => {
    const verified = await verify(request, { ...(await sign(request, key, at)) })
    expect(verified).toMatchObject({ publicKey, ...at })
    expect(await digestHolds(verified!, request.body)).toBe(true)
    expect(await digestHolds(verified!, bytes('{"wait":24}'))).toBe(false)
    expect(await digestHolds(verified!, bytes(''))).toBe(false)
  })

  it.each<[string, Partial<SignedRequest>]>([
    ['another method', { method: 'PUT' }],
    ['another path', { path: '/api/v1/agent/enrol' }],
    ['another query', { query: '?a=2' }],
    ['no query', { query: '' }],
    ['a line end in the path', { path: '/api/v1/agent/lease\n"@query": ?a=1' }],
  ])('is refused with %s', async (_what, changed) => {
    expect(await verify({ ...request, ...changed }, { ...(await sign(request, key, at)) })).toBeNull()
  })

  it('is refused with any component or parameter changed, left out, doubled or in another order', async () => {
    const good = await sign(request, key, at)
    const other = await sign({ ...request, body: bytes('{}') }, key, {
      created: 1,
      nonce: 'another-nonce-000',
    })
    const input = good['signature-input']
    const hostile: Record<string, string | string[] | undefined>[] = [
      { ...good, 'content-digest': other['content-digest'] },
      { ...good, signature: other.signature },
      { ...good, 'signature-input': input.replace('1796000000', '1796000001') },
      { ...good, 'signature-input': input.replace('_-09', '_-08') },
      { ...good, 'signature-input': input.replace('ed25519', 'rsa-pss-sha512') },
      { ...good, 'signature-input': input.replace(';alg="ed25519"', '') },
      { ...good, 'signature-input': input.replace(' "content-digest"', '') },
      { ...good, 'signature-input': input.replace('"@method" "@path"', '"@path" "@method"') },
      { ...good, 'signature-input': input.replace(publicKey, `${'A'.repeat(43)}=`) },
      { ...good, 'signature-input': `${input}, ${input}` },
      { ...good, 'signature-input': ` ${input}` },
      { ...good, 'signature-input': input.replace('probant=', 'sig1=') },
      { ...good, 'signature-input': `${input}${' '.repeat(100_000)}` },
      { ...good, signature: `${good.signature}, ${good.signature}` },
      { ...good, signature: [good.signature, good.signature] },
      { ...good, signature: good.signature.replaceAll('=:', ':') },
      { ...good, 'content-digest': good['content-digest'].replace('sha-256', 'sha-512') },
      { ...good, 'content-digest': `${good['content-digest']}, unixsum=:AAAA:` },
      { ...good, signature: undefined },
      { ...good, 'signature-input': undefined },
      { ...good, 'content-digest': undefined },
      {},
    ]
    for (const fields of hostile) expect(await verify(request, fields), JSON.stringify(fields)).toBeNull()
    expect(await verify(request, { ...good })).not.toBeNull()
  })

  it('whatever the fields hold, verification answers and never throws', async () => {
    const good = await sign(request, key, at)
    const field = fc.oneof(fc.string(), fc.constantFrom(...Object.values(good)))
    await fc.assert(
      fc.asyncProperty(field, field, field, async (digest, input, signature) => {
        const fields = { 'content-digest': digest, 'signature-input': input, signature }
        const verified = await verify(request, fields)
        const whole = digest === good['content-digest'] && input === good['signature-input']
        expect(verified !== null).toBe(whole && signature === good.signature)
      }),
      { numRuns: 300 },
    )
  })

  it('is not made where it could not be read as it was meant', async () => {
    const refused = [
      sign({ ...request, path: '/a\nb' }, key, at),
      sign({ ...request, path: 'a' }, key, at),
      sign({ ...request, method: 'post' }, key, at),
      sign({ ...request, query: 'a=1' }, key, at),
      sign(request, key, { ...at, nonce: 'short' }),
      sign(request, key, { ...at, nonce: 'with"quote"and-more' }),
      sign(request, key, { ...at, created: 1.5 }),
      sign(request, { ...key, publicKey: 'not-a-key' }, at),
    ]
    for (const result of await Promise.allSettled(refused)) expect(result.status).toBe('rejected')
  })
})
