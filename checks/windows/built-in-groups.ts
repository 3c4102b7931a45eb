/**
 * The groups that every Windows Server has, by what they are called in French and in English: an author may use either
 * name, the machine is asked by the SID. (« Windows security identifiers », Microsoft Learn.)
 */
const named: Readonly<Record<string, readonly string[]>> = {
  'S-1-5-32-544': ['administrateurs', 'administrators'],
  'S-1-5-32-545': ['utilisateurs', 'users'],
  'S-1-5-32-546': ['invités', 'guests'],
  'S-1-5-32-547': ['utilisateurs avec pouvoir', 'power users'],
  'S-1-5-32-550': ['opérateurs d’impression', 'print operators'],
  'S-1-5-32-551': ['opérateurs de sauvegarde', 'backup operators'],
  'S-1-5-32-552': ['duplicateurs', 'replicator'],
  'S-1-5-32-555': ['utilisateurs du bureau à distance', 'remote desktop users'],
  'S-1-5-32-556': ['opérateurs de configuration réseau', 'network configuration operators'],
  'S-1-5-32-558': ['utilisateurs de l’analyseur de performances', 'performance monitor users'],
  'S-1-5-32-559': ['utilisateurs du journal de performances', 'performance log users'],
  'S-1-5-32-562': ['utilisateurs du modèle com distribué', 'distributed com users'],
  'S-1-5-32-568': ['iis_iusrs'],
  'S-1-5-32-569': ['opérateurs de chiffrement', 'cryptographic operators'],
  'S-1-5-32-573': ['lecteurs des journaux d’événements', 'event log readers'],
  'S-1-5-32-578': ['administrateurs hyper-v', 'hyper-v administrators'],
  'S-1-5-32-580': ['utilisateurs de gestion à distance', 'remote management users'],
}

const sids = new Map(Object.entries(named).flatMap(([sid, names]) => names.map((name) => [name, sid])))

export const ADMINISTRATORS = 'S-1-5-32-544'

/** The SID of a group of Windows' own, else what was given. */
export const groupAsked = (group: string): string =>
  sids.get(group.toLowerCase().replaceAll("'", '’')) ??
  (/^s-1-/i.test(group) ? group.toUpperCase() : group.toLowerCase())
