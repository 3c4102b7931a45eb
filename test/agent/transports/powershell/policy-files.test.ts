import { describe, expect, it } from 'vitest'
import {
  policyAnswer,
  policyInput,
  type FoundPolicy,
} from '../../../../agent/transports/powershell/policy-files.ts'
import { TransportFailure } from '../../../../agent/transports/transport.ts'
import { groupPolicy } from '../../../../checks/probe.ts'
import { settingsFiles } from '../../../../checks/windows/group-policy/paths.ts'
import { settingsOf } from '../../../../checks/windows/group-policy/settings.ts'

const guid = '5a5b514b-82fe-43c2-86b3-f5c9260f89e0'
const file = { path: 'GPT.INI', content: Buffer.from('[General]').toString('base64') }
const given = (more: Partial<FoundPolicy> = {}): FoundPolicy => ({
  sysvol: true,
  domain: true,
  control: true,
  found: true,
  denied: [],
  files: [file],
  cut: false,
  ...more,
})
const read = (value: unknown) => {
  try {
    return policyAnswer(value)
  } catch (error) {
    if (error instanceof TransportFailure) return error.reason
    throw error
  }
}

describe('the files of a policy by script', () => {
  it('are asked for by their names: each that there is a reader for', () => {
    expect(policyInput(groupPolicy('dc', guid), 'agence1.lan')).toEqual({
      guid,
      domain: 'agence1.lan',
      files: settingsFiles,
      maxBytes: 1_048_576,
    })
    const { unread } = settingsOf(new Map(settingsFiles.map((path) => [path, Buffer.from('x')])))
    expect(unread.filter(({ why }) => why.includes('no file of settings'))).toEqual([])
    expect(new Set(settingsFiles).size).toBe(23)
    for (const path of settingsFiles) expect(path).toMatch(/^[A-Za-z.]+(\/[A-Za-z ]+)*(\/[A-Za-z.]+)?$/)
  })

  it('are an answer with their control', () => {
    expect(read(given())).toEqual({
      answer: { kind: 'group-policy', found: true, files: [file] },
      truncated: false,
    })
    expect(read(given({ cut: true }))).toMatchObject({ truncated: true })
    expect(read(given({ found: false }))).toEqual({
      answer: { kind: 'group-policy', found: false, files: [] },
      truncated: false,
    })
  })

  it.each([
    ['control', given({ found: false, control: false, files: [] })],
    ['missing-tool', given({ sysvol: false, domain: false, control: false, found: false })],
    ['identity', given({ domain: false, control: false, found: false })],
    ['denied', given({ denied: ['User/Registry.pol'] })],
    ['denied', given({ control: false, found: false, denied: ['Policies'] })],
    ['unparsable', null],
    ['unparsable', { ...given(), files: [{ path: '../../../etc/passwd', content: '' }] }],
    ['unparsable', { ...given(), files: [{ path: 'GPT.INI', content: 'é' }] }],
    ['unparsable', { ...given(), files: file }],
    ['unparsable', { ...given(), found: 'yes' }],
    ['unparsable', { ...given(), files: Array.from({ length: 24 }, () => file) }],
  ])('are %s without it', (cause, value) => expect(read(value)).toBe(cause))
})
