import { describe, expect, it } from 'vitest'
import { record } from '../../../checks/dns/record.ts'
import type { Observation } from '../../../checks/observation.ts'
import { facts, observed, unanswered } from '../observed.ts'
import { questions, replay } from '../replay.ts'

const answer = (type: string, data: string[], rcode = 'NOERROR', authoritative = true): Observation =>
  observed({
    kind: 'dns',
    rcode,
    authoritative,
    answers: data.map((d) => ({ name: 'x', type, ttl: 900, data: d })),
  })
const zone = answer('SOA', ['ns. root. 1 2 3 4 5'])
const judged = (params: Record<string, unknown>, seen: Observation, soa: Observation = zone) => {
  const [first] = replay(record, { on: 'dc', name: 'web.example.lan', ...params }, facts, {
    answer: seen,
    zone: soa,
  })
  return first?.cause ?? first?.verdict
}

describe('dns.record', () => {
  it.each([
    ['the address', { value: '192.0.2.20' }, answer('A', ['192.0.2.20']), 'pass'],
    ['among others', { value: '192.0.2.20' }, answer('A', ['192.0.2.9', '192.0.2.20']), 'pass'],
    ['another address', { value: '192.0.2.20' }, answer('A', ['192.0.2.9']), 'fail'],
    ['an address that begins alike', { value: '192.0.2.2' }, answer('A', ['192.0.2.20']), 'fail'],
    ['any address', {}, answer('A', ['192.0.2.9']), 'pass'],
    ['an alias is not an address', {}, answer('CNAME', ['w.example.lan']), 'fail'],
    ['no such name', {}, answer('A', [], 'NXDOMAIN'), 'fail'],
    ['no such name, as asked', { exists: false }, answer('A', [], 'NXDOMAIN'), 'pass'],
    ['must not be', { exists: false }, answer('A', ['192.0.2.9']), 'fail'],
    [
      'names have no case and no final dot',
      { type: 'CNAME', value: 'W.Example.LAN.' },
      answer('CNAME', ['w.example.lan']),
      'pass',
    ],
    ['refused', {}, answer('A', [], 'REFUSED'), 'control'],
    ['failing, as asked', { exists: false }, answer('A', [], 'SERVFAIL'), 'control'],
  ] as const)('%s', (_name, params, seen, expected) => expect(judged(params, seen)).toBe(expected))

  it('only the server of the zone shows an absence', () => {
    const nowhere = answer('A', [], 'NXDOMAIN')
    for (const soa of [
      answer('SOA', [], 'NXDOMAIN'),
      answer('SOA', ['ns. root.'], 'NOERROR', false),
      answer('SOA', [], 'REFUSED'),
    ]) {
      expect(judged({}, nowhere, soa)).toBe('control')
      expect(judged({ exists: false }, nowhere, soa)).toBe('control')
      expect(judged({ value: '192.0.2.20' }, answer('A', ['192.0.2.9']), soa)).toBe('control')
    }
    expect(judged({}, nowhere, unanswered('timeout'))).toBe('timeout')
  })
  it('an address is asked for under in-addr.arpa', () => {
    const asked = questions(record, { on: 'dc', name: '192.0.2.20', type: 'PTR' }, facts, {})
    expect(asked['answer']).toMatchObject({ name: '20.2.0.192.in-addr.arpa', type: 'PTR' })
    expect(asked['zone']).toMatchObject({ name: '2.0.192.in-addr.arpa', type: 'SOA' })
  })
})
