import { z } from 'zod'
import { attempt } from '../attempt.ts'
import { defineCheck, role, type Facts } from '../define.ts'
import { pattern } from '../pattern.ts'
import { fail, passIf, unknown } from '../finding.ts'
import { hasShell, ownName, readOwnName } from '../linux/identity.ts'
import { answered, type Observed } from '../observation.ts'
import { http, type ProbeOf } from '../probe.ts'
import { printable, typed } from '../printable.ts'
import { joined, same, type Text } from '../text.ts'
import { pageTitle } from './page-title.ts'

const params = z.strictObject({
  on: role(),
  scheme: z.enum(['http', 'https']).default('http'),
  port: z.int().min(1).max(65_535).optional(),
  path: z
    .string()
    .startsWith('/')
    .max(2048)
    .regex(
      pattern(/^[\x21-\x7e]+$/, {
        fr: 'un chemin sans espace ni accent : /index.html',
        en: 'a path without spaces or accents: /index.html',
      }),
    )
    .default('/'),
  /** Name of the virtual host. */
  host: z
    .string()
    .regex(/^[A-Za-z0-9.-]{1,253}$/)
    .optional(),
  status: z.int().min(100).max(599).default(200),
  /** Texts that the page holds, as they are (no pattern). */
  contains: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1).max(20)])
    .transform((v) => [v].flat())
    .default([]),
  title: z.string().min(1).max(256).optional(),
})
type Params = z.output<typeof params>

const asksFor = ({ status, contains, title }: Params): Text =>
  joined([
    { fr: `réponse ${status}`, en: `status ${status}` },
    ...(title === undefined ? [] : [{ fr: `titre « ${title} »`, en: `title “${title}”` }]),
    ...contains.map((text) => ({ fr: `contient « ${text} »`, en: `contains “${text}”` })),
  ])

export const site = defineCheck({
  id: 'http.site',
  criteria: ['C1.2', 'C7.3', 'C9.1', 'S5.1'],
  says: { fr: 'Le site {path} répond comme il est demandé', en: 'Site {path} answers as asked for' },
  observes: {
    fr: 'la réponse du serveur web à une requête : code, titre, texte de la page',
    en: 'the answer of the web server to one request: status, title, text of the page',
  },
  control: {
    fr: 'la machine, vue de l’intérieur au même moment, est en marche : sans cela un refus ne prouve rien',
    en: 'the machine, seen from inside at the same moment, is up: without that a refusal proves nothing',
  },
  asks: ['http', 'command'],
  proven: 'live',
  params,
  probes: ({ on, scheme, port, path, host }) => ({
    page: http(on, {
      scheme,
      path,
      ...(port === undefined ? {} : { port }),
      ...(host === undefined ? {} : { host }),
    }),
  }),
  then: ({ page }, { on }, facts): Partial<Record<'inside', ProbeOf<'command'>>> =>
    page.failure?.cause === 'refused' && hasShell(facts, on) ? { inside: ownName(on) } : {},
  judge: (seen, params) => {
    const expected = asksFor(params)
    if (seen.page.failure?.cause === 'refused') {
      const inside = attempt(() => readOwnName(seen['inside'] as Observed<'command'> | undefined))
      const observed = { fr: 'connexion refusée', en: 'connection refused' }
      return inside.value
        ? fail(expected, observed)
        : unknown(
            'refused',
            `connection refused, and the machine was not seen from inside: ${inside.failure?.cause ?? 'no name'}`,
            expected,
            {
              observed,
              blame: seen.page.failure.blame,
            },
          )
    }
    const { status, headers, body } = answered(seen.page, { partial: true })
    const location = headers['location'] === undefined ? '' : ` → ${printable(headers['location'], 80)}`
    const answer: Text = { fr: `réponse ${status}${location}`, en: `status ${status}${location}` }
    if (status !== params.status) return fail(expected, answer)
    const text = body.normalize('NFC')
    const title = pageTitle(text)
    const observed =
      title === null
        ? answer
        : joined([answer, { fr: `titre « ${printable(title)} »`, en: `title “${printable(title)}”` }])
    const missing = params.contains.filter((wanted) => !text.includes(wanted.normalize('NFC')))
    const titled =
      params.title === undefined || title === params.title.normalize('NFC').replace(/\s+/g, ' ').trim()
    if (missing.length > 0 && seen.page.truncated)
      return unknown('truncated', 'the page is longer than what was read of it', expected, { observed })
    const without = missing.map((wanted) => ({
      fr: `sans « ${printable(wanted)} »`,
      en: `without “${printable(wanted)}”`,
    }))
    return passIf(titled && missing.length === 0, expected, joined([observed, ...without]))
  },
  expects: asksFor,
  byHand: (params, facts) =>
    same(typed(['curl', '-i', ...(params.host ? ['-H', `Host: ${params.host}`] : []), url(params, facts)])),
})

function url({ on, scheme, port, path }: Params, facts: Facts): string {
  const address = facts.targets[on]?.address ?? on
  const authority = address.includes(':') ? `[${address}]` : address
  return `${scheme}://${authority}${port === undefined ? '' : `:${port}`}${path}`
}
