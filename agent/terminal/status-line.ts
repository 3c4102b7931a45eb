import type { Terminal } from './terminal.ts'
import { fitted } from './width.ts'

/** One line that says what is going on, drawn over itself on stderr and gone before anything else is written. */
export interface StatusLine {
  readonly show: (text: string) => void
  readonly clear: () => void
}

/** With the seconds that it takes, where there is a terminal; nothing elsewhere. */
export function statusLine(terminal: Terminal): StatusLine {
  if (!terminal.live) return { show: () => undefined, clear: () => undefined }
  let timer: NodeJS.Timeout | undefined
  const erase = () => process.stderr.write('\r\u001b[2K')
  const clear = () => {
    if (timer === undefined) return
    clearInterval(timer)
    timer = undefined
    erase()
  }
  return {
    show(text) {
      clear()
      const began = performance.now()
      const draw = () => {
        const seconds = Math.round((performance.now() - began) / 1000)
        const columns = (process.stderr.columns || 80) - 1
        erase()
        process.stderr.write(fitted(`… ${seconds > 0 ? `${seconds} s, ` : ''}${text}`, columns).trimEnd())
      }
      draw()
      timer = setInterval(draw, 1000)
      timer.unref()
    },
    clear,
  }
}
