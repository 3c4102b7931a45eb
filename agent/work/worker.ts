import { setTimeout as pause } from 'node:timers/promises'
import type { Lang, Text } from '../../checks/text.ts'
import { systemReason } from '../commands/system-reason.ts'
import { visibleLine } from '../terminal/visible.ts'
import type { AgentEvent } from './agent-event.ts'
import { CannotDo } from './agent-failure.ts'
import { advanced, type Held, type HeldWorks } from './held-works.ts'
import { perform, type Performance } from './perform.ts'
import type { Result, Task, Work } from './protocol.ts'
import type { SessionRooms } from './session-rooms.ts'
import type { Refusal } from './spool-delivery.ts'
import type { Spool, Spooled } from './spool.ts'

interface Workplace {
  readonly works: HeldWorks
  readonly spool: Spool
  readonly rooms: SessionRooms
  readonly by: Performance
  readonly tell: (event: AgentEvent) => void
  /** Something that the server should hear of changed. */
  readonly changed: () => void
  /** Aborted where nothing more can be delivered. */
  readonly gone: AbortSignal
}

const RETRY_DISK_MS = 2000

/** Does works side by side, and puts what each gave in the spool. Rejects for nothing: what can't be done is a result too. */
export class Worker {
  readonly #place: Workplace
  readonly #doing = new Set<Promise<void>>()
  #leaving = false

  constructor(place: Workplace) {
    this.#place = place
  }

  /** Begins works that were leased together. One that is here already goes on: its lease is renewed by the next heartbeat. */
  async begin(leased: readonly Work[]): Promise<void> {
    const { works, spool, changed } = this.#place
    const spooled = new Set((await spool.waiting()).map(({ task }) => task.id))
    const since = Date.now()
    for (const work of leased) {
      if (works.byId(work.id)) continue
      const held = works.take(work)
      if (spooled.has(work.id)) held.running = false
      else {
        const doing = this.#do(held, since).finally(() => this.#doing.delete(doing))
        this.#doing.add(doing)
      }
    }
    changed()
  }

  /** The server wants it stopped, and what there is of it. */
  cancel(id: string): void {
    this.#place.works.byId(id)?.controller.abort()
  }

  /** The server gave it to another, or ended it. What is in the spool is still brought: the server says what it makes of it. */
  drop(id: string): void {
    const { works } = this.#place
    const held = works.byId(id)
    if (!held) return
    held.gone = true
    held.controller.abort()
    if (!held.running) works.release(id)
  }

  /** The agent ends: what runs is interrupted, and what is not done at all is left to others. */
  leave(): void {
    this.#leaving = true
    for (const { controller } of this.#place.works.running) controller.abort()
  }

  /** Resolves when nothing is being done any more. */
  async idle(): Promise<void> {
    await Promise.all(this.#doing)
  }

  /** The server has a result, or (`refused`) never will. */
  async settled({ task, kind }: Spooled, refused: Refusal | null): Promise<void> {
    // A work whose result was refused would be leased, done and refused again; unless another's is there, or none is wanted.
    if (refused === null || kind === 'failed' || [404, 409, 410].includes(refused.status))
      return this.#place.works.release(task.id)
    await this.cannotDo(task, wasRefused(refused))
  }

  /** Lets the server know, by the spool as any result. */
  async cannotDo(task: Task, message: Text): Promise<void> {
    await this.#keep(task, { kind: 'failed', body: { message } })
  }

  async #do(held: Held, since: number): Promise<void> {
    const { works, rooms, by, tell, changed } = this.#place
    const { task, controller } = held
    tell({ type: 'begun', task })
    let result: Result
    try {
      const session = await rooms.open(held.work)
      result = await perform(held.work, session, by, {
        signal: controller.signal,
        since,
        onEvent(event) {
          held.progress = advanced(held.progress, event)
          changed()
          if (event.type === 'answered') tell({ type: 'progress', task, progress: held.progress })
        },
      })
      if (!held.gone)
        tell({ type: 'ended', task, complete: !controller.signal.aborted, progress: held.progress })
    } catch (error) {
      if (this.#leaving) return works.release(task.id)
      const message = error instanceof CannotDo ? error.text : ownFault(error)
      if (!held.gone) tell({ type: 'failed', task, message })
      result = { kind: 'failed', body: { message } }
    }
    if (held.gone) {
      works.release(task.id)
      tell({ type: 'dropped', task })
      return
    }
    await this.#keep(task, result)
    held.running = false
  }

  /** On the disk, whatever it takes: a full disk may be emptied. */
  async #keep(task: Task, result: Result): Promise<void> {
    const { spool, tell, gone } = this.#place
    for (let said = false; ; said = true) {
      try {
        return await spool.put(task, result)
      } catch (error) {
        if (!said) tell({ type: 'unwritable', task, reason: systemReason(error) })
        if (gone.aborted) return
        await pause(RETRY_DISK_MS, undefined, { signal: gone }).catch(() => undefined)
      }
    }
  }
}

function wasRefused({ status, why }: Refusal): Text {
  const detail = (lang: Lang) => `HTTP ${status}${why ? `, ${why[lang]}` : ''}`.slice(0, 300).toWellFormed()
  return {
    fr: `le serveur a refusé ce que l'agent a relevé (${detail('fr')}) : mettez l'agent à la version du serveur, puis relancez ; l'agent garde le fichier, transmettez-le si cela se répète`,
    en: `the server refused what the agent observed (${detail('en')}): update the agent to the server's version, then launch again; the agent keeps the file, pass it on if it happens again`,
  }
}

/** What the system says of its own (a full disk) is in words; anything else is a fault of the program. */
function ownFault(error: unknown): Text {
  const { fr, en } = systemReason(error)
  const detail = visibleLine(error instanceof Error ? error.message : '', 200)
  return {
    fr: `l'agent n'a pas pu faire ce travail (${fr === 'erreur' ? detail : fr}) : relancez-le, ou prenez un autre agent`,
    en: `the agent could not do this work (${en === 'error' ? detail : en}): launch it again, or take another agent`,
  }
}
