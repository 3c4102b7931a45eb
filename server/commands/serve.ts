import { mkdirSync } from 'node:fs'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Text } from '../../checks/text.ts'
import type { ServerOptions } from '../options.ts'
import { createServer } from '../server.ts'
import { createAgentToken } from '../store/agent-token.ts'
import { openSqliteStore } from '../store/sqlite/open.ts'

export interface ServeOptions extends Pick<ServerOptions, 'referentials' | 'version' | 'timeZone'> {
  /** 0 for any free one. */
  readonly port: number
  readonly host: string
  /** Folder of the store; made where missing, readable by its owner only. */
  readonly data: string
  /** What readers must show (from the environment, never an argument). Demanded where `host` is not the loopback. */
  readonly readerToken?: string | undefined
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
  /** Ends the server: no new request, those under way are answered, the store is closed. May be called twice. */
  close(): Promise<void>
}

/**
 * Starts the server and gives it back running.
 * @throws CannotServe where readers from elsewhere would need no token, or the address can't be had.
 */
export async function startServer(options: ServeOptions): Promise<RunningServer> {
  const { host, port, readerToken } = options
  if (readerToken !== undefined && readerToken.length < 16) throw new CannotServe(shortToken)
  if (!isLoopback(host) && readerToken === undefined) throw new CannotServe(openToAll(host))
  const store = await openStore(options.data)
  const logger = pino(
    { level: options.logLevel ?? 'info', serializers: { req: requestLine } },
    options.log ?? pino.destination(2),
  )
  const app = await createServer({ ...options, store, logger })
  let closed: Promise<void> | undefined
  const close = () => (closed ??= app.close().then(() => store.close()))
  try {
    await app.listen({ host, port })
  } catch (error) {
    await close()
    const code = (error as NodeJS.ErrnoException).code
    if (code === undefined) throw error
    throw new CannotServe(cannotListen(host, port, code))
  }
  const address = app.server.address() as AddressInfo
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return { url: `http://${name}:${address.port}/`, close }
}

/**
 * `probant serve`: serves until SIGINT or SIGTERM, then ends cleanly.
 * @param ready is told the address once it answers.
 */
export async function serve(options: ServeOptions, ready: (url: string) => void = () => {}): Promise<void> {
  const stop = new AbortController()
  const onSignal = () => stop.abort()
  process.once('SIGINT', onSignal)
  process.once('SIGTERM', onSignal)
  try {
    const server = await startServer(options)
    ready(server.url)
    if (!stop.signal.aborted) await once(stop.signal, 'abort')
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
  path: request.url?.split('?')[0],
  from: request.ip,
})

const openToAll = (host: string): Text => ({
  fr: `écouter sur ${host} ouvrirait les dossiers des candidats à tout le réseau\u202F: définissez PROBANT_READER_TOKEN (16 caractères au moins), ou restez sur 127.0.0.1`,
  en: `listening on ${host} would open the candidates' dossiers to the whole network: set PROBANT_READER_TOKEN (at least 16 characters), or stay on 127.0.0.1`,
})
const shortToken: Text = {
  fr: 'PROBANT_READER_TOKEN doit avoir 16 caractères au moins',
  en: 'PROBANT_READER_TOKEN must have at least 16 characters',
}
const badName: Text = {
  fr: 'un nom d’agent a 1 à 64 lettres, chiffres, espaces, points ou tirets, et commence par une lettre ou un chiffre',
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
  fr: `la base ne peut pas être ouverte dans ${data} (${why})`,
  en: `the store in ${data} cannot be opened (${why})`,
})
