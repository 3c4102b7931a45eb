/**
 * The same questions by each way: over LDAPS and SMB, and by script through the WinRM of a modelled domain controller that has
 * the lab's directory behind it. Runs inside `fixtures/lab/lab run`; elsewhere it is skipped.
 */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLdap } from '../../agent/transports/ldap/ldap.ts'
import { directoryAnswer, directoryInput } from '../../agent/transports/powershell/directory-search.ts'
import { policyAnswer, policyInput } from '../../agent/transports/powershell/policy-files.ts'
import { openSmb } from '../../agent/transports/smb/smb.ts'
import type { OpenCredential, OpenTransport } from '../../agent/transports/transport.ts'
import { openWinRmTransport } from '../../agent/transports/winrm/winrm.ts'
import * as searches from '../../checks/active-directory/searches.ts'
import type { Answer } from '../../checks/observation.ts'
import { groupPolicy, ldap, type Probe, type ProbeOf } from '../../checks/probe.ts'
import type { Target } from '../../checks/session.ts'
import { defaultDomainPolicy } from '../../checks/windows/group-policy/paths.ts'
import { settingsOf } from '../../checks/windows/group-policy/settings.ts'
import * as directory from '../../fixtures/windows/model/directory.ts'
import * as policies from '../../fixtures/windows/model/policies.ts'
import { windowsServer } from '../../fixtures/windows/model/server.ts'
import { serveWindows, type ModelledServer } from '../../fixtures/windows/serve.ts'
import { askAll, askOne, causeOf, context } from '../agent/transports/service.ts'

const { env } = process
const domain = 'agence1.lan'
const address = '10.0.1.10'
const reader = { user: `lecture@${domain}`, password: env['LAB_AD_PASSWORD'] ?? '' }
const machine = windowsServer('fr', {
  directory: { address, ...reader, ca: env['LAB_CA'] ?? '' },
})

const anything = { present: 'objectClass' }
const names = (...rdns: [string, string][]) => ({ rdns, scope: 'base' as const, filter: anything })
const questions: readonly ProbeOf<'ldap'>[] = [
  searches.domain('dc'),
  searches.organisationalUnits('dc'),
  searches.container('dc', [['OU', 'Ventes, Export']]),
  searches.container('dc', [['OU', 'Nulle part']]),
  searches.unitPermissions('dc', undefined),
  searches.groupPolicies('dc'),
  searches.account('dc', 'c.durand1'),
  searches.account('dc', 'personne*)(objectClass=*'),
  searches.account('dc', 'GG_Compta'),
  searches.account('dc', 'PC-COMPTA-01$'),
  searches.accountAt('dc', [
    ['CN', "Thomas O'Connor"],
    ['OU', 'Ventes, Export'],
  ]),
  searches.accountOf('dc', 'S-1-5-32-544'),
  searches.witnesses('dc'),
  ldap('dc', {
    filter: { equals: ['displayName', 'Éloïse Rousseau'] },
    attributes: ['displayName', 'objectGUID'],
    binary: ['objectGUID'],
  }),
  ldap('dc', {
    filter: { and: [{ equals: ['objectClass', 'user'] }, { not: { equals: ['sAMAccountName', 'krbtgt'] } }] },
    attributes: ['cn'],
    sizeLimit: 5,
  }),
  ldap('dc', {
    context: 'schema',
    scope: 'one',
    filter: { equals: ['objectClass', 'classSchema'] },
    attributes: ['cn'],
    timeoutMs: 30_000,
  }),
  ldap('dc', { context: 'root', ...names(), attributes: ['dnsHostName', 'defaultNamingContext'] }),
  ldap('dc', {
    context: 'configuration',
    ...names(['CN', 'Sites']),
    attributes: ['objectClass', 'whenCreated'],
  }),
]

/** Entries in no order, and values neither: a directory promises none. */
const sorted = (answer: Answer | string) =>
  typeof answer === 'string' || answer.kind !== 'ldap'
    ? answer
    : {
        ...answer,
        entries: answer.entries
          .map(({ dn, attributes }) => ({
            dn,
            attributes: Object.fromEntries(
              Object.entries(attributes)
                .filter(([, values]) => values.length > 0)
                .map(([name, values]): [string, string[]] => [name, values.toSorted()])
                .toSorted(([a], [b]) => a.localeCompare(b)),
            ),
          }))
          .toSorted((a, b) => a.dn.localeCompare(b.dn)),
      }
const asIs = async (
  probes: readonly Probe[],
  transport: OpenTransport,
  target: Target,
  credential: OpenCredential,
) => {
  const files = { ca: await readFile(env['LAB_CA']!, 'utf8') }
  const opened = transport(context(target, { credential, files }))
  const outcomes = await askAll(opened, probes)
  await opened.close()
  return outcomes.map((outcome) =>
    'answer' in outcome
      ? { answer: sorted(outcome.answer), truncated: outcome.truncated }
      : { failure: outcome.failure.cause },
  )
}

