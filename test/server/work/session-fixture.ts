import { catalogue } from '../../../checks/catalogue.ts'
import { takeUpload } from '../../../server/session-life/upload.ts'
import type { Store } from '../../../server/store/store.ts'
import type { Work, WorkKind } from '../../../server/store/work-queue.ts'
import { testReferential } from '../exam-day-server.ts'

const exam = `title: Sujet local
purpose: examination
referential: tp-01351-01
certificate: TITRE
roles: { moi: linux }
demands:
  - { id: fichier, criteria: [C9.1], checks: [{ linux.file: { on: moi, path: /etc/hostname, type: file } }] }
`
export const codesTo = (n: number): string[] =>
  Array.from({ length: n }, (_, i) => `C${String(i + 1).padStart(2, '0')}`)

/** Keeps a session in phase 1 with candidates C01 … ; gives its id. */
export async function runningSession(
  store: Store,
  { candidates = 2, title = 'Session', launch = 'hand' as 'hand' | 'clock' } = {},
): Promise<string> {
  const name = `resp-${title}`
  const account = await store.accounts.add({ name, displayName: name, role: 'responsable' }, 'test')
  const session = `exam: sujet.yaml
title: ${title}
date: 2026-12-01
targets:
  moi: { address: 127.0.0.1, local: true }
candidates:
${codesTo(candidates)
  .map((code, i) => `  - { code: ${code}, n: ${i + 1} }`)
  .join('\n')}
`
  const taken = await takeUpload(
    {
      session: { name: 'session.yaml', text: session },
      exam: { name: 'sujet.yaml', text: exam },
      candidates: null,
      others: [],
      names: new Map(),
    },
    { launch },
    {
      store,
      sources: { catalogue, referentials: new Map([[testReferential.id, testReferential]]) },
      by: { account: account.account, name: 'test' },
    },
  )
  if (taken.outcome !== 'created') throw new Error(JSON.stringify(taken))
  await store.life.setState(taken.id, 'prepared', 'preflight', 'test')
  await store.life.setState(taken.id, 'preflight', 'running', 'test')
  return taken.id
}

/** What is asked of the queue for one candidate. */
export const wanted = (
  session: string,
  candidate: string,
  kind: WorkKind = 'end',
  more: Partial<Pick<Work, 'demands' | 'follows' | 'target' | 'reason'>> = {},
) => ({ session, candidate, kind, demands: null, follows: null, target: null, reason: null, ...more })
