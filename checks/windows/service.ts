import { z } from 'zod'
import { powerShellArgument, quoted } from '../active-directory/quoted-name.ts'
import { defineCheck, role } from '../define.ts'
import { described } from '../described.ts'
import { passIf, unknown } from '../finding.ts'
import { returned } from '../observation.ts'
import { pattern } from '../pattern.ts'
import { same, type Text } from '../text.ts'
import type { Resolved } from './accounts/account.ts'
import { accountOf } from './accounts/account-name.ts'
import { expectedOf, judgeAspects, type Aspect } from '../aspects.ts'
import { logsOnAs, ownAccounts, runs, starts, startsAs } from './services/service-state.ts'
import {
  namedServices,
  serviceNamed,
  servicesShape,
  showsServices,
  type Service,
} from './services/services.ts'

const params = z.strictObject({
  on: role('windows'),
  name: described(
    z.string().regex(
      pattern(/^[^/\\\0-\x1f]{1,256}$/, {
        fr: 'le nom court du service, comme « DHCPServer »',
        en: 'the short name of the service, like “DHCPServer”',
      }),
    ),
    {
      fr: 'Nom court du service (DHCPServer, Spooler), et non celui qui est affiché',
      en: 'Short name of the service (DHCPServer, Spooler), not the one that is displayed',
    },
  ),
  running: described(z.boolean().default(true), {
    fr: 'S’il doit être en cours d’exécution, ou arrêté',
    en: 'Whether it must be running, or stopped',
  }),
  start: described(z.enum([...starts, 'any']).default('automatic'), {
    fr: 'Démarrage : automatic avec ou sans délai, delayed différé, immediate sans délai ; any si c’est égal',
    en: 'How it starts: automatic with or without delay, delayed or immediate for one of them; any where it does not matter',
  }),
  account: described(accountOf(ownAccounts).optional(), {
    fr: 'Compte sous lequel il s’exécute : local-system, local-service, network-service, virtual (NT SERVICE\\…), un SID, ou DOMAINE\\nom',
    en: 'Whom it logs on as: local-system, local-service, network-service, virtual (NT SERVICE\\…), a SID, or DOMAIN\\name',
  }),
})
type Params = z.output<typeof params>

const subject = ({ name }: Params): Text => ({
  fr: `service ${quoted(name).fr}`,
  en: `service ${quoted(name).en}`,
})

const displayedName = (displayed: string, name: string): Text => ({
  fr: `${quoted(displayed).fr} est le nom affiché du service ${quoted(name).fr} : le sujet doit nommer celui-ci`,
  en: `${quoted(displayed).en} is the displayed name of service ${quoted(name).en}: the exam has to name that one`,
})

const aspects = ({ running, start, account }: Params, resolved: Resolved): Aspect<Service>[] => [
  runs(running),
  ...(start === 'any' ? [] : [startsAs(start)]),
  ...(account === undefined ? [] : [logsOnAs(account, resolved)]),
]

export const service = defineCheck({
  id: 'windows.service',
  criteria: ['C8.3'],
  says: { fr: 'Le service {name} est dans l’état demandé', en: 'Service {name} is in the state asked for' },
  observes: {
    fr: 'l’état du service, son type de démarrage et le compte sous lequel il s’exécute, selon le gestionnaire de services et le registre',
    en: 'the state of the service, its start type and the account that it runs as, by the service control manager and the registry',
  },
  control: {
    fr: 'le service RpcSs, sans lequel aucun Windows ne fonctionne, est montré en cours d’exécution au même compte ; un service n’est dit absent que si le registre ne le connaît pas non plus',
    en: 'service RpcSs, without which no Windows works, is shown running to the same account; a service is called absent only where the registry does not know it either',
  },
  asks: ['powershell'],
  proven: 'recorded',
  params,
  probes: ({ on, name }, _facts, siblings) => {
    const together = siblings.filter((other) => other.on === on)
    return {
      services: namedServices(
        on,
        name,
        together.map((other) => other.name),
        together.flatMap(({ account }) => (account?.includes('\\') ? [account] : [])),
      ),
    }
  },
  judge: ({ services }, p) => {
    const seen = returned(services, servicesShape)
    const asked = aspects(p, seen.accounts)
    const expected = expectedOf(subject(p), asked)
    const found = serviceNamed(seen, p.name)
    if (!showsServices(seen) || !found) return unknown('control', 'RpcSs was not shown as running', expected)
    if (found.present) return judgeAspects(subject(p), asked, found)
    // A paper that names what this Windows displays: no fault of the candidate's.
    if (found.displayedBy !== null)
      return unknown('not-asked', `the exam names what is displayed, not ${found.displayedBy}`, expected, {
        blame: 'grader',
        observed: displayedName(p.name, found.displayedBy),
      })
    const { denied, type, start } = found.registration
    // Without either, what is left in the registry is the remains of a service, or a folder for its settings.
    if (denied || type !== null || start !== null)
      return unknown('control', 'registered, but not among the services shown to this account', expected)
    const { name: text } = p
    const fit = !p.running && (p.start === 'any' || p.start === 'disabled') && p.account === undefined
    return passIf(fit, expected, {
      fr: `aucun service ${quoted(text).fr} sur la machine`,
      en: `no service ${quoted(text).en} on the machine`,
    })
  },
  expects: (p) => expectedOf(subject(p), aspects(p, [])),
  byHand: ({ name }) =>
    same(
      `Get-CimInstance Win32_Service | Where-Object Name -eq ${powerShellArgument(name)} | Format-List Name, State, StartMode, DelayedAutoStart, StartName`,
    ),
})
