import { z } from 'zod'
import { answered, json, NotObserved, type Observed } from '../observation.ts'
import { http } from '../probe.ts'

/** Where Debian's nagios4-cgi puts the programs. */
export const DEBIAN_PATH = '/nagios4/cgi-bin'

const request = (on: string, path: string, program: string) =>
  http(on, {
    path: `${path}/${program}?query=hostlist&details=true`,
    authenticated: true,
    maxBytes: 2_097_152,
    timeoutMs: 10_000,
  })

/** The hosts of the configuration, in one question (objectjson.cgi). */
export const configuredHosts = (on: string, path: string) => request(on, path, 'objectjson.cgi')
/** The state of every host, in one question (statusjson.cgi). */
export const hostStates = (on: string, path: string) => request(on, path, 'statusjson.cgi')

const result = z.object({ type_code: z.int(), message: z.string() })
const configured = z.object({
  result,
  data: z.object({ hostlist: z.record(z.string(), z.object({ address: z.string() })) }),
})
const states = z.object({
  result,
  data: z.object({
    hostlist: z.record(
      z.string(),
      z.object({
        /** 1 pending, 2 up, 4 down, 8 unreachable. */
        status: z.int(),
        has_been_checked: z.boolean(),
        /** Milliseconds since the epoch. */
        last_check: z.number(),
      }),
    ),
  }),
})

/** The body of a CGI's answer: 401 and 403 are the credential's fault, and only « Success » is an answer. */
function body<T extends { result: { type_code: number; message: string } }>(
  observation: Observed<'http'> | undefined,
  shape: z.ZodType<T>,
): T {
  const answer = answered(observation)
  if (answer.status === 401) throw new NotObserved('auth', 'Nagios refuses the credential (401)')
  if (answer.status === 403) throw new NotObserved('denied', 'Nagios refuses this page to the account (403)')
  if (answer.status !== 200)
    throw new NotObserved('unparsable', `status ${answer.status} instead of Nagios's JSON`)
  const read = json(answer.body, shape)
  if (read.result.type_code !== 0)
    throw new NotObserved('unparsable', `Nagios says: ${read.result.message.slice(0, 200)}`)
  return read
}

export const readConfigured = (observation: Observed<'http'> | undefined) =>
  new Map(Object.entries(body(observation, configured).data.hostlist))
export const readStates = (observation: Observed<'http'> | undefined) =>
  new Map(Object.entries(body(observation, states).data.hostlist))
