import { causeWords } from '../reports/words.ts'
import type { RunEvent } from '../run/runner.ts'
import { Progress, stateWords } from './progress.ts'
import type { Terminal } from './terminal.ts'
import { visibleLine } from './visible.ts'

/** Shows the progress of runs on stderr until it is ended. */
export interface Watch {
  readonly take: (event: RunEvent) => void
  /** Draws the last state and leaves it on the screen. */
  readonly end: () => void
}

export type Candidates = ConstructorParameters<typeof Progress>[0]

/** A table that redraws itself where stderr is a terminal, plain lines elsewhere. */
export async function watch(candidates: Candidates, terminal: Terminal): Promise<Watch> {
  if (!terminal.live) return plainWatch(candidates, terminal)
  // What measures and redraws text takes a twentieth of a second to load: only where there is a terminal.
  const { liveWatch } = await import('./live-watch.ts')
  return liveWatch(candidates, terminal)
}

/** One line when a candidate starts, when a machine turns out not to answer, and when the run ends. */
function plainWatch(candidates: Candidates, terminal: Terminal): Watch {
  const progress = new Progress(candidates)
  const told = new Set<string>()
  return {
    take(event) {
      const candidate = progress.record(event)
      if (!candidate) return
      const { code } = candidate
      if (event.type === 'started')
        terminal.err(terminal.say({ fr: `${code} : début`, en: `${code}: started` }))
      for (const [role, cause] of candidate.silent) {
        if (told.has(`${code} ${role}`)) continue
        told.add(`${code} ${role}`)
        const name = visibleLine(role, 64)
        const { fr, en } = causeWords[cause]
        terminal.err(terminal.say({ fr: `${code} : ${name} : ${fr}`, en: `${code}: ${name}: ${en}` }))
      }
      if (event.type !== 'ended') return
      const { fr, en } = stateWords[candidate.state]
      const { answered } = candidate
      terminal.err(
        terminal.say({
          fr: `${code} : ${fr}, ${answered} relevés`,
          en: `${code}: ${en}, ${answered} observations`,
        }),
      )
    },
    end: () => undefined,
  }
}
