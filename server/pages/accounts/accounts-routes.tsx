import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { newSecret } from '../../access/one-time-code.ts'
import { roleSchema } from '../../access/role.ts'
import type { ServerOptions } from '../../options.ts'
import { AccountNameTaken, type Account } from '../../store/accounts.ts'
import { languageOf } from '../language.ts'
import { accountName, displayName, typedIn } from './account-fields.ts'
import { AccountsPage } from './accounts-page.tsx'
import { RenamePage } from './rename-page.tsx'
import { words } from './wording.ts'

const invitationMs = 7 * 24 * 3_600_000
const ofAccount = z.object({ account: z.uuid() })

/** All accounts, kept by the responsables. */
export function registerAccounts(app: FastifyInstance, options: ServerOptions): void {
  const { accounts } = options.store
  const now = options.now ?? (() => new Date())
  const config = { access: { roles: ['responsable'] } } as const
  const all = { config, schema: { hide: true } } as const
  const one = { config, schema: { hide: true, params: ofAccount } } as const

  const show = async (
    request: FastifyRequest,
    reply: FastifyReply,
    shown: Partial<Parameters<typeof AccountsPage>[0]> & { status?: number } = {},
  ) =>
    reply.page(
      { title: words.accounts[languageOf(request, reply)], status: shown.status ?? 200 },
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
  const asked = (request: FastifyRequest) =>
    accounts.byId((request.params as z.infer<typeof ofAccount>).account)

  app.get('/accounts', all, (request, reply) => show(request, reply))

  app.post('/accounts', all, async (request, reply) => {
    const typed = {
      name: typedIn(request.body, 'name', 64),
      displayName: typedIn(request.body, 'displayName', 100),
      role: typedIn(request.body, 'role', 20),
    }
    const name = accountName.safeParse(typed.name)
    const shown = displayName.safeParse(typed.displayName)
    const role = roleSchema.safeParse(typed.role)
    const problems = {
      ...(!name.success && { name: words.badName }),
      ...(!shown.success && { displayName: words.badDisplayName }),
    }
    if (!name.success || !shown.success || !role.success)
      return show(request, reply, { typed, problems, status: 422 })
    try {
      const account = await accounts.add(
        { name: name.data, displayName: shown.data, role: role.data },
        request.viewer!.name,
      )
      return await show(request, reply, { invitation: await invite(request, account), status: 201 })
    } catch (error) {
      if (!(error instanceof AccountNameTaken)) throw error
      return show(request, reply, { typed, problems: { name: words.nameTaken }, status: 422 })
    }
  })

  app.post('/accounts/:account/invitation', one, async (request, reply) => {
    const account = await asked(request)
    if (!account || account.disabledAt !== null) return app.pageNotFound(request, reply)
    return show(request, reply, { invitation: await invite(request, account), status: 201 })
  })

  for (const [verb, disabled] of [
    ['disable', true],
    ['enable', false],
  ] as const)
    app.post(`/accounts/:account/${verb}`, one, async (request, reply) => {
      const account = await asked(request)
      if (!account) return app.pageNotFound(request, reply)
      if (!(await accounts.change(account.account, { disabled }, request.viewer!.name)))
        return show(request, reply, { problems: { list: words.lastResponsable }, status: 409 })
      return reply.redirect('/accounts', 303)
    })

  const showRename = (
    request: FastifyRequest,
    reply: FastifyReply,
    account: Account,
    typed = account.displayName,
    problem: typeof words.badDisplayName | null = null,
  ) => {
    const lang = languageOf(request, reply)
    return reply.page(
      {
        title: words.rename[lang],
        crumbs: [{ href: '/accounts', label: words.accounts[lang] }],
        status: problem ? 422 : 200,
      },
      <RenamePage account={account} typed={typed} problem={problem} />,
    )
  }
  app.get('/accounts/:account', one, async (request, reply) => {
    const account = await asked(request)
    return account ? showRename(request, reply, account) : app.pageNotFound(request, reply)
  })
  app.post('/accounts/:account', one, async (request, reply) => {
    const account = await asked(request)
    if (!account) return app.pageNotFound(request, reply)
    const typed = typedIn(request.body, 'displayName', 100)
    const shown = displayName.safeParse(typed)
    if (!shown.success) return showRename(request, reply, account, typed, words.badDisplayName)
    await accounts.change(account.account, { displayName: shown.data }, request.viewer!.name)
    return reply.redirect('/accounts', 303)
  })
}
