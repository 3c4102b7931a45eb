import canonicalize from 'canonicalize'
import { describe, expect, it } from 'vitest'
import { NotObserved } from '../../checks/observation.ts'
import { printable } from '../../checks/printable.ts'

// Half a character has no canonical form (RFC 8785): one word of a machine's would keep its whole run from being signed.
describe('what a machine said can be signed', () => {
  it('where a detail is cut in the middle of a character', () => {
    const { failure } = new NotObserved('unparsable', `${'x'.repeat(499)}\u{1f600}`)
    expect(failure.detail).toBe(`${'x'.repeat(499)}\ufffd`)
    expect(canonicalize(failure)).toContain('\ufffd')
  })

  it('where the machine itself gave half of one', () => {
    expect(printable('a\ud83db')).toBe('a\ufffdb')
  })
})
