import { z } from 'zod'
import { role } from '../../define.ts'
import { described } from '../../described.ts'
import { pattern } from '../../pattern.ts'
import { rule } from '../../rule.ts'
import { rangeMistakes } from './dhcp-ranges.ts'

const addresses = z.string().regex(
  pattern(/^\d{1,3}(\.\d{1,3}){3}(-\d{1,3}(\.\d{1,3}){3})?$/, {
    fr: 'une adresse IPv4, ou deux jointes par un tiret (192.168.10.1-192.168.10.9)',
    en: 'an IPv4 address, or two joined by a hyphen (192.168.10.1-192.168.10.9)',
  }),
)
const optionWords = {
  fr: 'le numéro d’une option, de 1 à 254 : 3 routeur, 6 serveurs DNS, 15 nom de domaine',
  en: 'the number of an option, 1 to 254: 3 router, 6 DNS servers, 15 domain name',
}
const option = z
  .string()
  .regex(pattern(/^\d{1,3}$/, optionWords), { abort: true })
  .refine((id) => Number(id) >= 1 && Number(id) <= 254, { params: optionWords })
const value = z.union([z.string().min(1).max(255), z.number()]).transform(String)
const mac = z.string().regex(
  pattern(/^([0-9A-Fa-f]{2}[:-]?){5}[0-9A-Fa-f]{2}$/, {
    fr: 'une adresse MAC (00-15-5D-01-02-03)',
    en: 'a MAC address (00-15-5D-01-02-03)',
  }),
)

/** What an author asks of a scope. */
export const dhcpScopeParams = z
  .strictObject({
    on: role('windows'),
    network: described(z.union([z.ipv4(), z.cidrv4()]), {
      fr: 'Réseau de l’étendue : 192.168.10.0 ; avec /24, son masque est demandé aussi',
      en: 'Network of the scope: 192.168.10.0; with /24, its mask is asked for as well',
    }),
    start: described(z.ipv4().optional(), {
      fr: 'Première adresse distribuée',
      en: 'First address handed out',
    }),
    end: described(z.ipv4().optional(), { fr: 'Dernière adresse distribuée', en: 'Last address handed out' }),
    active: described(z.boolean().default(true), {
      fr: 'Si l’étendue est activée',
      en: 'Whether the scope is activated',
    }),
    excluded: described(z.array(addresses).min(1).max(32).optional(), {
      fr: 'Adresses que ses exclusions doivent couvrir, seules ou de la première à la dernière (192.168.10.1-192.168.10.9)',
      en: 'Addresses that its exclusions must cover, each alone or first to last (192.168.10.1-192.168.10.9)',
    }),
    leaseHours: described(
      z.union([z.number().positive().max(1_000_000), z.literal('unlimited')]).optional(),
      {
        fr: 'Durée du bail en heures (8 jours font 192), ou unlimited',
        en: 'Duration of a lease in hours (8 days are 192), or unlimited',
      },
    ),
    options: described(
      z
        .record(
          option,
          z.union([value, z.array(value).min(1).max(32)]).transform((values) => [values].flat()),
        )
        .optional(),
      {
        fr: 'Options par numéro (3 routeur, 6 serveurs DNS, 15 nom de domaine, 66 et 67 serveur et fichier de démarrage) : leurs valeurs, dans l’ordre',
        en: 'Options by number (3 router, 6 DNS servers, 15 domain name, 66 and 67 boot server and file): their values, in order',
      },
    ),
    reservations: described(
      z
        .array(
          z.strictObject({
            mac: described(mac, { fr: 'Adresse MAC de la carte', en: 'MAC address of the card' }),
            address: described(z.ipv4(), { fr: 'Adresse qui lui est gardée', en: 'Address kept for it' }),
          }),
        )
        .min(1)
        .max(64)
        .optional(),
      { fr: 'Adresses gardées pour des cartes réseau', en: 'Addresses kept for network cards' },
    ),
    authorised: described(z.boolean().optional(), {
      fr: 'Si le serveur est autorisé dans Active Directory',
      en: 'Whether the server is authorised in Active Directory',
    }),
  })
  .superRefine(rule(rangeMistakes))
