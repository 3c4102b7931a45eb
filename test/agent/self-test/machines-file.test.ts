import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadSession } from '../../../agent/run/load.ts'
import { givenMachines, placeOf, wholeCommand, type GivenOptions } from '../../../agent/self-test/given.ts'
import { sayTheSame } from '../../../agent/self-test/known-machines.ts'
import { interview } from '../../../agent/self-test/interview.ts'
import { machinesFile } from '../../../agent/self-test/machines-file.ts'
import { needsOf } from '../../../agent/self-test/needs.ts'
import { GaveUp, type Prompter } from '../../../agent/self-test/prompter.ts'
import { catalogue } from '../../../checks/catalogue.ts'
import { readExam } from '../../../checks/exam.ts'
import { readReferentials } from '../../../referentials.ts'
import { folderForTests } from '../commands/probant.ts'
import { manyMachines } from './exam.ts'

const folder = folderForTests()
const sources = { catalogue, referentials: await readReferentials() }
const exam = readExam('sujet.yaml', manyMachines, sources).exam!
const needs = needsOf(exam, 'x')
const roles = needs.map(({ role }) => role)
const say = ({ fr }: { fr: string }) => fr
writeFileSync(join(folder, 'sujet.yaml'), manyMachines)

/** A person who answers in this order, and gives up where there is nothing more to say. */
function person(
  answers: readonly string[],
): Prompter & { readonly told: string[]; readonly asked: string[] } {
  const left = [...answers]
  const told: string[] = []
  const asked: string[] = []
  const next = async (question: string) => {
    asked.push(question.trim())
    const answer = left.shift()
    if (answer === undefined) throw new GaveUp()
    return answer
  }
  return { told, asked, say: (line) => void told.push(line.trim()), ask: next, hidden: next }
}

async function written(
  answers: readonly string[],
  given: GivenOptions = {},
  platform: NodeJS.Platform = 'linux',
) {
  const prompter = person(answers)
  const machines = await interview(needs, givenMachines(given, roles), {
    prompter,
    say,
    lang: 'fr',
    platform,
  })
  const file = machinesFile(machines, {
    exam: 'sujet.yaml',
    title: 'Trois "machines"',
    date: '2026-12-01',
    seed: 'specimen',
    vaultPrefix: 'essai.12345678',
    say,
  })
  const path = join(folder, 'sujet.machines.yaml')
  writeFileSync(path, file.text)
  const { loaded, diagnostics } = await loadSession(path, sources)
  return {
    ...file,
    loaded,
    diagnostics,
    prompter,
    targets: loaded?.candidates[0]?.resolved.targets,
    credentials: loaded?.candidates[0]?.resolved.credentials,
  }
}

