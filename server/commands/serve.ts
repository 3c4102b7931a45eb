import { mkdirSync } from 'node:fs'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Text } from '../../checks/text.ts'
import type { ServerOptions } from '../options.ts'
import { enrolmentMinutes, newEnrolmentCode } from '../access/enrolment-code.ts'
import { newSecret } from '../access/one-time-code.ts'
import { Changes } from '../live/changes.ts'
import { cookieKey } from '../secrets/cookie-key.ts'
import { createServer } from '../server.ts'
import { createAgentToken } from '../store/agent-token.ts'
import { openSqliteStore } from '../store/sqlite/open.ts'
import { startWatches } from '../work/watches.ts'

export interface ServeOptions extends Pick<
  ServerOptions,
  'referentials' | 'allReferentials' | 'catalogue' | 'version' | 'timeZone' | 'oidc' | 'leaseSeconds'
> {
  /** 0 for any free one. */
  readonly port: number
  readonly host: string
  /** Folder of the store; made where missing, readable by its owner only. */
  readonly data: string
  /** PEM texts. Demanded where `host` is not the loopback, unless `plainHttp` says that passwords may cross the network in clear. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined
  readonly plainHttp?: boolean | undefined
  /** Where the log goes, one JSON object a line; standard error unless told. */
  readonly log?: { write(line: string): void } | undefined
  readonly logLevel?: 'info' | 'warn' | 'error' | 'silent' | undefined
}

/** A server that can't be started for a reason that a person can mend. */
export class CannotServe extends Error {
  readonly text: Text
  constructor(text: Text) {
    super(text.en)
    this.name = 'CannotServe'
    this.text = text
  }
}

export interface RunningServer {
  /** `http://127.0.0.1:8080/` */
  readonly url: string
  /** The same on this machine without TLS, for the agent of the same process. */
  readonly loopbackUrl: string
  /** Where the first account is made, as long as there is none; null afterwards. */
  readonly firstAccount: string | null
  /** A one-time code by which an agent of the same process enrols. */
  enrolmentCode(): Promise<string>
  /** Ends the server: no new request, those under way are answered, the store is closed. May be called twice. */
  close(): Promise<void>
}

/**
 * Starts the server and gives it back running.
 * @throws CannotServe where passwords would cross the network in clear unasked, or the address can't be had.
 */
export async function startServer(options: ServeOptions): Promise<RunningServer> {
  const { host, port, data, tls } = options
  if (!isLoopback(host) && !tls && options.plainHttp !== true) throw new CannotServe(inClear(host))
  const store = await openStore(data)
  const logger = pino(
    { level: options.logLevel ?? 'info', serializers: { req: requestLine } },
    options.log ?? pino.destination(2),
  )
  const changes = new Changes()
  const { secret: firstAccountCode } = newSecret()
  const app = await createServer({
    ...options,
    store,
    logger,
    changes,
    firstAccountCode,
    cookieKey: cookieKey(data),
    dataFolder: data,
    tls: tls !== undefined,
    https: tls ?? null,
    loopbackOnly: isLoopback(host),
  })
  const stopWatches = startWatches({ store, changes, now: () => new Date() }, logger)
  // A certificate names the machine to the room; the agent beside the server needs none.
  const beside = tls || !isLoopback(host) ? createHttpServer((req, res) => app.routing(req, res)) : null
  let closed: Promise<void> | undefined
  const close = () =>
    (closed ??= app
      .close()
      .then(() => beside?.close())
      .then(stopWatches)
      .then(() => store.close()))
  try {
    await app.listen({ host, port })
    if (beside) await once(beside.listen(0, '127.0.0.1'), 'listening')
  } catch (error) {
    await close()
    const code = (error as NodeJS.ErrnoException).code
    if (code === undefined) throw error
    throw new CannotServe(cannotListen(host, port, code))
  }
  const address = app.server.address() as AddressInfo
  const listening = address.family === 'IPv6' ? `[${address.address}]` : address.address
  // « Everywhere » is no address to open.
  const name = ['0.0.0.0', '[::]'].includes(listening) ? hostname() : listening
  const url = `${tls ? 'https' : 'http'}://${name}:${address.port}/`
  const noAccount = (await store.accounts.count()) === 0
  return {
    url,
    close,
    loopbackUrl: beside ? `http://127.0.0.1:${(beside.address() as AddressInfo).port}/` : url,
    firstAccount: noAccount ? `${url}invitations/${firstAccountCode}` : null,
    enrolmentCode: async () => {
      const { code, hash } = newEnrolmentCode()
      await store.work.invite(hash, new Date(Date.now() + enrolmentMinutes * 60_000).toISOString(), 'server')
      return code
    },
  }
}

