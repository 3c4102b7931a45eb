import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { secretHash } from '../../access/one-time-code.ts'
import { hashPassword } from '../../access/password.ts'
import { signIn } from '../../access/sign-in.ts'
import type { ServerOptions } from '../../options.ts'
import type { Account } from '../../store/accounts.ts'
import { languageOf } from '../language.ts'
import { accountName, displayName, passwordIn, typedIn, weakness } from './account-fields.ts'
import { ceiling } from './ceiling.tsx'
import { InvitationGonePage, InvitationPage, type FieldProblems } from './invitation-page.tsx'
import { words } from './wording.ts'

const firstAccountMs = 3_600_000
const ofCode = z.object({ code: z.string().max(200) })

/** Where somebody who was invited chooses a password, and where the very first account is made. */
export function registerInvitations(app: FastifyInstance, options: ServerOptions): void {
  const { store, firstAccountCode } = options
  const { accounts } = store
  const now = options.now ?? (() => new Date())
  const firstUntil = now().getTime() + firstAccountMs
  const open = {
    config: { access: 'public', rateLimit: ceiling },
    schema: { hide: true, params: ofCode },
  } as const

  /** Whose invitation it is; `first` for the very first account; null where it no longer holds. */
  const invited = async (code: string): Promise<Account | 'first' | null> => {
    if (firstAccountCode !== undefined && secretHash(code) === secretHash(firstAccountCode))
      return now().getTime() < firstUntil && (await accounts.count()) === 0 ? 'first' : null
    return accounts.invitation(secretHash(code))
  }
  const show = (
    request: FastifyRequest,
    reply: FastifyReply,
    account: Account | 'first',
    typed = { name: '', displayName: '' },
    problems: FieldProblems = {},
  ) =>
    reply.page(
      {
        title: (account === 'first' ? words.firstAccount : words.invitation)[languageOf(request, reply)],
        status: Object.keys(problems).length > 0 ? 422 : 200,
      },
      <InvitationPage
        code={codeOf(request)}
        account={account === 'first' ? null : account}
        typed={typed}
        problems={problems}
        provider={options.oidc !== undefined}
      />,
    )
  const showGone = (request: FastifyRequest, reply: FastifyReply) =>
    reply.page(
      { title: words.invitationGone[languageOf(request, reply)], status: 410 },
      <InvitationGonePage />,
    )

  app.get('/invitations/:code', open, async (request, reply) => {
    const account = await invited(codeOf(request))
    return account ? show(request, reply, account) : showGone(request, reply)
  })

  app.post('/invitations/:code', open, async (request, reply) => {
    const code = codeOf(request)
    const account = await invited(code)
    if (!account) return showGone(request, reply)
    const typed = {
      name: typedIn(request.body, 'name', 64),
      displayName: typedIn(request.body, 'displayName', 100),
    }
    const password = passwordIn(request.body, 'password')
    const first = account === 'first'
    const name = accountName.safeParse(typed.name)
    const shown = displayName.safeParse(typed.displayName)
    const weak = weakness(password, first ? typed.name : account.name)
    const problems: FieldProblems = {
      ...(weak && { password: weak }),
      ...(first && !name.success && { name: words.badName }),
      ...(first && !shown.success && { displayName: words.badDisplayName }),
    }
    if (Object.keys(problems).length > 0) return show(request, reply, account, typed, problems)
    const passwordHash = await hashPassword(password)
    const made = first
      ? await accounts.addFirst({ name: name.data!, displayName: shown.data!, passwordHash })
      : await accounts.acceptInvitation(secretHash(code), { passwordHash })
    if (!made) return showGone(request, reply)
    await signIn(reply, options, made)
    return reply.redirect('/', 303)
  })
}

const codeOf = (request: FastifyRequest): string => (request.params as z.infer<typeof ofCode>).code
