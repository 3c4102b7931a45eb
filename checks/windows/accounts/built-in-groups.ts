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
  'S-1-5-32-552': ['duplicateurs', 'duplicateur', 'replicator'],
  'S-1-5-32-555': ['utilisateurs du bureau à distance', 'remote desktop users'],
  'S-1-5-32-556': ['opérateurs de configuration réseau', 'network configuration operators'],
  'S-1-5-32-558': ['utilisateurs de l’analyseur de performances', 'performance monitor users'],
  'S-1-5-32-559': [
    'utilisateurs du journal de performances',
    'utilisateurs du journal des performances',
    'performance log users',
  ],
  'S-1-5-32-562': ['utilisateurs du modèle com distribué', 'distributed com users'],
  'S-1-5-32-568': ['iis_iusrs'],
  'S-1-5-32-569': ['opérateurs de chiffrement', 'cryptographic operators'],
  'S-1-5-32-573': ['lecteurs des journaux d’événements', 'event log readers'],
  'S-1-5-32-574': ['accès dcom service de certificats', 'certificate service dcom access'],
  'S-1-5-32-575': ['serveurs accès distant rds', 'rds remote access servers'],
  'S-1-5-32-576': ['serveurs rds endpoint', 'rds endpoint servers'],
  'S-1-5-32-577': ['serveurs gestion rds', 'rds management servers'],
  'S-1-5-32-578': ['administrateurs hyper-v', 'hyper-v administrators'],
  'S-1-5-32-579': ['opérateurs d’assistance de contrôle d’accès', 'access control assistance operators'],
  'S-1-5-32-580': ['utilisateurs de gestion à distance', 'remote management users'],
  'S-1-5-32-581': ['system managed accounts group'],
  'S-1-5-32-582': ['storage replica administrators'],
  'S-1-5-32-583': ['propriétaires d’appareils', 'device owners'],
  'S-1-5-32-584': ['user mode hardware operators'],
  'S-1-5-32-585': ['openssh users'],
}

/** Groups that a role makes, with a SID of the machine’s own and a name in the language of Windows. */
const ofRoles: ReadonlySet<string> = new Set([
  'administrateurs dhcp',
  'administrateurs wsus',
  'dhcp administrators',
  'dhcp users',
  'rapporteurs wsus',
  'utilisateurs dhcp',
  'wsus administrators',
  'wsus reporters',
])

/** Whether the absence of that name says nothing, as the group is called otherwise in another language. */
export const isTranslated = (group: string): boolean => ofRoles.has(group.toLowerCase())

const sids = new Map(Object.entries(named).flatMap(([sid, names]) => names.map((name) => [name, sid])))

export const ADMINISTRATORS = 'S-1-5-32-544'

/** The SID of a group of Windows' own, else what was given. */
export const groupAsked = (group: string): string =>
  sids.get(group.toLowerCase().replaceAll("'", '’')) ??
  (/^s-1-/i.test(group) ? group.toUpperCase() : group.toLowerCase())
