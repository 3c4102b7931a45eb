import { z } from 'zod'
import { pattern } from '../../pattern.ts'
import { rule, type Mistake } from '../../rule.ts'
import type { Text } from '../../text.ts'
import { isSid, nameIn, SID } from './account.ts'
import { groupAsked } from './built-in-groups.ts'

/** No space in the first part: the authorities of Windows' own (NT AUTHORITY, AUTORITE NT) have names in each language. */
const NAMED = /^(?!builtin\\)([A-Za-z0-9][A-Za-z0-9._-]{0,62}|\.)\\[^"/\\[\]:;|=,+*?<>\0-\x1f]{1,104}$/i

/** One of Windows' own accounts, which an author may not name: what it is called differs from language to language. */
interface Own {
  /** The word for it, where a parameter has one. */
  readonly keyword?: string
  /** Whole, or what it ends in where it begins with that of a domain or machine. */
  readonly sid: string
  readonly names: readonly string[]
}
const owns: readonly Own[] = [
  {
    keyword: 'local-system',
    sid: 'S-1-5-18',
    names: ['système', 'system', 'localsystem', 'local system', 'système local'],
  },
  { keyword: 'local-service', sid: 'S-1-5-19', names: ['service local', 'local service', 'localservice'] },
  {
    keyword: 'network-service',
    sid: 'S-1-5-20',
    names: ['service réseau', 'network service', 'networkservice'],
  },
  { keyword: 'everyone', sid: 'S-1-1-0', names: ['tout le monde', 'everyone'] },
  { sid: 'S-1-5-11', names: ['utilisateurs authentifiés', 'authenticated users'] },
  { sid: '-500', names: ['administrateur', 'administrator'] },
  { sid: '-501', names: ['invité', 'guest'] },
  { keyword: 'domain-admins', sid: '-512', names: ['admins du domaine', 'domain admins'] },
  { keyword: 'domain-users', sid: '-513', names: ['utilisateurs du domaine', 'domain users'] },
  { keyword: 'domain-guests', sid: '-514', names: ['invités du domaine', 'domain guests'] },
  { sid: '-515', names: ['ordinateurs du domaine', 'domain computers'] },
  { sid: '-516', names: ['contrôleurs de domaine', 'domain controllers'] },
  { sid: '-517', names: ['éditeurs de certificats', 'cert publishers'] },
  { sid: '-518', names: ['administrateurs du schéma', 'schema admins'] },
  { sid: '-519', names: ['administrateurs de l’entreprise', 'enterprise admins'] },
  {
    sid: '-520',
    names: ['propriétaires créateurs de la stratégie de groupe', 'group policy creator owners'],
  },
  { sid: '-521', names: ['contrôleurs de domaine en lecture seule', 'read-only domain controllers'] },
  {
    sid: '-498',
    names: [
      'contrôleurs de domaine d’entreprise en lecture seule',
      'enterprise read-only domain controllers',
    ],
  },
  { sid: '-522', names: ['contrôleurs de domaine clonables', 'cloneable domain controllers'] },
  { sid: '-526', names: ['administrateurs clés', 'key admins'] },
  { sid: '-527', names: ['administrateurs clés enterprise', 'enterprise key admins'] },
  { sid: '-553', names: ['serveurs ras et ias', 'ras and ias servers'] },
  {
    sid: '-571',
    names: [
      'groupe de réplication dont le mot de passe rodc est autorisé',
      'allowed rodc password replication group',
    ],
  },
  {
    sid: '-572',
    names: [
      'groupe de réplication dont le mot de passe rodc est refusé',
      'denied rodc password replication group',
    ],
  },
]
const byName = new Map(owns.flatMap((own) => own.names.map((name) => [name, own])))

const ownNamed = (written: string): Own | undefined => {
  const name = nameIn(written).replaceAll("'", '’')
  const group = groupAsked(name)
  return byName.get(name) ?? (isSid(group) ? { sid: group, names: [] } : undefined)
}

/** Which accounts a parameter takes: its own words for some, and of SIDs all, or those of a domain or machine only. */
interface Takes {
  readonly keywords: readonly string[]
  readonly sids?: 'all' | 'of-domain'
}

const ofDomain: Text = {
  fr: 'un utilisateur ou un groupe du domaine ou de la machine est attendu ici',
  en: 'a user or a group of the domain or of the machine is expected here',
}
const orKeywords = ({ keywords }: Takes): Text =>
  keywords.length === 0
    ? { fr: '', en: '' }
    : {
        fr: `, ou l’un de ces mots : ${keywords.join(', ')}`,
        en: `, or one of these words: ${keywords.join(', ')}`,
      }

/** What to write instead of the name of one of Windows' own accounts. */
function insteadOf({ keyword, sid }: Own, takes: Takes): Text {
  if (keyword !== undefined && takes.keywords.includes(keyword))
    return { fr: `écrivez ${keyword}`, en: `write ${keyword}` }
  if (sid.startsWith('-'))
    return { fr: `donnez son SID, qui finit par ${sid}`, en: `give its SID, which ends in ${sid}` }
  if (takes.sids !== 'of-domain') return { fr: `écrivez ${sid}`, en: `write ${sid}` }
  const { fr, en } = orKeywords(takes)
  return { fr: `${ofDomain.fr}${fr}`, en: `${ofDomain.en}${en}` }
}

function* mistakesIn(written: string, takes: Takes): Generator<Mistake> {
  const at = (words: Text): Mistake => ({ path: [], words })
  if (isSid(written)) {
    if (takes.sids === 'of-domain' && !/^S-1-5-21-/i.test(written))
      yield at(insteadOf({ sid: written, names: [] }, takes))
    return
  }
  const own = ownNamed(written)
  if (own) {
    const { fr, en } = insteadOf(own, takes)
    yield at({
      fr: `le nom de ce compte dépend de la langue de Windows : ${fr}`,
      en: `the name of this account depends on the language of Windows: ${en}`,
    })
  } else if (/^nt service\\/i.test(written) && takes.keywords.includes('virtual'))
    yield at({
      fr: 'le compte virtuel d’un service s’écrit virtual',
      en: 'the virtual account of a service is written virtual',
    })
  else if (!written.includes('\\') && !/^S-1-/i.test(written)) {
    const name = written.replace(/@.*$/, '')
    const { fr, en } = orKeywords(takes)
    yield at({
      fr: `dites d’où est ce compte : « DOMAINE\\${name} », « .\\${name} » s’il est de la machine elle-même, ou son SID${fr}`,
      en: `say where this account is from: “DOMAIN\\${name}”, “.\\${name}” if it is of the machine itself, or its SID${en}`,
    })
  }
}

/** An account as an author names it, but for the words of the parameter. */
export const accountText = (takes: Takes) =>
  z
    .string()
    .max(184)
    .superRefine(rule((written: string) => mistakesIn(written, takes)))
    .regex(
      pattern(new RegExp(`${SID.source}|${NAMED.source}`, 'i'), {
        fr: 'un compte : son SID, « DOMAINE\\nom », ou « .\\nom » pour un compte de la machine elle-même',
        en: 'an account: its SID, “DOMAIN\\name”, or “.\\name” for an account of the machine itself',
      }),
    )

/** An account as an author names it: by a word, or as the machine resolves it; compared by its SID. */
export const accountOf = <const K extends string>(keywords: readonly K[], sids: Takes['sids'] = 'all') =>
  z.union([z.enum(keywords), accountText({ keywords, sids })])
