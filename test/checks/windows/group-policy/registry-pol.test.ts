import { execFileSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MalformedPolicyFile } from '../../../../checks/windows/group-policy/policy-file.ts'
import {
  REGISTRY_POL_LIMITS,
  registryPolicies,
  type RegistryPolicy,
} from '../../../../checks/windows/group-policy/registry-pol.ts'
import { ensure } from '../../../setup/debian.ts'
import { registryPol, sz, uint32 } from './registry-pol-file.ts'

const one = (value: string, type: number, data: Uint8Array) =>
  registryPolicies(registryPol([{ key: 'K', value, type, data }]))
const samba = ensure(['python3-samba'])
const script = join(import.meta.dirname, '../../../../fixtures/group-policy/registry-pol.py')
const python = (args: readonly string[], input = '') =>
  execFileSync('/usr/bin/python3', [script, ...args], {
    input,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    timeout: 60_000,
  })
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown)

interface SambaEntry {
  key: string
  value: string
  type: number
  data: string
}
const TYPES = { 1: 'REG_SZ', 2: 'REG_EXPAND_SZ', 3: 'REG_BINARY', 4: 'REG_DWORD', 5: 'REG_DWORD_BIG_ENDIAN' }
const NAMES: Record<number, string> = { ...TYPES, 7: 'REG_MULTI_SZ', 11: 'REG_QWORD' }
/** What we read, in the oracle's words. */
function inSambaWords(policy: RegistryPolicy): SambaEntry {
  if (policy.action !== 'set') throw new Error(`${policy.action} was not written`)
  const { key, value, data } = policy
  const type = Number(Object.keys(NAMES).find((number) => NAMES[Number(number)] === data.type))
  const shown =
    data.type === 'REG_MULTI_SZ'
      ? Buffer.from(data.value.map((s) => `${s}\0`).join('') + '\0', 'utf16le').toString('hex')
      : String(data.value)
  return { key, value, type, data: shown }
}

