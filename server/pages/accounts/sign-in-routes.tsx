import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Text } from '../../../checks/text.ts'
import { knownDevice } from '../../access/device-cookie.ts'
import { passwordHolds } from '../../access/password.ts'
import { signIn, signOut } from '../../access/sign-in.ts'
import { sourceOf } from '../../access/source.ts'
import type { Attempt, SignInThrottle } from '../../access/throttle.ts'
import type { ServerOptions } from '../../options.ts'
import { languageOf } from '../language.ts'
import { formOf, passwordIn, typedIn } from './account-fields.ts'
import { ceiling } from './ceiling.tsx'
import { localPath } from './local-path.ts'
import { SignInPage } from './sign-in-page.tsx'
import { waitFor } from './wait-for.ts'
import { words } from './wording.ts'

/** Signing in by name and password, and out. */
export function registerSignIn(app: FastifyInstance, options: ServerOptions, throttle: SignInThrottle): void {
  const { accounts, journal } = options.store
  const open = { config: { access: 'public', rateLimit: ceiling }, schema: { hide: true } } as const

  const show = async (
    request: FastifyRequest,
    reply: FastifyReply,
    shown: { to: string | null; name?: string; problem?: Text | null; status?: number },
  ) =>
    reply.page(
      { title: words.signIn[languageOf(request, reply)], status: shown.status ?? 200 },
      <SignInPage
        to={shown.to}
        name={shown.name ?? ''}
        problem={shown.problem ?? null}
        provider={options.oidc !== undefined}
        anyAccount={(await accounts.count()) > 0}
      />,
    )

  app.get('/sign-in', open, async (request, reply) => {
    const { to, problem } = request.query as { to?: unknown; problem?: unknown }
    return show(request, reply, { to: localPath(to), problem: providerProblem(problem) })
  })

  app.post('/sign-in', open, async (request, reply) => {
    const name = typedIn(request.body, 'name', 64).trim().toLowerCase()
    const password = passwordIn(request.body, 'password')
    const to = localPath(formOf(request.body)['to'])
    const device = knownDevice(request, name)
    const attempt: Attempt = {
      source: device ?? sourceOf(request.ip),
      known: device !== null,
      account: name,
    }
    const wait = throttle.begin(attempt)
    if (wait > 0) {
      const seconds = Math.ceil(wait / 1000)
      void reply.header('retry-after', seconds)
      return show(request, reply, { to, name, problem: waitFor(seconds), status: 429 })
    }
    const found = await accounts.secretOf(name)
    const holds = await passwordHolds(password, found?.passwordHash ?? null)
    if (!holds || !found || found.account.disabledAt !== null) {
      await journal.append({
        // Who it was isn't known; whose account was tried is. A name of no account may be a password in the wrong field.
        actor: 'server',
        act: 'sign-in-refused',
        details: { account: found?.account.name ?? null, from: request.ip },
      })
      return show(request, reply, { to, name, problem: words.refused, status: 401 })
    }
    throttle.succeeded(attempt)
    await signIn(reply, options, found.account)
    return reply.redirect(to ?? '/', 303)
  })

  app.post(
    '/sign-out',
    { config: { access: 'signed-in' }, schema: { hide: true } },
    async (request, reply) => {
      await signOut(request, reply, options)
      return reply.redirect('/sign-in', 303)
    },
  )
}

/** Why signing in at the centre's provider led back here. */
function providerProblem(problem: unknown): Text | null {
  if (problem === 'provider') return words.providerAway
  return problem === 'unknown' ? words.providerUnknown : null
}
