import { printable } from '../printable.ts'
import { joined, same, type Text } from '../text.ts'
import type { Unit } from './systemd-units.ts'

const active: Record<string, Text> = {
  active: { fr: 'actif', en: 'running' },
  reloading: { fr: 'actif', en: 'running' },
  inactive: { fr: 'arrêté', en: 'stopped' },
  failed: { fr: 'en échec', en: 'failed' },
  activating: { fr: 'en cours de démarrage', en: 'starting' },
  deactivating: { fr: 'en cours d’arrêt', en: 'stopping' },
}
const fileStates: Record<string, Text> = {
  enabled: { fr: 'activé au démarrage', en: 'enabled at boot' },
  'enabled-runtime': {
    fr: 'activé jusqu’au prochain redémarrage seulement',
    en: 'enabled until the next boot only',
  },
  disabled: { fr: 'non activé au démarrage', en: 'not enabled at boot' },
  masked: { fr: 'masqué', en: 'masked' },
  'masked-runtime': { fr: 'masqué jusqu’au prochain redémarrage', en: 'masked until the next boot' },
  static: { fr: 'sans activation propre', en: 'static' },
  generated: { fr: 'lancé par un script d’init', en: 'generated from an init script' },
  '': { fr: 'sans fichier d’unité', en: 'without a unit file' },
}

/** « actif (running) », with systemd's own word beside ours. */
export function runState(unit: Unit): Text {
  const word = active[unit.active] ?? same(printable(unit.active))
  const own = [...new Set([unit.active, unit.sub])].map((state) => printable(state)).join(', ')
  return joined([word, same(`(${own})`)], ' ')
}

/** « activé au démarrage », and what else starts the unit. */
export function bootState(unit: Unit): Text {
  const word = fileStates[unit.fileState] ?? same(printable(unit.fileState))
  const triggers = printable(unit.triggeredBy.join(', '))
  return triggers === ''
    ? word
    : { fr: `${word.fr}, déclenché par ${triggers}`, en: `${word.en}, triggered by ${triggers}` }
}

/** What is asked of a service or a timer. */
export const asksFor = ({ running, enabled }: { running: boolean; enabled: boolean }): Text =>
  joined([
    running ? { fr: 'actif', en: 'running' } : { fr: 'arrêté', en: 'stopped' },
    enabled
      ? { fr: 'activé au démarrage', en: 'enabled at boot' }
      : { fr: 'non activé au démarrage', en: 'not enabled at boot' },
  ])
