import { z } from 'zod'
import { described } from '../../described.ts'
import { pattern } from '../../pattern.ts'
import { printable } from '../../printable.ts'
import type { Text } from '../../text.ts'
import type { RegistryPolicy } from '../../windows/group-policy/registry-pol.ts'
import type { RegistryData } from '../../windows/group-policy/registry-value.ts'
import type { Setting } from '../../windows/group-policy/settings.ts'
import { sides } from '../group-policies.ts'
import { sameName, sameValue, shownValue, sideText, type AskedSetting } from './wanted.ts'

export const registrySchema = z.strictObject({
  key: described(
    z
      .string()
      .min(1)
      .max(512)
      .regex(
        pattern(/^(?!HK|\\)[^\0]*[^\0\\]$/i, {
          fr: 'une clé comme Software\\Policies\\…, sans HKLM ni HKCU : « scope » le dit',
          en: 'a key such as Software\\Policies\\…, without HKLM or HKCU: “scope” says which',
        }),
      ),
    {
      fr: 'Clé, sous HKEY_LOCAL_MACHINE ou HKEY_CURRENT_USER selon « scope » : Software\\Policies\\…',
      en: 'Key, below HKEY_LOCAL_MACHINE or HKEY_CURRENT_USER as “scope” says: Software\\Policies\\…',
    },
  ),
  value: described(z.string().min(1).max(256), { fr: 'Nom de la valeur', en: 'Name of the value' }),
  data: described(
    z.union([z.string().max(1024), z.int(), z.array(z.string().max(1024)).min(1).max(32)]).optional(),
    {
      fr: 'Ce qu’elle doit contenir ; n’importe quoi si ce n’est pas dit',
      en: 'What it must hold; anything where it isn’t said',
    },
  ),
  type: described(
    z.enum(['REG_SZ', 'REG_EXPAND_SZ', 'REG_MULTI_SZ', 'REG_DWORD', 'REG_QWORD', 'REG_BINARY']).optional(),
    {
      fr: 'Type qu’elle doit avoir ; n’importe lequel si ce n’est pas dit',
      en: 'Of which type it must be; any where it isn’t said',
    },
  ),
  scope: described(z.enum(sides), {
    fr: 'Configuration : computer (HKEY_LOCAL_MACHINE) ou user (HKEY_CURRENT_USER)',
    en: 'Which configuration: computer (HKEY_LOCAL_MACHINE) or user (HKEY_CURRENT_USER)',
  }),
})
type Wanted = z.output<typeof registrySchema>

/** What a policy does to one value, once all its entries are applied in order. */
type Effect = { readonly data: RegistryData; readonly soft: boolean } | 'removed' | null

function effect(entries: readonly RegistryPolicy[], { key, value }: Wanted): Effect {
  let state: Effect = null
  for (const entry of entries) {
    if (entry.action === 'delete-keys') {
      if (entry.keys.some((below) => isWithin(key, `${entry.key}\\${below}`))) state = 'removed'
    } else if (!sameKey(entry.key, key)) continue
    else if (entry.action === 'set' && sameName(entry.value, value)) state = { data: entry.data, soft: false }
    else if (entry.action === 'set-if-absent' && sameName(entry.value, value))
      state = typeof state === 'object' && state !== null ? state : { data: entry.data, soft: true }
    else if (entry.action === 'delete-all-values') state = 'removed'
    else if (entry.action === 'delete-values' && entry.values.some((name) => sameName(name, value)))
      state = 'removed'
  }
  return state
}

const plain = (key: string): string => key.replace(/^\\+|\\+$/g, '')
const sameKey = (a: string, b: string): boolean => sameName(plain(a), plain(b))
const isWithin = (key: string, above: string): boolean =>
  `${plain(key)}\\`.toLowerCase().startsWith(`${plain(above)}\\`.toLowerCase())

const named = ({ key, value }: Wanted): string => `${printable(key, 120)}\\${printable(value, 60)}`

/** A registry value, as administrative templates set it. */
export const registry = (wanted: Wanted): AskedSetting => ({
  text: askedText(wanted),
  files: wanted.scope === 'user' ? /^user\/registry\.pol$/ : /^machine\/registry\.pol$/,
  found: (settings) =>
    sides.flatMap((side) => {
      const state = effect(entriesOf(settings, side), wanted)
      if (state === null) return []
      // The other side's is shown: it is a believable mistake.
      const text = effectText(state, wanted, sideText[side])
      return [{ matches: side === wanted.scope && isAsked(state, wanted), side, text }]
    }),
})

function askedText(wanted: Wanted): Text {
  const { fr, en } = sideText[wanted.scope]
  const type = wanted.type === undefined ? '' : ` (${wanted.type})`
  const data = wanted.data === undefined ? '' : ` = ${shownValue(wanted.data)}`
  return {
    fr: `valeur de registre ${named(wanted)}${data}${type}, ${fr}`,
    en: `registry value ${named(wanted)}${data}${type}, ${en}`,
  }
}

const entriesOf = (settings: readonly Setting[], side: Setting['scope']): RegistryPolicy[] =>
  settings.flatMap((one) => (one.source === 'registry' && one.scope === side ? [one.setting] : []))

const isAsked = (state: Exclude<Effect, null>, { data, type }: Wanted): boolean =>
  state !== 'removed' &&
  (type === undefined || state.data.type === type) &&
  (data === undefined || sameValue(state.data.value, data))

function effectText(state: Exclude<Effect, null>, wanted: Wanted, side: Text): Text {
  const name = named(wanted)
  if (state === 'removed')
    return { fr: `${name} : valeur retirée, ${side.fr}`, en: `${name}: value removed, ${side.en}` }
  const data = `${shownValue(state.data.value)} (${state.data.type === 'other' ? 'REG' : state.data.type})`
  const soft: Text = state.soft
    ? { fr: ', seulement où elle manque', en: ', only where it is missing' }
    : { fr: '', en: '' }
  return { fr: `${name} = ${data}${soft.fr}, ${side.fr}`, en: `${name} = ${data}${soft.en}, ${side.en}` }
}
