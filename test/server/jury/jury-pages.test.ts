import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunBody } from '../../../checks/run.ts'
import { createAgentToken, hashToken } from '../../../server/store/agent-token.ts'
import { isRefusal, verifyRun } from '../../../server/store/verified-run.ts'
import { startExamDay, type ExamDay, type SignedIn } from '../exam-day-server.ts'
import { makeBody, makeKey, sessionId, signRun } from '../run-fixture.ts'

const session = sessionId('lyon')
const dossier = `/sessions/${session}/candidates/C01`
const key = makeKey()
const ids = { start: randomUUID(), end: randomUUID(), again: randomUUID() }
const plain = (html: string) =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replace(/[\u00A0\u202F]/g, ' ')
    .replace(/\s+/g, ' ')

/** What was handed out: the service is not there yet, the share can't be seen. */
function startRun(): RunBody {
  const body = makeBody({ id: ids.start, startedAt: '2026-12-01T08:00:00.000Z', broken: true })
  return {
    ...body,
    stage: 'start',
    findings: body.findings.map((finding) =>
      finding.check === 'linux.service'
        ? { ...finding, verdict: 'fail', observed: { fr: 'service absent', en: 'no such service' } }
        : finding,
    ),
  }
}
const endRun = (): RunBody => ({
  ...makeBody({ id: ids.end, startedAt: '2026-12-01T10:00:00.000Z', broken: true }),
  stage: 'end',
})
/** Asked again: the share is seen now, the network still isn't. */
function againRun(): RunBody {
  const body = makeBody({ id: ids.again, startedAt: '2026-12-01T10:30:00.000Z' })
  const asked = ['partage', 'cloisonnement']
  return {
    ...body,
    stage: 'again',
    follows: ids.end,
    exam: { ...body.exam, demands: body.exam.demands.filter(({ id }) => asked.includes(id)) },
    findings: body.findings.filter(({ demand }) => asked.includes(demand)),
    demands: body.demands.filter(({ demand }) => asked.includes(demand)),
  }
}

