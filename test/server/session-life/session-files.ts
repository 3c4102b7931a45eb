import { createHash } from 'node:crypto'
import { catalogue } from '../../../checks/catalogue.ts'
import type { Sources } from '../../../checks/session-files.ts'
import { takeUpload, type Upload } from '../../../server/session-life/upload.ts'
import type { Launch } from '../../../server/store/session-life.ts'
import { testReferential, type ExamDay, type SignedIn } from '../exam-day-server.ts'

export const sources: Sources = {
  catalogue,
  referentials: new Map([[testReferential.id, testReferential]]),
}

export const examText = (purpose: 'training' | 'examination' = 'examination'): string =>
  `title: Agence de Lyon
purpose: ${purpose}
referential: tp-01351-01
certificate: TITRE
roles: { web: linux }
demands:
  - { id: motd, criteria: [C9.1], checks: [{ linux.file: { on: web, path: /etc/motd, type: file } }] }
`

/** Two candidates; tests count on the numbers of its lines. */
export const sessionText = `exam: sujets/lyon.yaml
title: Lyon, décembre
date: 2026-12-01
credentials: { admin: { user: root, password: env:ADMIN } }
targets:
  web: { address: "10.0.{{n}}.20", ssh: { credential: admin } }
candidates:
  - { code: C01, n: 1, seat: A1 }
  - { code: C02, n: 2, seat: A2, extra-minutes: 30 }
`

export const idOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** What the form of a new session gives. */
export const uploadOf = (
  given: Partial<Omit<Upload, 'session' | 'exam'>> & { session?: string; exam?: string } = {},
): Upload => ({
  session: { name: 'lyon-session.yaml', text: given.session ?? sessionText },
  exam: { name: 'lyon.yaml', text: given.exam ?? examText() },
  others: given.others ?? [],
  candidates: given.candidates ?? null,
  names: given.names ?? new Map<string, string>(),
})

/** A session prepared on a server by a responsable, as an upload does; gives its id. */
export async function prepared(
  day: ExamDay,
  by: SignedIn,
  given: {
    title?: string
    date?: string
    purpose?: 'training' | 'examination'
    launch?: Launch
    minutes?: number
    csv?: string
  } = {},
): Promise<string> {
  const session = sessionText
    .replace('Lyon, décembre', given.title ?? 'Lyon, décembre')
    .replace('2026-12-01', given.date ?? '2026-12-01')
  const taken = await takeUpload(
    uploadOf({
      session,
      exam: examText(given.purpose),
      candidates: given.csv === undefined ? null : { name: 'candidats.csv', text: given.csv },
    }),
    { launch: given.launch ?? 'hand', minutes: given.minutes },
    { store: day.store, sources, by: by.account },
  )
  if (taken.outcome !== 'created') throw new Error(JSON.stringify(taken))
  return taken.id
}
