import { isIP } from 'node:net'
import { z } from 'zod'
import { seenFrom } from '../doctor/network.ts'
import { remedy, type Remedy } from '../doctor/remedies/remedy.ts'
import { missingSecret } from '../doctor/remedies/secrets.ts'
import { agentKey } from '../evidence/agent-key.ts'
import { loadSession, type LoadedSession } from '../run/load.ts'
import { programName } from '../terminal/program-name.ts'
import { visibleLine } from '../terminal/visible.ts'
import { CommandFailure } from './command-failure.ts'
import { diagnosticLines } from './diagnostics.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { secretsOf, type From } from './prepare/expected.ts'
import { preparationOf, type NeededSecret, type Preparation } from './prepare/preparation.ts'
import { publicKeyLine } from './prepare/public-key.ts'
import { reportLines } from './prepare/report.ts'
import { knownSecrets, type KnownSecrets } from './prepare/secret-state.ts'
import { sourcesOf } from './sources.ts'
import { accountName } from '../terminal/account-name.ts'
import type { CommandContext, Options } from './verb.ts'

/**
 * `probant prepare --session FILE`: what must be there before the day, system by system, and the lines to paste. Contacts
 * nothing; writes nothing but the agent's key where there is none yet.
 * Exit 2 where the session has mistakes, or no such role.
 */
export async function prepare(
  _args: readonly string[],
  options: Options,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal } = context
  const { loaded, diagnostics } = await loadSession(String(options['session']), await sourcesOf(context))
  // What the session lacks is to be prepared as well; remarks about the exam are its author's.
  const shown = diagnostics.filter(
    ({ severity, file }) => severity === 'error' || file === options['session'],
  )
  for (const line of diagnosticLines(shown, terminal)) terminal.err(line)
  if (!loaded)
    throw new CommandFailure(
      {
        fr: 'rien à préparer tant que la session a des erreurs : corrigez-les d’abord',
        en: 'nothing to prepare as long as the session has mistakes: correct them first',
      },
      exitCode.badInput,
    )
  const from = options['from'] === undefined ? null : fromTyped(String(options['from']))
  const secrets = await knownSecrets(referencesOf(loaded), terminal.lang)
  const whole = preparationOf(loaded, {
    fromOf: await fromOf(loaded, from),
    publicKeyOf: publicKeys(loaded, secrets),
    date: loaded.session.file.date,
    agentUser: accountName(),
  })
  const preparation = ofRole(whole, options['role'])
  const key = await agentKey()
  const agent = [...onAgent(preparation), ...ofSecrets(preparation.secrets, secrets)]
  if (options['json']) {
    const { lang } = terminal
    const plain = ({ says, ...rest }: Remedy) => ({ ...rest, says: says[lang] })
    const roles = preparation.roles.map(({ variants, ...role }) => ({
      ...role,
      variants: variants.map(({ steps, ...variant }) => ({ ...variant, steps: steps.map(plain) })),
    }))
    terminal.out(
      JSON.stringify({
        session: loaded.hashes.session,
        date: loaded.session.file.date,
        roles,
        openings: preparation.openings,
        agent: {
          publicKey: key.publicKey,
          fingerprint: key.fingerprint,
          programs: preparation.programs,
          steps: agent.map(plain),
        },
        secrets: preparation.secrets.map(({ role, credential, origin }) => ({
          role,
          credential,
          kind: origin.kind,
          reference: origin.from,
          state: secrets.stateOf(origin.from),
        })),
      }),
    )
    return exitCode.ok
  }
  const { title, date, candidates } = loaded.session.file
  const facts = {
    title: title ?? loaded.exam.title,
    exam: loaded.exam.title,
    date,
    candidates: candidates.length,
    from: from === null ? null : (from.network ?? from.address),
    agentKey: key.fingerprint,
    agent,
  }
  for (const line of reportLines(preparation, facts, terminal)) terminal.out(line)
  return exitCode.ok
}

const addressOrNetwork = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])

function fromTyped(written: string): From {
  if (!addressOrNetwork.safeParse(written).success)
    throw new CommandFailure(
      {
        fr: `« ${visibleLine(written, 64)} » n'est ni une adresse ni un réseau : écrivez par exemple 10.0.0.5 ou 10.0.0.0/24`,
        en: `“${visibleLine(written, 64)}” is neither an address nor a network: write for instance 10.0.0.5 or 10.0.0.0/24`,
      },
      exitCode.badInput,
    )
  return written.includes('/') ? { address: null, network: written } : { address: written, network: null }
}

