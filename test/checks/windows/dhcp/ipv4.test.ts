import { describe, expect, it } from 'vitest'
import { addressNumber, isCovered, maskOf } from '../../../../checks/windows/dhcp/ipv4.ts'

const range = (start: string, end = start) => ({ start, end })

describe('IPv4 addresses', () => {
  it.each([
    ['0.0.0.0', 0],
    ['192.168.10.1', 0xc0a80a01],
    ['255.255.255.255', 0xffffffff],
  ])('%s is a number', (address, number) => expect(addressNumber(address)).toBe(number))

  it.each(['', '10.0.0', '10.0.0.256', '10.0.0.1.2', 'a.b.c.d'])('%j is none', (address) =>
    expect(addressNumber(address)).toBeNaN(),
  )

  it.each([
    [0, '0.0.0.0'],
    [8, '255.0.0.0'],
    [20, '255.255.240.0'],
    [25, '255.255.255.128'],
    [32, '255.255.255.255'],
  ])('/%i is a mask', (length, mask) => expect(maskOf(length)).toBe(mask))
})

describe('covered ranges', () => {
  const asked = range('10.0.0.10', '10.0.0.20')
  it.each([
    ['one that is the same', [asked], true],
    ['one that is longer', [range('10.0.0.1', '10.0.0.99')], true],
    [
      'two that touch, in any order',
      [range('10.0.0.16', '10.0.0.20'), range('10.0.0.10', '10.0.0.15')],
      true,
    ],
    ['two that overlap', [range('10.0.0.1', '10.0.0.18'), range('10.0.0.12', '10.0.0.30')], true],
    [
      'one inside another, and the rest',
      [range('10.0.0.1', '10.0.0.18'), range('10.0.0.2'), range('10.0.0.19', '10.0.0.20')],
      true,
    ],
    ['two with a hole', [range('10.0.0.10', '10.0.0.14'), range('10.0.0.16', '10.0.0.20')], false],
    ['one that begins late', [range('10.0.0.11', '10.0.0.20')], false],
    ['one that ends early', [range('10.0.0.10', '10.0.0.19')], false],
    ['none', [], false],
    ['garbage', [range('x', 'y')], false],
  ])('%s', (_what, by, covered) => expect(isCovered(asked, by)).toBe(covered))

  it('what is no range is covered by nothing', () =>
    expect(isCovered(range('x'), [range('0.0.0.0', '255.255.255.255')])).toBe(false))
})
