import type { Terminal } from '../../../agent/terminal/terminal.ts'
import { french } from '../../../agent/terminal/typography.ts'
import type { Lang } from '../../../checks/text.ts'

/** A terminal of this width that writes nowhere, for what is laid out for one. */
export const silentTerminal = (columns: number, lang: Lang = 'fr', colour = false): Terminal => ({
  lang,
  out: () => undefined,
  err: () => undefined,
  say: (text) => (lang === 'fr' ? french(text.fr) : text.en),
  live: false,
  screen: false,
  colour: { out: colour, err: colour },
  columns,
})
