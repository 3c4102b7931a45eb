import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { bundleOf, Pseudonyms, writeBundle, type Walked } from '../../../agent/doctor/bundle.ts'

const folder = mkdtempSync(join(tmpdir(), 'probant-bundle-'))
afterAll(() => rmSync(folder, { recursive: true }))

const walked: Walked = {
  way: 'winrm',
  port: 5985,
  findings: [
    {
      step: 'accepted',
      state: 'fails',
      cause: 'auth',
      problem: 'account-refused',
      detail: String.raw`AGENCE\surveillant refused at 10.0.1.10 by srv-ad.agence.lan with Sesame-12, C:\Windows\System32`,
      note: { fr: 'machine SRV-AD', en: 'machine SRV-AD' },
      ms: 12,
      identity: 'S-1-5-21-1004336348-1177238915-682003330',
    },
  ],
  said: [
    {
      script: 'services',
      input: { names: ['RpcSs'] },
      ms: 20,
      result: {
        value: {
          services: [{ name: 'RpcSs', state: 4, display: 'Appel de procédure distante' }],
          account: 'S-1-5-21-1004336348-1177238915-682003330-1104',
          group: 'S-1-5-32-544',
          version: '10.0.20348',
          at: '2026-12-01T08:05:00Z',
          address: '10.0.1.10',
          card: '00-15-5D-01-02-03',
          owner: 'DURAND Camille',
          same: 'DURAND Camille',
          feature: { state: 'InstallPending', name: 'Durand' },
          disk: { fileSystem: 'Le disque de Camille', type: 'Camille Durand' },
        },
      },
    },
    {
      script: 'dhcp-scopes',
      input: {},
      ms: 3,
      result: {
        error: {
          type: 'Microsoft.Management.Infrastructure.CimException',
          code: -2146233088,
          id: 'HRESULT 0x80070005,Get-DhcpServerv4Scope',
          message: 'Accès refusé à Camille.',
        },
      },
    },
  ],
  names: [
    { kind: 'address', name: '10.0.1.10' },
    { kind: 'machine', name: 'SRV-AD' },
    { kind: 'domain', name: 'agence.lan' },
    { kind: 'domain', name: 'AGENCE' },
    { kind: 'account', name: String.raw`AGENCE\surveillant` },
  ],
}
const about = { version: '1.2.3', secrets: ['Sesame-12'], at: new Date('2026-12-01T09:00:00Z') }

describe('a bundle', () => {
  const text = JSON.stringify(bundleOf([walked], about))

  it('holds no secret, address, name, SID, card, nor text of anybody', () => {
    expect(text).not.toMatch(
      /Sesame|10\.0\.1\.10|SRV-AD|srv-ad|AGENCE|agence|surveillant|DURAND|Camille|procédure/,
    )
    expect(text).not.toMatch(/1004336348|00-15-5D/)
  })

  it('keeps what the project needs: steps, numbers, versions, moments, well-known SIDs, exceptions', () => {
    const bundle = JSON.parse(text) as {
      ways: { steps: object[]; answers: Record<string, unknown>[] }[]
      replaced: object
    }
    expect(bundle).toMatchObject({
      format: 'probant-doctor/1',
      at: '2026-12-01T09:00:00.000Z',
      agent: { version: '1.2.3' },
    })
    expect(bundle.ways[0]!.steps[0]).toMatchObject({
      step: 'accepted',
      cause: 'auth',
      problem: 'account-refused',
      ms: 12,
    })
    expect(bundle.ways[0]!.answers[0]).toEqual({
      script: 'services',
      input: { names: ['RpcSs'] },
      ms: 20,
      error: null,
      value: {
        services: [{ name: 'RpcSs', state: 4, display: 'text-1' }],
        account: 'S-1-5-21-sid-1-1104',
        group: 'S-1-5-32-544',
        version: '10.0.20348',
        at: '2026-12-01T08:05:00Z',
        address: 'address-1',
        card: 'text-2',
        owner: 'text-3',
        same: 'text-3',
        // A member of an enumeration is what has to be learnt; anything longer is a text.
        feature: { state: 'InstallPending', name: 'text-4' },
        disk: { fileSystem: 'text-5', type: 'text-6' },
      },
    })
    expect(bundle.ways[0]!.answers[1]).toMatchObject({
      value: null,
      error: {
        type: 'Microsoft.Management.Infrastructure.CimException',
        hresult: '0x80131500',
        id: 'HRESULT 0x80070005,Get-DhcpServerv4Scope',
      },
    })
    expect(bundle.replaced).toMatchObject({ address: 1, machine: 1, sid: 1, text: 6 })
    expect(text).toContain(String.raw`C:\\Windows\\System32`)
  })

  it('is written whole, and never over another file', async () => {
    const path = join(folder, 'diagnostic.json')
    await writeBundle(path, bundleOf([walked], about))
    const before = readFileSync(path, 'utf8')
    expect(JSON.parse(before)).toHaveProperty('format')
    await expect(writeBundle(path, {})).rejects.toMatchObject({ code: 'EEXIST' })
    writeFileSync(join(folder, 'other'), '')
    expect(readFileSync(path, 'utf8')).toBe(before)
    expect(readdirSync(folder).sort()).toEqual(['diagnostic.json', 'other'])
  })
})

describe('pseudonyms', () => {
  const stand = new Pseudonyms([{ kind: 'machine', name: 'srv' }])
  it.each([
    ['SRV and srv, not srvice', 'machine-1 and machine-1, not srvice'],
    ['10.0.20348.1 is a version, 10.0.0.1 is not', '10.0.20348.1 is a version, address-1 is not'],
    ['fe80::1 and 12:30:45', 'address-2 and 12:30:45'],
    ['camille@agence.lan', 'account-1'],
    [String.raw`\\files\commun`, String.raw`\\machine-2\commun`],
    [`SHA256:${'A'.repeat(43)}`, 'fingerprint-1'],
  ])('%s', (text, replaced) => expect(stand.in(text)).toBe(replaced))
})
