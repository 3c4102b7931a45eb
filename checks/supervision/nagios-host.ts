import { z } from 'zod'
import { defineCheck, role } from '../define.ts'
import { pattern } from '../pattern.ts'
import { fail, passIf, unknown } from '../finding.ts'
import { printable, printableList } from '../printable.ts'
import { joined, same, type Text } from '../text.ts'
import { configuredHosts, DEBIAN_PATH, hostStates, readConfigured, readStates } from './nagios-hosts.ts'

const params = z.strictObject({
  on: role('supervision', 'linux'),
  host: z.string().min(1).max(255),
  /** The address that Nagios watches it at. */
  address: z.string().min(1).max(255).optional(),
  /** The state that it must be in; any, once checked, where absent. */
  state: z.enum(['up', 'down', 'unreachable']).optional(),
  /** Where the CGIs are. */
  path: z
    .string()
    .regex(
      pattern(/^(\/[A-Za-z0-9._-]+)+$/, {
        fr: 'un chemin comme /cgi-bin/nagios4',
        en: 'a path like /cgi-bin/nagios4',
      }),
    )
    .default(DEBIAN_PATH),
})
type Params = z.output<typeof params>

const stateNames: Record<number, 'pending' | 'up' | 'down' | 'unreachable'> = {
  1: 'pending',
  2: 'up',
  4: 'down',
  8: 'unreachable',
}
const stateTexts: Record<string, Text> = {
  pending: { fr: 'en attente', en: 'pending' },
  up: { fr: 'joignable (UP)', en: 'up' },
  down: { fr: 'hors service (DOWN)', en: 'down' },
  unreachable: { fr: 'injoignable (UNREACHABLE)', en: 'unreachable' },
}
const asksFor = ({ address, state }: Params): Text =>
  joined([
    { fr: 'répertorié et supervisé', en: 'listed and watched' },
    ...(address === undefined ? [] : [same(address)]),
    ...(state === undefined ? [] : [stateTexts[state]!]),
  ])

export const nagiosHost = defineCheck({
  id: 'supervision.nagios-host',
  criteria: ['C13.2'],
  says: { fr: 'L’équipement {host} est supervisé par Nagios', en: 'Host {host} is watched by Nagios' },
  observes: {
    fr: 'l’hôte dans la configuration de Nagios, et le résultat de sa dernière vérification',
    en: 'the host in the configuration of Nagios, and the result of its last check',
  },
  control: {
    fr: 'le compte de la session voit au moins un autre hôte dans Nagios',
    en: 'the session’s account sees at least one other host in Nagios',
  },
  asks: ['http'],
  proven: 'live',
  params,
  probes: ({ on, path }) => ({ configured: configuredHosts(on, path), states: hostStates(on, path) }),
  judge: (seen, params) => {
    const expected = asksFor(params)
    const configured = readConfigured(seen.configured)
    const host = configured.get(params.host)
    if (!host) {
      // Nagios hides the hosts of which the account is no contact.
      if (configured.size === 0)
        return unknown('control', 'the account sees no host at all in Nagios', expected)
      const others = printableList([...configured.keys()], 12)
      return fail(expected, {
        fr: `non répertorié ; hôtes présents : ${others}`,
        en: `not listed; hosts present: ${others}`,
      })
    }
    const address = printable(host.address, 64)
    const state = readStates(seen.states).get(params.host)
    if (!state?.has_been_checked)
      return fail(expected, {
        fr: `répertorié (${address}), jamais vérifié`,
        en: `listed (${address}), never checked`,
      })
    const name = stateNames[state.status] ?? 'pending'
    const matches =
      (params.address === undefined || host.address === params.address) &&
      (params.state === undefined || name === params.state)
    const observed = joined([{ fr: `répertorié (${address})`, en: `listed (${address})` }, stateTexts[name]!])
    return passIf(matches, expected, observed)
  },
  expects: asksFor,
  byHand: ({ on, host, path }, facts) =>
    same(
      `curl -u … 'http://${facts.targets[on]?.address ?? on}${path}/statusjson.cgi?query=host&hostname=${encodeURIComponent(host)}'`,
    ),
})
