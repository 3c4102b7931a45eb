import type { Facts } from '../../checks/define.ts'
import type { Answer, Observation } from '../../checks/observation.ts'
import type { Blame, Cause } from '../../checks/verdict.ts'

const common = {
  probe: '0'.repeat(64),
  transport: 'ssh',
  address: '192.0.2.1',
  identity: null,
  at: '2026-12-01T09:00:00.000Z',
  ms: 1,
}

/** An observation that holds this answer. */
export const observed = (answer: Answer, more: Partial<Observation> = {}): Observation => ({
  ...common,
  truncated: false,
  answer,
  failure: null,
  ...more,
})

/** What a program printed, and how it ended. */
export const printed = (stdout: string, status: number | null = 0): Observation =>
  observed({ kind: 'command', status, stdout, stderr: '' })

/** A question without an answer. */
export const unanswered = (cause: Cause, blame: Blame = 'undecidable'): Observation => ({
  ...common,
  truncated: false,
  answer: null,
  failure: { cause, detail: cause, blame },
})

/** A file of root's, of mode 644. */
export const aFile = (more: Partial<Extract<Answer, { kind: 'file' }>> = {}): Observation =>
  observed({
    kind: 'file',
    exists: true,
    type: 'file',
    mode: '644',
    uid: 0,
    gid: 0,
    owner: 'root',
    group: 'root',
    size: 10,
    mtime: 1_700_000_000,
    content: null,
    ...more,
  })

export const noFile: Observation = aFile({
  exists: false,
  type: null,
  mode: null,
  uid: null,
  gid: null,
  owner: null,
  group: null,
  size: null,
  mtime: null,
})

export const echo = (received: number): Observation =>
  observed({ kind: 'icmp', sent: 2, received, rttMs: received > 0 ? 0.4 : null })

export const facts: Facts = {
  candidate: 'C01',
  targets: {
    web: { kind: 'linux', address: '192.0.2.20', transports: ['ssh'], shared: false },
    poste: { kind: 'linux', address: '192.0.2.30', transports: ['ssh'], shared: false },
    guest: { kind: 'host', address: '192.0.2.40', transports: [], shared: false },
    sw: { kind: 'switch', address: '192.0.2.2', transports: ['snmp'], shared: false },
    noc: { kind: 'supervision', address: '192.0.2.5', transports: ['http'], shared: true },
    dc: {
      kind: 'windows',
      address: '192.0.2.10',
      transports: ['ldap'],
      domain: 'example.lan',
      shared: false,
    },
  },
}