describe('Registry.pol', () => {
  test.skipIf(!samba)('what Samba writes is read as Samba means it', { timeout: 60_000 }, () => {
    const seed = randomInt(2 ** 31)
    const written = python(['write', String(seed), '200']) as { pol: string; entries: SambaEntry[] }[]
    expect(written).toHaveLength(200)
    for (const { pol, entries } of written)
      expect(registryPolicies(Buffer.from(pol, 'hex')).map(inSambaWords), `seed ${seed}`).toEqual(entries)
  })

  test.skipIf(!samba)('what is written here Samba reads the same', { timeout: 60_000 }, () => {
    const name = fc.string({ unit: 'grapheme', maxLength: 20 }).map((s) => `k${s.replaceAll('\0', '')}`)
    const entry = fc.oneof(
      fc.record({ key: name, value: name, type: fc.constantFrom(1, 2), data: name.map(sz) }),
      fc.record({ key: name, value: name, type: fc.constant(3), data: fc.uint8Array({ maxLength: 40 }) }),
      fc.record({ key: name, value: name, type: fc.constant(4), data: fc.nat().map(uint32) }),
    )
    const files = fc.sample(fc.array(entry, { maxLength: 8 }), 100).map(registryPol)
    const read = python(['read'], files.map((file) => `${file.toString('hex')}\n`).join(''))
    expect(files.map((file) => registryPolicies(file).map(inSambaWords))).toEqual(read)
  })

  test('each type has its value', () => {
    const type = (number: number, data: Uint8Array) => (one('v', number, data)[0] as { data: unknown }).data
    expect(type(1, sz('Société'))).toEqual({ type: 'REG_SZ', value: 'Société' })
    expect(type(1, Buffer.from('nu', 'utf16le'))).toEqual({ type: 'REG_SZ', value: 'nu' })
    expect(type(2, sz('%TEMP%'))).toEqual({ type: 'REG_EXPAND_SZ', value: '%TEMP%' })
    expect(type(3, Buffer.from([0, 255]))).toEqual({ type: 'REG_BINARY', value: '00ff' })
    expect(type(4, uint32(4294967295))).toEqual({ type: 'REG_DWORD', value: 4294967295 })
    expect(type(5, Buffer.from([0, 0, 0, 7]))).toEqual({ type: 'REG_DWORD_BIG_ENDIAN', value: 7 })
    expect(type(7, sz('a\0b\0'))).toEqual({ type: 'REG_MULTI_SZ', value: ['a', 'b'] })
    expect(type(11, Buffer.alloc(8, 255))).toEqual({ type: 'REG_QWORD', value: '18446744073709551615' })
    expect(type(6, Buffer.from([1]))).toEqual({ type: 'other', number: 6, value: '01' })
  })

  test('the special value names are orders', () => {
    const space = sz(' ')
    expect(one('**del.NoRun', 1, space)).toEqual([{ action: 'delete-values', key: 'K', values: ['NoRun'] }])
    expect(one('**DelVals.', 1, space)).toEqual([{ action: 'delete-all-values', key: 'K' }])
    expect(one('**DeleteValues', 1, sz('a;b'))).toEqual([
      { action: 'delete-values', key: 'K', values: ['a', 'b'] },
    ])
    expect(one('**DeleteKeys', 1, sz('a;b;'))).toEqual([
      { action: 'delete-keys', key: 'K', keys: ['a', 'b'] },
    ])
    expect(one('**SecureKey', 4, uint32(1))).toEqual([{ action: 'secure-key', key: 'K', secured: true }])
    expect(one('**SecureKey', 4, uint32(0))).toEqual([{ action: 'secure-key', key: 'K', secured: false }])
    expect(one('**Soft.a', 4, uint32(3))).toEqual([
      { action: 'set-if-absent', key: 'K', value: 'a', data: { type: 'REG_DWORD', value: 3 } },
    ])
    expect(one('', 0, new Uint8Array())).toEqual([{ action: 'create-key', key: 'K' }])
  })

  test('data may hold what delimits', () => {
    const data = Buffer.from('];[;', 'utf16le')
    const [first, second] = registryPolicies(
      registryPol([
        { key: 'a;b]', value: 'v;', type: 3, data },
        { key: 'K', value: 'w', type: 4, data: uint32(1) },
      ]),
    )
    expect(first).toMatchObject({ key: 'a;b]', value: 'v;', data: { value: data.toString('hex') } })
    expect(second).toMatchObject({ key: 'K', value: 'w' })
  })

  test('what is malformed is an error that says where', () => {
    const whole = registryPol([{ key: 'K', value: 'v', type: 4, data: uint32(1) }])
    const offset = (bytes: Uint8Array) => {
      try {
        registryPolicies(bytes)
      } catch (error) {
        return error instanceof MalformedPolicyFile ? error.offset : error
      }
      return 'read'
    }
    const changed = (at: number, byte: number) => {
      const bytes = Buffer.from(whole)
      bytes[at] = byte
      return bytes
    }
    expect(offset(whole)).toBe('read')
    expect(offset(whole.subarray(0, 7))).toBe(0)
    expect(offset(changed(0, 0x51))).toBe(0)
    expect(offset(changed(4, 2))).toBe(4)
    expect(offset(changed(8, 0x5d))).toBe(8)
    expect(offset(changed(14, 0))).toBe(14)
    expect(offset(changed(28, 0xff))).toBe(34) // longer than the file
    expect(offset(changed(30, 0xff))).toBe(34) // longer than data may be
    expect(offset(changed(22, 11))).toBe(34) // four bytes are no QWORD
    for (let length = 9; length < whole.length; length++)
      expect(offset(whole.subarray(0, length)), String(length)).toBeTypeOf('number')
  })

  test('a key, a list of entries and a file have an end', () => {
    const { keyUnits, entries } = REGISTRY_POL_LIMITS
    const none = new Uint8Array()
    expect(() =>
      registryPolicies(registryPol([{ key: 'k'.repeat(keyUnits + 1), value: '', type: 0, data: none }])),
    ).toThrow(`key of more than ${keyUnits} characters at byte 10`)
    const many = Array.from({ length: entries + 1 }, () => ({ key: '', value: '', type: 0, data: none }))
    expect(() => registryPolicies(registryPol(many))).toThrow(`more than ${entries} entries`)
    expect(() => registryPolicies(new Uint8Array(5 * 1024 * 1024))).toThrow(MalformedPolicyFile)
  })

  test('arbitrary bytes are read or refused, never anything else', () => {
    const header = registryPol([])
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.uint8Array({ maxLength: 300 }).map((tail) => Buffer.concat([header, tail])),
      fc
        .tuple(fc.nat(44), fc.nat(255))
        .map(([at, byte]) =>
          registryPol([{ key: 'K', value: 'v', type: 1, data: sz('text') }]).fill(byte, at, at + 1),
        ),
    )
    fc.assert(
      fc.property(bytes, (file) => {
        try {
          registryPolicies(file)
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedPolicyFile)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
