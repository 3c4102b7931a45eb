import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { newSecret } from '../../access/one-time-code.ts'
import { hashPassword, passwordHolds } from '../../access/password.ts'
import { signIn } from '../../access/sign-in.ts'
import type { Attempt, SignInThrottle } from '../../access/throttle.ts'
import type { ServerOptions } from '../../options.ts'
import { hashToken } from '../../store/agent-token.ts'
import { languageOf } from '../language.ts'
import { displayName, formOf, passwordIn, weakness } from './account-fields.ts'
import { OwnAccountPage } from './own-account-page.tsx'
import { waitFor } from './wait-for.ts'
import { words } from './wording.ts'

const ofToken = z.object({ token: z.string().regex(/^[0-9a-f]{64}$/) })

/** What everybody may do with his own account. */
export function registerOwnAccount(
  app: FastifyInstance,
  options: ServerOptions,
  throttle: SignInThrottle,
): void {
  const { accounts } = options.store
  const schema = { hide: true } as const
  const signedIn = { config: { access: 'signed-in' }, schema } as const
  const responsable = { roles: ['responsable'] } as const

  const show = async (
    request: FastifyRequest,
    reply: FastifyReply,
    shown: Partial<Parameters<typeof OwnAccountPage>[0]> & { status?: number } = {},
  ) =>
    reply.page(
      { title: words.yourAccount[languageOf(request, reply)], status: shown.status ?? 200 },
      <OwnAccountPage
        tokens={await accounts.tokens(request.viewer!.account)}
        token={shown.token ?? null}
        changed={shown.changed ?? false}
        problems={shown.problems ?? {}}
      />,
    )

  app.get('/account', signedIn, (request, reply) => show(request, reply))

  app.post('/account/password', signedIn, async (request, reply) => {
    const viewer = request.viewer!
    // Somebody at a browser that was left open must not find out the password either.
    const attempt: Attempt = { source: `account ${viewer.account}`, known: true, account: viewer.name }
    const wait = throttle.begin(attempt)
    if (wait > 0) {
      const seconds = Math.ceil(wait / 1000)
      void reply.header('retry-after', seconds)
      return show(request, reply, { problems: { present: waitFor(seconds) }, status: 429 })
    }
    const found = await accounts.secretOf(viewer.name)
    if (!found || !(await passwordHolds(passwordIn(request.body, 'present'), found.passwordHash)))
      return show(request, reply, { problems: { present: words.wrongPresent }, status: 422 })
    throttle.succeeded(attempt)
    const password = passwordIn(request.body, 'password')
    const weak = weakness(password, viewer.name)
    if (weak) return show(request, reply, { problems: { password: weak }, status: 422 })
    await accounts.setPassword(viewer.account, await hashPassword(password), viewer.name)
    await signIn(reply, options, found.account)
    return show(request, reply, { changed: true })
  })

  app.post('/account/sign-out-everywhere', signedIn, async (request, reply) => {
    await accounts.endAllSignIns(request.viewer!.account, request.viewer!.name)
    return reply.redirect('/sign-in', 303)
  })

  app.post('/account/tokens', { config: { access: responsable }, schema }, async (request, reply) => {
    const label = displayName.safeParse(formOf(request.body)['label'])
    if (!label.success) return show(request, reply, { problems: { label: words.badLabel }, status: 422 })
    const token = `probant_${newSecret().secret}`
    await accounts.addToken(request.viewer!.account, hashToken(token), label.data, request.viewer!.name)
    return show(request, reply, { token, status: 201 })
  })

  app.post(
    '/account/tokens/:token/revoke',
    { config: { access: responsable }, schema: { ...schema, params: ofToken } },
    async (request, reply) => {
      const { account, name } = request.viewer!
      await accounts.revokeToken(account, (request.params as z.infer<typeof ofToken>).token, name)
      return reply.redirect('/account', 303)
    },
  )
}