describe('the file of a candidate’s machines', () => {
  it('is a session that loads again, with every question of the exam answerable, and no secret in it', async () => {
    const { text, secrets, diagnostics, targets, credentials } = await written([
      '127.0.0.1:2222',
      'tech',
      '',
      'pass-web',
      '192.0.2.10',
      '',
      '',
      'pass-dc',
      'agence1.lan',
      '192.0.2.2',
      '3',
      'lecteur',
      'auth-secret',
      'priv-secret',
      'portable.local',
    ])
    expect(diagnostics).toEqual([])
    expect(targets?.['web']?.target).toMatchObject({
      address: '127.0.0.1',
      ssh: { port: 2222, credential: 'web-ssh' },
    })
    expect(targets?.['dc']?.target).toMatchObject({
      ldap: { through: 'powershell', domain: 'agence1.lan' },
      winrm: { credential: 'dc-winrm' },
    })
    expect(targets?.['sw']?.target.snmp).toMatchObject({ version: 3 })
    expect(targets?.['invite']?.target).toEqual({ address: 'portable.local' })
    expect(credentials?.['dc-winrm']).toEqual({
      user: 'Administrateur',
      password: 'vault:essai.12345678.dc-winrm.password',
    })
    expect([...secrets.values()]).toEqual(['pass-web', 'pass-dc', 'auth-secret', 'priv-secret'])
    for (const secret of secrets.values()) expect(text).not.toContain(secret)
    for (const name of secrets.keys()) expect(text).toContain(`vault:${name}`)
    expect(text).toMatch(/^# .*fichier de session ordinaire/)
    expect(text).toContain('aucune demande ne la regarde')
  })

  it('of an exam whose directory is read over TLS', async () => {
    const { diagnostics, targets } = await written([
      'web.local',
      '',
      '',
      'pw',
      'dc.local',
      'ldaps',
      'agence1.lan',
      '',
      'pw',
      'sw.local',
      '',
      '',
      'x.local',
    ])
    expect(diagnostics).toEqual([])
    expect(targets?.['dc']?.target.ldap).toMatchObject({
      tls: 'ldaps',
      identity: 'first-use',
      domain: 'agence1.lan',
    })
    expect(targets?.['sw']?.target.snmp).toMatchObject({ version: '2c' })
  })

  it('of this computer: its own shell, on Windows its PowerShell', async () => {
    const here = await written(['dc.local', '', '', 'pw', 'a.lan', 'sw.local', '', '', 'x.local'], {
      here: ['web'],
    })
    expect(here.targets?.['web']?.target).toEqual({ address: '127.0.0.1', local: true })
    const windows = await written(
      ['web.local', 'root', '', 'pw', 'ici', 'a.lan', 'sw.local', '', '', 'x.local'],
      {},
      'win32',
    )
    expect(windows.targets?.['dc']?.target).toMatchObject({
      local: 'powershell',
      ldap: { through: 'powershell', domain: 'a.lan' },
    })
    await expect(written([], { here: ['dc'] })).rejects.toMatchObject({ exit: 2 })
  })

  it('asks again after a mistake, says it, and takes the same password for the same account', async () => {
    const { prompter, diagnostics } = await written([
      'une adresse',
      '',
      'web.local',
      '',
      '/nowhere',
      '',
      '',
      'pw',
      'dc.local',
      'telnet',
      'winrm',
      '',
      'pw',
      'pas un domaine',
      'a.lan',
      'sw.local',
      '4',
      '3',
      'lecteur',
      'court',
      'auth-secret',
      '',
      'x.local',
    ])
    expect(diagnostics).toEqual([])
    expect(prompter.told.filter((line) => line.startsWith('Il faut ici'))).toEqual([
      'Il faut ici une adresse IP ou un nom de machine (« 192.168.56.10 », « web.local », « 127.0.0.1:2222 »).',
      'Il faut ici une adresse IP ou un nom de machine (« 192.168.56.10 », « web.local », « 127.0.0.1:2222 »).',
      expect.stringMatching(/^Il faut ici un fichier lisible \(« \/nowhere » : ce fichier/),
      'Il faut ici un mot de passe, car un compte qui n’en a pas est refusé à distance.',
      'Il faut ici « winrm » ou « ldaps ».',
      'Il faut ici un nom DNS, comme « agence1.lan ».',
      'Il faut ici « 2c » ou « 3 ».',
      'Il faut ici au moins 8 caractères (SNMP 3 n’en prend pas moins).',
    ])
  })

  it('is not written by somebody who gives up', async () => {
    await expect(written(['web.local', 'root'])).rejects.toBeInstanceOf(GaveUp)
  })

  it('keeps a private key in the vault, and asks for its passphrase where it has one', async () => {
    const pem = (passphrase?: string) =>
      generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
        type: 'pkcs1',
        format: 'pem',
        ...(passphrase === undefined ? {} : { cipher: 'aes-128-cbc', passphrase }),
      }) as string
    const [open, closed] = [join(folder, 'open'), join(folder, 'closed')]
    writeFileSync(open, pem())
    writeFileSync(closed, pem('sésame'))
    const rest = ['dc.local', '', '', 'pw', 'a.lan', 'sw.local', '', '', 'x.local']
    const plain = await written(['web.local', 'root', open, ...rest])
    expect(plain.credentials?.['web-ssh']).toEqual({ user: 'root', key: 'vault:essai.12345678.web-ssh.key' })
    const sealed = await written(['web.local', 'root', closed, 'non', 'sésame', ...rest])
    expect(sealed.credentials?.['web-ssh']).toHaveProperty(
      'passphrase',
      'vault:essai.12345678.web-ssh.passphrase',
    )
    expect(sealed.prompter.told).toContain('Il faut ici la phrase secrète qui ouvre cette clé.')
  })
})

