import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Lang } from '../../checks/text.ts'

const cookie = 'probant-lang'

/** The language of a page: what the address says (kept by a cookie), else what was kept, else French. */
export function languageOf(request: FastifyRequest, reply: FastifyReply): Lang {
  const wanted = (request.query as { lang?: unknown } | undefined)?.lang
  if (isLang(wanted)) {
    void reply.header('set-cookie', `${cookie}=${wanted}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly`)
    return wanted
  }
  const kept = new RegExp(`(?:^|;\\s*)${cookie}=(\\w+)`).exec(request.headers.cookie ?? '')?.[1]
  return isLang(kept) ? kept : 'fr'
}

const isLang = (value: unknown): value is Lang => value === 'fr' || value === 'en'
