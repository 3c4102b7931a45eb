import type { AgentEvent } from './agent-event.ts'
import { isAway, type Answered } from './server-client.ts'

/** Whether the server is there, as far as the last answer tells; each change is told once. */
export class Connection {
  readonly #tell: (event: AgentEvent) => void
  #since: Date | null = null

  constructor(tell: (event: AgentEvent) => void) {
    this.#tell = tell
  }

  /**
   * Takes one answer in. A request that was aborted here says nothing of the server: it is not to be given.
   * @param there whether it is an answer to be content with.
   */
  heard(answered: Answered, there = !isAway(answered)): void {
    if (!there) {
      if (this.#since) return
      this.#since = new Date()
      const detail = answered.status === null ? answered.detail : `HTTP ${answered.status}`
      this.#tell({ type: 'away', since: this.#since, detail })
    } else if (this.#since) {
      const since = this.#since
      this.#since = null
      this.#tell({ type: 'back', since })
    }
  }
}
