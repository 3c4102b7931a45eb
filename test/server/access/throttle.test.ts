import { describe, expect, it } from 'vitest'
import { sourceOf } from '../../../server/access/source.ts'
import { SignInThrottle, type Attempt } from '../../../server/access/throttle.ts'

/** A throttle with a clock that the test moves. */
function throttle() {
  let clock = 0
  const at = new SignInThrottle(() => clock)
  const stranger = (source: string, account = 'resp'): Attempt => ({ source, account, known: false })
  return {
    at,
    stranger,
    pass: (ms: number) => (clock += ms),
    fails: (times: number, attempt: Attempt) => Array.from({ length: times }, () => at.begin(attempt)),
    /** Somebody guesses at the account from many addresses. */
    attack: (attempts: number) => {
      for (let i = 0; i < attempts; i++) at.begin(stranger(`198.51.${i >> 8}.${i & 255}`))
    },
  }
}

describe('the throttle of signing in', () => {
  it('makes whoever fails wait longer and longer, up to five minutes', () => {
    const { at, stranger, pass, fails } = throttle()
    expect(fails(6, stranger('a'))).toEqual([0, 0, 0, 0, 0, 1000])
    const waits = []
    for (let i = 0; i < 12; i++) {
      const wait = at.begin(stranger('a'))
      waits.push(wait)
      pass(wait)
      expect(at.begin(stranger('a'))).toBe(0)
    }
    expect(waits.slice(0, 4)).toEqual([1000, 2000, 4000, 8000])
    expect(waits.at(-1)).toBe(300_000)
  })
  it('makes nobody else wait', () => {
    const { at, stranger, fails } = throttle()
    fails(19, stranger('a'))
    expect(at.begin(stranger('b'))).toBe(0)
    expect(at.begin(stranger('a', 'jury1'))).toBe(0)
  })
  it('does not count an attempt that it did not let through', () => {
    const { at, stranger, pass, fails } = throttle()
    fails(100, stranger('a'))
    pass(1000)
    expect(at.begin(stranger('a'))).toBe(0)
  })
  it('forgives mistyping once the right password came', () => {
    const { at, stranger, fails } = throttle()
    fails(5, stranger('a'))
    at.succeeded(stranger('a'))
    expect(fails(6, stranger('a'))).toEqual([0, 0, 0, 0, 0, 1000])
  })
  it('lets the right person in from a new place within three seconds, however hard the account is guessed at', () => {
    const { at, stranger, pass, attack } = throttle()
    attack(5000)
    expect(at.begin(stranger('new'))).toBe(3000)
    for (let second = 0; second < 3; second++) {
      attack(5000)
      pass(1000)
    }
    // Whatever others did meanwhile, her turn is hers.
    expect(at.begin(stranger('new'))).toBe(0)
    expect(at.begin(stranger('new'))).toBe(3000)
  })
  it('never makes a known browser wait for what others do', () => {
    const { at, attack, fails, stranger } = throttle()
    const known = { source: 'device', account: 'resp', known: true }
    attack(5000)
    for (let person = 0; person < 30; person++) fails(5, stranger('room', `p${person}`))
    expect(at.begin(known)).toBe(0)
  })
  it('slows down an address that tries account after account', () => {
    const { at, stranger, fails } = throttle()
    for (let person = 0; person < 16; person++)
      expect(fails(5, stranger('room', `p${person}`))).toEqual([0, 0, 0, 0, 0])
    expect(at.begin(stranger('room', 'p99'))).toBe(1000)
  })
  it('does not hurt a room of 16 behind one address', () => {
    const { at, stranger, fails } = throttle()
    for (let hours = 0; hours < 3; hours++)
      for (let person = 0; person < 16; person++) {
        const attempt = stranger('room', `p${person}`)
        fails(1, attempt)
        expect(at.begin(attempt)).toBe(0)
        at.succeeded(attempt)
      }
    expect(at.begin(stranger('room', 'late'))).toBe(0)
  })
  it('forgets an hour after the last failure', () => {
    const { at, stranger, pass, fails, attack } = throttle()
    fails(20, stranger('a'))
    attack(100)
    pass(3_600_000)
    expect(at.begin(stranger('a'))).toBe(0)
  })
})

describe('the source of an attempt', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:DB8:1:2::1', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['not an address', 'not an address'],
  ])('%s counts as %s', (ip, source) => {
    expect(sourceOf(ip)).toBe(source)
  })
})
