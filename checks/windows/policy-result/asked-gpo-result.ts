import { z } from 'zod'
import { linkablePath } from '../../active-directory/organisational-path.ts'
import { role } from '../../define.ts'
import { described } from '../../described.ts'
import { pattern } from '../../pattern.ts'
import { REASONS } from './policy-result.ts'

/** What an author asks of the policy that a machine applied. */
export const gpoResultParams = z
  .strictObject({
    on: role('windows'),
    user: described(
      z
        .string()
        .regex(
          pattern(/^[^"/[\]:;|=,+*?<>\0-\x1f]{1,256}$/, {
            fr: 'un compte : « c.durand » ou « AGENCE\\c.durand »',
            en: 'an account: “c.durand” or “AGENCE\\c.durand”',
          }),
        )
        .optional(),
      {
        fr: 'Compte dont la stratégie est demandée, comme c.durand ou AGENCE\\c.durand ; celle de l’ordinateur s’il n’est pas donné',
        en: 'Account whose policy is asked for, as c.durand or AGENCE\\c.durand; that of the computer where absent',
      },
    ),
    gpo: described(z.string().min(1).max(256).optional(), {
      fr: 'Nom ou GUID de la GPO',
      en: 'Name or GUID of the Group Policy Object',
    }),
    applied: described(z.boolean().default(true), {
      fr: 'Si elle a été appliquée à la dernière application des stratégies',
      en: 'Whether it was applied when policy was last applied',
    }),
    because: described(z.enum(REASONS).optional(), {
      fr: 'Pourquoi elle ne l’a pas été (avec applied: false) : filtrage de sécurité, filtre WMI, GPO ou lien désactivés, héritage bloqué, rien dedans',
      en: 'Why it was not (with applied: false): security filtering, WMI filter, the GPO or its link disabled, inheritance blocked, nothing in it',
    }),
    linkedTo: described(linkablePath.optional(), {
      fr: 'Unité d’organisation dont le lien l’a fait appliquer, en chemin (Siège/Comptabilité) ; / pour le domaine',
      en: 'Organisational unit whose link made it apply, as a path (Siège/Comptabilité); / for the domain',
    }),
    setting: described(
      z
        .strictObject({
          key: described(z.string().min(1).max(512), {
            fr: 'Clé de registre, sans HKLM ni HKCU : Software\\Policies\\…',
            en: 'Registry key, without HKLM or HKCU: Software\\Policies\\…',
          }),
          value: described(z.string().max(256), { fr: 'Nom de la valeur', en: 'Name of the value' }),
          data: described(z.union([z.string(), z.number(), z.array(z.string()).max(64)]), {
            fr: 'Ce que la valeur contient : texte, nombre, ou liste de textes',
            en: 'What the value holds: text, number, or list of texts',
          }),
        })
        .optional(),
      {
        fr: 'Valeur de registre que fixe la stratégie gagnante',
        en: 'A value of the registry that the winning policy sets',
      },
    ),
  })
  .refine(({ gpo, setting }) => gpo !== undefined || setting !== undefined, {
    params: {
      fr: 'donnez « gpo » (une GPO appliquée ou non), « setting » (une valeur fixée), ou les deux',
      en: 'give “gpo” (a GPO that was applied or not), “setting” (a value that is set), or both',
    },
  })
  .refine(({ applied, because }) => !applied || because === undefined, {
    path: ['because'],
    params: {
      fr: '« because » dit pourquoi la GPO n’est pas appliquée : ajoutez « applied: false », ou retirez-le',
      en: '“because” says why the GPO is not applied: add “applied: false”, or remove it',
    },
  })
  .refine(({ applied, linkedTo }) => applied || linkedTo === undefined, {
    path: ['linkedTo'],
    params: {
      fr: '« linkedTo » dit par quel lien la GPO est appliquée : il ne va pas avec « applied: false »',
      en: '“linkedTo” says by which link the GPO is applied: it does not go with “applied: false”',
    },
  })
