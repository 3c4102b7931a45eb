import { describe, expect, it } from 'vitest'
import { portNumbers, portRange } from '../../../checks/network/bridge-vlans.ts'
import { reachable } from '../../../checks/network/reachable.ts'
import { vlan } from '../../../checks/network/vlan.ts'
import { vlanReachable } from '../../../checks/network/vlan-reachable.ts'
import type { Check } from '../../../checks/define.ts'
import type { Observation } from '../../../checks/observation.ts'
import { echo, facts, observed, printed, unanswered } from '../observed.ts'
import { replay } from '../replay.ts'

const judged = (check: Check, params: Record<string, unknown>, observations: Record<string, Observation>) =>
  replay(check, params, facts, observations).map(({ verdict, cause }) => cause ?? verdict)

describe('network.reachable', () => {
  it.each<[string, Record<string, string>, Record<string, Observation>, string]>([
    ['answers', { on: 'web' }, { ping: echo(1) }, 'pass'],
    ['silent, but up inside', { on: 'web' }, { ping: echo(0), inside: printed('web1\n') }, 'fail'],
    [
      'silent, and not seen inside',
      { on: 'web' },
      { ping: echo(0), inside: unanswered('timeout') },
      'timeout',
    ],
    ['silent, and no other way', { on: 'guest' }, { ping: echo(0) }, 'unreachable'],
    [
      'silent switch whose agent answers',
      { on: 'sw' },
      {
        ping: echo(0),
        agent: observed({
          kind: 'snmp',
          varbinds: [{ oid: '1.3.6.1.2.1.1.5.0', type: 'OctetString', value: 'sw' }],
        }),
      },
      'fail',
    ],
    [
      'silent switch whose agent has nothing',
      { on: 'sw' },
      { ping: echo(0), agent: observed({ kind: 'snmp', varbinds: [] }) },
      'unreachable',
    ],
    [
      'from elsewhere: kept apart',
      { on: 'guest', from: 'poste' },
      { ping: echo(0), fromAgent: echo(2) },
      'fail',
    ],
    [
      'from elsewhere: silent to all',
      { on: 'guest', from: 'poste' },
      { ping: echo(0), fromAgent: echo(0) },
      'unreachable',
    ],
    [
      'no ping on the vantage',
      { on: 'guest', from: 'poste' },
      { ping: unanswered('missing-tool') },
      'missing-tool',
    ],
  ])('%s', (_name, params, seen, expected) => expect(judged(reachable, params, seen)).toEqual([expected]))
})

describe('network.vlan-reachable', () => {
  const pairs = [
    { from: 'poste', to: 'web', expect: 'allow' },
    { from: 'poste', to: 'guest', expect: 'deny' },
  ]
  const seen = (web: number, guest: number, agentWeb: number, agentGuest: number) => ({
    'poste → web': echo(web),
    'poste → guest': echo(guest),
    'agent → web': echo(agentWeb),
    'agent → guest': echo(agentGuest),
  })
  it.each([
    ['kept apart', seen(2, 0, 2, 2), ['pass', 'pass']],
    ['not kept apart', seen(2, 1, 2, 2), ['pass', 'fail']],
    ['the guest is down', seen(2, 0, 2, 0), ['pass', 'control']],
    ['the origin reaches nothing', seen(0, 0, 2, 2), ['fail', 'control']],
    ['nothing answers anybody', seen(0, 0, 0, 0), ['control', 'control']],
    ['only the origin is answered', seen(2, 0, 0, 2), ['pass', 'pass']],
  ])('%s', (_name, observations, expected) =>
    expect(judged(vlanReachable, { pairs }, observations)).toEqual(expected),
  )

  it('the origin that can’t be asked leaves every cell unknown', () => {
    const lost = {
      ...seen(0, 0, 2, 2),
      'poste → web': unanswered('auth'),
      'poste → guest': unanswered('auth'),
    }
    expect(judged(vlanReachable, { pairs }, lost)).toEqual(['auth', 'auth'])
  })
  it('a deny alone is refused where it is written', () => {
    expect(vlanReachable.params.safeParse({ pairs: pairs.slice(1) }).success).toBe(false)
    expect(vlanReachable.params.safeParse({ pairs: [] }).success).toBe(false)
    expect(vlanReachable.params.safeParse({ pairs: [{ ...pairs[0], from: 'web' }, pairs[1]] }).success).toBe(
      false,
    )
  })
})

