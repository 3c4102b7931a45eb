import { z } from 'zod'
import { described } from '../../described.ts'
import { NotObserved } from '../../observation.ts'
import { printable } from '../../printable.ts'
import { joined, type Text } from '../../text.ts'
import type { Preference } from '../../windows/group-policy/preferences.ts'
import { sides } from '../group-policies.ts'
import { sameName, sameValue, shownValue, sideText, type Found, type AskedSetting } from './wanted.ts'

const actions = { create: 'C', replace: 'R', update: 'U', delete: 'D' } as const

export const preferenceSchema = z.strictObject({
  kind: described(
    z.enum(['drive', 'printer', 'user', 'group', 'scheduled-task', 'file', 'shortcut', 'registry']),
    { fr: 'Sorte de préférence', en: 'What kind of preference' },
  ),
  properties: described(
    z
      .record(z.string().min(1).max(64), z.union([z.string().max(1024), z.int(), z.boolean()]))
      .refine((properties) => Object.keys(properties).length > 0, {
        params: { fr: 'au moins une propriété', en: 'at least one property' },
      }),
    {
      fr: 'Ses propriétés, comme le XML de la stratégie les nomme : letter et path d’un lecteur, path d’une imprimante…',
      en: 'Its properties as the policy’s XML names them: letter and path of a drive, path of a printer…',
    },
  ),
  action: described(z.enum(['create', 'replace', 'update', 'delete']).optional(), {
    fr: 'Ce qu’elle fait ; tout sauf delete si ce n’est pas dit',
    en: 'What it does; any but delete where it isn’t said',
  }),
  scope: described(z.enum(sides).optional(), {
    fr: 'Configuration de l’utilisateur ou de l’ordinateur ; l’une ou l’autre si ce n’est pas dit',
    en: 'Configuration of the user or of the computer; either where it isn’t said',
  }),
})
type Wanted = z.output<typeof preferenceSchema>

/** What the console calls each, and the name of its file. */
const kinds: Record<Wanted['kind'], Text & { readonly file: string }> = {
  drive: { fr: 'lecteur mappé', en: 'drive map', file: 'drives' },
  printer: { fr: 'imprimante', en: 'printer', file: 'printers' },
  user: { fr: 'utilisateur local', en: 'local user', file: 'groups' },
  group: { fr: 'groupe local', en: 'local group', file: 'groups' },
  'scheduled-task': { fr: 'tâche planifiée', en: 'scheduled task', file: 'scheduledtasks' },
  file: { fr: 'fichier', en: 'file', file: 'files' },
  shortcut: { fr: 'raccourci', en: 'shortcut', file: 'shortcuts' },
  registry: { fr: 'valeur de registre (préférence)', en: 'registry value (preference)', file: 'registry' },
}

const property = ({ properties }: Preference, name: string): string | undefined =>
  Object.entries(properties).find(([seen]) => sameName(seen, name))?.[1]

/** An item without an action updates ([MS-GPPREF] 2.2.1.1). */
const isAction = ({ action }: Preference, asked: Wanted['action']): boolean =>
  asked === undefined ? action !== 'D' : (action ?? actions.update) === actions[asked]

/** What Windows compares without case: letters of drives, names of accounts, keys and values of the registry. */
const WITHOUT_CASE = /^(letter|username|groupname|name|key|hive)$/i

const isAsked = (item: Preference, { properties, action }: Wanted): boolean =>
  !item.disabled &&
  isAction(item, action) &&
  Object.entries(properties).every(([name, value]) => {
    const seen = property(item, name)
    if (seen === undefined) return false
    return sameValue(seen, value) || (WITHOUT_CASE.test(name) && sameName(seen, String(value)))
  })

/** « The first free one, from this letter on » ([MS-GPPREF] 2.2.1.4.1, `useLetter`): whether it is that one is seen on the workstation. */
const isFirstFree = (item: Preference, { kind, properties }: Wanted): boolean => {
  const asked = Object.keys(properties).map((name) => name.toLowerCase())
  return (
    kind === 'drive' &&
    asked.includes('letter') &&
    !asked.includes('useletter') &&
    property(item, 'useLetter') === '0'
  )
}

const deletes: Text = { fr: 'action « Supprimer »', en: 'action Delete' }
const disabled: Text = { fr: 'élément désactivé', en: 'item disabled' }
const targeted: Text = { fr: 'ciblage au niveau de l’élément', en: 'item-level targeting' }
const readable: Text = {
  fr: 'mot de passe lisible par tous (MS14-025)',
  en: 'password that all can read (MS14-025)',
}

const propertiesText = (kind: Wanted['kind'], shown: readonly string[]): Text => ({
  fr: `${kinds[kind].fr} : ${shown.join(', ')}`,
  en: `${kinds[kind].en}: ${shown.join(', ')}`,
})

function itemText(item: Preference, { kind, properties }: Wanted, side: Text): Text {
  const shown = Object.keys(properties).map(
    (name) => `${printable(name, 40)} ${shownValue(property(item, name) ?? '—')}`,
  )
  return joined([
    propertiesText(kind, shown),
    side,
    ...(item.action === 'D' ? [deletes] : []),
    ...(item.disabled ? [disabled] : []),
    ...(item.filters.length > 0 ? [targeted] : []),
    ...(item.hasPassword ? [readable] : []),
  ])
}

function askedText({ kind, properties, action, scope }: Wanted): Text {
  const shown = Object.entries(properties).map(
    ([name, value]) => `${printable(name, 40)} ${shownValue(value)}`,
  )
  const { fr, en } = joined([
    propertiesText(kind, shown),
    ...(action === undefined ? [] : [{ fr: `action ${actions[action]}`, en: `action ${actions[action]}` }]),
    ...(scope === undefined ? [] : [sideText[scope]]),
  ])
  return { fr: `préférence ${fr}`, en: `preference ${en}` }
}

/** Which half of a policy, as its folders are called. */
const half = { user: 'user', computer: 'machine' } as const

/** A preference. */
export const preference = (wanted: Wanted): AskedSetting => ({
  text: askedText(wanted),
  files: new RegExp(
    `^${wanted.scope ? half[wanted.scope] : '(user|machine)'}/preferences/${kinds[wanted.kind].file}/`,
  ),
  found: (settings) => {
    let unsure = false
    const all = settings.flatMap((one): Found[] => {
      if (one.source !== 'preference' || one.setting.kind !== wanted.kind) return []
      const alike = (wanted.scope ?? one.scope) === one.scope && isAsked(one.setting, wanted)
      const firstFree = alike && isFirstFree(one.setting, wanted)
      unsure ||= firstFree
      return [
        {
          matches: alike && !firstFree,
          side: one.scope,
          text: itemText(one.setting, wanted, sideText[one.scope]),
        },
      ]
    })
    if (unsure && !all.some(({ matches }) => matches))
      throw new NotObserved('control', 'the drive gets the first letter that is free, from that one on')
    return all
  },
})
