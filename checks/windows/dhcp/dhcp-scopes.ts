import { z } from 'zod'
import { NotObserved } from '../../observation.ts'
import { printable, printableList } from '../../printable.ts'
import { same, type Text } from '../../text.ts'
import { whole, type Aspect } from '../../aspects.ts'
import { isCovered, maskOf, type AddressRange } from './ipv4.ts'

const text = z.string().max(1024)
const range = z.object({ start: text, end: text })
const options = z.array(z.object({ id: z.int(), values: z.array(text).max(256) })).max(256)

/** What the script `dhcp-scopes` gives. */
export const dhcpScopesShape = z.object({
  /** The list of registered services holds RpcSs, as on every Windows. */
  witness: z.boolean(),
  installed: z.boolean(),
  /** ServiceControllerStatus: 1 stopped, 4 running; null where it was not shown. */
  status: z.int().nullable(),
  server: z
    .object({
      scopeCount: z.int(),
      scopes: z
        .array(
          z.object({
            network: text,
            mask: text,
            start: text,
            end: text,
            state: text,
            leaseSeconds: z.number(),
            displayName: text,
            detail: z
              .object({
                exclusions: z.array(range).max(256),
                exclusionCount: z.int(),
                options,
                optionCount: z.int(),
                reservations: z.array(z.object({ address: text, client: text, displayName: text })).max(1024),
                reservationCount: z.int(),
              })
              .nullable(),
          }),
        )
        .max(256),
      options,
      optionCount: z.int(),
      directory: z
        .object({
          joined: z.boolean(),
          authorised: z.boolean(),
          listed: z
            .array(z.object({ name: text, address: text }))
            .max(256)
            .nullable(),
          listedCount: z.int(),
          /** The machine is a domain controller: what it reads of the directory, it reads with the account that asks. */
          controller: z.boolean(),
          computer: text,
          addresses: z.array(text).max(256),
        })
        .nullable(),
    })
    .nullable(),
})
export type DhcpScopes = z.output<typeof dhcpScopesShape>
export type DhcpServer = NonNullable<DhcpScopes['server']>
export type DhcpScope = DhcpServer['scopes'][number]

/** What an exam may ask of a scope; see the check's parameters. */
export interface ScopeAsked {
  readonly network: string
  readonly start?: string | undefined
  readonly end?: string | undefined
  readonly active: boolean
  readonly excluded?: readonly string[] | undefined
  readonly leaseHours?: number | 'unlimited' | undefined
  readonly options?: Readonly<Record<string, readonly string[]>> | undefined
  readonly reservations?: readonly { readonly mac: string; readonly address: string }[] | undefined
  readonly authorised?: boolean | undefined
}
interface Found {
  readonly scope: DhcpScope
  readonly server: DhcpServer
}

export const networkAddress = (network: string): string => network.replace(/\/.*$/, '')

/** Everything asked for beside the scope's being there, in the order in which it is said. */
export const scopeAspects = (asked: ScopeAsked): Aspect<Found>[] => [
  ...maskAspect(asked.network),
  ...rangeAspect(asked),
  activeAspect(asked.active),
  ...exclusionAspect(asked.excluded ?? []),
  ...leaseAspect(asked.leaseHours),
  ...Object.entries(asked.options ?? {}).map(([id, values]) => optionAspect(Number(id), values)),
  ...(asked.reservations ?? []).map(reservationAspect),
  ...(asked.authorised === undefined ? [] : [authorisedAspect(asked.authorised)]),
]

function maskAspect(network: string): Aspect<Found>[] {
  const [, length] = network.split('/')
  if (length === undefined) return []
  const mask = maskOf(Number(length))
  const said = (address: string): Text => ({ fr: `masque ${address}`, en: `mask ${address}` })
  return [
    {
      expected: said(mask),
      look: ({ scope }) => ({ holds: scope.mask === mask, observed: said(printable(scope.mask, 40)) }),
    },
  ]
}

