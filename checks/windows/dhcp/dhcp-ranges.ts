import type { Path } from '../../document.ts'
import type { Mistake } from '../../rule.ts'
import { addressNumber } from './ipv4.ts'

interface Asked {
  readonly network: string
  readonly start?: string | undefined
  readonly end?: string | undefined
  readonly excluded?: readonly string[] | undefined
  readonly reservations?: readonly { readonly address: string }[] | undefined
}

const written = (number: number): string =>
  [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join('.')

/** Addresses of a scope that no server would take: what is said of them can only be a slip of the author. */
export function* rangeMistakes(asked: Asked): Generator<Mistake> {
  const [base = '', prefix] = asked.network.split('/')
  const size = prefix === undefined ? null : 2 ** (32 - Number(prefix))
  const first = size === null ? null : Math.floor(addressNumber(base) / size) * size
  if (first !== null && first !== addressNumber(base)) {
    yield {
      path: ['network'],
      words: {
        fr: `c’est l’adresse d’une machine : le réseau s’écrit ${written(first)}/${prefix}`,
        en: `this is the address of a machine: the network is written ${written(first)}/${prefix}`,
      },
    }
    return
  }
  for (const { path, addresses } of places(asked)) {
    const [from = Number.NaN, to = from] = addresses.map(addressNumber)
    if (Number.isNaN(from) || Number.isNaN(to))
      yield { path, words: { fr: 'ce n’est pas une adresse IPv4', en: 'this is no IPv4 address' } }
    else if (to < from)
      yield {
        path,
        words: {
          fr: `${addresses[0]} est après ${addresses[1]}`,
          en: `${addresses[0]} is after ${addresses[1]}`,
        },
      }
    else if (first !== null && size !== null && (from < first || to >= first + size))
      yield {
        path,
        words: {
          fr: `hors du réseau ${asked.network} (de ${written(first)} à ${written(first + size - 1)})`,
          en: `outside the network ${asked.network} (${written(first)} to ${written(first + size - 1)})`,
        },
      }
  }
}

/** Each place of the file where addresses of the scope stand. */
function* places({ start, end, excluded = [], reservations = [] }: Asked): Generator<{
  readonly path: Path
  readonly addresses: readonly string[]
}> {
  if (start !== undefined) yield { path: ['start'], addresses: [start] }
  if (end !== undefined) yield { path: ['end'], addresses: start === undefined ? [end] : [start, end] }
  for (const [i, range] of excluded.entries()) yield { path: ['excluded', i], addresses: range.split('-') }
  for (const [i, { address }] of reservations.entries())
    yield { path: ['reservations', i, 'address'], addresses: [address] }
}
