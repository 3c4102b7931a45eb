import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Text } from '../../../checks/text.ts'
import type { Access } from '../../access/guard.ts'
import { newSecret, secretHash } from '../../access/one-time-code.ts'
import { hashPassword, passwordHolds, passwordProblem } from '../../access/password.ts'
import { roleSchema } from '../../access/role.ts'
import { signIn, signOut } from '../../access/sign-in.ts'
import { SignInThrottle } from '../../access/throttle.ts'
import type { ServerOptions } from '../../options.ts'
import { hashToken } from '../../store/agent-token.ts'
import type { Account } from '../../store/accounts.ts'
import { languageOf } from '../language.ts'
import { AccountsPage } from './accounts-page.tsx'
import { localPath } from './local-path.ts'
import { registerOidc } from './oidc-routes.tsx'
import { InvitationGonePage, InvitationPage, type FieldProblems } from './invitation-page.tsx'
import { OwnAccountPage } from './own-account-page.tsx'
import { SignInPage } from './sign-in-page.tsx'
import { words } from './wording.ts'

const invitationMs = 7 * 24 * 3_600_000
const accountName = z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9.-]{1,31}$/)
const displayName = z.string().trim().min(1).max(64)
const signInForm = z.object({
  name: z.string().max(64),
  password: z.string().max(1000),
  to: z.string().max(500).optional(),
})
const ofCode = z.object({ code: z.string().max(200) })
const ofAccount = z.object({ account: z.uuid() })
const responsable: Access = { roles: ['responsable'] }

