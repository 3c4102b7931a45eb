import type { Viewer } from '../../access/role.ts'
import type { Journal } from '../../store/journal.ts'

const quietMs = 10 * 60_000
/** More than a centre has of accounts and candidates; above it the oldest are forgotten, and said once more. */
const bound = 10_000

/** Keeps in the journal that somebody looked into a dossier: once in ten minutes for the same account and dossier. */
export class ViewJournal {
  readonly #journal: Journal
  readonly #now: () => Date
  readonly #seen = new Map<string, number>()
  constructor(journal: Journal, now: () => Date) {
    this.#journal = journal
    this.#now = now
  }

  async note(
    act: 'dossier-read' | 'observation-read',
    { account, name }: Viewer,
    session: string,
    candidate: string,
  ): Promise<void> {
    const key = JSON.stringify([act, account, session, candidate])
    const now = this.#now().getTime()
    const last = this.#seen.get(key)
    if (last !== undefined && now - last < quietMs) return
    this.#seen.delete(key)
    this.#seen.set(key, now)
    if (this.#seen.size > bound) this.#seen.delete(this.#seen.keys().next().value ?? key)
    try {
      await this.#journal.append({ actor: name, act, session, candidate })
    } catch (error) {
      this.#seen.delete(key)
      throw error
    }
  }
}