describe('what the command line says of machines', () => {
  it('is compared with what is known: the same command asks nothing again', async () => {
    process.env['PROBANT_CANARY'] = 'x'
    const said: GivenOptions = { machine: ['web=tech@10.0.0.1:2222'], passwordEnv: ['web=PROBANT_CANARY'] }
    const { loaded } = await written(['dc.local', '', '', 'pw', 'a.lan', 'sw.local', '', '', 'x.local'], said)
    const { resolved } = loaded!.candidates[0]!
    const same = (options: GivenOptions) => sayTheSame(givenMachines(options, roles), resolved)
    expect([said, { domain: ['dc=a.lan'] }, { machine: ['sw=sw.local'] }].map(same)).toEqual([
      true,
      true,
      true,
    ])
    expect(
      [
        { here: ['web'] },
        { machine: ['web=root@10.0.0.1'] },
        { machine: ['web=10.0.0.2'] },
        { machine: ['web=10.0.0.1:22'] },
        { passwordEnv: ['dc=PROBANT_CANARY'] },
        { key: ['web=x'] },
        { domain: ['dc=b.lan'] },
      ].map(same),
    ).toEqual([false, false, false, false, false, false, false])
  })

  it.each([
    ['192.0.2.1', { address: '192.0.2.1' }],
    ['root@web', { user: 'root', address: 'web' }],
    ['c.durand@agence.lan@dc:5986', { user: 'c.durand@agence.lan', address: 'dc', port: 5986 }],
    ['AGENCE\\admin@10.0.0.1', { user: 'AGENCE\\admin', address: '10.0.0.1' }],
    ['root@2001:db8::1', { user: 'root', address: '2001:db8::1' }],
    ['web:99999', { address: 'web:99999' }],
  ])('%s', (text, place) => expect(placeOf(text)).toEqual(place))

  it('makes a command that asks nothing more', () => {
    const given = givenMachines({ machine: ['sw=192.0.2.2'], domain: ['dc=a.lan'] }, roles)
    expect(wholeCommand('probant', 'mon sujet.yaml', needs, given, say)).toBe(
      "probant self-test 'mon sujet.yaml' --machine web=COMPTE@ADRESSE --password-env web=VARIABLE --machine dc=COMPTE@ADRESSE --password-env dc=VARIABLE --machine sw=192.0.2.2 --password-env sw=VARIABLE --machine invite=ADRESSE",
    )
  })

  it.each<[GivenOptions, string]>([
    [{ here: ['wev'] }, 'vouliez-vous dire « web » ?'],
    [{ machine: ['web'] }, '--machine RÔLE=[COMPTE@]ADRESSE[:PORT]'],
    [{ passwordEnv: ['web=hunter2'] }, 'jamais le mot de passe lui-même'],
    [{ passwordEnv: ['web=PROBANT_NOT_SET'] }, 'la variable PROBANT_NOT_SET est vide'],
    [{ here: ['web'], machine: ['web=192.0.2.1'] }, 'ne peut pas être à la fois ici'],
    [{ domain: ['=a.lan'] }, '--domain RÔLE=DOMAINE'],
  ])('refuses %j with what to do', (options, words) => {
    let said = ''
    try {
      givenMachines(options, roles)
    } catch (error) {
      said = (error as { text: { fr: string } }).text.fr
    }
    expect(said).toContain(words)
    expect(said).not.toContain('hunter2')
  })
})