/** Signing in and out, invitations, accounts. */
export async function registerAccountPages(app: FastifyInstance, options: ServerOptions): Promise<void> {
  const { store, firstAccountCode } = options
  const { accounts } = store
  const now = options.now ?? (() => new Date())
  const throttle = new SignInThrottle(() => now().getTime())
  const hide = { hide: true }
  const lang = languageOf
  // A ceiling for whoever isn't signed in: far above a room of people behind one address.
  await app.register(rateLimit, { global: false })
  await registerOidc(app, options)
  const ceiling = { rateLimit: { max: 300, timeWindow: '1 minute' } }

  const showSignIn = async (
    request: FastifyRequest,
    reply: FastifyReply,
    shown: { to: string | null; name?: string; problem?: Text; status?: number },
  ) =>
    reply.page(
      { title: words.signIn[lang(request, reply)], status: shown.status ?? 200 },
      <SignInPage
        to={shown.to}
        name={shown.name ?? ''}
        problem={shown.problem ?? null}
        provider={options.oidc !== undefined}
        anyAccount={(await accounts.count()) > 0}
      />,
    )

  app.get('/sign-in', { config: { access: 'public', ...ceiling }, schema: hide }, async (request, reply) => {
    const { to, problem } = request.query as { to?: unknown; problem?: unknown }
    const said =
      problem === 'provider' ? words.providerAway : problem === 'unknown' ? words.providerUnknown : undefined
    return showSignIn(request, reply, { to: localPath(to), ...(said && { problem: said }) })
  })

  app.post('/sign-in', { config: { access: 'public', ...ceiling }, schema: hide }, async (request, reply) => {
    const form = signInForm.safeParse(request.body)
    const { name, password, to: wanted } = form.success ? form.data : { name: '', password: '', to: null }
    const to = localPath(wanted)
    const wait = throttle.wait(request.ip, name)
    if (wait > 0) {
      const seconds = Math.ceil(wait / 1000)
      const problem: Text = {
        fr: `${words.wait.fr} ${seconds} ${words.seconds.fr}`,
        en: `${words.wait.en} ${seconds} ${words.seconds.en}`,
      }
      void reply.header('retry-after', seconds)
      return showSignIn(request, reply, { to, name, problem, status: 429 })
    }
    const found = await accounts.secretOf(name)
    const holds = await passwordHolds(password, found?.passwordHash ?? null)
    if (!holds || !found || found.account.disabledAt !== null) {
      throttle.failed(request.ip, name)
      await store.journal.append({
        actor: found ? found.account.name : 'server',
        act: 'sign-in-refused',
        details: { from: request.ip, known: found !== null },
      })
      return showSignIn(request, reply, { to, name, problem: words.refused, status: 401 })
    }
    throttle.succeeded(request.ip, name)
    await signIn(reply, options, found.account)
    return reply.redirect(to ?? '/', 303)
  })

  app.post('/sign-out', { config: { access: 'signed-in' }, schema: hide }, async (request, reply) => {
    await signOut(request, reply, options)
    return reply.redirect('/sign-in', 303)
  })

  /** Whose invitation it is; `first` for the very first account; null where it no longer holds. */
  const invited = async (code: string): Promise<Account | 'first' | null> => {
    if (firstAccountCode !== undefined && secretHash(code) === secretHash(firstAccountCode))
      return (await accounts.count()) === 0 ? 'first' : null
    return accounts.invitation(secretHash(code))
  }
  const showInvitation = (
    request: FastifyRequest,
    reply: FastifyReply,
    account: Account | 'first',
    code: string,
    typed = { name: '', displayName: '' },
    problems: FieldProblems = {},
  ) =>
    reply.page(
      {
        title: words.invitation[lang(request, reply)],
        status: Object.keys(problems).length > 0 ? 422 : 200,
      },
      <InvitationPage
        code={code}
        account={account === 'first' ? null : account}
        typed={typed}
        problems={problems}
        provider={options.oidc !== undefined}
      />,
    )
  const showGone = (request: FastifyRequest, reply: FastifyReply) =>
    reply.page({ title: words.invitationGone[lang(request, reply)], status: 410 }, <InvitationGonePage />)

  app.get(
    '/invitations/:code',
    { config: { access: 'public', ...ceiling }, schema: { ...hide, params: ofCode } },
    async (request, reply) => {
      const { code } = request.params as z.infer<typeof ofCode>
      const account = await invited(code)
      return account ? showInvitation(request, reply, account, code) : showGone(request, reply)
    },
  )
  app.post(
    '/invitations/:code',
    { config: { access: 'public', ...ceiling }, schema: { ...hide, params: ofCode } },
    async (request, reply) => {
      const { code } = request.params as z.infer<typeof ofCode>
      const account = await invited(code)
      if (!account) return showGone(request, reply)
      const body = (request.body ?? {}) as Record<string, unknown>
      const typed = {
        name: String(body['name'] ?? '').slice(0, 64),
        displayName: String(body['displayName'] ?? '').slice(0, 64),
      }
      const password = String(body['password'] ?? '').slice(0, 1000)
      const weak = passwordProblem(password, account === 'first' ? typed.name : account.name)
      const problems: FieldProblems = {
        ...(weak && { password: capitalised(weak) }),
        ...(account === 'first' && !accountName.safeParse(typed.name).success && { name: words.badName }),
        ...(account === 'first' &&
          !displayName.safeParse(typed.displayName).success && { displayName: words.badDisplayName }),
      }
      if (Object.keys(problems).length > 0)
        return showInvitation(request, reply, account, code, typed, problems)
      const passwordHash = await hashPassword(password)
      const made =
        account === 'first'
          ? await accounts.addFirst({ ...typed, passwordHash })
          : await accounts.acceptInvitation(secretHash(code), { passwordHash })
      if (!made) return showGone(request, reply)
      await signIn(reply, options, made)
      return reply.redirect('/', 303)
    },
  )

  const showAccounts = async (
    request: FastifyRequest,
    reply: FastifyReply,
    shown: Partial<Parameters<typeof AccountsPage>[0]> & { status?: number } = {},
  ) =>
    reply.page(
      { title: words.accounts[lang(request, reply)], status: shown.status ?? 200 },
      <AccountsPage
        accounts={await accounts.list()}
        typed={shown.typed ?? { name: '', displayName: '', role: 'surveillant' }}
        problems={shown.problems ?? {}}
        invitation={shown.invitation ?? null}
      />,
    )
  const invite = async (request: FastifyRequest, account: Account) => {
    const { secret, hash } = newSecret()
    const expires = new Date(now().getTime() + invitationMs).toISOString()
    await accounts.invite(account.account, hash, expires, request.viewer!.name)
    return { account, link: `${request.protocol}://${request.host}/invitations/${secret}` }
  }

  app.get('/accounts', { config: { access: responsable }, schema: hide }, (request, reply) =>
    showAccounts(request, reply),
  )
  app.post('/accounts', { config: { access: responsable }, schema: hide }, async (request, reply) => {
    const body = (request.body ?? {}) as Record<string, unknown>
    const typed = {
      name: String(body['name'] ?? '').slice(0, 64),
      displayName: String(body['displayName'] ?? '').slice(0, 100),
      role: String(body['role'] ?? ''),
    }
    const role = roleSchema.safeParse(typed.role)
    const shown = displayName.safeParse(typed.displayName)
    const named = accountName.safeParse(typed.name)
    const problems = {
      ...(!named.success && { name: words.badName }),
      ...(!shown.success && { displayName: words.badDisplayName }),
    }
    if (!named.success || !shown.success || !role.success)
      return showAccounts(request, reply, { typed, problems, status: 422 })
    if (await accounts.secretOf(named.data))
      return showAccounts(request, reply, { typed, problems: { name: words.nameTaken }, status: 422 })
    const account = await accounts.add(
      { name: named.data, displayName: shown.data, role: role.data },
      request.viewer!.name,
    )
    return showAccounts(request, reply, { invitation: await invite(request, account), status: 201 })
  })
  app.post(
    '/accounts/:account/invitation',
    { config: { access: responsable }, schema: { ...hide, params: ofAccount } },
    async (request, reply) => {
      const account = await accounts.byId((request.params as z.infer<typeof ofAccount>).account)
      if (!account || account.disabledAt !== null) return app.pageNotFound(request, reply)
      return showAccounts(request, reply, { invitation: await invite(request, account), status: 201 })
    },
  )
  for (const [verb, disabled] of [
    ['disable', true],
    ['enable', false],
  ] as const)
    app.post(
      `/accounts/:account/${verb}`,
      { config: { access: responsable }, schema: { ...hide, params: ofAccount } },
      async (request, reply) => {
        const { account } = request.params as z.infer<typeof ofAccount>
        if (!(await accounts.change(account, { disabled }, request.viewer!.name)))
          return showAccounts(request, reply, { problems: { list: words.lastResponsable }, status: 409 })
        return reply.redirect('/accounts', 303)
      },
    )

  const showOwn = async (
    request: FastifyRequest,
    reply: FastifyReply,
    shown: Partial<Parameters<typeof OwnAccountPage>[0]> & { status?: number } = {},
  ) =>
    reply.page(
      { title: words.yourAccount[lang(request, reply)], status: shown.status ?? 200 },
      <OwnAccountPage
        tokens={await accounts.tokens(request.viewer!.account)}
        token={shown.token ?? null}
        changed={shown.changed ?? false}
        problems={shown.problems ?? {}}
      />,
    )
  app.get('/account', { config: { access: 'signed-in' }, schema: hide }, (request, reply) =>
    showOwn(request, reply),
  )
  app.post(
    '/account/password',
    { config: { access: 'signed-in', ...ceiling }, schema: hide },
    async (request, reply) => {
      const viewer = request.viewer!
      const body = (request.body ?? {}) as Record<string, unknown>
      const present = String(body['present'] ?? '').slice(0, 1000)
      const password = String(body['password'] ?? '').slice(0, 1000)
      const found = await accounts.secretOf(viewer.name)
      const wait = throttle.wait(request.ip, viewer.name)
      if (wait > 0 || !found || !(await passwordHolds(present, found.passwordHash))) {
        throttle.failed(request.ip, viewer.name)
        return showOwn(request, reply, { problems: { present: words.wrongPresent }, status: 422 })
      }
      const weak = passwordProblem(password, viewer.name)
      if (weak) return showOwn(request, reply, { problems: { password: capitalised(weak) }, status: 422 })
      await accounts.setPassword(viewer.account, await hashPassword(password), viewer.name)
      await signIn(reply, options, found.account)
      return showOwn(request, reply, { changed: true })
    },
  )
  app.post(
    '/account/sign-out-everywhere',
    { config: { access: 'signed-in' }, schema: hide },
    async (request, reply) => {
      await accounts.endAllSignIns(request.viewer!.account, request.viewer!.name)
      return reply.redirect('/sign-in', 303)
    },
  )
  app.post('/account/tokens', { config: { access: responsable }, schema: hide }, async (request, reply) => {
    const label = displayName.safeParse((request.body as { label?: unknown } | undefined)?.label)
    if (!label.success)
      return showOwn(request, reply, { problems: { label: words.badDisplayName }, status: 422 })
    const token = `probant_${newSecret().secret}`
    await accounts.addToken(request.viewer!.account, hashToken(token), label.data, request.viewer!.name)
    return showOwn(request, reply, { token, status: 201 })
  })
  app.post(
    '/account/tokens/:token/revoke',
    {
      config: { access: responsable },
      schema: { ...hide, params: z.object({ token: z.string().regex(/^[0-9a-f]{64}$/) }) },
    },
    async (request, reply) => {
      const { account, name } = request.viewer!
      await accounts.revokeToken(account, (request.params as { token: string }).token, name)
      return reply.redirect('/account', 303)
    },
  )
}

const capitalised = ({ fr, en }: Text): Text => ({
  fr: `${fr.charAt(0).toUpperCase()}${fr.slice(1)}.`,
  en: `${en.charAt(0).toUpperCase()}${en.slice(1)}.`,
})
