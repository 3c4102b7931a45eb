import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { agentLine, progressLine } from '../../../agent/commands/agent-lines.ts'
import type { AgentEvent } from '../../../agent/work/agent-event.ts'
import { startAgent } from './agent-child.ts'
import { ProtocolServer } from './protocol-server.ts'
import { gate, until, workSession, type Gate } from './work-session.ts'

let server: ProtocolServer
let home: string
let web: Gate
const children: ReturnType<typeof startAgent>[] = []
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'probant-agent-'))
  server = new ProtocolServer()
  server.codes.add('one-time')
  await server.start()
  web = await gate()
})
afterEach(async () => {
  for (const { child, ended } of children.splice(0)) {
    child.kill('SIGKILL')
    await ended
  }
  await server.stop()
  rmSync(home, { recursive: true, force: true })
})
function start(args: readonly string[], options: { env?: Record<string, string>; input?: string } = {}) {
  const one = startAgent(home, ['--server', server.url.href, ...args], options.env)
  one.child.stdin.end(options.input ?? '')
  children.push(one)
  return one
}

describe('probant agent', { timeout: 60_000 }, () => {
  it('says how to be enrolled, and takes the code from standard input, never from the line', async () => {
    const without = start([])
    expect(await without.ended).toBe(69)
    expect(without.text.err).toMatch(
      /n’est pas inscrit sur ce serveur.*probant agent --server http.* --enrol »/,
    )
    const empty = start(['--enrol'])
    expect(await empty.ended).toBe(69)
    expect(empty.text.err).toContain('PROBANT_ENROL_CODE')
    const wrong = start(['--enrol'], { input: 'wrong\n' })
    expect(await wrong.ended).toBe(69)
    expect(wrong.text.err).toMatch(/code d’inscription est refusé.*quinze minutes/)
    const right = start(['--enrol', '--name', 'salle-12'], { input: 'one-time\n' })
    await until('connected', () => right.text.err.includes('Connecté'))
    expect([...server.agents.values()]).toEqual(['salle-12'])
    expect(JSON.parse(readFileSync(join(home, 'servers.json'), 'utf8'))).toEqual([
      { server: server.url.href, name: 'salle-12' },
    ])
    expect(right.text.err).not.toContain('one-time')
  })

  it('says calmly what it does, never what was found, and ends cleanly at Ctrl-C', async () => {
    const work = server.add({ kind: 'end', session: workSession(web.port), candidate: 'C01' })
    const one = start(['--enrol'], { env: { PROBANT_ENROL_CODE: 'one-time' } })
    await until('a machine is asked', () => web.asked.length > 0)
    one.child.kill('SIGINT')
    expect(await one.ended).toBe(0)
    expect([server.runs.get(work.id)?.complete, one.text.out]).toEqual([false, ''])
    const lines = one.text.err.trimEnd().split('\n')
    expect(lines.map((line) => line.replace(/« .* »/, '« … »').replace(server.url.href, 'URL'))).toEqual([
      'Inscrit sur le serveur sous le nom « … ».',
      'Connecté à URL (« … ») : en attente de travail, Ctrl-C arrête.',
      'C01 : passage de fin : commencé',
      'Interruption : ce qui a été relevé est conservé. Ctrl-C encore une fois pour tout arrêter.',
      expect.stringMatching(
        /^C01 : passage de fin : interrompu, 4 relevés ; sans réponse : muet \(connexion refusée\)/,
      ),
      'C01 : passage de fin : remis',
      'Agent arrêté, tout est remis.',
    ])
    expect(one.text.err).not.toMatch(/constaté|attendu|verdict/)
  })

  it('stopped while the server is away, it says what waits, and a second Ctrl-C ends it at once', async () => {
    const session = workSession(web.port)
    server.add({ kind: 'end', session, candidate: 'C01' })
    const one = start(['--enrol'], { env: { PROBANT_ENROL_CODE: 'one-time' } })
    await until('a machine is asked', () => web.asked.length > 0)
    await server.stop()
    await until('it says so', () => one.text.err.includes('Serveur injoignable depuis'))
    one.child.kill('SIGINT')
    expect(await one.ended).toBe(3)
    expect(one.text.err).toMatch(/Agent arrêté ; 1 résultat attend ici : relancez-le/)
    await server.start()
    const two = start([])
    await until('delivered', () => server.runs.size === 1)
    server.add({ kind: 'end', session, candidate: 'C02' })
    const asked = web.asked.length
    await until('it runs again', () => web.asked.length > asked)
    await server.stop()
    two.child.kill('SIGINT')
    await until('it heard', () => two.text.err.includes('Interruption'))
    await new Promise((resolve) => setTimeout(resolve, 400)) // nearer than this, both are one and the same Ctrl-C
    two.child.kill('SIGINT')
    expect(await two.ended).toBe(130)
  })
})

describe('what is said of an event', () => {
  const task = { id: 'x', kind: 'again', candidate: 'C01' } as const
  const progress = { asked: 80, answered: 34, silent: [{ role: 'dc', cause: 'auth' }] } as const
  const at = new Date(2026, 11, 1, 14, 5)
  it.each<[AgentEvent, string, string]>([
    [
      { type: 'away', since: at, detail: 'ECONNREFUSED' },
      'Serveur injoignable depuis 14 h 05 (ECONNREFUSED) : les travaux en cours continuent, leurs résultats attendent ici. Vérifiez le réseau si cela dure.',
      'Server away since 14:05 (ECONNREFUSED): work under way goes on, its results wait here. Check the network if it lasts.',
    ],
    [
      { type: 'ended', task, complete: true, progress },
      'C01 : passage de reprise : terminé, 34 relevés ; sans réponse : dc (identifiants refusés)',
      'C01: run asked again: done, 34 observations; no answer: dc (credentials refused)',
    ],
    [
      {
        type: 'refused',
        task,
        result: 'run',
        status: 409,
        why: { fr: 'Déjà reçu.', en: 'Known.' },
        path: '/x',
      },
      'C01 : passage de reprise : passage refusé par le serveur (409) : Déjà reçu. Gardé dans /x',
      'C01: run asked again: run refused by the server (409): Known. Kept in /x',
    ],
  ])('%j', (event, fr, en) => {
    expect(agentLine(event, new URL('http://s/'))).toEqual({ fr, en })
  })
  it('what a server says is shown without what a terminal would obey', () => {
    const message = { fr: '\u001b[2Jrouge', en: '\u001b[2Jred' }
    expect(agentLine({ type: 'failed', task, message }, new URL('http://s/'))?.fr).not.toContain('\u001b')
  })
  it('what runs fits one line', () => {
    expect(progressLine(new Map([['x', { task, progress }]]))).toEqual({
      fr: 'C01 passage de reprise 34/80',
      en: 'C01 run asked again 34/80',
    })
  })
})
