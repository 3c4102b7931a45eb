import { createLogUpdate } from 'log-update'
import type { Candidates, Watch } from './watch.ts'
import { Progress } from './progress.ts'
import { tableLines } from './table.ts'
import type { Terminal } from './terminal.ts'

/** Drawn at most ten times a second, within the terminal's size at that moment. */
export function liveWatch(candidates: Candidates, terminal: Terminal): Watch {
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
