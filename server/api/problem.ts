import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Text } from '../../checks/text.ts'
import type { SessionState } from '../session-life/state.ts'

/** What the API answers instead of what was asked for. `code` is stable; the sentences are for people. */
export const problemSchema = z.strictObject({
  code: z.string(),
  message: z.strictObject({ fr: z.string(), en: z.string() }),
  /** What exactly is wrong, for whoever mends the client. */
  detail: z.string().optional(),
})
export type Problem = z.infer<typeof problemSchema>

const problems = {
  'not-found': {
    status: 404,
    fr: 'Rien ici sous ce nom\u202F: vérifiez l’adresse.',
    en: 'Nothing here by that name: check the address.',
  },
  'not-json': {
    status: 400,
    fr: 'Le contenu n’est pas du JSON admis\u202F: corrigez l’envoi.',
    en: 'The content is not acceptable JSON: correct what is sent.',
  },
  invalid: {
    status: 422,
    fr: 'Le contenu n’a pas la forme attendue\u202F: corrigez-le, ou mettez l’agent à la version du serveur.',
    en: 'The content does not have the expected shape: correct it, or bring the agent to the server’s version.',
  },
  signature: {
    status: 422,
    fr: 'La signature du passage n’est pas valable\u202F: envoyez le fichier d’origine, sans le modifier.',
    en: 'The signature of the run does not hold: send the original file, unchanged.',
  },
  inconsistent: {
    status: 422,
    fr: 'Les parties du passage ne concordent pas\u202F: envoyez le fichier d’origine, sans le modifier.',
    en: 'The parts of the run do not agree with each other: send the original file, unchanged.',
  },
  unauthorised: {
    status: 401,
    fr: 'Un jeton valable est exigé\u202F: demandez-en un au responsable de session.',
    en: 'A valid token is required: ask the head of session for one.',
  },
  'foreign-key': {
    status: 403,
    fr: 'Ce jeton est lié à une autre clé de signature\u202F: demandez-en un autre au responsable de session.',
    en: 'This token is bound to another signing key: ask the head of session for another.',
  },
  forbidden: {
    status: 403,
    fr: 'Votre rôle ne le permet pas\u202F; adressez-vous au responsable de session.',
    en: 'Your role does not allow this; ask the head of session.',
  },
  'foreign-host': {
    status: 421,
    fr: 'Ce serveur ne répond qu’à une adresse locale\u202F: ouvrez-le depuis son propre poste.',
    en: 'This server answers to a local address only: open it on its own computer.',
  },
  'not-now': {
    status: 403,
    fr: 'L’état actuel de la session ne le permet pas\u202F: voyez sa page.',
    en: 'The present state of the session does not allow this: see its page.',
  },
  'cross-origin': {
    status: 403,
    fr: 'La demande vient d’un autre site\u202F: ouvrez la page du serveur et recommencez.',
    en: 'The request comes from another site: open the server’s page and start again.',
  },
  'invalid-session': {
    status: 422,
    fr: 'La session ne peut pas être préparée\u202F: rien n’a été gardé. Corrigez ce qui suit, puis envoyez-la de nouveau.',
    en: 'The session cannot be prepared: nothing was kept. Correct what follows, then send it again.',
  },
  'enrolment-code': {
    status: 403,
    fr: 'Ce code d’inscription ne vaut pas ou ne vaut plus\u202F: demandez-en un autre au responsable de session.',
    en: 'This enrolment code does not hold, or no longer: ask the head of session for another.',
  },
  'agent-name': {
    status: 409,
    fr: 'Un autre agent porte déjà ce nom\u202F: choisissez-en un autre.',
    en: 'Another agent has this name: choose another.',
  },
  'not-yours': {
    status: 409,
    fr: 'Ce travail n’est plus celui de cet agent\u202F: laissez-le.',
    en: 'This work is no longer this agent’s: leave it.',
  },
  'not-the-work': {
    status: 422,
    fr: 'Ce passage n’est pas celui qui a été demandé sous cet identifiant\u202F: demandez-en un nouveau.',
    en: 'This run is not the one that was asked for under this id: ask for a new one.',
  },
  purged: {
    status: 410,
    fr: 'La session a été purgée\u202F: plus rien n’y est reçu. Vérifiez que c’est la bonne.',
    en: 'The session was purged: nothing is received for it any more. Check that it is the right one.',
  },
  conflict: {
    status: 409,
    fr: 'Un autre contenu a déjà été reçu sous cet identifiant de passage\u202F: comparez les deux fichiers.',
    en: 'Other contents were already received under this run id: compare the two files.',
  },
  'too-large': {
    status: 413,
    fr: 'Le contenu est trop volumineux\u202F: envoyez-le en plusieurs fois.',
    en: 'The content is too large: send it in parts.',
  },
  'bad-request': {
    status: 400,
    fr: 'La demande n’est pas correcte\u202F: revenez à la page précédente et recommencez.',
    en: 'The request is not correct: go back to the page before and start again.',
  },
  internal: {
    status: 500,
    fr: 'Le serveur a rencontré une erreur\u202F: recommencez, et si elle revient, transmettez son journal.',
    en: 'The server met an error: try again, and if it comes back, pass on its log.',
  },
} satisfies Record<string, Text & { status: number }>
export type ProblemCode = keyof typeof problems

/** A problem as value, with the HTTP status that goes with it. */
export function problem(code: ProblemCode, detail?: string): { status: number; body: Problem } {
  const { status, fr, en } = problems[code]
  return { status, body: { code, message: { fr, en }, ...(detail === undefined ? {} : { detail }) } }
}

/** Ends a request with a problem. */
export function refuse(reply: FastifyReply, code: ProblemCode, detail?: string): FastifyReply {
  const { status, body } = problem(code, detail)
  return reply.code(status).type('application/json; charset=utf-8').serializer(JSON.stringify).send(body)
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Answers with the page that says that there is nothing here. */
    pageNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply
    /** Answers with the page that says that the server met an error, and what to do. */
    pageFailed(request: FastifyRequest, reply: FastifyReply): FastifyReply
    /** Answers with the page that says that this is not for the viewer, or not in the session's present state. */
    pageForbidden(request: FastifyRequest, reply: FastifyReply, state: SessionState | null): FastifyReply
  }
}

/** Pages answer with a page, the API with a problem. */
export const isForPeople = (request: FastifyRequest): boolean => !request.url.startsWith('/api/')

/** Every error of every route ends as a problem: no stack, no path, nothing of the store goes out. */
export function answerErrors(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) =>
    isForPeople(request) ? app.pageNotFound(request, reply) : refuse(reply, 'not-found'),
  )
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (hasZodFastifySchemaValidationErrors(error)) {
      // Where, and what was expected; never the value, which may hold anything.
      const detail = error.validation
        .slice(0, 5)
        .map((issue) => `${issue.instancePath || '/'}: ${issue.message ?? ''}`)
        .join('; ')
      return refuse(reply, 'invalid', detail.slice(0, 1000))
    }
    const status = error.statusCode ?? 500
    if (status === 401) return refuse(reply, 'unauthorised')
    if (status === 413) return refuse(reply, 'too-large')
    if (status === 415 || error instanceof SyntaxError || error.code === 'FST_ERR_CTP_INVALID_JSON_BODY')
      return refuse(reply, 'not-json')
    if (status < 500) return refuse(reply, 'bad-request')
    request.log.error({ err: error }, 'request failed')
    return isForPeople(request) ? app.pageFailed(request, reply) : refuse(reply, 'internal')
  })
}
