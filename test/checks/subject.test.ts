import { describe, expect, it } from 'vitest'
import { subjectOf } from '../../checks/subject.ts'
import { day, frenchSpaces, frenchSpacesAround, length } from '../../checks/typography.ts'
import { assembled, canaries, paperOf } from '../agent/print/small-exam.ts'

describe('the paper of a candidate', { timeout: 30_000 }, () => {
  it('says the very values that the checks of that candidate expect', async () => {
    const { candidates } = await assembled('examination')
    for (const [index, { plan }] of candidates.entries()) {
      const paper = await paperOf(index)
      const [account, vlan] = plan.checks.map(({ params }) => params as { id?: number; name: string })
      const texts = paper.demands.map(({ text }) => text)
      expect(texts[0]).toContain(account!.name.replace('admin-', ''))
      expect(texts[1]).toContain(`VLAN ${vlan!.id}.`)
      expect(texts[1]).toContain(vlan!.name)
      // What a run records as asked is what the paper says.
      const plain = (text: string) => text.replaceAll('\u202f', ' ').trim()
      expect(texts.map(plain)).toEqual(plan.demands.map(({ text }) => plain(text)))
    }
  })

  it('differs from the neighbour’s, and says so by its variant; the seed is nowhere', async () => {
    const [first, second] = [await paperOf(0), await paperOf(1)]
    expect(first.variant).toMatch(/^[0-9a-f]{8}$/)
    expect(second.variant).not.toBe(first.variant)
    expect(second.fingerprint).toBe(first.fingerprint)
    expect((await paperOf(0, { lang: 'en' })).variant).toBe(first.variant)
    expect(JSON.stringify([first, second])).not.toContain('graine secrète')
    const { exam } = await assembled('examination')
    const sample = (seed: string) =>
      subjectOf({ exam, hash: '0' }, { kind: 'sample', n: 1, seed }, { lang: 'fr' })
    // From the seed of the session, a sample says what the candidate of that number has.
    expect(sample('graine secrète').variant).toBe(first.variant)
    expect(sample('une autre').variant).not.toBe(first.variant)
  })

  it('holds nothing but what the candidate may read', async () => {
    const paper = JSON.stringify(await paperOf(0, { hints: true }))
    for (const canary of [...canaries, 'COMPTESECRET', 'CLESECRETE'])
      expect(paper.replace(/"competencies":\[[^\]]*\]/g, ''), canary).not.toContain(canary)
    const trained = await paperOf(0, { purpose: 'training' })
    expect(trained.demands.flatMap(({ hints }) => hints)).toEqual([])
    const helped = await paperOf(0, { purpose: 'training', hints: true })
    expect(helped.demands.map(({ hints }) => hints)).toEqual([
      ['INDICEUN regardez', 'INDICEDEUX cherchez'],
      [],
    ])
  })

  it('gives the official phase at work without the jury, and the machines in the order of the exam', async () => {
    const paper = await paperOf(1)
    expect(paper.phase).toMatchObject({ minutes: 60, first: true })
    expect(paper.phase?.text).toMatch(/^Le candidat effectue des manipulations/)
    expect(paper.extraMinutes).toBe(20)
    expect(paper.machines).toEqual([
      { role: 'web', kind: 'linux', address: '10.0.2.20', shared: false },
      { role: 'sw', kind: 'switch', address: '10.0.0.2', shared: true },
    ])
  })
})

describe('French typography', () => {
  it('leaves what stands between « and » as it is to be typed', () => {
    expect(frenchSpaces('Oui ! « Non ? »')).toBe('Oui\u202f! «\u202fNon\u202f?\u202f»')
    expect(frenchSpacesAround('Oui ! « Non ? » : fin')).toBe('Oui\u202f! «\u202fNon ?\u202f»\u202f: fin')
    expect(frenchSpacesAround('« ouvert ; et')).toBe('«\u202fouvert\u202f; et')
  })
  it('writes days and lengths', () => {
    expect(day('2026-12-01', 'fr')).toBe('1er\u00a0décembre 2026')
    expect(day('2026-08-15', 'en')).toBe('15\u00a0August 2026')
    expect(day('2026-13-01', 'fr')).toBe('2026-13-01')
    expect([length(90, 'fr'), length(45, 'fr'), length(180, 'en'), length(65, 'fr')]).toEqual([
      '1\u00a0h\u00a030',
      '45\u00a0min',
      '3\u00a0h',
      '1\u00a0h\u00a005',
    ])
  })
})
