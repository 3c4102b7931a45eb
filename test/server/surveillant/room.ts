import { newEnrolmentCode } from '../../../server/access/enrolment-code.ts'
import type { SessionState } from '../../../server/session-life/state.ts'
import { isRefusal, verifyRun } from '../../../server/store/verified-run.ts'
import type { Work } from '../../../server/store/work-queue.ts'
import { startExamDay, type ExamDay, type SignedIn } from '../exam-day-server.ts'
import { makeBody, makeKey, sessionId, signRun, type FixtureOptions } from '../run-fixture.ts'

export const codeOf = (n: number): string => `C${String(n).padStart(2, '0')}`

/** A room of sixteen, a surveillant in it and an agent that does what the test makes it do. */
export interface Room {
  readonly day: ExamDay
  readonly session: string
  readonly surveillant: SignedIn
  get(path?: string): ReturnType<ExamDay['get']>
  post(path: string, form?: Record<string, string>): ReturnType<ExamDay['post']>
  moveTo(state: SessionState): Promise<void>
  /** The agent takes all queued work. */
  lease(): Promise<Work[]>
  /** The agent tells how far it is, and that it lives. */
  progress(works: readonly Work[], answered: number, silent?: Work['silent']): Promise<void>
  /** The agent ends a preflight: all ways worked, or one machine didn't. */
  endPreflight(work: Work, refused?: string): Promise<void>
  /** The agent delivers the run that was asked for. */
  deliver(work: Work, options?: FixtureOptions): Promise<void>
  close(): Promise<void>
}

export async function startRoom(
  given: { now?: () => Date; names?: boolean; date?: string; minutes?: number | null } = {},
): Promise<Room> {
  const day = await startExamDay(given.now ? { now: given.now } : {})
  const { store, changes } = day
  const session = sessionId('salle')
  const responsable = await day.signIn('responsable')
  await store.life.create({
    session: {
      id: session,
      title: 'Agence de Lyon, session de décembre',
      date: given.date ?? '2026-12-01',
      exam: 'Agence de Lyon, sujet 1',
      purpose: 'examination',
      referential: 'tp-01351-01',
      certificate: 'TITRE',
      launch: 'hand',
      minutes: given.minutes === undefined ? 90 : given.minutes,
      purgeAfter: null,
    },
    files: [{ name: 'session.yaml', text: 'x' }],
    candidates: Array.from({ length: 16 }, (_, i) => ({
      code: codeOf(i + 1),
      seat: `P${i + 1}`,
      name: given.names ? `Prénom Nom-Composé ${i + 1}` : null,
      extraMinutes: i === 3 ? 30 : 0,
    })),
    by: { account: responsable.account.account, name: responsable.account.name },
  })
  const surveillant = await day.signIn('surveillant')
  await store.life.addMember(session, surveillant.account.account, null, 'test')
  const key = makeKey()
  const agent = 'salle-12'
  const { hash } = newEnrolmentCode()
  await store.work.invite(hash, '2099-01-01T00:00:00.000Z', 'test')
  await store.work.enrol(hash, agent, key.publicKey)
  const about = { host: 'poste', version: '0' }
  const base = `/sessions/${session}/watch`
  await store.work.heartbeat(agent, about, [], 600)
  return {
    day,
    session,
    surveillant,
    get: (path = '') => day.get(base + path, surveillant),
    post: (path, form) => day.post(base + path, form, surveillant),
    moveTo: async (state) => {
      const { state: from } = (await store.life.session(session))!
      await store.life.setState(session, from, state, 'test')
      changes.announce(session)
    },
    lease: async () => {
      const works: Work[] = []
      for (let work = await store.work.lease(agent, 600); work; work = await store.work.lease(agent, 600))
        works.push(work)
      for (const { candidate } of works) changes.announce(session, candidate)
      return works
    },
    progress: async (works, answered, silent = []) => {
      const doing = works.map(({ id }) => ({ work: id, asked: 64, answered, silent }))
      await store.work.heartbeat(agent, about, doing, 600)
      for (const { candidate } of works) changes.announce(session, candidate)
    },
    endPreflight: async ({ id, candidate }, refused) => {
      const ways = ['dc', 'web'].map((role) => ({
        role,
        way: role === 'dc' ? 'ldap' : 'ssh',
        address: '10.0.1.10',
        worked: role !== refused,
        cause: role === refused ? ('refused' as const) : null,
        detail: '',
        identity: null,
        at: (given.now?.() ?? new Date()).toISOString(),
      }))
      if (!(await store.work.keepPreflight(id, agent, ways))) throw new Error('preflight not kept')
      changes.announce(session, candidate)
    },
    deliver: async ({ id, kind, candidate }, options = {}) => {
      if (kind !== 'start' && kind !== 'end') throw new Error(kind)
      const body = {
        ...makeBody({ session: 'salle', n: Number(candidate.slice(1)), id, ...options }),
        stage: kind,
      }
      const verified = await verifyRun(signRun(body, key))
      if (isRefusal(verified)) throw new Error(verified.detail)
      const reception = await store.receive(verified, (await store.work.agentByKey(key.publicKey))!)
      if (reception.outcome !== 'received') throw new Error(reception.outcome)
      changes.announce(session, candidate)
    },
    close: () => day.close(),
  }
}
