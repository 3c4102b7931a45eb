import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { renameOver, writeWhole } from '../evidence/atomic-file.ts'
import { workKinds, type Result, type ResultKind, type Task, type WorkKind } from './protocol.ts'

/** One result that waits to be delivered: a file that holds exactly what the server is to get. */
export interface Spooled {
  readonly path: string
  readonly name: string
  readonly task: Task
  readonly kind: ResultKind
}

const pattern = new RegExp(
  String.raw`^\d{15}-(run|preflight|repinned|failed)-(${workKinds.join('|')})-([0-9a-f-]{36})-([A-Za-z0-9][A-Za-z0-9_-]{0,31})\.json$`,
)
/** A file that was being written when the agent was killed is never older than the agent that is writing now. */
const ABANDONED_MS = 3_600_000

/**
 * Results of works on their way to one server: on the disk, whole, before any of them is sent, and until the server has
 * said that it has it. What it refuses for good is kept aside with the reason.
 */
export class Spool {
  readonly #folder: string
  #last = 0
  #told: PromiseWithResolvers<void> = Promise.withResolvers()

  private constructor(folder: string) {
    this.#folder = folder
  }

  /** @param home the agent's own folder. */
  static async open(home: string, server: URL): Promise<Spool> {
    const port = server.port || { 'http:': '80', 'https:': '443' }[server.protocol]
    const where = `${server.hostname}:${port}${server.pathname}`
    const folder = join(home, 'spool', createHash('sha256').update(where).digest('hex').slice(0, 16))
    await mkdir(join(folder, 'refused'), { recursive: true, mode: 0o700 })
    for (const name of await readdir(folder)) {
      const path = join(folder, name)
      if (!name.endsWith('.tmp')) continue
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }))
      if (Date.now() - mtimeMs > ABANDONED_MS) await rm(path, { force: true })
    }
    return new Spool(folder)
  }

  /** Keeps a result: on the disk once this resolves. Rejects with the system's error. */
  async put(task: Task, { kind, body }: Result): Promise<void> {
    this.#last = Math.max(Date.now(), this.#last + 1)
    const name = `${String(this.#last).padStart(15, '0')}-${kind}-${task.kind}-${task.id}-${task.candidate}.json`
    await writeWhole(join(this.#folder, name), typeof body === 'string' ? body : JSON.stringify(body))
    this.#told.resolve()
  }

  /** What waits, the oldest first. */
  async waiting(): Promise<Spooled[]> {
    const names = (await readdir(this.#folder)).sort()
    return names.flatMap((name) => {
      const [, kind, workKind, id, candidate] = pattern.exec(name) ?? []
      if (kind === undefined || id === undefined || candidate === undefined) return []
      const task = { id, kind: workKind as WorkKind, candidate }
      return [{ path: join(this.#folder, name), name, task, kind: kind as ResultKind }]
    })
  }

  /** Resolves when something was put since the last time that this was asked. */
  async added(): Promise<void> {
    await this.#told.promise
    this.#told = Promise.withResolvers()
  }

  read({ path }: Spooled): Promise<Uint8Array<ArrayBuffer>> {
    return readFile(path).then((bytes) => new Uint8Array(bytes))
  }

  /** The server has it. */
  async remove({ path }: Spooled): Promise<void> {
    await rm(path, { force: true })
  }

  /** The server will never take it: kept aside with the reason in a file beside it. Gives its new path. */
  async setAside({ path, name }: Spooled, reason: string): Promise<string> {
    const aside = join(this.#folder, 'refused', name)
    await writeWhole(`${aside}.reason`, `${reason}\n`)
    await renameOver(path, aside)
    return aside
  }
}
