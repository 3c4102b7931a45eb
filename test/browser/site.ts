import { randomUUID } from 'node:crypto'
import type { BrowserContext } from 'playwright-core'
import { hashPassword } from '../../server/access/password.ts'
import type { Role } from '../../server/access/role.ts'
import { createAgentToken } from '../../server/store/agent-token.ts'
import { startExamDay, type SignedIn } from '../server/exam-day-server.ts'
import { hostile, makeKey, makeRun, sessionId, type FixtureOptions } from '../server/run-fixture.ts'

/** A server on a real port with runs in it: one honest, one broken and interrupted, one of a candidate who attacks. */
export interface Site {
  readonly url: string
  /** Every kind of page, by name. */
  readonly paths: Readonly<Record<string, string>>
  readonly hostilePaths: readonly string[]
  /** A juror of the honest session who signs in by himself: his name, and his password made for this site. */
  readonly juror: { readonly name: string; readonly password: string }
  /** Signs a browser's context in: as somebody who may open every page of `paths`, or as somebody new of a role. */
  signIn(context: BrowserContext, role?: Role): Promise<void>
  close(): Promise<void>
}

export async function startSite(): Promise<Site> {
  const day = await startExamDay()
  const { app, store } = day
  const token = await createAgentToken(store, 'poste')
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const key = makeKey()
  const deliver = async (options: FixtureOptions) => {
    const run = makeRun(key, options)
    const answer = await fetch(`${url}/api/v1/runs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(run),
    })
    if (answer.status !== 201) throw new Error(`fixture: ${answer.status}`)
    await store.life.setState(run.session.id, 'collected', 'open', 'test')
    return run
  }
  const honest = await deliver({ n: 1 })
  await deliver({ n: 1, startedAt: '2026-12-01T10:00:00Z' })
  await deliver({ n: 2, broken: true, complete: false })
  const attack = await deliver({ n: 3, says: hostile, session: 'piège' })
  const session = `/sessions/${sessionId('lyon')}`
  const trap = `/sessions/${sessionId('piège')}`
  const longest = Object.values(honest.observations).find((o) => o.truncated)?.probe ?? ''
  const attacking = Object.values(attack.observations).find((o) => o.answer?.kind === 'http')?.probe ?? ''
  const lyon = sessionId('lyon')
  const responsable = await day.signIn('responsable')
  const jury = await day.signIn('jury')
  for (const { account } of [responsable, jury])
    for (const id of [lyon, sessionId('piège')]) await store.life.addMember(id, account.account, null, 'test')
  const trace = await store.life.keepTrace(lyon, 'C01', 'trace.pdf', onePage, 'test')
  await store.notes.add(
    lyon,
    {
      candidate: 'C01',
      kind: 'shared',
      criterion: 'C8.1',
      run: null,
      ordinal: null,
      text: 'Explique la délégation avec assurance.',
    },
    jury.account,
  )
  const withCookie = (context: BrowserContext, { cookie }: SignedIn) => {
    const [name = '', ...value] = cookie.split('=')
    return context.addCookies([{ name, value: value.join('='), url }])
  }
  return {
    url,
    juror: await jurorWithPassword(),
    signIn: async (context, role) => withCookie(context, role ? await day.signIn(role) : jury),
    paths: {
      sessions: '/',
      session,
      dossier: `${session}/candidates/C01`,
      'dossier, everything unfolded': `${session}/candidates/C02?detail=raw`,
      'dossier of an attack': `${trap}/candidates/C03?detail=raw`,
      observation: `${session}/candidates/C01/runs/${honest.id}/observations/${longest}`,
      glance: `${session}/jury`,
      'dossier, filtered': `${session}/candidates/C01?show=differs`,
      'dossier beside the document': `${session}/candidates/C01/trace?document=${trace.sha256}`,
      contest: `${session}/candidates/C01/runs/${honest.id}/findings/1/contest`,
      'nothing here': '/sessions/nowhere',
    },
    hostilePaths: [
      '/',
      trap,
      `${trap}/candidates/C03`,
      `${trap}/candidates/C03?detail=raw`,
      `${trap}/candidates/C03/runs/${attack.id}/observations/${attacking}`,
    ],
    close: () => day.close(),
  }

  async function jurorWithPassword() {
    const name = 'juree'
    const password = randomUUID()
    const { account } = await store.accounts.add({ name, displayName: 'Jurée', role: 'jury' }, 'test')
    await store.accounts.setPassword(account, await hashPassword(password), 'test')
    await store.life.addMember(lyon, account, null, 'test')
    return { name, password }
  }
}

/** A document of one empty page. */
const onePage = Buffer.from(
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n' +
    '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
)
