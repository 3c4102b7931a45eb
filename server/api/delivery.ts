import { signedRunSchema, type Run } from '../../checks/run.ts'
import { hashToken } from '../store/agent-token.ts'
import type { ServerOptions } from '../options.ts'
import { isRefusal, verifyRun } from '../store/verified-run.ts'
import { AgentSignatures, readSignedBodies, unauthorised } from './agents/authenticate.ts'
import type { TypedApp } from './api.ts'
import { parseBoundedJson } from './bounded-json.ts'
import { problemSchema, refuse } from './problem.ts'
import { receiptSchema } from './shapes.ts'

/** A run of one candidate with its evidence stays far below; more than this is not read. */
const maxRunBytes = 64 * 1024 * 1024
/** An LDAP filter nests; nothing honest nests further than this. */
const maxDepth = 64

/**
 * `POST /api/v1/runs`: takes a signed run once. What it says with 201 or 200 is on disk. The agent's signature or token
 * is looked at before the body is read.
 */
export function registerDelivery(
  app: TypedApp,
  { store, changes, now = () => new Date() }: ServerOptions,
): void {
  const signatures = new AgentSignatures(store, now)
  readSignedBodies(app, (text) => parseBoundedJson(text, maxDepth))
  app.post(
    '/api/v1/runs',
    {
      config: { access: 'agent' },
      bodyLimit: maxRunBytes,
      schema: {
        summary: 'Deliver a run',
        description:
          'Idempotent: the same run again gives 200 and the first receipt. The same id with other contents, or another signer, gives 409.',
        security: [{ agentKey: [] }, { agent: [] }],
        body: signedRunSchema,
        response: {
          200: receiptSchema,
          201: receiptSchema,
          400: problemSchema,
          401: problemSchema,
          403: problemSchema,
          409: problemSchema,
          410: problemSchema,
          413: problemSchema,
          422: problemSchema,
        },
      },
      onRequest: async (request, reply) => {
        await signatures.recognise(request)
        if (request.agent) return
        const token = /^Bearer ([\w.~+/=-]{1,200})$/i.exec(request.headers.authorization ?? '')?.[1]
        request.agent = token === undefined ? null : await store.agentByToken(hashToken(token))
        if (!request.agent) return unauthorised(reply)
      },
    },
    async (request, reply) => {
      const agent = request.agent
      if (!agent) return unauthorised(reply)
      const run: Run = request.body
      // Before the costly part, and again inside the transaction.
      if (agent.publicKey !== null && agent.publicKey !== run.signature.publicKey)
        return refuse(reply, 'foreign-key')
      const verified = await verifyRun(run)
      if (isRefusal(verified)) return refuse(reply, verified.code, verified.detail)
      const reception = await store.receive(verified, agent)
      if (!('link' in reception)) return refuse(reply, reception.outcome)
      changes.announce(run.session.id, run.candidate.code)
      request.log.info(
        { run: run.id, agent: agent.name, sequence: reception.link.sequence, outcome: reception.outcome },
        'run delivered',
      )
      return reply
        .code(reception.outcome === 'received' ? 201 : 200)
        .send({ status: reception.outcome, receipt: reception.link })
    },
  )
}
