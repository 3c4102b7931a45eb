import rateLimit from '@fastify/rate-limit'
import type { FastifyError, FastifyInstance } from 'fastify'
import { anyKnownDevice } from '../../access/device-cookie.ts'
import { sourceOf } from '../../access/source.ts'
import { usePage } from '../context.tsx'
import { languageOf } from '../language.ts'
import { waitFor } from './wait-for.ts'
import { words } from './wording.ts'

/** For routes that whoever isn't signed in may ask: far above a room of people behind one address. */
export const ceiling = { max: 300, timeWindow: '1 minute' } as const

/**
 * Makes `config.rateLimit` work on the routes of this scope. A browser that is known is counted by itself, so that nobody
 * behind the same address uses up its share.
 */
export async function limitStrangers(app: FastifyInstance): Promise<void> {
  await app.register(rateLimit, {
    global: false,
    keyGenerator: (request) => anyKnownDevice(request) ?? sourceOf(request.ip),
  })
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (error.statusCode !== 429) throw error
    const seconds = Number(reply.getHeader('retry-after') ?? 60)
    return reply.page(
      { title: words.tooMany[languageOf(request, reply)], status: 429 },
      <TooManyPage seconds={seconds} />,
    )
  })
}

function TooManyPage({ seconds }: { seconds: number }) {
  const { say } = usePage()
  return (
    <section class="narrow">
      <h1>{say(words.tooMany)}</h1>
      <p>{say(waitFor(seconds))}</p>
    </section>
  )
}
