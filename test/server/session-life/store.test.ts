import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { JournalVerifier } from '../../../checks/evidence/journal-chain.ts'
import type { ExamDay, SignedIn } from '../exam-day-server.ts'
import { startExamDay } from '../exam-day-server.ts'
import { makeKey, makeRun } from '../run-fixture.ts'
import { createAgentToken } from '../../../server/store/agent-token.ts'
import { prepared } from './session-files.ts'

let day: ExamDay
let head: SignedIn
beforeAll(async () => {
  day = await startExamDay({ now: () => new Date('2026-12-01T09:00:00Z') })
  head = await day.signIn('responsable')
})
afterAll(() => day.close())

const acts = async (session: string) =>
  (await day.store.journal.read({ session, limit: 100 })).map(({ contents }) => contents).toReversed()

describe('the life of a session in the store', () => {
  it('begins once: the same files again change nothing and are no act', async () => {
    const id = await prepared(day, head, { title: 'Une fois' })
    await expect(prepared(day, head, { title: 'Une fois' })).rejects.toThrow('already')
    expect((await acts(id)).map((act) => act?.act)).toEqual(['session-made'])
    expect(await day.store.life.session(id)).toMatchObject({
      state: 'prepared',
      minutes: 90,
      launch: 'hand',
      hasFiles: true,
    })
  })

  it('moves from the state that was meant only, and says so in the journal, reason included', async () => {
    const id = await prepared(day, head, { title: 'États' })
    const { life } = day.store
    expect(await life.setState(id, 'prepared', 'preflight', 'a')).toBe(true)
    expect(await life.setState(id, 'prepared', 'running', 'b')).toBe(false)
    expect(await life.setState(id, 'preflight', 'prepared', 'a', 'trop tôt')).toBe(true)
    expect((await acts(id)).slice(1)).toEqual([
      { actor: 'a', act: 'session-state', session: id, details: { from: 'prepared', to: 'preflight' } },
      {
        actor: 'a',
        act: 'session-state',
        session: id,
        details: { from: 'preflight', to: 'prepared', reason: 'trop tôt' },
      },
    ])
  })

  it('lets exactly one of two people at once move it', async () => {
    const id = await prepared(day, head, { title: 'À deux' })
    const moves = await Promise.all(
      ['a', 'b', 'c'].map((by) => day.store.life.setState(id, 'prepared', 'preflight', by)),
    )
    expect(moves.filter(Boolean)).toHaveLength(1)
    expect(await acts(id)).toHaveLength(2)
  })

  it('is its members’; a session without a responsable is every responsable’s, and nobody else’s', async () => {
    const id = await prepared(day, head, { title: 'À qui' })
    const { life } = day.store
    const [other, watcher, juror] = await Promise.all([
      day.signIn('responsable'),
      day.signIn('surveillant'),
      day.signIn('jury'),
    ])
    const owns = async (who: SignedIn) => {
      const { account, role } = who.account
      const listed = (await life.ownSessions(account, role)).some((session) => session.id === id)
      expect((await life.access(id, account, role))?.own).toBe(listed)
      return listed
    }
    expect([await owns(head), await owns(other), await owns(watcher), await owns(juror)]).toEqual([
      true,
      false,
      false,
      false,
    ])
    await life.addMember(id, watcher.account.account, null, 'x')
    expect(await owns(watcher)).toBe(true)
    await life.removeMember(id, head.account.account, 'x')
    // A surveillant alone leaves nobody who could administer it.
    expect([await owns(head), await owns(other), await owns(watcher), await owns(juror)]).toEqual([
      true,
      true,
      true,
      false,
    ])
    await life.addMember(id, other.account.account, null, 'x')
    expect([await owns(head), await owns(other)]).toEqual([false, true])
    // Only somebody who can sign in is a head of session who is left.
    await day.store.accounts.setPassword(head.account.account, 'a hash', 'x')
    await day.store.accounts.change(other.account.account, { disabled: true }, 'x')
    expect(await owns(head)).toBe(true)
    expect(await life.access('0'.repeat(64), head.account.account, 'responsable')).toBeNull()
  })

  it('gets its files where only runs made it known, and keeps its state', async () => {
    const run = makeRun(makeKey(), { n: 1 })
    const token = await createAgentToken(day.store, 'poste')
    const delivered = await day.app.inject({
      method: 'POST',
      url: '/api/v1/runs',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      payload: JSON.stringify(run),
    })
    expect(delivered.statusCode).toBe(201)
    const { id } = run.session
    const made = {
      session: { ...(await day.store.life.session(id))!, minutes: 90, launch: 'clock' as const },
      files: [{ name: 'session.yaml', text: 'x' }],
      candidates: [{ code: 'C01', seat: 'A1', name: null, extraMinutes: 0 }],
      by: head.account,
    }
    expect(await day.store.life.create(made)).toBe(true)
    expect(await day.store.life.create(made)).toBe(false)
    expect(await day.store.life.session(id)).toMatchObject({
      state: 'collected',
      minutes: 90,
      launch: 'clock',
      hasFiles: true,
    })
    expect((await day.store.life.candidates(id)).map(({ code }) => code)).toEqual(['C01'])
    expect(await day.store.runsOf(id)).toEqual([run.id])
  })

  it('keeps every change and its act together: the journal of it all holds', async () => {
    const id = await prepared(day, head, { title: 'Actes' })
    const { life } = day.store
    await life.change(id, { launch: 'clock', minutes: 80 }, 'r')
    await life.change(id, { purgeAfter: '2027-06-01' }, 'r')
    await life.checkIdentity(id, 'C01', true, 's')
    await life.setAbsent(id, 'C02', true, 's')
    expect(await life.startClocks(id, ['C01', 'C02'], 's')).toEqual(['C01'])
    expect(await life.startClocks(id, ['C01'], 's')).toEqual([])
    await life.noteIncident(
      id,
      { candidate: 'C01', at: '2026-12-01T09:10:00Z', text: 'coupure', addedSeconds: 300 },
      's',
    )
    const trace = await life.keepTrace(id, 'C01', 'compte-rendu.pdf', Buffer.from('%PDF-'), 's')
    expect(await life.trace(id, 'C01', trace.sha256)).toEqual(Buffer.from('%PDF-'))
    expect(await life.trace(id, 'C02', trace.sha256)).toBeNull()
    expect((await acts(id)).map((act) => [act?.act, act?.candidate ?? null])).toEqual([
      ['session-made', null],
      ['session-changed', null],
      ['retention-set', null],
      ['identity-checked', 'C01'],
      ['identity-checked', 'C02'],
      ['clock-started', 'C01'],
      ['incident-noted', 'C01'],
      ['trace-kept', 'C01'],
    ])
    // What an incident says is about a person: the journal says that there is one.
    expect(JSON.stringify(await acts(id))).not.toContain('coupure')
    expect((await life.candidates(id))[0]).toMatchObject({ addedSeconds: 300, identityBy: 's' })
    const verifier = new JournalVerifier()
    for await (const { session: _, candidate: __, contents, ...entry } of day.store.journal.all())
      expect(verifier.follows({ ...entry, contents: contents && { ...contents } })).toBe(true)
  })
})
