import { join } from 'node:path'
import type { Text } from '../../../checks/text.ts'
import { programName } from '../../terminal/program-name.ts'
import { quoteArgument } from '../../transports/shell/quote.ts'
import type { SecretOrigin } from '../asked.ts'
import { remedy, yamlString, type Remedy, type Situation } from './remedy.ts'
import { retyped } from './retyped.ts'

const kinds: Readonly<Record<SecretOrigin['kind'], Text>> = {
  password: { fr: 'le mot de passe', en: 'the password' },
  key: { fr: 'la clé privée', en: 'the private key' },
  passphrase: { fr: 'la phrase de passe de la clé', en: 'the passphrase of the key' },
  community: { fr: 'la communauté', en: 'the community' },
  auth: { fr: 'la clé d’authentification', en: 'the authentication key' },
  privacy: { fr: 'la clé de chiffrement', en: 'the privacy key' },
}

/** The lines that give a secret its value once more; it is never an argument. */
function lines({ from, kind }: SecretOrigin, { again }: Pick<Situation, 'again'>): string[] {
  const [, source, name = ''] = /^(env|vault|file):(.+)$/s.exec(from) ?? []
  if (source === 'file') return [`ssh-keygen -l -f ${quoteArgument(name)}`]
  // A key is of several lines: no prompt takes it.
  const ofFile = kind === 'key'
  if (source === 'env')
    return [ofFile ? `export ${name}="$(cat ~/.ssh/id_ed25519)"` : `read -rs ${name} && export ${name}`]
  if (source === 'vault') return [`${programName()} vault set ${name}${ofFile ? ' < ~/.ssh/id_ed25519' : ''}`]
  return [again]
}

/** Where a secret comes from, in words: as the session writes it, or as it was typed. */
function whence({ from }: SecretOrigin, { typed }: Situation): Text {
  if (from === 'prompt') return { fr: 'tel que tapé à l’invite', en: 'as typed at the prompt' }
  if (from.startsWith('file:')) return { fr: `--key ${from.slice(5)}`, en: `--key ${from.slice(5)}` }
  return typed === null
    ? { fr: `${from} dans la session`, en: `${from} in the session` }
    : {
        fr: `variable ${from.slice(4)} de --password-env ou --privacy-env`,
        en: `variable ${from.slice(4)} of --password-env or --privacy-env`,
      }
}

/** Refused: before anything is changed on a machine, is what was sent what was meant? */
export const checkSecrets = (situation: Situation): Remedy[] =>
  situation.secrets.map((origin) => {
    const [what, from] = [kinds[origin.kind], whence(origin, situation)]
    return remedy(
      'agent',
      `Vérifiez d’abord ${what.fr} (${from.fr}) ; la ligne suivante ${origin.from.startsWith('file:') ? 'en dit l’empreinte' : 'en redemande la valeur, puis relancez'}`,
      `First look at ${what.en} (${from.en}); the next line ${origin.from.startsWith('file:') ? 'says its fingerprint' : 'asks for its value once more, then run again'}`,
      ...lines(origin, situation),
    )
  })

/** A secret that has no value here, by its own name. */
export function missingSecret(origin: SecretOrigin, situation: Pick<Situation, 'again'>): Remedy {
  const what = kinds[origin.kind]
  return remedy(
    'agent',
    `Donnez sa valeur à ${origin.from} (${what.fr}), là où Probant est lancé ; rien ne s’affiche en tapant`,
    `Give ${origin.from} (${what.en}) its value, where Probant is started; nothing shows while you type`,
    ...lines(origin, situation),
  )
}

/** Those that have none: each by its own name. */
export function missingSecrets(situation: Situation): Remedy[] {
  const missing = situation.secrets.filter((origin) => origin.missing)
  const asked = missing.length > 0 ? missing : situation.secrets
  const each = asked.map((origin) => missingSecret(origin, situation))
  return each.length > 0 ? each : unfitCredential(situation)
}