function rangeAspect({ start, end }: ScopeAsked): Aspect<Found>[] {
  if (start === undefined && end === undefined) return []
  const said = (first = '…', last = '…'): Text => ({
    fr: `plage ${first} à ${last}`,
    en: `range ${first} to ${last}`,
  })
  return [
    {
      expected: said(start, end),
      look: ({ scope }) => ({
        holds: (start ?? scope.start) === scope.start && (end ?? scope.end) === scope.end,
        observed: said(printable(scope.start, 40), printable(scope.end, 40)),
      }),
    },
  ]
}

const STATES: Readonly<Record<string, boolean>> = { active: true, inactive: false }
const stateText = (active: boolean): Text =>
  active ? { fr: 'étendue activée', en: 'scope active' } : { fr: 'étendue désactivée', en: 'scope inactive' }

const activeAspect = (active: boolean): Aspect<Found> => ({
  expected: stateText(active),
  look: ({ scope }) => {
    const state = STATES[scope.state.toLowerCase()]
    if (state === undefined) throw new NotObserved('unparsable', `state of the scope: ${scope.state}`)
    return { holds: state === active, observed: stateText(state) }
  },
})

function exclusionAspect(asked: readonly string[]): Aspect<Found>[] {
  if (asked.length === 0) return []
  const ranges = asked.map((one): AddressRange => {
    const [start = one, end = start] = one.split('-')
    return { start, end }
  })
  return [
    {
      expected: { fr: `exclusions ${asked.join(', ')}`, en: `exclusions ${asked.join(', ')}` },
      look: ({ scope }) => {
        const { exclusions, exclusionCount } = detailOf(scope)
        const all: readonly AddressRange[] = whole(exclusions, exclusionCount, 'exclusions')
        const list = printableList(all.map(rangeText))
        return {
          holds: ranges.every((range) => isCovered(range, all)),
          observed: list ? { fr: `exclusions ${list}`, en: `exclusions ${list}` } : NO_EXCLUSION,
        }
      },
    },
  ]
}
const NO_EXCLUSION: Text = { fr: 'aucune exclusion', en: 'no exclusion' }
const rangeText = ({ start, end }: AddressRange): string => (start === end ? start : `${start}-${end}`)

/** The lease time of DHCP that means infinity (RFC 2131, 3.3), in seconds. */
const INFINITE = 0xffffffff
function leaseAspect(hours: ScopeAsked['leaseHours']): Aspect<Found>[] {
  if (hours === undefined) return []
  const said = (value: number | 'unlimited'): Text =>
    value === 'unlimited'
      ? { fr: 'bail illimité', en: 'unlimited lease' }
      : { fr: `bail de ${String(value).replace('.', ',')} h`, en: `lease of ${value} h` }
  return [
    {
      expected: said(hours),
      look: ({ scope: { leaseSeconds } }) => {
        // No scope has one of 0 seconds: it is what a duration that was not given comes to.
        if (leaseSeconds <= 0) throw new NotObserved('unparsable', 'duration of the lease: none')
        const unlimited = leaseSeconds >= INFINITE
        const same =
          hours === 'unlimited' ? unlimited : !unlimited && leaseSeconds === Math.round(hours * 3600)
        const shown = Math.round((leaseSeconds / 3600) * 1000) / 1000
        return { holds: same, observed: said(unlimited ? 'unlimited' : shown) }
      },
    },
  ]
}

