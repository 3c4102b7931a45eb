import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SCRUBBED, scrub } from '../../../agent/secrets/scrub.ts'

const secret = 'Pa$s "é&/+ 1'

describe('scrub', () => {
  it.each([
    ['as it is', secret],
    ['JSON', JSON.stringify({ secret })],
    ['HTML', 'Pa$s &quot;é&amp;/+ 1'],
    ['URL', encodeURIComponent(secret)],
    ['URL in lower case', encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase())],
    ['a form', new URLSearchParams({ secret }).toString()],
    ['hexadecimal', Buffer.from(secret).toString('hex')],
    ['hexadecimal in capitals', Buffer.from(secret).toString('hex').toUpperCase()],
    ['base64', Buffer.from(secret).toString('base64')],
    ['base64 for URLs', Buffer.from(secret).toString('base64url')],
    ['Basic authentication', Buffer.from(`probant:${secret}`).toString('base64')],
  ])('replaces an echo in %s', (_, echo) => {
    const clean = scrub(`before ${echo} after ${echo}`, [secret])
    expect(clean).toContain(SCRUBBED)
    expect(clean.startsWith('before ')).toBe(true)
    for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('hex')])
      expect(clean.toLowerCase()).not.toContain(form.toLowerCase())
    expect(clean.split(SCRUBBED).length).toBeGreaterThanOrEqual(3)
  })

  it('replaces single lines of a key, and leaves its frame', () => {
    const line = 'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAA'
    const key = `-----BEGIN OPENSSH PRIVATE KEY-----\n${line}\n-----END OPENSSH PRIVATE KEY-----\n`
    expect(scrub(`x${line}y`, [key])).toBe(`x${SCRUBBED}y`)
    expect(scrub('-----BEGIN OPENSSH PRIVATE KEY-----', [key])).toBe('-----BEGIN OPENSSH PRIVATE KEY-----')
  })

  it('leaves alone what is too short to be an echo', () => {
    expect(scrub('abc', ['abc', ''])).toBe('abc')
  })

  it('finds any secret in any text, in base64 at any place', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 6 }),
        fc.string(),
        fc.string(),
        (hidden, before, after) => {
          expect(scrub(`${before}${hidden}${after}`, [hidden]).includes(hidden)).toBe(
            SCRUBBED.includes(hidden),
          )
          const inside = Buffer.from(`${before}${hidden}${after}`).toString('base64')
          expect(scrub(inside, [hidden])).toContain(SCRUBBED)
        },
      ),
    )
  })
})
