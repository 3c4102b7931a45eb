import type { ServerOptions } from '../../options.ts'
import type { TypedApp } from '../api.ts'

/** Enrolment, leases, heartbeats and what agents say of their work. */
export async function registerAgentRoutes(_app: TypedApp, _options: ServerOptions): Promise<void> {}