/**
 * `probant serve`: serves until SIGINT or SIGTERM, then ends cleanly.
 * @param ready is told once the server answers; what it gives back runs beside it, and is ended by the signal first.
 */
export async function serve(
  options: ServeOptions,
  ready: (server: RunningServer, signal: AbortSignal) => Promise<void> | void = () => {},
): Promise<void> {
  const stop = new AbortController()
  const onSignal = () => stop.abort()
  process.once('SIGINT', onSignal)
  process.once('SIGTERM', onSignal)
  try {
    const server = await startServer(options)
    const beside = ready(server, stop.signal)
    if (!stop.signal.aborted) await once(stop.signal, 'abort')
    await beside
    await server.close()
  } finally {
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
  }
}

/**
 * `probant serve --new-agent NAME`: makes the token by which an agent delivers. The server may be running meanwhile.
 * @returns the token, which nothing can show a second time.
 * @throws CannotServe where the name is taken or is none.
 */
export async function newAgent(data: string, name: string): Promise<string> {
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u.test(name)) throw new CannotServe(badName)
  const store = await openStore(data)
  try {
    return await createAgentToken(store, name)
  } catch (error) {
    if (error instanceof Error && error.name === 'AgentNameTaken') throw new CannotServe(nameTaken(name))
    throw error
  } finally {
    await store.close()
  }
}

async function openStore(data: string) {
  try {
    mkdirSync(data, { recursive: true, mode: 0o700 })
    return await openSqliteStore(join(data, 'probant.sqlite'))
  } catch (error) {
    throw new CannotServe(cannotOpen(data, error instanceof Error ? error.message : String(error)))
  }
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)

/** Of a request the log keeps the method, the path without its query, and from where. */
const requestLine = (request: { method?: string; url?: string; ip?: string }) => ({
  method: request.method,
  // An invitation's address is a secret.
  path: request.url?.split('?')[0]?.replace(/^\/invitations\/.*/, '/invitations/…'),
  from: request.ip,
})

const inClear = (host: string): Text => ({
  fr: `écouter sur ${host} sans TLS ferait passer les mots de passe en clair sur le réseau\u202F: donnez --tls-cert et --tls-key, ou --plain-http si un autre serveur chiffre devant celui-ci`,
  en: `listening on ${host} without TLS would send passwords in clear over the network: give --tls-cert and --tls-key, or --plain-http where another server encrypts in front of this one`,
})
const badName: Text = {
  fr: 'un nom d’agent doit avoir 1 à 64 lettres, chiffres, espaces, points ou tirets, et commencer par une lettre ou un chiffre',
  en: 'an agent’s name has 1 to 64 letters, digits, spaces, dots or hyphens, and starts with a letter or a digit',
}
const nameTaken = (name: string): Text => ({
  fr: `un agent «\u202F${name}\u202F» existe déjà\u202F: choisissez un autre nom`,
  en: `an agent “${name}” exists already: choose another name`,
})
const cannotListen = (host: string, port: number, code: string): Text => ({
  fr: `impossible d’écouter sur ${host}, port ${port} (${code})\u202F: choisissez un autre port avec --port`,
  en: `cannot listen on ${host}, port ${port} (${code}): choose another port with --port`,
})
const cannotOpen = (data: string, why: string): Text => ({
  fr: `la base ne peut pas être ouverte dans ${data} (${why})\u202F: vérifiez les droits et le disque, ou donnez un autre dossier avec --data`,
  en: `the store in ${data} cannot be opened (${why}): check permissions and disk, or give another folder with --data`,
})
