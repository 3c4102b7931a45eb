import { z } from 'zod'
import { described } from '../../described.ts'
import { printable } from '../../printable.ts'
import type { Text } from '../../text.ts'
import type { Side } from '../group-policies.ts'
import { sameName, type Found, type AskedSetting } from './wanted.ts'

export const scriptSchema = z.strictObject({
  when: described(z.enum(['logon', 'logoff', 'startup', 'shutdown']), {
    fr: 'Quand il s’exécute : logon ouverture et logoff fermeture de session, startup démarrage, shutdown arrêt',
    en: 'When it runs',
  }),
  command: described(z.string().min(1).max(512), {
    fr: 'Le script : un nom de fichier, où qu’il soit, ou le chemin entier tel qu’écrit dans la stratégie',
    en: 'The script: a file name, wherever it is, or the whole path as typed in the policy',
  }),
  parameters: described(z.string().max(512).optional(), {
    fr: 'Ses paramètres ; n’importe lesquels s’ils ne sont pas donnés',
    en: 'Its parameters; any where they aren’t said',
  }),
})
type Wanted = z.output<typeof scriptSchema>

const events: Record<Wanted['when'], Text & { readonly side: Side }> = {
  logon: { fr: 'd’ouverture de session', en: 'logon', side: 'user' },
  logoff: { fr: 'de fermeture de session', en: 'logoff', side: 'user' },
  startup: { fr: 'de démarrage', en: 'startup', side: 'computer' },
  shutdown: { fr: 'd’arrêt', en: 'shutdown', side: 'computer' },
}

const unquoted = (command: string): string => command.trim().replace(/^"(.*)"$/, '$1')

/** The same path, or, where only a name was asked for, a file of that name. */
function isCommand(seen: string, asked: string): boolean {
  const path = unquoted(seen)
  const fileName = path.slice(path.search(/[^\\/]*$/))
  return sameName(path, asked) || (!/[\\/]/.test(asked) && sameName(fileName, asked))
}

const scriptText = (when: Wanted['when'], command: string, parameters = ''): Text => {
  const line = printable(`${command} ${parameters}`)
  return { fr: `script ${events[when].fr} ${line}`, en: `${events[when].en} script ${line}` }
}

/** A script that a policy runs. */
export const script = ({ when, command, parameters }: Wanted): AskedSetting => ({
  text: scriptText(when, command, parameters),
  files:
    events[when].side === 'user'
      ? /^user\/scripts\/(ps)?scripts\.ini$/
      : /^machine\/scripts\/(ps)?scripts\.ini$/,
  found: (settings) =>
    settings.flatMap((one): Found[] => {
      const { side } = events[when]
      if (one.source !== 'script' || one.scope !== side || one.setting.event !== when) return []
      const { command: seen, parameters: given } = one.setting
      const matches =
        isCommand(seen, command) && (parameters === undefined || given.trim() === parameters.trim())
      return [{ matches, side, text: scriptText(when, seen, given) }]
    }),
})
