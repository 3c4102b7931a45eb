import { z } from 'zod'
import { role } from '../../define.ts'
import { described } from '../../described.ts'
import { pattern } from '../../pattern.ts'
import { rule, type Mistake } from '../../rule.ts'
import { RECORD_TYPES, UPDATES, ZONE_TYPES } from './dns-zones.ts'

const domainName = z
  .string()
  .max(253)
  .regex(
    pattern(/^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?$/, {
      fr: 'un nom DNS, comme « agence1.lan » ou « www »',
      en: 'a DNS name, like “agence1.lan” or “www”',
    }),
  )
const address = z.union([z.ipv4(), z.ipv6()])
const special = z.string().regex(
  pattern(/^(@|\*(\.[A-Za-z0-9_.-]+)?)$/, {
    fr: '"@" pour la zone elle-même, "*" pour tous les autres noms',
    en: '"@" for the zone itself, "*" for all other names',
  }),
)

/** What is said of a zone or a record that isn't named. */
function* withoutItsZone(asked: Readonly<Record<string, unknown>>): Generator<Mistake> {
  const needs = (above: string, keys: readonly string[]): Mistake[] =>
    keys
      .filter((key) => asked[key] !== undefined && asked[above] === undefined)
      .map((key) => ({
        path: [key],
        words: { fr: `demande aussi « ${above} »`, en: `takes “${above}” as well` },
      }))
  yield* needs('zone', ['name', 'zoneType', 'integrated', 'updates', 'masters'])
  yield* needs('name', ['value', 'static'])
}
/** What an author asks of a DNS server. */
export const dnsRecordParams = z
  .strictObject({
    on: role('windows'),
    zone: described(domainName.optional(), {
      fr: 'Zone que tient le serveur ; pour un redirecteur conditionnel, le domaine redirigé',
      en: 'A zone that the server holds; for a conditional forwarder, the domain that it forwards',
    }),
    zoneType: described(z.enum(ZONE_TYPES).optional(), { fr: 'Type de la zone', en: 'Type of the zone' }),
    integrated: described(z.boolean().optional(), {
      fr: 'Si la zone est gardée dans Active Directory',
      en: 'Whether the zone is kept in Active Directory',
    }),
    updates: described(z.enum(UPDATES).optional(), {
      fr: 'Mises à jour dynamiques : none aucune, secure sécurisées seulement, any toutes',
      en: 'Dynamic updates: none, secure only, or any',
    }),
    masters: described(z.array(address).min(1).max(16).optional(), {
      fr: 'Adresses qui doivent être parmi les serveurs que copie une zone secondaire ou de stub, ou qu’interroge un redirecteur conditionnel',
      en: 'Addresses that must be among the servers that a secondary or stub zone copies, or that a conditional forwarder asks',
    }),
    name: described(z.union([domainName, z.ipv4(), special]).optional(), {
      fr: 'Nom de l’enregistrement, dans la zone ou entier : www, "*", "@" pour la zone elle-même ; pour un PTR, l’adresse IPv4 suffit',
      en: 'Name of a record, within the zone or whole: www, "*", "@" for the zone itself; for a PTR, the IPv4 address will do',
    }),
    type: described(z.enum(RECORD_TYPES).default('A'), {
      fr: 'Type de l’enregistrement',
      en: 'Type of the record',
    }),
    value: described(
      z
        .union([z.string().min(1), z.array(z.string().min(1)).min(1).max(16)])
        .transform((value) => [value].flat())
        .optional(),
      {
        fr: 'Ce qui doit être parmi ses données, comme « dig +short » le montre : 10 mail.agence.lan pour un MX',
        en: 'What must be among its data, as “dig +short” shows it: 10 mail.agence.lan for an MX',
      },
    ),
    static: described(z.boolean().optional(), {
      fr: 'Statique, fait par un administrateur, ou inscrit par la machine elle-même',
      en: 'Static, as an administrator made it, or registered by the machine itself',
    }),
    exists: described(z.boolean().default(true), {
      fr: 'Si l’enregistrement doit exister, ou la zone où « name » n’est pas donné',
      en: 'Whether the record must exist, or the zone where “name” is not given',
    }),
    forwarders: described(z.array(address).min(1).max(16).optional(), {
      fr: 'Adresses qui doivent être parmi les redirecteurs du serveur',
      en: 'Addresses that must be among the forwarders of the server',
    }),
  })
  .refine(({ zone, name, forwarders }) => [zone, name, forwarders].some((one) => one !== undefined), {
    params: {
      fr: 'donnez « zone » (avec « name » pour un enregistrement), « forwarders », ou les deux',
      en: 'give “zone” (with “name” for a record), “forwarders”, or both',
    },
  })
  .superRefine(rule(withoutItsZone))