describe.skipIf(!env['LAB_DIR'])('a directory and its SYSVOL by every way', () => {
  let server: ModelledServer
  const account = { user: 'surveillant', domain: 'AGENCE1', password: randomBytes(12).toString('base64') }
  const windows = (): Target => ({
    address: '127.0.0.1',
    winrm: { credential: 'c', scheme: 'http', port: server.port },
    ldap: { through: 'powershell', tls: 'ldaps', domain },
  })
  const login = { user: String.raw`AGENCE1\surveillant`, password: account.password }
  const direct: Target = {
    address,
    ldap: { credential: 'c', tls: 'ldaps', domain, ca: 'ca' },
    smb: { credential: 'c', port: 445 },
  }
  beforeAll(async () => {
    server = await serveWindows(machine, { account })
  })
  afterAll(() => server?.close())

  it('gives the same answer to every question of active-directory.*', async () => {
    const byLdap = await asIs(questions, openLdap, direct, reader)
    const byModel = await Promise.all(
      questions.map(async (probe) => {
        const { answer, truncated } = directoryAnswer(
          probe,
          domain,
        )(await directory.answer(machine, directoryInput(probe)))
        return { answer: sorted(answer), truncated }
      }),
    )
    expect(byLdap.filter((one) => 'answer' in one)).toHaveLength(questions.length)
    // Which five came first is the directory's to choose.
    const few = questions.findIndex(({ sizeLimit }) => sizeLimit === 5)
    for (const [at, one] of byLdap.entries()) {
      if (at === few) expect([one.truncated, byModel[at]!.truncated]).toEqual([true, true])
      else expect(byModel[at], JSON.stringify(questions[at]!.filter)).toEqual(one)
    }
  })

  it('gives it through sealed WinRM too', async () => {
    const byLdap = await asIs(questions, openLdap, direct, reader)
    const byScript = await asIs(questions, openWinRmTransport, windows(), login)
    const few = questions.findIndex(({ sizeLimit }) => sizeLimit === 5)
    for (const [at, one] of byLdap.entries())
      if (at !== few) expect(byScript[at], JSON.stringify(questions[at]!.filter)).toEqual(one)
  })

  it('knows another domain by script as well', async () => {
    const target: Target = {
      ...windows(),
      ldap: { through: 'powershell', tls: 'ldaps', domain: 'agence3.lan' },
    }
    const transport = openWinRmTransport(context(target, { credential: login }))
    const [search, files] = await askAll(transport, [
      searches.domain('dc'),
      groupPolicy('dc', defaultDomainPolicy),
    ])
    await transport.close()
    expect(causeOf(search!)).toBe('identity')
    expect(causeOf(files!)).toBe('identity')
  })

  it('gives the same files of every policy over SMB and by script', async () => {
    const [list] = await asIs([searches.groupPolicies('dc')], openLdap, direct, reader)
    const entries =
      list && 'answer' in list && typeof list.answer === 'object' && 'entries' in list.answer
        ? list.answer.entries
        : []
    const guids = entries.map(({ attributes }) => attributes['cn']![0]!.slice(1, -1).toLowerCase())
    expect(guids.length).toBeGreaterThan(6)
    const probes = [...guids, '00000000-0000-4000-8000-000000000000'].map((guid) => groupPolicy('dc', guid))
    const began = performance.now()
    const bySmb = await asIs(probes, openSmb, direct, reader)
    console.log(`${probes.length} policies over SMB: ${Math.round(performance.now() - began)} ms`)
    const byModel = await Promise.all(
      probes.map(async (probe) => policyAnswer(await policies.answer(machine, policyInput(probe, domain)))),
    )
    const byScript = await asIs(probes, openWinRmTransport, windows(), login)
    expect(bySmb).toEqual(byModel)
    expect(byScript).toEqual(bySmb)
    expect(bySmb.at(-1)).toMatchObject({ answer: { found: false, files: [] } })
    const contents = bySmb.flatMap((one) =>
      'answer' in one && typeof one.answer === 'object' && 'files' in one.answer
        ? [
            settingsOf(
              new Map(one.answer.files.map(({ path, content }) => [path, Buffer.from(content, 'base64')])),
            ),
          ]
        : [],
    )
    expect(contents.flatMap(({ unread }) => unread)).toEqual([])
    expect(contents.flatMap(({ settings }) => settings).length).toBeGreaterThan(8)
  })

  it('knows a wrong password, another domain, a share and a server that are not there', async () => {
    const probes = [1, 2, 3].map((n) => groupPolicy('dc', defaultDomainPolicy, { timeoutMs: 9000 + n }))
    const all = (failure: string) => probes.map(() => ({ failure }))
    const wrong = { ...reader, password: 'Pas-le-bon-mot-de-passe' }
    expect(await asIs(probes, openSmb, direct, wrong)).toEqual(all('auth'))
    expect(await asIs(probes, openSmb, direct, { ...wrong, user: String.raw`AGENCE1\lecture` })).toEqual(
      all('auth'),
    )
    expect(
      await asIs(probes, openSmb, { ...direct, ldap: { ...direct.ldap!, domain: 'agence3.lan' } }, reader),
    ).toEqual(all('identity'))
    expect(await asIs(probes, openSmb, { ...direct, smb: { credential: 'c', port: 446 } }, reader)).toEqual(
      all('refused'),
    )
    const opened = openSmb(context(direct, { credential: reader }))
    const tiny = await askOne(opened, groupPolicy('dc', defaultDomainPolicy, { maxBytes: 64 }))
    expect(tiny).toMatchObject({ truncated: true })
  })
})
