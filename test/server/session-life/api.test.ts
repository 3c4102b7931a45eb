import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postSession } from '../../../agent/commands/push/session-post.ts'
import { newSecret } from '../../../server/access/one-time-code.ts'
import { hashToken } from '../../../server/store/agent-token.ts'
import { startExamDay, type ExamDay, type SignedIn } from '../exam-day-server.ts'
import { examText, idOf, sessionText } from './session-files.ts'

let day: ExamDay
let head: SignedIn
let token: string
beforeAll(async () => {
  day = await startExamDay({ now: () => new Date('2026-12-01T09:00:00Z') })
  head = await day.signIn('responsable')
  token = `probant_${newSecret().secret}`
  await day.store.accounts.addToken(head.account.account, hashToken(token), 'push', 'x')
})
afterAll(() => day.close())

const push = (body: unknown, headers: Record<string, string> = { authorization: `Bearer ${token}` }) =>
  day.app.inject({
    method: 'POST',
    url: '/api/v1/sessions',
    headers: { 'content-type': 'application/json', ...headers },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  })
const files = (title: string) => [
  { name: 'session.yaml', text: sessionText.replace('Lyon, décembre', title) },
  { name: 'sujets/lyon.yaml', text: examText() },
]

describe('POST /api/v1/sessions', () => {
  it('understands what « probant push » sends, and is understood by it', async () => {
    const server = new URL(await day.app.listen({ host: '127.0.0.1', port: 0 }))
    const sent = files('Poussée')
    const id = idOf(sent[0]!.text)
    const upload = { files: sent, names: new Map([['C02', 'Ada']]), id }
    const url = `${server.origin}/sessions/${id}`
    const options = { server, token, launch: 'hand' as const }
    expect(await postSession(upload, options)).toEqual({ outcome: 'created', id, url, warnings: [] })
    expect(await postSession(upload, options)).toEqual({ outcome: 'already', id, url, warnings: [] })
    const wrong = [{ name: 'session.yaml', text: sessionText.replace('n: 2', 'n: 1') }, sent[1]!]
    const refused = await postSession({ ...upload, files: wrong }, options)
    expect(refused).toMatchObject({ outcome: 'refused', status: 422 })
    expect('diagnostics' in refused && refused.diagnostics).toMatchObject([
      { severity: 'error', file: 'session.yaml', line: 9 },
    ])
  })

  it('prepares a session once, with the names, the launch and the length that were given', async () => {
    const body = { files: files('Une'), names: { C01: 'Ada Lovelace' }, launch: 'clock', minutes: 80 }
    const id = idOf(body.files[0]!.text)
    const created = await push(body)
    expect([created.statusCode, created.json()]).toEqual([
      201,
      { id, url: `http://localhost:80/sessions/${id}`, warnings: [], diagnostics: [] },
    ])
    expect(await day.store.life.session(id)).toMatchObject({ launch: 'clock', minutes: 80 })
    expect((await day.store.life.candidates(id)).map(({ name }) => name)).toEqual(['Ada Lovelace', null])
    expect(await day.store.life.files(id)).toEqual(body.files)
    expect((await push(body)).statusCode).toBe(200)
    expect((await day.store.life.members(id)).map(({ name }) => name)).toEqual([head.account.name])
  })

  it('says all that is wrong and keeps nothing', async () => {
    const [session, exam] = files('Fausse') as [
      { name: string; text: string },
      { name: string; text: string },
    ]
    const text = session.text.replace('n: 2', 'n: 1')
    const refused = await push({
      files: [
        { ...session, text },
        { ...exam, text: exam.text.replace('C9.1', 'C99.1') },
      ],
    })
    expect(refused.statusCode).toBe(422)
    const problem = refused.json<{ code: string; diagnostics: { file: string; line: number }[] }>()
    expect(problem.code).toBe('invalid-session')
    expect(problem.diagnostics.map(({ file, line }) => [file, line])).toContainEqual(['session.yaml', 9])
    expect(await day.store.life.session(idOf(text))).toBeNull()
  })

  it('says that the exam is missing', async () => {
    const refused = await push({ files: files('Seule').slice(0, 1) })
    expect(refused.statusCode).toBe(422)
    expect(refused.body).toContain('sujets/lyon.yaml')
  })

  it('is for responsables only, and not for another site', async () => {
    expect((await push({ files: files('x') }, {})).statusCode).toBe(401)
    for (const role of ['surveillant', 'jury', 'candidate'] as const) {
      const { cookie } = await day.signIn(role)
      expect(
        (await push({ files: files('x') }, { cookie, 'sec-fetch-site': 'same-origin' })).statusCode,
      ).toBe(403)
    }
    const { cookie } = head
    expect((await push({ files: files('x') }, { cookie, 'sec-fetch-site': 'cross-site' })).statusCode).toBe(
      403,
    )
    expect(
      (await push({ files: files('Cookie') }, { cookie, 'sec-fetch-site': 'same-origin' })).statusCode,
    ).toBe(201)
  })

  it('does not hand over a session of another responsable, nor bring a purged one back', async () => {
    const other = await day.signIn('responsable')
    const body = { files: files('À l’autre') }
    const id = idOf(body.files[0]!.text)
    const asOther = { cookie: other.cookie, 'sec-fetch-site': 'same-origin' }
    expect((await push(body, asOther)).statusCode).toBe(201)
    const refused = await push(body)
    expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([409, 'foreign-session'])
    expect(await day.store.retention.purge(id, 'x')).not.toBeNull()
    expect((await push(body, asOther)).statusCode).toBe(410)
  })

  it.each([
    ['no file', { files: [] }],
    ['a field that is not known', { files: files('x'), secret: 'x' }],
    ['two files of one name', { files: [...files('x'), { name: 'session.yaml', text: 'x' }] }],
    ['a name over two lines', { files: [{ name: 'a\nb', text: 'x' }] }],
    ['a length of nothing', { files: files('x'), minutes: 0 }],
    ['too many files', { files: Array.from({ length: 21 }, (_, i) => ({ name: `f${i}`, text: 'x' })) }],
    ['too long a file', { files: [{ name: 'session.yaml', text: 'x'.repeat(1024 * 1024 + 1) }] }],
  ])('refuses %s', async (_, body) => {
    expect((await push(body)).statusCode).toBe(422)
  })

  it.each([
    ['what is no JSON', '{'],
    ['what nests', '{"files":[[[[[[[]]]]]]]}'],
    ['a prototype', '{"files":[],"names":{"__proto__":"x"}}'],
  ])('refuses %s', async (_, body) => {
    expect((await push(body)).statusCode).toBe(400)
  })
})