describe('the jury’s pages', () => {
  let site: ExamDay
  let anne: SignedIn, bruno: SignedIn, responsable: SignedIn, surveillant: SignedIn, candidate: SignedIn
  beforeAll(async () => {
    let minutes = 0
    site = await startExamDay({ now: () => new Date(Date.parse('2026-12-01T12:00:00Z') + minutes * 60_000) })
    advance = (by) => void (minutes += by)
    const token = await createAgentToken(site.store, 'poste')
    for (const body of [againRun(), startRun(), endRun(), makeBody({ n: 2 })]) {
      const verified = await verifyRun(signRun(body, key))
      const agent = await site.store.agentByToken(hashToken(token))
      if (isRefusal(verified) || !agent) throw new Error(JSON.stringify(verified))
      await site.store.receive(verified, agent)
    }
    anne = await site.signIn('jury', 'anne')
    bruno = await site.signIn('jury', 'bruno')
    responsable = await site.signIn('responsable', 'rosa')
    surveillant = await site.signIn('surveillant', 'sam')
    candidate = await site.signIn('candidate', 'c01')
    for (const { account } of [anne, bruno, responsable, surveillant])
      await site.store.life.addMember(session, account.account, null, 'test')
    await site.store.life.addMember(session, candidate.account.account, 'C01', 'test')
    await site.store.life.setState(session, 'collected', 'open', 'test')
    await site.store.life.noteIncident(
      session,
      { candidate: 'C01', at: '2026-12-01T09:12:00.000Z', text: 'coupure du commutateur', addedSeconds: 300 },
      'sam',
    )
  })
  afterAll(() => site.close())
  let advance: (minutes: number) => void = () => {}

  const read = async (path: string, as: SignedIn = anne) => {
    const answer = await site.get(path, as)
    expect({ path, status: answer.statusCode }).toEqual({ path, status: 200 })
    return { body: answer.body, text: plain(answer.body), headers: answer.headers }
  }
  const article = (body: string, demand: string) =>
    plain(body.split('<article').find((part) => part.includes(`name="demand" value="${demand}"`)) ?? '')
  const write = async (path: string, form: Record<string, string>, as: SignedIn = anne) =>
    (await site.post(dossier + path, form, as)).statusCode

  it('show the end run, joined demand by demand with what was asked again', async () => {
    const { body, text } = await read(dossier)
    expect(text).toContain('à la fin')
    expect(article(body, 'partage')).toMatch(/Demandé de nouveau , 1er décembre 2026, 11 h 30/)
    expect(article(body, 'partage')).toContain('2770 root:compta')
    expect(article(body, 'cloisonnement')).toContain(
      'sans rien observer de plus : 1er décembre 2026, 11 h 30',
    )
    expect(body).toContain(`${dossier}?run=${ids.again}`)
    // The evidence of a finding that was asked again is that of its own run.
    const shown = await site.store.dossier(session, 'C01')
    expect(shown?.run.id).toBe(ids.end)
    const again = shown?.followUps[0]?.findings.find(({ demand }) => demand === 'partage')
    expect(body).toContain(`releve-${again?.evidence[0]?.slice(0, 16)}-${ids.again}`)
  })

  it('say what changed since the start, and that nobody can say where one was not seen', async () => {
    const { body } = await read(dossier)
    expect(article(body, 'intranet')).toContain('Au départ non constaté , service absent ; changé depuis')
    expect(article(body, 'partage')).toMatch(/Au départ non vérifié .{0,60}rien ne permet de dire/)
    const changed = await read(`${dossier}?show=changed`)
    expect(changed.body.match(/<details class="finding/g)).toHaveLength(1)
    expect(changed.text).toContain('nginx est actif')
    expect(changed.text).toContain('changé depuis le départ (une demande) ; le reste')
    // What was looked for is not folded away.
    expect(changed.body).toMatch(/<details class="finding pass" open/)
  })

  it.each([
    ['unobserved', 'unknown'],
    ['differs', 'fail'],
    ['jury', 'jury'],
  ])('filter by %s: findings of that verdict only', async (show, verdict) => {
    const { body } = await read(`${dossier}?show=${show}`)
    const classes = new Set([...body.matchAll(/<details class="finding (\w+)"/g)].map(([, name]) => name))
    expect(classes).toEqual(new Set([verdict]))
  })

  it('filter contradictions, and say where nothing is left', async () => {
    const { body } = await read(`${dossier}?show=contradictions`)
    expect(body.match(/<details class="finding/g)).toHaveLength(1)
    expect((await read(`/sessions/${session}/candidates/C02?show=contested`)).text).toContain(
      'ne correspond à ce filtre',
    )
  })

  it('show a session at a glance: words and links, no sum', async () => {
    const { body, text } = await read(`/sessions/${session}/jury`)
    expect(body).toContain(`href="${dossier}#C9"`)
    expect(text).toMatch(/C9 \( C01 \) .{0,80}constaté/)
    expect(text).toContain('coupure du commutateur')
    expect(text).toContain('temps ajouté : 5 min')
    expect(text).not.toMatch(/total|somme|\d+ ?\/ ?\d+|%/)
    expect((await read(`/sessions/${session}/jury`, responsable)).text).not.toContain('pas encore lu')
  })

  it('keep notes apart by kind, with author and time, for whom they are', async () => {
    expect(await write('/notes', { criterion: 'C8.1', kind: 'private', text: 'à creuser' })).toBe(303)
    expect(await write('/notes', { criterion: 'C8.1', kind: 'shared', text: '<b>solide</b>' })).toBe(303)
    const seen = async (as: SignedIn) => {
      const { body } = await read(dossier, as)
      return [
        body.includes('à creuser'),
        body.includes('&lt;b>solide'),
        body.includes('<bdi class="said">anne</bdi>, '),
      ]
    }
    expect(await seen(anne)).toEqual([true, true, true])
    expect(await seen(bruno)).toEqual([false, true, true])
    expect(await seen(responsable)).toEqual([false, true, true])
    expect(await seen(candidate)).toEqual([false, false, false])
    expect((await read(dossier, bruno)).text).toContain('1er décembre 2026, 13 h 00, appréciation partagée')
  })

  it('keep the lines of a note as they were typed, each end of line one sign', async () => {
    const lines = `${'é'.repeat(1999)}\r\n${'é'.repeat(2000)}`
    expect(await write('/notes', { criterion: 'C8.2', kind: 'private', text: lines })).toBe(303)
    const { body } = await read(dossier)
    expect(body).toContain(`${'é'.repeat(1999)}\n${'é'.repeat(2000)}`)
    expect(body).not.toContain('‹CR›')
  })

  it('show a note that is empty or too long again, and refuse a criterion that is none', async () => {
    const answer = await site.post(
      `${dossier}/notes`,
      { criterion: 'C8.1', kind: 'shared', text: 'é'.repeat(4001) },
      anne,
    )
    expect(answer.statusCode).toBe(422)
    expect(answer.body).toContain('é'.repeat(4001))
    expect(plain(answer.body)).toContain('Écrivez quelques mots')
    expect(await write('/notes', { criterion: 'C8.1', kind: 'shared', text: '  ' })).toBe(422)
    expect(await write('/notes', { criterion: 'Z9', kind: 'shared', text: 'x' })).toBe(404)
    expect(await write('/notes', { criterion: 'C8.1', kind: 'public', text: 'x' })).toBe(404)
  })

  it('strike through what its author withdrew, and let nobody else withdraw it', async () => {
    const found = await site.store.notes.of(session, 'C01', anne.account.account)
    const id = found.find(({ kind }) => kind === 'shared')?.id ?? ''
    expect(await write(`/notes/${id}/withdraw`, {}, bruno)).toBe(404)
    expect(await write(`/notes/${id}/withdraw`, {})).toBe(303)
    expect((await read(dossier, bruno)).body).toMatch(/<del><bdi class="said">&lt;b>solide/)
  })

  it('contest a finding with its reason, seen by the jury and never by the candidate', async () => {
    const path = `/runs/${ids.end}/findings/1/contest`
    expect((await read(dossier + path)).text).toContain('c.durand1')
    expect(await write(path, { text: '' })).toBe(422)
    expect(await write(path, { text: 'le compte a été déplacé par la salle' })).toBe(303)
    expect(await write(`/runs/${ids.end}/findings/4000/contest`, { text: 'x' })).toBe(404)
    // A finding of the run that asked again stands in the dossier of the one that it follows.
    const again = await site.post(
      `${dossier}/runs/${ids.again}/findings/0/contest`,
      { text: 'vu trop tard' },
      anne,
    )
    const first = againRun().findings[0]?.demand
    const place = endRun().exam.demands.findIndex(({ id }) => id === first) + 1
    expect(again.headers.location).toBe(`${dossier}#demande-${place}`)
    const { body } = await read(`${dossier}?show=contested`, bruno)
    expect(body.match(/<details class="finding/g)).toHaveLength(2)
    expect(body).toContain('le compte a été déplacé par la salle')
    expect((await read(dossier, candidate)).body).not.toContain('déplacé par la salle')
  })

  it('keep who read what: one’s own button, the others’ names', async () => {
    expect(await write('/read', { demand: 'intranet', at: 'demande-2', read: 'yes' })).toBe(303)
    expect(article((await read(dossier)).body, 'intranet')).toContain('remettre à lire')
    expect(article((await read(dossier, bruno)).body, 'intranet')).toContain('Lu par anne')
    const unread = (await read(`${dossier}?show=unread`)).body
    expect(unread).not.toContain('value="intranet"')
    // What is marked there leaves the page: its form leads on to what is printed after it.
    const printed = [...unread.matchAll(/<article class="demand" id="(demande-\d+)"/g)].map(([, id]) => id)
    const leads = [...unread.matchAll(/name="at" value(?:="([^"]*)")?/g)].map(([, id = '']) => id)
    expect(printed.length).toBeGreaterThan(2)
    expect(leads).toEqual([...printed.slice(1), ''])
    expect((await read(`${dossier}?show=unread`, bruno)).body).toContain('value="intranet"')
    expect((await read(`/sessions/${session}/jury`)).text).toContain('lu en partie')
    expect(await write('/read', { demand: 'nulle part', read: 'yes' })).toBe(404)
  })

  it('show a candidate in training his own dossier, without notes, contests or blame', async () => {
    const { text, body } = await read(dossier, candidate)
    expect(text).toContain('Attendu')
    expect(text).not.toMatch(/du côté|côté candidat|côté salle|indécidable|Lu par|Contest|Note sur/)
    expect(body).not.toMatch(/method="post" action="\/sessions|api\/v1/)
    expect((await site.get(`/sessions/${session}/candidates/C02`, candidate)).statusCode).toBe(404)
    expect((await site.get(`/sessions/${session}/jury`, candidate)).statusCode).toBe(404)
    const key = Object.keys(startRun().observations)[0]
    expect((await site.get(`${dossier}/runs/${ids.end}/observations/${key}`, candidate)).statusCode).toBe(200)
  })

  it('are closed to a surveillant, and to whoever writes without being the jury', async () => {
    for (const path of ['', '/trace', `/runs/${ids.end}/findings/1/contest`])
      expect((await site.get(dossier + path, surveillant)).statusCode).toBe(403)
    expect((await site.get(`/sessions/${session}/jury`, surveillant)).statusCode).toBe(403)
    expect(await write('/notes', { criterion: 'C8.1', kind: 'shared', text: 'x' }, responsable)).toBe(403)
  })

  it('hand out the candidate’s document in a sandbox, framed by one page of this site only', async () => {
    const pdf = Buffer.from('%PDF-1.4\n%âãÏÓ\n')
    const { sha256 } = await site.store.life.keepTrace(session, 'C01', 'trace.pdf', pdf, 'sam')
    const file = await site.get(`${dossier}/trace/${sha256}`, anne)
    expect(file.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'self'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
    expect(file.headers['content-disposition']).toMatch(/^inline/)
    expect(file.rawPayload.equals(pdf)).toBe(true)
    const beside = await read(`${dossier}/trace`)
    expect(beside.body).toContain(`<iframe src="${dossier}/trace/${sha256}"`)
    expect(beside.headers['content-security-policy']).toContain("frame-src 'self'")
    expect((await read(dossier)).headers['content-security-policy']).not.toContain("frame-src 'self'")
    expect(beside.body).toContain('id="C8.1"')
    expect((await site.get(`/sessions/${session}/candidates/C02/trace/${sha256}`, anne)).statusCode).toBe(404)
    expect((await site.get(`/sessions/${session}/candidates/C02/trace`, anne)).statusCode).toBe(404)
  })

  it('keep in the journal who looked, once in ten minutes, and never what was written', async () => {
    const acts = async () =>
      (await site.store.journal.read({ session, limit: 500 })).flatMap(({ contents }) => contents ?? [])
    const looked = async () =>
      (await acts()).filter(
        ({ act, actor, candidate: code }) => act === 'dossier-read' && actor === 'bruno' && code === 'C02',
      ).length
    const other = `/sessions/${session}/candidates/C02`
    await read(other, bruno)
    await read(other, bruno)
    advance(9)
    await read(other, bruno)
    expect(await looked()).toBe(1)
    advance(2)
    await read(other, bruno)
    expect(await looked()).toBe(2)
    const all = await acts()
    expect(all.map(({ act }) => act)).toEqual(
      expect.arrayContaining(['note-added', 'note-withdrawn', 'finding-contested', 'observation-read']),
    )
    expect(JSON.stringify(all)).not.toMatch(/creuser|solide|déplacé/)
  })

  it('are for reading only once the session is closed', async () => {
    await site.store.life.setState(session, 'open', 'closed', 'test')
    const { body, text } = await read(dossier)
    expect(text).toContain('à creuser')
    expect(body).not.toMatch(/method="post" action="\/sessions/)
    expect(await write('/notes', { criterion: 'C8.1', kind: 'shared', text: 'x' })).toBe(403)
    expect(await write('/read', { demand: 'intranet', read: 'no' })).toBe(403)
    expect(await write(`/runs/${ids.end}/findings/1/contest`, { text: 'x' })).toBe(403)
  })
})
