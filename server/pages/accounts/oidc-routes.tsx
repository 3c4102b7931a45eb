import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { secretHash } from '../../access/one-time-code.ts'
import { OidcProvider } from '../../access/oidc.ts'
import { signIn } from '../../access/sign-in.ts'
import type { ServerOptions } from '../../options.ts'
import { usePage } from '../context.tsx'
import { languageOf } from '../language.ts'
import { ceiling } from './ceiling.tsx'
import { localPath } from './local-path.ts'
import { words } from './wording.ts'

const cookieName = 'probant-oidc'
const minutes = 10
const remembered = z.strictObject({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  to: z.string().nullable(),
  invitation: z.string().nullable(),
})
const query = z.object({ to: z.string().max(500).optional(), invitation: z.string().max(200).optional() })

/** Signing in with the account of the centre, where it has an OpenID provider. */
export function registerOidc(app: FastifyInstance, options: ServerOptions): void {
  if (!options.oidc) return
  const provider = new OidcProvider(options.oidc)
  const { accounts } = options.store
  const config = { access: 'public', rateLimit: ceiling } as const
  const rules = { path: '/oidc/', httpOnly: true, secure: options.tls === true } as const

  app.get('/oidc/start', { config, schema: { hide: true } }, async (request, reply) => {
    const { to, invitation } = query.catch({}).parse(request.query)
    const begun = await provider.begin().catch((error: unknown) => {
      request.log.warn({ err: error }, 'the OpenID provider does not answer')
      return null
    })
    if (!begun) return reply.redirect('/sign-in?problem=provider', 303)
    const kept: z.infer<typeof remembered> = {
      ...begun.begun,
      to: localPath(to),
      invitation: invitation ?? null,
    }
    return (
      reply
        // It comes back from another site: a strict cookie would stay behind.
        .setCookie(cookieName, JSON.stringify(kept), {
          ...rules,
          sameSite: 'lax',
          signed: true,
          maxAge: minutes * 60,
        })
        .redirect(begun.url.href, 303)
    )
  })

  app.get('/oidc/callback', { config, schema: { hide: true } }, async (request, reply) => {
    const shown = request.unsignCookie(request.cookies[cookieName] ?? '')
    const kept = shown.valid ? remembered.safeParse(JSON.parse(shown.value)) : null
    void reply.clearCookie(cookieName, rules)
    if (!kept?.success) return reply.redirect('/sign-in?problem=provider', 303)
    const { to, invitation, ...begun } = kept.data
    const returned = new URL(request.url, provider.callback)
    const subject = await provider.finish(returned, begun).catch((error: unknown) => {
      request.log.warn({ err: error }, 'the OpenID provider’s answer does not hold')
      return null
    })
    if (subject === null) return reply.redirect('/sign-in?problem=provider', 303)
    // An account is the provider's only once its own invitation was opened: an e-mail address alone gives nobody a role.
    const account =
      (await accounts.byOidcSubject(subject)) ??
      (invitation === null
        ? null
        : await accounts.acceptInvitation(secretHash(invitation), { oidcSubject: subject }))
    if (!account || account.disabledAt !== null) return reply.redirect('/sign-in?problem=unknown', 303)
    await signIn(reply, options, account)
    // A redirect would still count as coming from the provider, and the strict cookie would not go with it.
    const next = to ?? '/'
    return reply
      .header('refresh', `0; url=${next}`)
      .page({ title: words.signIn[languageOf(request, reply)] }, <Continue next={next} />)
  })
}

function Continue({ next }: { next: string }) {
  const { say } = usePage()
  return (
    <section class="narrow">
      <h1>{say(words.signedIn)}</h1>
      <p>
        <a href={next}>{say(words.goOn)}</a>
      </p>
    </section>
  )
}