describe('network.vlan', () => {
  const Q = '1.3.6.1.2.1.17.7.1.4.3.1'
  const bind = (oid: string, value: string, hex?: string) => ({
    oid,
    type: hex === undefined ? 'Integer' : 'OctetString',
    value,
    ...(hex === undefined ? {} : { hex }),
  })
  // Ports 1 to 9 of the bridge are interfaces 10101 to 10109: their numbers are not those of the interfaces.
  const ports = Array.from({ length: 9 }, (_, i) => [
    bind(`1.3.6.1.2.1.17.1.4.1.2.${i + 1}`, String(10_101 + i)),
    bind(`1.3.6.1.2.1.31.1.1.1.1.${10_101 + i}`, `Gi0/${i + 1}`, '00'),
  ]).flat()
  const vlan20 = [
    bind(`${Q}.1.20`, 'POSTES', '00'),
    bind(`${Q}.2.20`, '', 'c080'), // 1, 2 and 9
    bind(`${Q}.4.20`, '', 'c000'), // 1 and 2
    bind(`${Q}.5.20`, '1'),
  ]
  const bridge = (...varbinds: ReturnType<typeof bind>[]) => observed({ kind: 'snmp', varbinds })
  it.each([
    ['name and ports', { id: 20, name: 'POSTES', tagged: ['Gi0/9'], untagged: ['Gi0/1-2'] }, 'pass'],
    ['another name', { id: 20, name: 'postes' }, 'fail'],
    ['untagged, not tagged', { id: 20, tagged: ['Gi0/1'] }, 'fail'],
    ['tagged, not untagged', { id: 20, untagged: ['Gi0/9'] }, 'fail'],
    ['one of two', { id: 20, tagged: ['Gi0/9', 'Gi0/8'] }, 'fail'],
    ['not a member', { id: 20, tagged: ['Gi0/3'] }, 'fail'],
    ['absent', { id: 30 }, 'fail'],
    ['absent as asked', { id: 30, exists: false }, 'pass'],
    ['present against what was asked', { id: 20, exists: false }, 'fail'],
    ['a port that the switch does not have is the author’s mistake', { id: 20, tagged: ['Gi9/9'] }, 'grader'],
  ])('%s', (_name, params, expected) => {
    expect(judged(vlan, { on: 'sw', ...params }, { bridge: bridge(...ports, ...vlan20) })).toEqual([expected])
  })
  it('a row that is not in service is no VLAN', () => {
    const idle = vlan20.map((b) => (b.oid === `${Q}.5.20` ? { ...b, value: '2' } : b))
    const other = [bind(`${Q}.1.1`, 'default', '00'), bind(`${Q}.5.1`, '1')]
    expect(judged(vlan, { on: 'sw', id: 20 }, { bridge: bridge(...ports, ...idle, ...other) })).toEqual([
      'fail',
    ])
  })
  it.each([
    ['no ports', bridge(...vlan20), 'control'],
    ['no VLAN', bridge(...ports), 'control'],
    ['nothing', bridge(), 'control'],
    [
      'ports that are no octets',
      bridge(...ports, ...vlan20.map((b) => ({ ...b, hex: undefined }))),
      'unparsable',
    ],
    ['a table that was cut', { ...bridge(...ports, ...vlan20), truncated: true }, 'truncated'],
  ])('%s: unknown, also where the absence is asked for', (_name, seen, cause) => {
    expect(judged(vlan, { on: 'sw', id: 20 }, { bridge: seen })).toEqual([cause])
    expect(judged(vlan, { on: 'sw', id: 99, exists: false }, { bridge: seen })).toEqual([cause])
  })
  it('reads lists of ports', () => {
    expect(portNumbers(Uint8Array.from([0x80, 0x01, 0x80]))).toEqual([1, 16, 17])
    expect(portRange('Gi0/9-11')).toEqual(['Gi0/9', 'Gi0/10', 'Gi0/11'])
    expect(portRange('ge-0/0/1')).toEqual(['ge-0/0/1'])
    expect(portRange('Gi0/5-1')).toEqual(['Gi0/5-1'])
  })
})
