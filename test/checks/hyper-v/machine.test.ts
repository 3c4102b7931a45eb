import { describe, expect, it } from 'vitest'
import { virtualMachine } from '../../../checks/hyper-v/machine.ts'

describe('what an author may ask of the VLAN of a virtual machine', () => {
  const read = (asked: Record<string, unknown>) =>
    virtualMachine.params.safeParse({ on: 'srv', name: 'SRV-WEB', ...asked }).success
  it.each([
    [{ vlan: 10 }, true],
    [{ vlan: 10, vlanMode: 'access' }, true],
    [{ vlan: 10, vlanMode: 'trunk' }, true],
    [{ vlanMode: 'private' }, true],
    // A private VLAN has a primary and a secondary number, neither of which is the one of the access mode.
    [{ vlan: 10, vlanMode: 'private' }, false],
    [{ vlan: 10, vlanMode: 'untagged' }, false],
  ])('%j: %s', (asked, may) => expect(read(asked)).toBe(may))
})