/** From where each machine would be asked: as typed, else as this computer's own routes say; a name is not resolved. */
async function fromOf(
  { candidates, session }: LoadedSession,
  typed: From | null,
): Promise<(address: string) => From> {
  const addresses = new Set(
    candidates.flatMap(({ resolved }) => Object.values(resolved.targets).map(({ target }) => target.address)),
  )
  if (session.file.control) addresses.add(session.file.control.address)
  const nowhere: From = { address: null, network: null }
  const seen = new Map<string, From>()
  for (const address of addresses)
    seen.set(address, typed ?? (isIP(address) ? await seenFrom(address) : nowhere))
  return (address) => seen.get(address) ?? nowhere
}

const credentialsOf = ({ candidates }: LoadedSession) =>
  candidates.flatMap(({ resolved }) => Object.values(resolved.credentials))

const referencesOf = (loaded: LoadedSession): string[] =>
  credentialsOf(loaded).flatMap((credential) => secretsOf(credential).map(({ from }) => from))

function publicKeys(loaded: LoadedSession, { valueOf }: KnownSecrets): (key: string) => string | null {
  const lines = new Map<string, string | null>()
  for (const { key, passphrase } of credentialsOf(loaded)) {
    const value = key === undefined ? undefined : valueOf(key)
    if (key === undefined || value === undefined || lines.get(key)) continue
    lines.set(key, publicKeyLine(value, passphrase === undefined ? undefined : valueOf(passphrase)))
  }
  return (key) => lines.get(key) ?? null
}

function ofRole(preparation: Preparation, role: Options[string]): Preparation {
  if (role === undefined) return preparation
  const roles = preparation.roles.filter((one) => one.role === role)
  if (roles.length === 0)
    throw new CommandFailure(
      {
        fr: `pas de machine « ${visibleLine(String(role), 64)} » à préparer ; choisissez parmi : ${preparation.roles.map((one) => one.role).join(', ')}`,
        en: `no machine “${visibleLine(String(role), 64)}” to prepare; choose among: ${preparation.roles.map((one) => one.role).join(', ')}`,
      },
      exitCode.badInput,
    )
  const openings = preparation.openings.filter((one) => one.role === role || one.asker === role)
  const secrets = preparation.secrets.filter((one) => one.role === role)
  return { ...preparation, roles, openings, secrets }
}

const packages = { ping: 'iputils-ping', smbclient: 'smbclient' } as const

function onAgent({ programs }: Preparation): Remedy[] {
  return [
    remedy(
      'agent',
      `Probant y lance ${programs.join(' et ')} (Debian)`,
      `Probant starts ${programs.join(' and ')} there (Debian)`,
      `apt-get install --yes ${programs.map((program) => packages[program]).join(' ')}`,
    ),
  ]
}

/** What the secrets still want: each missing one by its name; where the vault stayed closed, that is said. */
function ofSecrets(needed: readonly NeededSecret[], { stateOf, closed, valueOf }: KnownSecrets): Remedy[] {
  const origins = [...new Map(needed.map(({ origin }) => [origin.from, origin])).values()]
  const missing = origins.filter(({ from }) => stateOf(from) === 'missing')
  const unseen = origins.filter(({ from }) => stateOf(from) === 'vault-closed')
  const withoutKey = origins.some(({ kind, from }) => kind === 'key' && valueOf(from) === undefined)
  return [
    ...missing.map((origin) => missingSecret(origin, { again: '' })),
    ...(unseen.length > 0 && closed
      ? [
          remedy(
            'agent',
            `Coffre non ouvert (${closed.text.fr}) : ces noms y sont-ils ? ${unseen.map(({ from }) => from.replace('vault:', '')).join(', ')}`,
            `Vault not opened (${closed.text.en}): are these names in it? ${unseen.map(({ from }) => from.replace('vault:', '')).join(', ')}`,
            `${programName()} vault list`,
          ),
        ]
      : []),
    ...(withoutKey
      ? [
          remedy(
            'agent',
            'Une clé privée n’a pas pu être lue ici : mettez sa clé publique, que la ligne suivante affiche, à la place de PUBLIC-KEY',
            'A private key could not be read here: put its public key, which the next line prints, in place of PUBLIC-KEY',
            'ssh-keygen -y -f ~/.ssh/id_ed25519',
          ),
        ]
      : []),
  ]
}
