import { createHash } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Referential } from '../../checks/referential/referential.ts'
import type { SecretSource } from '../run/credentials.ts'
import type { Limit } from '../run/limit.ts'
import type { LoadedSession } from '../run/load.ts'
import { Room } from '../run/room.ts'
import type { PreflightRecord } from '../run/preflight-record.ts'
import { keepPreflight, readPreflight } from '../run/preflight-record.ts'
import { CannotDo } from './agent-failure.ts'
import type { Work } from './protocol.ts'
import { openSessionFiles } from './session-folder.ts'

/** A session as this agent has it, and what all its runs share. */
export interface SessionRoom {
  readonly loaded: LoadedSession
  readonly room: Room
  /** Merges what the server knows of the preflights over what this agent does; gives both together. */
  readonly preflight: (more: PreflightRecord | null) => Promise<PreflightRecord | null>
}

interface Options {
  /** The agent's own folder. */
  readonly folder: string
  readonly referentials: () => Promise<ReadonlyMap<string, Referential>>
  readonly secrets: SecretSource
  readonly machines: Limit
}

/** More sessions on one day than any centre has; the oldest is read again when it comes back. */
const MAX_SESSIONS = 8

/** The sessions of this process, each read once: works of one session share its room, whenever they come. */
export class SessionRooms {
  readonly #options: Options
  readonly #rooms = new Map<string, Promise<SessionRoom>>()
  readonly #folders = new Set<string>()

  constructor(options: Options) {
    this.#options = options
  }

  /** @throws CannotDo where the files are wrong, or the vault that they need stays closed. */
  async open({ session }: Work): Promise<SessionRoom> {
    const key = createHash('sha256').update(JSON.stringify(session)).digest('hex')
    let opened = this.#rooms.get(key)
    if (!opened) {
      opened = this.#read(session)
      this.#rooms.set(key, opened)
      // Mended files, or an installed référentiel, may come with the next work.
      opened.catch(() => this.#rooms.delete(key))
      for (const old of this.#rooms.keys()) {
        if (this.#rooms.size <= MAX_SESSIONS) break
        this.#rooms.delete(old)
      }
    }
    const room = await opened
    await this.#openVault(room.loaded)
    return room
  }

  /** Removes the files of the sessions: what a server handed out doesn't outlive the agent's day. */
  async close(): Promise<void> {
    this.#rooms.clear()
    for (const folder of this.#folders) await rm(folder, { recursive: true, force: true })
  }

  async #read({ id, files }: Work['session']): Promise<SessionRoom> {
    const { folder, machines } = this.#options
    const [{ catalogue }, referentials] = await Promise.all([
      import('../../checks/catalogue.ts'),
      this.#options.referentials(),
    ])
    const own = join(folder, 'work', id)
    this.#folders.add(own)
    const loaded = await openSessionFiles(own, id, files, { catalogue, referentials })
    const records = join(folder, 'preflight')
    await mkdir(records, { recursive: true, mode: 0o700 })
    let last: Promise<unknown> = Promise.resolve()
    return {
      loaded,
      room: new Room(loaded.session.file.control?.address, machines),
      // One after the other: each reads what the one before wrote.
      preflight: (more) => {
        const next = last.then(async () => {
          if (more) await keepPreflight(id, more, records)
          return readPreflight(id, records)
        })
        last = next.catch(() => undefined)
        return next
      },
    }
  }

  /** That one secret is missing from the vault is each machine's own failure, said by the run; that it is closed is ours. */
  async #openVault({ session }: LoadedSession): Promise<void> {
    const inVault = /"(vault:[a-z0-9][a-z0-9._-]*)"/.exec(JSON.stringify(session.file.credentials))?.[1]
    if (inVault === undefined) return
    await this.#options.secrets(inVault).catch((error: unknown) => {
      if (error instanceof Error && 'text' in error) throw new CannotDo(error.text as CannotDo['text'])
    })
  }
}
