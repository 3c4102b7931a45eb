import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { catalogue } from '../../checks/catalogue.ts'
import { parseReferential } from '../../checks/referential/referential.ts'
import { newSecret } from '../../server/access/one-time-code.ts'
import type { Role } from '../../server/access/role.ts'
import { Changes } from '../../server/live/changes.ts'
import type { ServerOptions } from '../../server/options.ts'
import { createServer } from '../../server/server.ts'
import type { Account } from '../../server/store/accounts.ts'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'
import type { Store } from '../../server/store/store.ts'

/** Somebody signed in: what a request of his carries. */
export interface SignedIn {
  readonly account: Account
  readonly cookie: string
}

/** A server on a store of its own, not listening, with accounts that sign in at once. */
export interface ExamDay {
  readonly app: FastifyInstance
  readonly store: Store
  readonly changes: Changes
  readonly folder: string
  readonly options: ServerOptions
  /** Makes an account of that role and signs it in, without the cost of a password. */
  signIn(role: Role, name?: string): Promise<SignedIn>
  get(path: string, as?: SignedIn): Promise<LightMyRequestResponse>
  /** Posts a form as a browser on this site does. */
  post(path: string, form?: Record<string, string>, as?: SignedIn): Promise<LightMyRequestResponse>
  close(): Promise<void>
}

export const testReferential = parseReferential(
  readFileSync(new URL('../../checks/referential/tp-01351-01.yaml', import.meta.url), 'utf8'),
)

export async function startExamDay(
  given: Partial<Pick<ServerOptions, 'now' | 'firstAccountCode' | 'oidc' | 'logger' | 'tls'>> = {},
): Promise<ExamDay> {
  const folder = mkdtempSync(join(tmpdir(), 'probant-day-'))
  const store = await openSqliteStore(join(folder, 'probant.sqlite'), given.now)
  const changes = new Changes()
  const options: ServerOptions = {
    store,
    changes,
    catalogue,
    referentials: async (id) => (id === testReferential.id ? testReferential : null),
    allReferentials: async () => new Map([[testReferential.id, testReferential]]),
    version: '0',
    cookieKey: randomUUID() + randomUUID(),
    dataFolder: folder,
    logger: false,
    ...given,
  }
  const app = await createServer(options)
  await app.ready()
  const cookieOf = (as?: SignedIn) => (as ? { cookie: as.cookie } : {})
  return {
    app,
    store,
    changes,
    folder,
    options,
    signIn: async (role, name = `${role}-${randomUUID().slice(0, 8)}`) => {
      const account = await store.accounts.add({ name, displayName: name, role }, 'test')
      return { account, cookie: await signInCookie(app, store, account, given.now) }
    },
    get: (path, as) => app.inject({ url: path, headers: cookieOf(as) }),
    post: (path, form = {}, as) =>
      app.inject({
        method: 'POST',
        url: path,
        headers: {
          ...cookieOf(as),
          'sec-fetch-site': 'same-origin',
          'content-type': 'application/x-www-form-urlencoded',
        },
        payload: new URLSearchParams(form).toString(),
      }),
    close: async () => {
      await app.close()
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The cookie of a sign-in that was put into the store, as a browser would send it. */
export async function signInCookie(
  app: FastifyInstance,
  store: Store,
  account: Account,
  now: () => Date = () => new Date(),
): Promise<string> {
  const { secret, hash } = newSecret()
  const expires = new Date(now().getTime() + 3_600_000).toISOString()
  await store.accounts.keepSignIn(hash, account.account, expires, account.name)
  return `probant=${encodeURIComponent(app.signCookie(secret))}`
}
