import { MalformedPolicyFile } from './policy-file.ts'
import { policyXml, type XmlElement } from './policy-xml.ts'

/** An element as it is written, without any `cpassword`. */
export interface PreferenceElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly text: string
  readonly children: readonly PreferenceElement[]
}

/** One item of the preferences ([MS-GPPREF] 2.2). */
export interface Preference {
  readonly kind: 'drive' | 'printer' | 'user' | 'group' | 'scheduled-task' | 'file' | 'shortcut' | 'registry'
  /** The element: `TaskV2` and `ImmediateTaskV2` are both scheduled tasks. */
  readonly element: string
  /** Create, replace, update, delete; null where the item doesn't say. */
  readonly action: 'C' | 'R' | 'U' | 'D' | null
  readonly name: string
  /** The attributes of its `Properties`. */
  readonly properties: Readonly<Record<string, string>>
  /** What is inside its `Properties`: members of a group, the actions of a task. */
  readonly details: readonly PreferenceElement[]
  /** Item-level targeting, of the item and of the collections around it: shown, never judged. */
  readonly filters: readonly PreferenceElement[]
  /** The item, a collection around it or the whole file. */
  readonly disabled: boolean
  /** It holds a `cpassword`, which anyone of the domain can decrypt (MS14-025). Its value is never kept. */
  readonly hasPassword: boolean
}

export interface Preferences {
  readonly preferences: readonly Preference[]
  /** Names of items that are not known here. */
  readonly unknownItems: readonly string[]
}

const KINDS: ReadonlyMap<string, Preference['kind']> = new Map([
  ['Drive', 'drive'],
  ['SharedPrinter', 'printer'],
  ['PortPrinter', 'printer'],
  ['LocalPrinter', 'printer'],
  ['User', 'user'],
  ['Group', 'group'],
  ['Task', 'scheduled-task'],
  ['TaskV2', 'scheduled-task'],
  ['ImmediateTask', 'scheduled-task'],
  ['ImmediateTaskV2', 'scheduled-task'],
  ['File', 'file'],
  ['Shortcut', 'shortcut'],
  ['Registry', 'registry'],
])
const ROOTS = new Set([
  'Drives',
  'Printers',
  'Groups',
  'ScheduledTasks',
  'Files',
  'Shortcuts',
  'RegistrySettings',
])

interface Around {
  readonly disabled: boolean
  readonly filters: readonly PreferenceElement[]
}

/**
 * The items of Drives.xml, Printers.xml, Groups.xml, ScheduledTasks.xml, Files.xml, Shortcuts.xml or Registry.xml, in
 * order, those inside collections too. Throws MalformedPolicyFile for anything else.
 */
export function preferences(bytes: Uint8Array): Preferences {
  const root = policyXml(bytes)
  if (!ROOTS.has(root.name)) throw new MalformedPolicyFile('not a file of preferences', null)
  const found: Preference[] = []
  const unknownItems: string[] = []
  const collect = (parent: XmlElement, around: Around) => {
    for (const child of parent.children) {
      const kind = KINDS.get(child.name)
      if (kind) found.push(preference(child, kind, around))
      else if (child.name === 'Collection') collect(child, within(child, around))
      else if (child.name !== 'Filters') unknownItems.push(child.name)
    }
  }
  collect(root, within(root, { disabled: false, filters: [] }))
  return { preferences: found, unknownItems }
}

function preference(item: XmlElement, kind: Preference['kind'], around: Around): Preference {
  const properties = item.children.find((child) => child.name === 'Properties')
  if (!properties) throw new MalformedPolicyFile('an item without Properties', null)
  return {
    kind,
    element: item.name,
    action: actionOf(properties.attributes.get('action')),
    name: item.attributes.get('name') ?? '',
    properties: withoutPassword(properties),
    details: properties.children.map(shown),
    ...within(item, around),
    hasPassword: holdsPassword(item),
  }
}

const within = (element: XmlElement, around: Around): Around => ({
  disabled: around.disabled || element.attributes.get('disabled') === '1',
  filters: [
    ...around.filters,
    ...element.children.filter((c) => c.name === 'Filters').flatMap((c) => c.children.map(shown)),
  ],
})

function actionOf(said: string | undefined): Preference['action'] {
  if (said === undefined || said === '') return null
  if (said === 'C' || said === 'R' || said === 'U' || said === 'D') return said
  throw new MalformedPolicyFile('an action other than C, R, U and D', null)
}

const shown = (element: XmlElement): PreferenceElement => ({
  name: element.name,
  attributes: withoutPassword(element),
  text: isPassword(element.name) ? '' : element.text,
  children: element.children.map(shown),
})

const isPassword = (name: string) => name.toLowerCase() === 'cpassword'

const withoutPassword = (element: XmlElement): Record<string, string> =>
  Object.fromEntries([...element.attributes].filter(([name]) => !isPassword(name)))

/** An empty one is what the editor writes where no password was typed. */
const holdsPassword = (element: XmlElement): boolean =>
  [...element.attributes].some(([name, value]) => isPassword(name) && value !== '') ||
  element.children.some(holdsPassword)
