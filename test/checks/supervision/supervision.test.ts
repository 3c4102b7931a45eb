import { describe, expect, it } from 'vitest'
import { nagiosHost } from '../../../checks/supervision/nagios-host.ts'
import { snmpAgent } from '../../../checks/supervision/snmp-agent.ts'
import type { Check } from '../../../checks/define.ts'
import type { Observation } from '../../../checks/observation.ts'
import { facts, observed, unanswered } from '../observed.ts'
import { replay } from '../replay.ts'

const judged = (check: Check, params: Record<string, unknown>, seen: Record<string, Observation>) =>
  replay(check, params, facts, seen).map(({ verdict, cause }) => cause ?? verdict)

describe('supervision.snmp-agent', () => {
  const named = (value: string, more: Partial<Observation> = {}, type = 'OctetString') =>
    observed({ kind: 'snmp', varbinds: [{ oid: '1.3.6.1.2.1.1.5.0', type, value }] }, more)
  it.each<[string, Observation, Observation, string[]]>([
    ['named, and closed to public', named('SW-1'), unanswered('timeout'), ['pass', 'pass']],
    ['another name', named('sw-10'), unanswered('timeout'), ['fail', 'pass']],
    ['open to public', named('sw-1'), named('sw-1'), ['pass', 'fail']],
    [
      'open to public, though nothing is shown',
      named('sw-1'),
      named('', {}, 'NoSuchObject'),
      ['pass', 'fail'],
    ],
    ['silent to everybody', unanswered('timeout'), unanswered('timeout'), ['timeout', 'control']],
    ['the credential is wrong', unanswered('auth'), unanswered('timeout'), ['auth', 'control']],
    ['open to public, the credential is wrong', unanswered('auth'), named('sw-1'), ['auth', 'fail']],
    [
      'the agent of another moment',
      named('sw-1', { at: '2026-12-01T10:00:00.000Z' }),
      unanswered('timeout'),
      ['pass', 'control'],
    ],
    ['public could not be asked', named('sw-1'), unanswered('cancelled'), ['pass', 'cancelled']],
    ['no name at all', named('', {}, 'NoSuchInstance'), unanswered('timeout'), ['unparsable', 'control']],
  ])('%s', (_name, agent, asPublic, expected) => {
    expect(judged(snmpAgent, { on: 'sw', name: 'sw-1' }, { agent, public: asPublic })).toEqual(expected)
  })
})

describe('supervision.nagios-host', () => {
  const cgi = (hostlist: object, { status = 200, type = 0 } = {}) =>
    observed({
      kind: 'http',
      status,
      headers: {},
      certificateSha256: null,
      body: JSON.stringify({ result: { type_code: type, message: 'm' }, data: { hostlist } }),
    })
  const configured = cgi({ web1: { address: '192.0.2.20' } })
  const state = (status: number, checked = true) =>
    cgi({ web1: { status, has_been_checked: checked, last_check: 1 } })
  it.each<[string, Record<string, string>, Observation, Observation, string]>([
    ['watched', {}, configured, state(2), 'pass'],
    ['watched, and down: it is seen', {}, configured, state(4), 'pass'],
    ['must be up', { state: 'up' }, configured, state(4), 'fail'],
    ['never checked', {}, configured, state(1, false), 'fail'],
    ['another address', { address: '192.0.2.99' }, configured, state(2), 'fail'],
    ['not listed', { host: 'web' }, configured, state(2), 'fail'],
    ['named as a property of objects', { host: 'constructor' }, configured, state(2), 'fail'],
    ['an account that sees no host', {}, cgi({}), state(2), 'control'],
    ['401', {}, cgi({}, { status: 401 }), state(2), 'auth'],
    ['403', {}, cgi({}, { status: 403 }), state(2), 'denied'],
    ['404', {}, cgi({}, { status: 404 }), state(2), 'unparsable'],
    ['Nagios says that it failed', {}, cgi({}, { type: 5 }), state(2), 'unparsable'],
    ['the states can’t be had', {}, configured, unanswered('timeout'), 'timeout'],
  ])('%s', (_name, params, list, states, expected) => {
    expect(judged(nagiosHost, { on: 'noc', host: 'web1', ...params }, { configured: list, states })).toEqual([
      expected,
    ])
  })
})