/** A scope's own value wins over the server's; where it has none, the server's counts. */
const optionAspect = (id: number, asked: readonly string[]): Aspect<Found> => ({
  expected: same(`option ${id} = ${asked.join(', ')}`),
  look: ({ scope, server }) => {
    const detail = detailOf(scope)
    const own = whole(detail.options, detail.optionCount, 'options of the scope')
    const general = whole(server.options, server.optionCount, 'options of the server')
    const ofScope = own.find((option) => option.id === id)
    const found = ofScope ?? general.find((option) => option.id === id)
    if (!found)
      return { holds: false, observed: { fr: `option ${id} non définie`, en: `option ${id} not set` } }
    if (found.values.length === 0) throw new NotObserved('unparsable', `option ${id} without a value`)
    const values = printableList(found.values)
    return {
      holds:
        found.values.length === asked.length && asked.every((value, i) => sameValue(value, found.values[i])),
      observed: ofScope
        ? { fr: `option ${id} = ${values} (étendue)`, en: `option ${id} = ${values} (scope)` }
        : { fr: `option ${id} = ${values} (serveur)`, en: `option ${id} = ${values} (server)` },
    }
  },
})

/** Names without regard to case or a final dot; numbers however they are written (8, 0x8). */
function sameValue(a: string, b = ''): boolean {
  const number = (value: string) => (/^(0x[0-9a-f]+|\d+)$/i.test(value) ? Number(value) : Number.NaN)
  return number(a) === number(b) || a.replace(/\.$/, '').toLowerCase() === b.replace(/\.$/, '').toLowerCase()
}

const plainMac = (mac: string): string => mac.replace(/[^0-9a-f]/gi, '').toLowerCase()

const reservationAspect = ({ mac, address }: { mac: string; address: string }): Aspect<Found> => ({
  expected: { fr: `${address} réservée à ${mac}`, en: `${address} reserved for ${mac}` },
  look: ({ scope }) => {
    const { reservations, reservationCount } = detailOf(scope)
    const near = reservations.filter(
      (one) => plainMac(one.client) === plainMac(mac) || one.address === address,
    )
    if (near.some((one) => plainMac(one.client) === plainMac(mac) && one.address === address))
      return {
        holds: true,
        observed: { fr: `${address} réservée à ${mac}`, en: `${address} reserved for ${mac}` },
      }
    const all = whole(reservations, reservationCount, 'reservations')
    const list = printableList((near.length > 0 ? near : all).map((one) => `${one.address} ${one.client}`))
    return {
      holds: false,
      observed: list
        ? { fr: `réservations ${list}`, en: `reservations ${list}` }
        : { fr: 'aucune réservation', en: 'no reservation' },
    }
  },
})

const authorisedText = (authorised: boolean): Text =>
  authorised
    ? { fr: 'serveur autorisé dans Active Directory', en: 'server authorised in Active Directory' }
    : { fr: 'serveur non autorisé dans Active Directory', en: 'server not authorised in Active Directory' }

/** The server asks the directory now and then only: its « no » counts where the directory says the same now. */
const authorisedAspect = (asked: boolean): Aspect<Found> => ({
  expected: authorisedText(asked),
  look: ({ server: { directory } }) => {
    if (!directory) throw new NotObserved('not-asked', 'the directory was not asked for', 'grader')
    const { joined, authorised, controller, computer, addresses } = directory
    if (!joined) return { holds: !asked, observed: { fr: 'serveur hors domaine', en: 'server in no domain' } }
    const name = computer.toLowerCase()
    const all = directory.listed && whole(directory.listed, directory.listedCount, 'authorised servers')
    // Nobody listed: elsewhere than on a domain controller it may have been read without an account.
    const listed = all && (all.length > 0 || controller) ? all : null
    const isListed = listed?.some(
      (one) => one.name.toLowerCase().split('.')[0] === name || addresses.includes(one.address),
    )
    if (isListed !== authorised && !(authorised && isListed === undefined))
      throw new NotObserved(
        'control',
        `the server says ${authorised ? 'authorised' : 'not authorised'}, the directory ${isListed === undefined ? 'could not be read' : isListed ? 'lists it' : 'does not list it'}`,
      )
    return { holds: authorised === asked, observed: authorisedText(authorised) }
  },
})

function detailOf(scope: DhcpScope): NonNullable<DhcpScope['detail']> {
  if (scope.detail) return scope.detail
  throw new NotObserved('not-asked', `scope ${scope.network} was not asked for in detail`, 'grader')
}
