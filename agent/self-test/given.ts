import type { Text } from '../../checks/text.ts'
import { nearest } from '../../checks/nearest.ts'
import { CommandFailure } from '../commands/command-failure.ts'
import { exitCode } from '../commands/exit-code.ts'
import { visibleLine } from '../terminal/visible.ts'
import { quoteArgument } from '../transports/shell/quote.ts'
import { hereIsPossible } from './here.ts'
import type { RoleNeeds } from './needs.ts'

/** What the command line says of one machine already. */
export interface Given {
  here?: true
  user?: string
  address?: string
  port?: number
  passwordEnv?: string
  keyFile?: string
  domain?: string
}

export interface GivenOptions {
  readonly here?: readonly string[]
  readonly machine?: readonly string[]
  readonly passwordEnv?: readonly string[]
  readonly key?: readonly string[]
  readonly domain?: readonly string[]
}

const wrong = (fr: string, en: string) => new CommandFailure({ fr, en }, exitCode.badInput)

/** Reads `--here`, `--machine`, `--password-env`, `--key` and `--domain`. @throws CommandFailure (2) for what they can't mean. */
export function givenMachines(options: GivenOptions, roles: readonly string[]): Map<string, Given> {
  const all = new Map<string, Given>()
  const of = (role: string, option: string): Given => {
    if (!roles.includes(role)) throw unknownRole(role, option, roles)
    const known = all.get(role) ?? {}
    all.set(role, known)
    return known
  }
  const pairs = (option: string, values: readonly string[] = [], shape: Text) =>
    values.map((written): [Given, string] => {
      const at = written.indexOf('=')
      const [role, value] = [written.slice(0, Math.max(at, 0)), written.slice(at + 1)]
      if (at < 1 || value === '') {
        const shown = visibleLine(written, 80)
        throw wrong(
          `${option} « ${shown} » s'écrit ${option} ${shape.fr}`,
          `${option} “${shown}” is written ${option} ${shape.en}`,
        )
      }
      return [of(role, option), value]
    })
  for (const role of options.here ?? []) of(role, '--here').here = true
  for (const [given, value] of pairs('--machine', options.machine, {
    fr: 'RÔLE=[COMPTE@]ADRESSE[:PORT]',
    en: 'ROLE=[USER@]ADDRESS[:PORT]',
  }))
    Object.assign(given, placeOf(value))
  for (const [given, name] of pairs('--password-env', options.passwordEnv, {
    fr: 'RÔLE=VARIABLE',
    en: 'ROLE=VARIABLE',
  })) {
    if (!/^[A-Z_][A-Z0-9_]*$/.test(name))
      throw wrong(
        `--password-env prend le nom d'une variable en majuscules (« MOT_DE_PASSE »), jamais le mot de passe lui-même`,
        `--password-env takes the name of a variable in capitals (“PASSWORD”), never the password itself`,
      )
    if (!process.env[name])
      throw wrong(
        `la variable ${name} est vide : donnez-lui le mot de passe avant de lancer la commande (« read -rs ${name}; export ${name} »)`,
        `the variable ${name} is empty: give it the password before you run the command (“read -rs ${name}; export ${name}”)`,
      )
    given.passwordEnv = name
  }
  for (const [given, file] of pairs('--key', options.key, { fr: 'RÔLE=FICHIER', en: 'ROLE=FILE' }))
    given.keyFile = file
  for (const [given, domain] of pairs('--domain', options.domain, { fr: 'RÔLE=DOMAINE', en: 'ROLE=DOMAIN' }))
    given.domain = domain
  for (const [role, { here, address }] of all)
    if (here && address !== undefined)
      throw wrong(
        `« ${role} » ne peut pas être à la fois ici (--here) et ailleurs (--machine) : gardez l'un des deux`,
        `“${role}” cannot be both here (--here) and elsewhere (--machine): keep one of them`,
      )
  return all
}

/** `[USER@]ADDRESS[:PORT]`; an account may hold an @ of its own, an IPv6 address its colons. */
export function placeOf(written: string): { user?: string; address: string; port?: number } {
  const at = written.lastIndexOf('@')
  const user = at > 0 ? written.slice(0, at) : undefined
  const rest = written.slice(at + 1)
  const [, host, digits] = /^([^:]+):(\d{1,5})$/.exec(rest) ?? []
  const port = Number(digits)
  const place =
    host !== undefined && port >= 1 && port <= 65_535 ? { address: host, port } : { address: rest }
  return user === undefined ? place : { user, ...place }
}

function unknownRole(role: string, option: string, roles: readonly string[]): CommandFailure {
  const near = nearest(role, roles)
  const shown = visibleLine(role, 64)
  return wrong(
    `${option} : pas de rôle « ${shown} » dans ce sujet${near ? ` ; vouliez-vous dire « ${near} » ?` : ''} Il a : ${roles.join(', ')}`,
    `${option}: no role “${shown}” in this exam${near ? `; did you mean “${near}”?` : ''} It has: ${roles.join(', ')}`,
  )
}

/** The command that says all that is needed, to be completed and typed: what is not known yet is in capitals. */
export function wholeCommand(
  program: string,
  exam: string,
  needs: readonly RoleNeeds[],
  given: ReadonlyMap<string, Given>,
  say: (text: Text) => string,
): string {
  const words = needs
    .filter(({ asked }) => asked)
    .flatMap((need): string[] => {
      const { role } = need
      const known = given.get(role) ?? {}
      if (known.here || (known.address === undefined && needs.length === 1 && hereIsPossible(need)))
        return ['--here', role]
      const account = need.needs.size > 0 && !(need.needs.size === 1 && need.needs.has('snmp'))
      const user = known.user ?? say({ fr: 'COMPTE', en: 'USER' })
      const address = `${known.address ?? say({ fr: 'ADRESSE', en: 'ADDRESS' })}${known.port === undefined ? '' : `:${known.port}`}`
      return [
        '--machine',
        quoteArgument(`${role}=${account ? `${user}@` : ''}${address}`),
        ...(need.needs.size === 0
          ? []
          : known.keyFile === undefined
            ? ['--password-env', `${role}=${known.passwordEnv ?? say({ fr: 'VARIABLE', en: 'VARIABLE' })}`]
            : ['--key', quoteArgument(`${role}=${known.keyFile}`)]),
        ...(need.needs.has('directory') && known.domain === undefined
          ? ['--domain', `${role}=${need.domain ?? say({ fr: 'DOMAINE', en: 'DOMAIN' })}`]
          : []),
      ]
    })
  return [program, 'self-test', quoteArgument(exam), ...words].join(' ')
}
