import type { FastifyInstance } from 'fastify'
import { SignInThrottle } from '../../access/throttle.ts'
import type { ServerOptions } from '../../options.ts'
import { registerAccounts } from './accounts-routes.tsx'
import { limitStrangers } from './ceiling.tsx'
import { registerInvitations } from './invitation-routes.tsx'
import { registerOidc } from './oidc-routes.tsx'
import { registerOwnAccount } from './own-account-routes.tsx'
import { registerSignIn } from './sign-in-routes.tsx'

/** Signing in and out, invitations, accounts. */
export async function registerAccountPages(app: FastifyInstance, options: ServerOptions): Promise<void> {
  const now = options.now ?? (() => new Date())
  const throttle = new SignInThrottle(() => now().getTime())
  await limitStrangers(app)
  registerSignIn(app, options, throttle)
  registerOidc(app, options)
  registerInvitations(app, options)
  registerAccounts(app, options)
  registerOwnAccount(app, options, throttle)
}
