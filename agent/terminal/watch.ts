import { createLogUpdate } from 'log-update'
import { causeWords } from '../reports/words.ts'
import type { RunEvent } from '../run/runner.ts'
import { Progress, stateWords } from './progress.ts'
import { tableLines } from './table.ts'
import type { Terminal } from './terminal.ts'
import { visibleLine } from './visible.ts'

/** Shows the progress of runs on stderr until it is ended. */
export interface Watch {
  readonly take: (event: RunEvent) => void
  /** Draws the last state and leaves it on the screen. */
  readonly end: () => void
}

type Candidates = ConstructorParameters<typeof Progress>[0]

/** A table that redraws itself where stderr is a terminal, plain lines elsewhere. */
export const watch = (candidates: Candidates, terminal: Terminal): Watch =>
  terminal.live ? liveWatch(candidates, terminal) : plainWatch(candidates, terminal)

/** Drawn at most ten times a second, within the terminal's size at that moment. */
function liveWatch(candidates: Candidates, terminal: Terminal): Watch {
  const progress = new Progress(candidates)
  const draw = createLogUpdate(process.stderr, { showCursor: true })
  const redraw = () => {
    // Zero where the terminal does not know its size.
    const columns = process.stderr.columns || 80
    const rows = process.stderr.rows || 24
    draw(tableLines(progress.candidates, { columns, rows }, terminal.lang, terminal.colour.err).join('\n'))
  }
  let wanted = true
  const timer = setInterval(() => {
    if (!wanted) return
    wanted = false
    redraw()
  }, 100)
  timer.unref()
  return {
    take(event) {
      progress.record(event)
      wanted = true
    },
    end() {
      clearInterval(timer)
      redraw()
      draw.done()
    },
  }
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
