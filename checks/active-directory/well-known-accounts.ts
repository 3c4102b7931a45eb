import type { Text } from '../text.ts'

/** Identities that are the same on every Windows ([MS-DTYP] 2.4.2.4), by their SIDs, as its own dialogues call them. */
export const wellKnownAccounts: Readonly<Record<string, Text>> = {
  'S-1-1-0': { fr: 'Tout le monde', en: 'Everyone' },
  'S-1-5-11': { fr: 'Utilisateurs authentifiés', en: 'Authenticated Users' },
  'S-1-5-9': { fr: "Contrôleurs de domaine d'entreprise", en: 'Enterprise Domain Controllers' },
  'S-1-5-18': { fr: 'Système', en: 'System' },
}
