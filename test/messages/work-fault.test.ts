import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { secretSource } from '../../agent/secrets/resolve.ts'
import { runAgent } from '../../agent/work/run-agent.ts'
import { parseReferential } from '../../checks/referential/referential.ts'
import { readReferentials } from '../../referentials.ts'
import { newEnrolmentCode } from '../../server/access/enrolment-code.ts'
import type { WorkKind } from '../../server/store/work-queue.ts'
import { startExamDay, type ExamDay } from '../server/exam-day-server.ts'
import { until, workSession } from '../agent/work/work-session.ts'
import { saysWhatToDo } from './next-step.ts'

let day: ExamDay
let folder: string
let controller = new AbortController()
let ended: Promise<void> = Promise.resolve()
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'probant-fault-'))
  controller = new AbortController()
  day = await startExamDay()
})
afterEach(async () => {
  controller.abort()
  await ended
  day.app.server.closeAllConnections()
  await day.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What the surveillant reads, in both languages, of a work that failed on a real agent at a real server. */
async function failureShown(
  kind: WorkKind,
  more: { target?: string; reason?: string },
  referentials: typeof readReferentials,
): Promise<Record<'fr' | 'en', string>> {
  process.env['PROBANT_TEST_PASSWORD'] = 'not-used'
  const { store, app } = day
  const url = new URL(`${await app.listen({ host: '127.0.0.1', port: 0 })}/`)
  const session = workSession(1)
  const responsable = await day.signIn('responsable')
  const by = { account: responsable.account.account, name: responsable.account.name }
  await store.life.create({
    session: {
      id: session.id,
      title: 'Une session',
      date: '2026-12-01',
      exam: 'Sujet local',
      purpose: 'examination',
      referential: 'tp-01351-01',
      certificate: 'TITRE',
      launch: 'hand',
      minutes: 90,
      purgeAfter: null,
    },
    files: session.files,
    candidates: ['C01', 'C02'].map((code) => ({ code, seat: null, name: null, extraMinutes: 0 })),
    by,
  })
  const { code, hash } = newEnrolmentCode()
  await store.work.invite(hash, new Date(Date.now() + 60_000).toISOString(), 'test')
  const asked = { session: session.id, candidate: 'C01', kind, demands: null, follows: null }
  const [work] = await store.work.ask([{ ...asked, target: null, reason: null, ...more }], 'test')
  ended = runAgent({
    server: url,
    name: 'salle 12',
    folder,
    enrolCode: () => Promise.resolve(code),
    signal: controller.signal,
    secrets: secretSource(),
    version: '0',
    referentials,
    onEvent: () => undefined,
    timing: { heartbeat: 200, throttle: 20 },
  })
  await until('failed', async () => (await store.work.byId(work!.id))?.state === 'failed')
  const { failure } = (await store.work.byId(work!.id))!
  for (const lang of ['fr', 'en'] as const) {
    const { body } = await day.get(`/sessions/${session.id}/watch?lang=${lang}`, responsable)
    const text = body.replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&amp;', '&')
    expect(text.replaceAll('\u202f', ' ').replaceAll('’', "'")).toContain(
      failure![lang].replaceAll('\u202f', ' ').replaceAll('’', "'").slice(0, 100),
    )
    expect(body).not.toMatch(/\n\s+at |node:internal/)
  }
  return failure!
}

describe('an error that nobody foresaw, in a work of the agent', { timeout: 60_000 }, () => {
  it('is said to the surveillant without its trace, with what to do: a damaged référentiel beside the program', async () => {
    const damaged = async () => new Map([['tp-01351-01', parseReferential('id: [tp\n  title: ]')]])
    const failure = await failureShown('preflight', {}, damaged)
    for (const lang of ['fr', 'en'] as const) {
      expect([failure[lang], saysWhatToDo[lang](failure[lang])]).toEqual([failure[lang], true])
      expect(failure[lang]).not.toMatch(/\n|\bat \S+:\d+/)
    }
    expect(failure.fr).toContain("l'agent n'a pas pu faire ce travail")
  })

  it('is said in words where the system refuses: a folder stands where the agent keeps the identities of machines', async () => {
    mkdirSync(join(folder, 'known-identities.jsonl'))
    const failure = await failureShown('repin', { target: 'muet', reason: 'recréée' }, readReferentials)
    for (const lang of ['fr', 'en'] as const)
      expect([failure[lang], saysWhatToDo[lang](failure[lang])]).toEqual([failure[lang], true])
    expect(failure.fr).toContain('dossier')
  })
})
