import { NotObserved } from '../../observation.ts'
import { printable } from '../../printable.ts'
import { same, type Text } from '../../text.ts'
import { isAccount, isSid, shownAccount, type Resolved } from '../accounts/account.ts'
import type { Aspect } from '../../aspects.ts'
import type { Service } from './services.ts'

export const starts = ['automatic', 'delayed', 'immediate', 'manual', 'disabled'] as const
export type Start = (typeof starts)[number]

/** Accounts that are Windows' own, by what they are rather than by a name. */
export const ownAccounts = ['local-system', 'local-service', 'network-service', 'virtual'] as const
export type OwnAccount = (typeof ownAccounts)[number]

const RUNNING = 4
const STOPPED = 1

const startWords: Record<Start, Text> = {
  automatic: { fr: 'démarrage automatique', en: 'automatic start' },
  delayed: { fr: 'démarrage automatique différé', en: 'delayed automatic start' },
  immediate: { fr: 'démarrage automatique sans délai', en: 'automatic start without delay' },
  manual: { fr: 'démarrage manuel', en: 'manual start' },
  disabled: { fr: 'désactivé', en: 'disabled' },
}
const ownWords: Record<OwnAccount, Text> = {
  'local-system': { fr: 'compte système local', en: 'local system account' },
  'local-service': { fr: 'compte de service local', en: 'local service account' },
  'network-service': { fr: 'compte de service réseau', en: 'network service account' },
  virtual: { fr: 'compte virtuel du service', en: 'virtual account of the service' },
}
const ownSids: Record<Exclude<OwnAccount, 'virtual'>, string> = {
  'local-system': 'S-1-5-18',
  'local-service': 'S-1-5-19',
  'network-service': 'S-1-5-20',
}
const stateWords: Record<number, Text> = {
  1: { fr: 'arrêté', en: 'stopped' },
  2: { fr: 'en cours de démarrage', en: 'starting' },
  3: { fr: 'en cours d’arrêt', en: 'stopping' },
  4: { fr: 'en cours d’exécution', en: 'running' },
  5: { fr: 'en cours de reprise', en: 'continuing' },
  6: { fr: 'en cours de suspension', en: 'pausing' },
  7: { fr: 'suspendu', en: 'paused' },
}

export const runs = (running: boolean): Aspect<Service> => ({
  expected: stateWords[running ? RUNNING : STOPPED]!,
  look: ({ state }) => {
    if (state === null) throw new NotObserved('unparsable', 'no state was given')
    const holds = running ? state === RUNNING : state === STOPPED
    return { holds, observed: stateWords[state] ?? same(`state ${state}`) }
  },
})

export const startsAs = (start: Start): Aspect<Service> => ({
  expected: startWords[start],
  look: (service) => {
    const found = startOf(service)
    const holds = start === 'automatic' ? found === 'delayed' || found === 'immediate' : found === start
    const triggered = service.registration.triggered
      ? { fr: ' (et par déclencheur)', en: ' (and by a trigger)' }
      : same('')
    const { fr, en } = startWords[found === 'immediate' ? 'automatic' : found]
    return { holds, observed: { fr: `${fr}${triggered.fr}`, en: `${en}${triggered.en}` } }
  },
})

/** What the service control manager has and what it will read at the next boot may differ: then neither is the answer. */
function startOf({ start, registration }: Service): Start {
  if (start === null) throw new NotObserved('denied', 'the configuration of the service cannot be read')
  if (start !== registration.start)
    throw new NotObserved('control', `start type ${start} now, ${registration.start} in the registry`)
  if (start === 2) return registration.delayed ? 'delayed' : 'immediate'
  if (start === 3) return 'manual'
  if (start === 4) return 'disabled'
  throw new NotObserved('unparsable', `start type ${start}`)
}

export const logsOnAs = (account: string, resolved: Resolved): Aspect<Service> => ({
  expected: asAccount(isOwn(account) ? ownWords[account] : same(printable(account))),
  look: ({ registration: { account: seen, displayLogon } }) => {
    const holds = isOwn(account) ? isOwnAccount(account, seen.sid) : isAccount(account, resolved, seen)
    if (holds === null)
      throw new NotObserved(
        'control',
        `accounts that cannot be compared: ${account} and ${seen.sid ?? displayLogon}`,
      )
    return { holds, observed: asAccount(same(shownAccount(seen))) }
  },
})

const asAccount = ({ fr, en }: Text): Text => ({ fr: `sous ${fr}`, en: `as ${en}` })

const isOwn = (account: string): account is OwnAccount => !isSid(account) && !account.includes('\\')

function isOwnAccount(account: OwnAccount, sid: string | null): boolean | null {
  if (sid === null) return null
  // S-1-5-80-… is made of the service's name: the account of no other service.
  return account === 'virtual' ? sid.startsWith('S-1-5-80-') : sid === ownSids[account]
}
