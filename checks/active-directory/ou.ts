import { z } from 'zod'
import { defineCheck, role } from '../define.ts'
import { fail, pass } from '../finding.ts'
import type { Text } from '../text.ts'
import { distinguishedNameAt, onDomainController } from './by-hand.ts'
import { rdnsOf, unitPath } from './organisational-path.ts'
import { containerAt, lookalikes, mustAskFor, tree } from './organisational-units.ts'
import { powerShellArgument, quoted, quotedList } from './quoted-name.ts'
import { container, domain, organisationalUnits, type Searches } from './searches.ts'

const params = z.strictObject({
  on: role('windows'),
  /** From the domain down, with slashes: `Siège/Comptabilité`. */
  path: unitPath,
})

const expected = (path: string): Text => ({
  fr: `unité d'organisation ${quoted(path).fr} dans le domaine`,
  en: `organisational unit ${quoted(path).en} in the domain`,
})

export const organisationalUnit = defineCheck({
  id: 'active-directory.ou',
  criteria: ['C8.1'],
  says: {
    fr: "L'unité d'organisation « {path} » existe",
    en: 'Organisational unit “{path}” exists',
  },
  observes: {
    fr: "Les unités d'organisation du domaine, telles que l'annuaire les montre au compte de lecture",
    en: 'The organisational units of the domain, as the directory shows them to the reading account',
  },
  control: {
    fr: "L'unité « Domain Controllers », que tout domaine possède, est montrée au même compte",
    en: 'The unit “Domain Controllers”, which every domain has, is shown to the same account',
  },
  asks: ['ldap'],
  proven: 'live',
  params,
  probes: ({ on }): Searches => ({
    domain: domain(on),
    units: organisationalUnits(on),
  }),
  then: (seen, { on, path }): Searches =>
    mustAskFor(tree(seen['domain'], seen['units']), path) ? { exact: container(on, rdnsOf(path)) } : {},
  judge: (seen, { path }) => {
    const units = tree(seen['domain'], seen['units'])
    const found = containerAt(units, path, seen['exact'])
    if (found) return pass(expected(path), quoted(found.path))
    const alike = lookalikes(units, path)
    if (alike.length === 0)
      return fail(expected(path), {
        fr: 'aucune unité de ce nom',
        en: 'no unit of that name',
      })
    return fail(expected(path), {
      fr: `aucune unité à cet endroit et de ce nom exact ; vu : ${quotedList(alike).fr}`,
      en: `no unit at that place with that exact name; seen: ${quotedList(alike).en}`,
    })
  },
  expects: ({ path }) => expected(path),
  byHand: ({ on, path }, facts) =>
    onDomainController(
      `Get-ADOrganizationalUnit -Identity ${powerShellArgument(distinguishedNameAt(path, on, facts))}`,
      'samba-tool ou list',
    ),
})
