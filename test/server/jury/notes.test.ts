import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { JournalVerifier } from '../../../checks/evidence/journal-chain.ts'
import { createAgentToken, hashToken } from '../../../server/store/agent-token.ts'
import { openSqliteStore } from '../../../server/store/sqlite/open.ts'
import type { Store } from '../../../server/store/store.ts'
import { isRefusal, verifyRun } from '../../../server/store/verified-run.ts'
import { makeKey, makeRun, sessionId } from '../run-fixture.ts'

const session = sessionId('lyon')
const note = (text: string, kind: 'private' | 'shared' | 'contest' = 'shared') => ({
  candidate: 'C01',
  kind,
  criterion: 'C8.1',
  run: null,
  ordinal: null,
  text,
})

describe('jurors’ notes', () => {
  let folder: string
  let store: Store
  const people: { account: string; name: string }[] = []
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'probant-notes-'))
    store = await openSqliteStore(join(folder, 'probant.sqlite'))
    const verified = await verifyRun(makeRun(makeKey()))
    const agent = await store.agentByToken(hashToken(await createAgentToken(store, 'poste')))
    if (isRefusal(verified) || !agent) throw new Error('fixture')
    await store.receive(verified, agent)
    for (const name of ['anne', 'bruno']) {
      const { account } = await store.accounts.add(
        { name, displayName: name.toUpperCase(), role: 'jury' },
        'test',
      )
      people.push({ account, name })
    }
  })
  afterAll(async () => {
    await store?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('of two writers at once are all kept, each with its act in a chain that holds', async () => {
    const [anne, bruno] = people
    const texts = Array.from({ length: 20 }, (_, i) => `remarque ${i}`)
    await Promise.all(
      texts.flatMap((text) => [
        store.notes.add(session, note(`A ${text}`), anne!),
        store.notes.add(session, note(`B ${text}`), bruno!),
        store.notes.mark(session, 'C01', anne!.account, 'intranet', true),
        store.notes.mark(session, 'C01', bruno!.account, 'intranet', true),
      ]),
    )
    const kept = (await store.notes.of(session, 'C01', anne!.account)).map(({ text }) => text)
    expect(kept.toSorted()).toEqual(texts.flatMap((text) => [`A ${text}`, `B ${text}`]).toSorted())
    expect((await store.notes.marks(session, 'C01')).map(({ name }) => name).toSorted()).toEqual([
      'ANNE',
      'BRUNO',
    ])
    const verifier = new JournalVerifier()
    let acts = 0
    for await (const entry of store.journal.all()) {
      expect(verifier.follows({ ...entry, contents: entry.contents && { ...entry.contents } })).toBe(true)
      if (entry.contents?.act === 'note-added') acts++
      expect(JSON.stringify(entry.contents)).not.toContain('remarque')
    }
    expect(acts).toBe(40)
  })

  it('that are private are their author’s alone', async () => {
    const [anne, bruno] = people
    await store.notes.add(session, note('pour moi', 'private'), anne!)
    const seenBy = async (account: string) =>
      (await store.notes.of(session, 'C01', account)).some(({ text }) => text === 'pour moi')
    expect([await seenBy(anne!.account), await seenBy(bruno!.account)]).toEqual([true, false])
  })

  it('are withdrawn by their author only, and stay', async () => {
    const [anne, bruno] = people
    const { id } = await store.notes.add(session, note('à retirer'), anne!)
    expect(await store.notes.withdraw(session, 'C01', id, bruno!)).toBe(false)
    expect(await store.notes.withdraw(session, 'C02', id, anne!)).toBe(false)
    await Promise.all([
      store.notes.withdraw(session, 'C01', id, anne!),
      store.notes.withdraw(session, 'C01', id, anne!),
    ])
    const found = (await store.notes.of(session, 'C01', bruno!.account)).filter((one) => one.id === id)
    expect(found).toMatchObject([{ text: 'à retirer', withdrawnAt: expect.any(String) }])
    const acts = (await store.journal.read({ session, limit: 100 })).filter(
      ({ contents }) => contents?.act === 'note-withdrawn',
    )
    expect(acts).toHaveLength(1)
  })

  it('keep who read what until he takes it back', async () => {
    const [anne] = people
    expect(await store.notes.readBy(session, anne!.account)).toEqual([
      { candidate: 'C01', demand: 'intranet' },
    ])
    await store.notes.mark(session, 'C01', anne!.account, 'intranet', false)
    expect(await store.notes.readBy(session, anne!.account)).toEqual([])
  })
})
