import { z } from 'zod'
import { NotObserved } from '../observation.ts'
import type { Text } from '../text.ts'

const text = z.string().max(256)

/** What the script `features` gives. */
export const featuresShape = z.object({
  total: z.int(),
  features: z
    .array(
      z.object({
        asked: text,
        /** Whether this edition of Windows has a feature of that name, installed or not. */
        found: z.boolean(),
        installed: z.boolean().nullable(),
        state: text.nullable(),
      }),
    )
    .max(128),
})
export type Features = z.infer<typeof featuresShape>

export type State = 'installed' | 'absent' | 'removed' | 'installing' | 'removing'
export const stateWords: Record<State, Text> = {
  installed: { fr: 'installé', en: 'installed' },
  absent: { fr: 'non installé', en: 'not installed' },
  removed: { fr: 'non installé, ses fichiers sont retirés', en: 'not installed, its files are removed' },
  installing: { fr: 'installation en attente d’un redémarrage', en: 'installation pending a restart' },
  removing: { fr: 'désinstallation en attente d’un redémarrage', en: 'removal pending a restart' },
}

const states: Readonly<Record<string, { state: State; installed?: boolean }>> = {
  Installed: { state: 'installed', installed: true },
  Available: { state: 'absent', installed: false },
  Removed: { state: 'removed', installed: false },
  InstallPending: { state: 'installing' },
  UninstallPending: { state: 'removing' },
}

/** Null where there is no such feature; the two things that the machine says of one must agree. */
export function stateOf({ features }: Features, name: string): State | null {
  const found = features.find(({ asked }) => asked.toLowerCase() === name.toLowerCase())
  if (!found) throw new NotObserved('unparsable', `nothing was said of ${name}`)
  if (!found.found) return null
  const known = Object.hasOwn(states, found.state ?? '') ? states[found.state ?? ''] : undefined
  if (!known || (known.installed ?? found.installed) !== found.installed)
    throw new NotObserved('unparsable', `install state ${found.state}, installed ${found.installed}`)
  return known.state
}