/** A credential that lacks what the way needs: how it is written whole. */
export function unfitCredential(situation: Situation): Remedy[] {
  const { way, credential, user, snmp, secrets, typed } = situation
  if (typed !== null) {
    const without = secrets.some(({ kind }) => kind === 'key')
      ? retyped(situation, { without: '--key' })
      : null
    return [
      remedy(
        'agent',
        'Ce moyen veut un mot de passe : sans --key, il est demandé sans écho',
        'This way needs a password: without --key, it is asked for without echo',
        without ?? situation.again,
      ),
    ]
  }
  const name = credential ?? 'surveillant'
  const account = `user: ${yamlString(user ?? 'surveillant')}`
  const held = (kind: SecretOrigin['kind'], last = name) =>
    secrets.find((origin) => origin.kind === kind)?.from ?? `vault:${last}`
  const [written, needed] =
    way !== 'snmp'
      ? [`${name}: { ${account}, password: ${held('password')} }`, [held('password')]]
      : snmp?.version === '2c'
        ? [`${name}: { community: ${held('community')} }`, [held('community')]]
        : [
            `${name}: { ${account}, auth: { protocol: ${snmp?.auth ?? 'sha256'}, secret: ${held('auth', `${name}-auth`)} }, privacy: { protocol: ${snmp?.privacy ?? 'aes'}, secret: ${held('privacy', `${name}-privacy`)} } }`,
            [held('auth', `${name}-auth`), held('privacy', `${name}-privacy`)],
          ]
  const own = needed.filter((reference) => !secrets.some(({ from }) => from === reference))
  return [
    remedy(
      'session',
      `L’identifiant « ${name} » s’écrit ainsi pour ce moyen (« credentials »)`,
      `The credential “${name}” is written so for this way (“credentials”)`,
      written,
    ),
    ...(own.length === 0
      ? []
      : [
          remedy(
            'agent',
            'Et le secret ainsi nommé se donne une fois, sans écho',
            'And the secret of that name is given once, without echo',
            ...own.map((reference) => `${programName()} vault set ${reference.replace(/^vault:/, '')}`),
          ),
        ]),
  ]
}

/** A key that can't be read: where it is taken from, and its passphrase. */
export const unreadableKey = (situation: Situation): Remedy[] => {
  const key = situation.secrets.filter(({ kind }) => kind === 'key' || kind === 'passphrase')
  const own = checkSecrets({ ...situation, secrets: key })
  return own.length > 0
    ? own
    : [
        remedy(
          'agent',
          'Est-ce une clé privée, et sa phrase de passe est-elle la bonne ?',
          'Is it a private key, and is its passphrase the right one?',
          'ssh-keygen -y -f ~/.ssh/id_ed25519',
        ),
      ]
}

const pathOf = ({ ca, folder }: Situation): string => {
  const path = ca ?? 'ca.pem'
  return quoteArgument(path.startsWith('/') || folder === '' ? path : join(folder, path))
}

export const unreadableAuthority = (situation: Situation): Remedy[] => [
  remedy(
    'agent',
    `Le fichier « ${situation.ca ?? 'ca.pem'} » est-il là, et lisible ? Un chemin part du dossier de la session`,
    `Is the file “${situation.ca ?? 'ca.pem'}” there, and readable? A path starts from the session’s folder`,
    `ls -l ${pathOf(situation)}`,
  ),
]

export const noAuthority = (situation: Situation): Remedy[] => [
  remedy(
    'agent',
    `« ${situation.ca ?? 'ca.pem'} » doit tenir le certificat de l’autorité en PEM ; la première ligne le lit, la seconde le convertit s’il est en DER`,
    `“${situation.ca ?? 'ca.pem'}” must hold the authority’s certificate as PEM; the first line reads it, the second converts it from DER`,
    `openssl x509 -noout -subject -in ${pathOf(situation)}`,
    `openssl x509 -inform der -in ${pathOf(situation)} -out ca.pem`,
  ),
]
