import type { Text } from '../../text.ts'
import type { Granted } from './access-list.ts'

/** What an author may ask for. */
export const accessRights = ['none', 'read', 'modify', 'full'] as const
export type AccessRight = (typeof accessRights)[number]

const READ = 0x120089
const MODIFY = 0x1301bf
const FULL = 0x1f01ff

/** What says that an account gets something out of a folder, in the words of Windows' own dialogue. */
const RIGHTS: readonly (readonly [bit: number, name: Text])[] = [
  [0x1, { fr: 'lecture', en: 'read' }],
  [0x2, { fr: 'création de fichiers ou écriture', en: 'create files or write' }],
  [0x4, { fr: 'création de dossiers ou ajout', en: 'create folders or append' }],
  [0x10, { fr: 'écriture d’attributs étendus', en: 'write extended attributes' }],
  [0x40, { fr: 'suppression du contenu', en: 'delete what is inside' }],
  [0x100, { fr: 'écriture d’attributs', en: 'write attributes' }],
  [0x10000, { fr: 'suppression', en: 'delete' }],
  [0x40000, { fr: 'modification des autorisations', en: 'change permissions' }],
  [0x80000, { fr: 'appropriation', en: 'take ownership' }],
]
const bits = (...of: number[]) => of.reduce((mask, bit) => mask | bit, 0)
const SEEN = bits(...RIGHTS.map(([bit]) => bit))
/** Changes of any kind; what `modify` has of them, and what only `full` has. */
const CHANGES = SEEN & ~0x1
const CONTROLS = 0x40000 | 0x80000

/** The right that a set of permissions amounts to; `special` for one in between, which is none of those asked for. */
export function rightOf(mask: number): AccessRight | 'special' {
  if ((mask & SEEN) === 0) return 'none'
  if ((mask & FULL) === FULL) return 'full'
  if ((mask & MODIFY) === MODIFY && (mask & CONTROLS) === 0) return 'modify'
  if ((mask & READ) === READ && (mask & CHANGES) === 0) return 'read'
  return 'special'
}

/** The one right that a granted set is, or null where what is unknown decides. */
export function certainRight({ least, most }: Granted): AccessRight | 'special' | null {
  const right = rightOf(least)
  // Two special sets may have one of the named rights between them.
  const same = right === 'special' ? least === most : right === rightOf(most)
  return same ? right : null
}

const NAMES: Record<AccessRight, Text> = {
  none: { fr: 'aucun accès', en: 'no access' },
  read: { fr: 'lecture', en: 'read' },
  modify: { fr: 'modification', en: 'modify' },
  full: { fr: 'contrôle total', en: 'full control' },
}

export const rightName = (right: AccessRight): Text => NAMES[right]

/** A set of permissions in words. */
export function maskName(mask: number): Text {
  const right = rightOf(mask)
  if (right !== 'special') return NAMES[right]
  const names = RIGHTS.filter(([bit]) => (mask & bit) !== 0).map(([, name]) => name)
  return {
    fr: `autorisations spéciales (${names.map(({ fr }) => fr).join(', ')})`,
    en: `special permissions (${names.map(({ en }) => en).join(', ')})`,
  }
}
