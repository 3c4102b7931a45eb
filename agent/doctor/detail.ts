import { same, type Text } from '../../checks/text.ts'
import { visibleLine } from '../terminal/visible.ts'
import type { Problem } from './problem.ts'

/** What a detail adds to the problem's own sentence. */
export interface Beyond {
  readonly says: Text
  /** Somebody else's words, in their language: shown as such, never as ours. */
  readonly words: string | null
}

type Read = (...groups: string[]) => Beyond

const ours = (fr: string, en: string): Beyond => ({ says: { fr, en }, words: null })
const code = (text: string): Beyond => ({ says: same(text), words: null })
const said = (fr: string, en: string, words: string): Beyond => ({ says: { fr, en }, words })
const machine = (words: string): Beyond => said('la machine dit', 'the machine says', words)

/**
 * The details that say more than their problem does. They are the fixed sentences of transports, which are English, with a
 * machine's words in some: these are marked, the rest is said in both languages. What isn't here says nothing new.
 */
const known: readonly (readonly [RegExp, Read])[] = [
  [/^((?:env|vault):\S+) has no value$/, (from) => ours(`${from} n’a pas de valeur`, `${from} has no value`)],
  [
    /^credential (\S+) is not in the session$/,
    (name) => ours(`la session n’a pas d’identifiant « ${name} »`, `the session has no credential “${name}”`),
  ],
  [
    /^credential (\S+) has no user or no password$/,
    (name) =>
      ours(`« ${name} » n’a pas de compte ou pas de mot de passe`, `“${name}” has no account or no password`),
  ],
  [
    /^the CA file (.+) can't be read \((\w+)\)$/,
    (path, why) =>
      ours(
        `le fichier ca « ${path} » ne peut pas être lu (${why})`,
        `the ca file “${path}” can not be read (${why})`,
      ),
  ],
  [
    /^the CA file (.+) holds no certificate \(PEM\)$/,
    (path) =>
      ours(`le fichier ca « ${path} » n’est pas un certificat`, `the ca file “${path}” is no certificate`),
  ],
  [/^credential (\S+) has no community$/, () => ours('il n’a pas de communauté', 'it has no community')],
  [
    /^credential (\S+) has no user$/,
    () => ours('il ne dit pas le compte (user)', 'it does not say the user'),
  ],
  [
    /^credential \S+ has a privacy key but no authentication key$/,
    () => ours('il a une clé privacy, mais pas de clé auth', 'it has a privacy key, but no auth key'),
  ],
  [
    /^smbclient takes no user name with %$/,
    () => ours('smbclient n’admet pas de « % » dans le compte', 'smbclient takes no “%” in the account'),
  ],
  [
    /^smbclient takes no password of more than (\d+) bytes, or lines$/,
    (most) =>
      ours(
        `smbclient n’admet qu’un mot de passe d’une ligne, de ${most} octets au plus`,
        `smbclient takes a password of one line only, of at most ${most} bytes`,
      ),
  ],
  [
    /^HTTP status (\d+) instead of/,
    (status) => ours(`il répond HTTP ${status}`, `it answers HTTP ${status}`),
  ],
  [/^not HTTP \((\w+)\)$/, (name) => ours(`ce n’est pas du HTTP (${name})`, `it is not HTTP (${name})`)],
  [/^TLS handshake: (\w+)$/, code],
  [/^offered: (.+)$/, (schemes) => ours(`proposé : ${schemes}`, `offered: ${schemes}`)],
  [/^given: (.+)$/, (methods) => ours(`donné : ${methods}`, `given: ${methods}`)],
  [
    /^certificate \S+ refused: (.+)$/,
    (why) => ours(`selon l’autorité (ca) : ${why}`, `by the authority (ca): ${why}`),
  ],
  [
    /^certificate \S+ bears none of the names (.+)$/,
    (names) => ours(`il ne porte aucun de ces noms : ${names}`, `it bears none of these names: ${names}`),
  ],
  [
    /^the directory of (.+) answers, not that of (.+)$/,
    (there, wanted) =>
      ours(
        `domaine de la machine : ${there === 'no domain' ? 'aucun' : there} ; attendu : ${wanted}`,
        `the machine’s domain: ${there === 'no domain' ? 'none' : there}; expected: ${wanted}`,
      ),
  ],
  [
    /^S-1-\S+ answers, not (S-1-\S+|SHA256:\S+)$/,
    (wanted) => ours(`attendu : ${wanted}`, `expected: ${wanted}`),
  ],
  [/^the account may not read (.+)$/, (path) => ours(`refusé : ${path}`, `refused: ${path}`)],
  [
    /^(\S+) is not installed on the agent's machine$/,
    (program) =>
      ours(`${program} manque sur le poste de l’agent`, `${program} is missing on the agent’s computer`),
  ],
  [
    /^no (\S+) on the agent's machine$/,
    (program) =>
      ours(`${program} manque sur le poste de l’agent`, `${program} is missing on the agent’s computer`),
  ],
  [/^no sudo on the machine$/, () => ours('la machine n’a pas sudo', 'the machine has no sudo')],
  [
    /^(?:SMB [a-z ]+|the [a-zA-Z ]+ can not be listed) \(([A-Z0-9_]+)\)$/,
    (status) => code(`NT_STATUS_${status}`),
  ],
  [
    /^(?:bind|search|StartTLS): \w+ \((.+)\)$/s,
    (words) => said('l’annuaire dit', 'the directory says', words),
  ],
  [/^(?:search|StartTLS): (\w+)$/, (name) => code(`LDAP ${name}`)],
  [/^(?:a quota of the machine is used up: )?WSManFault (\d+)$/, (number) => code(`WSManFault ${number}`)],
  [
    /^(?:a quota of the machine is used up: )?WSManFault (\d+): (.+)$/s,
    (number, words) =>
      said(`WSManFault ${number}, la machine dit`, `WSManFault ${number}, the machine says`, words),
  ],
  [/^no answer between the marks(?:, exit code -?\d+)?: (.+)$/s, machine],
  [
    /^no answer between the marks, exit code (-?\d+): ?$/,
    (number) => ours(`code de sortie ${number}`, `exit code ${number}`),
  ],
  [/^sudo refused: (.+)$/s, machine],
  [
    /^(?:the machine opens no session|the SSH handshake failed|disconnected while authenticating|from the jump host|the jump host forwards nothing|the private key can't be read): (.+)$/s,
    (words) => said('SSH dit', 'SSH says', words),
  ],
  [/^ping ended with status \d+: (.+)$/s, (words) => said('ping dit', 'ping says', words)],
  [/^ifNumber: (\w+)$/, (type) => code(`ifNumber ${type}`)],
  [
    /^the device answers with error (\w+)$/,
    (name) => ours(`l’équipement répond ${name}`, `the device answers ${name}`),
  ],
  // Types, numbers and identifiers of exceptions are in no language.
  [/^((?:[A-Za-z_][\w`]*\.)+[A-Za-z_]\w* .+)$/s, code],
]

/** What a detail adds to what its problem says already; null where that is nothing. */
export function beyond(detail: string, problem: Problem | null): Beyond | null {
  for (const [pattern, read] of known) {
    const found = pattern.exec(detail)
    if (found) return read(...found.slice(1).map((group) => visibleLine(group, 300)))
  }
  return problem === 'agent-fault' && detail !== ''
    ? said('à joindre au signalement', 'to go with the report', visibleLine(detail, 300))
    : null
}

/** The same as one text of the terminal. */
export function beyondText(
  detail: string,
  problem: Problem | null,
  { say, lang }: { readonly say: (text: Text) => string; readonly lang: 'fr' | 'en' },
): string {
  const found = beyond(detail, problem)
  if (found === null) return ''
  const { says, words } = found
  if (words === null) return say(says)
  return lang === 'fr' ? `${say(says)}\u202f: «\u202f${words}\u202f»` : `${say(says)}: “${words}”`
}
