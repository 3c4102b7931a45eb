import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { windowsServer } from '../../../fixtures/windows/model/server.ts'
import { serveWindows, type ModelledServer } from '../../../fixtures/windows/serve.ts'
import { folderForTests, run, start } from './probant.ts'

const folder = folderForTests()
const home = join(folder, 'home')
const password = `Mot-${randomBytes(9).toString('base64url')}`
const env = { PROBANT_TEST_PASSWORD: password, PROBANT_TEST_WRONG: 'Autre-mot-1' }
const spaced = (text: string) => text.replaceAll('\u202f', ' ')

describe('probant doctor', { timeout: 60_000 }, () => {
  let server: ModelledServer
  let session = ''
  beforeAll(async () => {
    const account = { user: 'surveillant', domain: '', password }
    server = await serveWindows(windowsServer('fr'), { account })
    const own = join(folder, 'session')
    mkdirSync(own, { recursive: true })
    writeFileSync(
      join(own, 'sujet.yaml'),
      `title: Sujet
purpose: training
referential: tp-01351-01
certificate: TITRE
roles: { dc: windows, web: linux }
demands:
  - { id: joignable, criteria: [C1.1], checks: [{ network.reachable: { on: dc } }] }
  - { id: fichier, criteria: [C9.1], checks: [{ linux.file: { on: web, path: /etc/hostname, type: file } }] }
`,
    )
    session = join(own, 'session.yaml')
    writeFileSync(
      session,
      `exam: sujet.yaml
date: 2026-12-01
credentials:
  admin: { user: surveillant, password: env:PROBANT_TEST_PASSWORD }
  faux: { user: surveillant, password: env:PROBANT_TEST_WRONG }
targets:
  dc: { address: 127.0.0.1, winrm: { credential: admin, port: ${server.port} } }
  web: { address: 127.0.0.1, local: true }
candidates:
  - { code: C01, n: 1 }
  - { code: C02, n: 2, targets: { dc: { winrm: { credential: faux } } } }
`,
    )
  })
  afterAll(() => server.close())
  const doctor = (...args: string[]) => run(home, ['doctor', ...args], { env })
  const address = (account = 'surveillant') => `winrm://${account}@127.0.0.1:${server.port}`

  it('of a machine of the session, for its first candidate: each step works, exit 0', async () => {
    const { status, out, err } = await doctor('dc', '--session', session)
    expect(status, out + err).toBe(0)
    expect(spaced(out)).toMatch(/^C01 {2}dc {2}127\.0\.0\.1 {2}winrm {2}\d+\n● nom résolu/)
    expect(spaced(out)).toContain('● droits suffisants')
    expect(spaced(err)).toContain('Tout fonctionne d’ici.')
    expect(out + err).not.toContain('\u001b')
  })

  it('of another candidate: where it fails, why, and what to run; exit 3; no secret anywhere', async () => {
    const { status, out, err } = await doctor('dc', '--session', session, '--candidate', 'C02')
    expect(status, err).toBe(3)
    const text = spaced(out)
    expect(text).toMatch(/✕ identifiants acceptés +ce compte, ou son secret, est refusé/)
    expect(text).toMatch(/– échanges protégés +pas essayé/)
    expect(text).toContain("      Get-LocalUser -Name 'surveillant' | Format-List")
    expect(text).toMatch(/:\n +– Vérifiez d’abord le mot de passe \(env:PROBANT_TEST_WRONG dans la session\)/)
    expect(text).toContain('      read -rs PROBANT_TEST_WRONG && export PROBANT_TEST_WRONG')
    expect(text).not.toContain('was refused')
    expect(spaced(err)).toContain(`probant doctor dc --session ${session} --candidate C02`)
    expect(out + err).not.toMatch(/Autre-mot|Mot-/)
  })

  it('in English, and as one line of JSON a step', async () => {
    const english = await doctor('dc', '--session', session, '--candidate', 'C02', '--lang', 'en')
    expect(english.out).toContain('✕ credentials accepted')
    expect(english.out.replaceAll(/user: .*\n/g, '')).not.toMatch(/[éèàç«]/)
    const { status, out } = await doctor(
      'dc',
      '--session',
      session,
      '--candidate',
      'C02',
      '--json',
      '--lang',
      'en',
    )
    expect(status).toBe(3)
    const steps = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(Object.keys(steps[0]!)).toEqual([
      'target',
      'candidate',
      'address',
      'way',
      'step',
      'state',
      'cause',
      'problem',
      'detail',
      'note',
      'ms',
      'identity',
      'remedies',
    ])
    expect(steps.find(({ state }) => state === 'fails')).toMatchObject({
      step: 'accepted',
      cause: 'auth',
      problem: 'account-refused',
      remedies: expect.arrayContaining([expect.objectContaining({ place: 'windows' })]),
    })
  })

  it('of an address, the password from the environment; writes a bundle once', async () => {
    const bundle = join(folder, 'diagnostic.json')
    const args = [address(), '--password-env', 'PROBANT_TEST_PASSWORD', '--bundle', bundle]
    const { status, out, err } = await doctor(...args)
    expect(status, out + err).toBe(0)
    const written = readFileSync(bundle, 'utf8')
    expect(written + out + err).not.toContain(password)
    expect(written).not.toMatch(/SRV-AD|srv-ad|127\.0\.0\.1|surveillant|1004336348/)
    expect(JSON.parse(written)).toMatchObject({ format: 'probant-doctor/1', ways: [{ way: 'winrm' }] })
    const again = await doctor(...args)
    expect(again.status).toBe(2)
    expect(again.out).toBe('')
    expect(spaced(again.err)).toContain('ce nom est déjà pris')
    expect(readFileSync(bundle, 'utf8')).toBe(written)
  })

  it('what is to be typed again keeps the port and where the password is; wrapped by COLUMNS', async () => {
    const args = [address(String.raw`AUTRE\\surveillant`), '--password-env', 'PROBANT_TEST_WRONG']
    const { status, out } = await run(home, ['doctor', ...args], { env: { ...env, COLUMNS: '60' } })
    expect(status).toBe(3)
    expect(out).toContain(
      `probant doctor 'winrm://AGENCE\\surveillant@127.0.0.1:${server.port}' --password-env PROBANT_TEST_WRONG`,
    )
    for (const line of out.split('\n').filter((one) => !one.startsWith('      ')))
      expect(line.length, line).toBeLessThanOrEqual(60)
  })

  it('a POSIX machine beside it', async () => {
    const { status, out } = await doctor('web', '--session', session)
    expect(status).toBe(0)
    expect(spaced(out)).toContain('● interpréteur ouvert')
  })

  it.each([
    [['dc'], 'ajoutez --session'],
    [
      ['nas', '--session', 'SESSION'],
      'pas de machine « nas » dans cette session ; choisissez parmi : dc, web',
    ],
    [['dc', '--session', 'SESSION', '--candidate', 'C99'], 'pas de candidat C99'],
    [['winrm://surveillant:secret@h'], 'un mot de passe ne s’écrit pas dans une commande'],
    [['winrm://surveillant@h', '--password-env', 'PROBANT_TEST_NONE'], 'n’a pas de valeur'],
    [['ssh://root@h', '--key', '/no/such/key'], 'impossible de lire la clé'],
    [['telnet://h'], 'l’adresse s’écrit moyen://compte@machine'],
  ])('%j is a wrong use: 2 and a sentence', async (args, sentence) => {
    const { status, out, err } = await doctor(...args.map((arg) => (arg === 'SESSION' ? session : arg)))
    expect([status, out]).toEqual([2, ''])
    expect(spaced(err)).toContain(sentence)
  })

  it('is interrupted cleanly', async () => {
    const sockets: Socket[] = []
    const met = Promise.withResolvers<void>()
    const tarpit = createServer((socket) => {
      sockets.push(socket)
      met.resolve()
    }).listen(0, '127.0.0.1')
    await once(tarpit, 'listening')
    const { port } = tarpit.address() as AddressInfo
    const target = `winrm://surveillant@127.0.0.1:${port}`
    const { child, ended, text } = start(
      home,
      ['doctor', target, '--password-env', 'PROBANT_TEST_PASSWORD'],
      env,
    )
    await met.promise
    child.kill('SIGINT')
    const { status } = await ended
    for (const socket of sockets) socket.destroy()
    tarpit.close()
    expect(status, text.err).toBe(130)
    expect(spaced(text.out)).toMatch(/– authentification proposée +interrompu/)
  })

  it('preflight names the step, what to do, and the line to type next', async () => {
    const before = server.connections()
    const { status, out, err } = await run(home, ['preflight', '--session', session], { env })
    expect(status).toBe(3)
    // One a machine; one more to where it failed, without the password that was refused.
    expect(server.connections() - before).toBe(3)
    const text = spaced(out)
    expect(text).toMatch(
      /C02 +dc +127\.0\.0\.1 +winrm +✕ identifiants refusés, étape « identifiants acceptés »/,
    )
    expect(text).toContain('      Get-LocalUser -Name ')
    expect(spaced(err)).toContain(`probant doctor dc --session ${session} --candidate C02`)
    expect(out + err).not.toMatch(/Autre-mot|Mot-/)
    const json = await run(home, ['preflight', '--session', session, '--json'], { env })
    const ways = json.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(ways.find(({ worked, candidate }) => worked === false && candidate === 'C02')).toMatchObject({
      step: 'accepted',
      problem: 'account-refused',
      way: 'winrm',
    })
  })

  it('preflight says who has no administrator rights; of many that fail, one line at a time', async () => {
    const identity = { ...windowsServer('fr').identity, administrator: false }
    const account = { user: 'surveillant', domain: '', password }
    const limited = await serveWindows(windowsServer('fr', { identity }), { account })
    const other = session.replace('session.yaml', 'other.yaml')
    const text = readFileSync(session, 'utf8').replace(`port: ${server.port}`, `port: ${limited.port}`)
    writeFileSync(other, text)
    const one = await run(home, ['preflight', '--session', other, '--candidate', 'C01'], { env })
    await limited.close()
    expect(one.status, one.err).toBe(0)
    expect(spaced(one.out)).toMatch(/winrm +● fonctionne, \d+ ms, sans droits d’administrateur/)
    expect(spaced(one.out)).toContain('C01  dc  winrm : sans droits d’administrateur\n')
    expect(one.out).toContain(`probant doctor dc --session ${other} --candidate C01`)
    expect(spaced(one.err)).toContain('sans droits d’administrateur.')
    const many = Array.from({ length: 4 }, (_, i) => `  - { code: D${i}, n: ${i + 5} }`)
    writeFileSync(other, `${text}${many.join('\n')}\n`)
    const dead = await run(home, ['preflight', '--session', other], { env })
    expect(dead.status).toBe(3)
    expect(spaced(dead.out)).toContain('étape « port ouvert »')
    expect(dead.out).not.toContain('Enable-PSRemoting')
    expect(spaced(dead.err)).toContain(`probant doctor dc --session ${other} --candidate C01`)
  })
})
