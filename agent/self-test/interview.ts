import { homedir, userInfo } from 'node:os'
import { ldapSchema, targetSchema } from '../../checks/session.ts'
import type { Text } from '../../checks/text.ts'
import { CommandFailure } from '../commands/command-failure.ts'
import { exitCode } from '../commands/exit-code.ts'
import { isPrivateKey, keyFileNear, readKeyFile } from './key-file.ts'
import { placeOf, type Given } from './given.ts'
import { hereIsPossible } from './here.ts'
import type { GivenSecret, Login, Machine } from './machine.ts'
import type { Need, RoleNeeds } from './needs.ts'
import type { Prompter } from './prompter.ts'

/** Something must be said of a machine, and there is nobody to ask. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered'
  readonly role: string
  constructor(role: string) {
    super(role)
    this.role = role
  }
}

export interface InterviewOptions {
  /** Null where there is no terminal: what is not given is then Unanswered. */
  readonly prompter: Prompter | null
  readonly say: (text: Text) => string
  readonly lang: 'fr' | 'en'
  readonly platform?: NodeJS.Platform
}

/** Tells a mistake in an answer; null where there is none. */
type Mistake = (answer: string) => Text | null

const secretPrompt: Text = { fr: '(rien ne s’affiche)', en: '(nothing is shown)' }
const addressMistake: Mistake = (answer) => {
  const { address } = placeOf(answer)
  return answer !== '' && targetSchema.shape.address.safeParse(address).success
    ? null
    : {
        fr: 'une adresse IP ou un nom de machine (« 192.168.56.10 », « web.local », « 127.0.0.1:2222 »)',
        en: 'an IP address or a host name (“192.168.56.10”, “web.local”, “127.0.0.1:2222”)',
      }
}
const userMistake: Mistake = (answer) =>
  answer === ''
    ? {
        fr: 'un compte de cette machine, par exemple « root »',
        en: 'an account of this machine, for instance “root”',
      }
    : answer.length > 256 || /[\p{Cc}]|\{\{/u.test(answer)
      ? {
          fr: 'un nom de compte, sans caractère de contrôle ni accolades',
          en: 'an account name, without control characters or braces',
        }
      : null
const domainMistake: Mistake = (answer) =>
  ldapSchema.safeParse({ through: 'powershell', domain: answer }).success
    ? null
    : { fr: 'un nom DNS, comme « agence1.lan »', en: 'a DNS name, like “branch1.lan”' }
const emptySecret: Text = {
  fr: 'un mot de passe, car un compte qui n’en a pas est refusé à distance',
  en: 'a password, as an account without one is refused from afar',
}

/** Asks what is needed of each machine, and only that; what the command line says is not asked. Contacts nothing, writes nothing. */
export async function interview(
  needs: readonly RoleNeeds[],
  given: ReadonlyMap<string, Given>,
  options: InterviewOptions,
): Promise<Machine[]> {
  for (const need of needs)
    if (given.get(need.role)?.here && need.asked && !hereIsPossible(need, options.platform))
      throw notHere(need.role, options.platform ?? process.platform)
  const asker = new Asker(options)
  const machines: Machine[] = []
  for (const need of needs) {
    const known = given.get(need.role) ?? {}
    machines.push(await asker.machine(need, known, needs.filter(({ asked }) => asked).length === 1))
  }
  return machines
}

class Asker {
  readonly #options: InterviewOptions
  readonly #platform: NodeJS.Platform
  #role = ''
  #lastUser: string | null = null
  #last: { readonly role: string; readonly user: string; readonly password: GivenSecret } | null = null

  constructor(options: InterviewOptions) {
    this.#options = options
    this.#platform = options.platform ?? process.platform
  }

  async machine(need: RoleNeeds, given: Given, only: boolean): Promise<Machine> {
    const { role, kind, needs, asked } = need
    this.#role = role
    if (!asked) return { role, kind, asked, address: given.address ?? '127.0.0.1' }
    const possible = hereIsPossible(need, this.#platform)
    if (!given.here && given.address === undefined) this.#title(need)
    const place = given.here
      ? null
      : given.address === undefined
        ? await this.#place(possible, only)
        : checkedPlace(role, given)
    const login = async (label: Text, byDefault: string | null, keys = false) =>
      this.#login(place?.user === undefined ? given : { ...given, user: place.user }, label, byDefault, keys)
    const here = place === null
    const windows = this.#platform === 'win32'
    const port = place?.port === undefined ? {} : { port: place.port }
    const local =
      here && needs.has('shell')
        ? 'shell'
        : here && windows && wantsPowershell(need)
          ? 'powershell'
          : undefined
    const ssh =
      needs.has('shell') && !here
        ? { login: await login({ fr: 'Compte', en: 'Account' }, this.#defaultUser(), true), ...port }
        : undefined
    const throughPowershell =
      local === 'powershell' ||
      (!here &&
        (needs.has('powershell') ||
          (wantsPowershell(need) && kind === 'windows' && (await this.#byPowershell()))))
    const winrm =
      throughPowershell && !here
        ? {
            login: await login({ fr: 'Compte Windows', en: 'Windows account' }, this.#administrator()),
            ...port,
          }
        : undefined
    const domain = needs.has('directory') ? await this.#domain(given, need.domain) : null
    const overTls =
      (domain !== null || needs.has('group-policy')) && !throughPowershell
        ? await login(
            { fr: 'Compte de l’annuaire', en: 'Directory account' },
            domain === null ? null : `administrator@${domain}`,
          )
        : null
    const snmp = needs.has('snmp') ? await this.#snmp(given) : undefined
    const site = needs.has('site')
      ? {
          login: await login(
            { fr: 'Compte du site', en: 'Account of the site' },
            kind === 'supervision' ? 'nagiosadmin' : null,
          ),
        }
      : undefined
    return {
      role,
      kind,
      asked,
      address: place?.address ?? '127.0.0.1',
      ...(local ? { local } : {}),
      ...(ssh ? { ssh } : {}),
      ...(winrm ? { winrm } : {}),
      ...(domain === null ? {} : { directory: { domain, login: overTls } }),
      ...(needs.has('group-policy') && overTls ? { smb: { login: overTls } } : {}),
      ...(snmp ? { snmp } : {}),
      ...(site ? { site } : {}),
    }
  }

  #title({ role, kind, needs }: RoleNeeds): void {
    const { prompter, say } = this.#options
    if (!prompter) throw new Unanswered(role)
    const words =
      needs.size === 0
        ? say({ fr: 'vue du réseau seulement', en: 'seen from the network only' })
        : [...needs].map((one) => say(needWords[one])).join(', ')
    prompter.say('')
    prompter.say(`${role} (${kind})${say({ fr: ' : ', en: ': ' })}${words}`)
  }

  async #place(
    possible: boolean,
    only: boolean,
  ): Promise<{ user?: string; address: string; port?: number } | null> {
    const here = this.#options.say({ fr: 'ici', en: 'here' })
    const isHere = (answer: string) => possible && ['ici', 'here'].includes(answer.toLowerCase())
    const answer = await this.#ask(
      possible
        ? { fr: 'Adresse, ou « ici » pour ce poste', en: 'Address, or “here” for this computer' }
        : { fr: 'Adresse', en: 'Address' },
      possible && only ? here : null,
      (text) => (isHere(text) ? null : addressMistake(text)),
    )
    return isHere(answer) ? null : placeOf(answer)
  }

  async #byPowershell(): Promise<boolean> {
    if (!this.#options.prompter) return true
    const answer = await this.#ask(
      {
        fr: 'Annuaire lu par PowerShell (winrm), ou par LDAPS s’il a un certificat (ldaps)',
        en: 'Directory read through PowerShell (winrm), or over LDAPS if it has a certificate (ldaps)',
      },
      'winrm',
      (text) =>
        ['winrm', 'ldaps'].includes(text.toLowerCase())
          ? null
          : { fr: '« winrm » ou « ldaps »', en: '“winrm” or “ldaps”' },
    )
    return answer.toLowerCase() === 'winrm'
  }

  async #domain(given: Given, byDefault: string | null): Promise<string> {
    if (given.domain !== undefined) {
      const mistake = domainMistake(given.domain)
      if (mistake) throw refused('--domain', mistake)
      return given.domain
    }
    if (!this.#options.prompter && byDefault !== null) return byDefault
    return this.#ask(
      { fr: 'Domaine Active Directory (nom DNS)', en: 'Active Directory domain (DNS name)' },
      byDefault,
      domainMistake,
    )
  }

  async #login(given: Given, label: Text, byDefault: string | null, keys: boolean): Promise<Login> {
    if (given.user !== undefined) {
      const mistake = userMistake(given.user)
      if (mistake) throw refused('--machine', mistake)
    }
    const user = given.user ?? (await this.#ask(label, byDefault, userMistake))
    if (keys) this.#lastUser = user
    if (given.passwordEnv !== undefined) return { user, password: { env: given.passwordEnv } }
    if (given.keyFile !== undefined && keys) return { user, ...(await this.#key(given.keyFile)) }
    if (!this.#options.prompter) throw new Unanswered(this.#role)
    const key = keys ? await this.#chosenKey() : null
    if (key) return { user, ...key }
    return { user, password: await this.#password(user) }
  }

  async #password(user: string): Promise<GivenSecret> {
    const { say } = this.#options
    const label = {
      fr: `Mot de passe du compte ${user} ${secretPrompt.fr}`,
      en: `Password of ${user} ${secretPrompt.en}`,
    }
    const same = this.#last?.user === user ? this.#last : null
    const typed = await this.#hidden(
      label,
      same && say({ fr: `le même que pour ${same.role}`, en: `the same as for ${same.role}` }),
      (text) => (text === '' && !same ? emptySecret : null),
    )
    const password: GivenSecret = typed === '' && same ? same.password : { vault: typed }
    this.#last = { role: this.#role, user, password }
    return password
  }

  async #chosenKey(): Promise<Pick<Login, 'key' | 'passphrase'> | null> {
    const near = await keyFileNear(homedir())
    for (;;) {
      const answer = await this.#ask(
        near === null
          ? {
              fr: 'Clé privée SSH (fichier), ou Entrée pour un mot de passe',
              en: 'SSH private key (file), or Enter for a password',
            }
          : {
              fr: 'Clé privée SSH (fichier), ou « - » pour un mot de passe',
              en: 'SSH private key (file), or “-” for a password',
            },
        near,
        () => null,
      )
      if (answer === '' || answer === '-') return null
      const read = await readKeyFile(answer)
      if ('problem' in read) this.#mistake(read.problem)
      else {
        const key = await this.#opened(read.key)
        if (key) return key
      }
    }
  }

  async #key(file: string): Promise<Pick<Login, 'key' | 'passphrase'>> {
    const read = await readKeyFile(file)
    if ('problem' in read) throw refused('--key', read.problem)
    const opened = await this.#opened(read.key)
    if (!opened) throw refused('--key', notOpened)
    return opened
  }

  /** A key that has a passphrase of its own is asked for it; null where it stays closed. */
  async #opened(key: string): Promise<Pick<Login, 'key' | 'passphrase'> | null> {
    if (await isPrivateKey(key)) return { key: { vault: key } }
    if (!this.#options.prompter) throw refused('--key', notOpened)
    for (let attempt = 0; attempt < 3; attempt++) {
      const passphrase = await this.#hidden(
        {
          fr: `Phrase secrète de cette clé ${secretPrompt.fr}`,
          en: `Passphrase of this key ${secretPrompt.en}`,
        },
        null,
        () => null,
      )
      if (passphrase !== '' && (await isPrivateKey(key, passphrase)))
        return { key: { vault: key }, passphrase: { vault: passphrase } }
      this.#mistake({ fr: 'la phrase secrète qui ouvre cette clé', en: 'the passphrase that opens this key' })
    }
    return null
  }

  async #snmp(given: Given): Promise<NonNullable<Machine['snmp']>> {
    if (given.passwordEnv !== undefined && given.user === undefined)
      return { version: '2c', community: { env: given.passwordEnv } }
    if (given.passwordEnv !== undefined)
      return { version: 3, user: given.user!, auth: { env: given.passwordEnv } }
    const version = await this.#ask(
      { fr: 'Version de SNMP (2c ou 3)', en: 'Version of SNMP (2c or 3)' },
      '2c',
      (text) => (['2c', '3'].includes(text) ? null : { fr: '« 2c » ou « 3 »', en: '“2c” or “3”' }),
    )
    if (version === '2c') {
      const typed = await this.#hidden(
        { fr: `Communauté ${secretPrompt.fr}`, en: `Community ${secretPrompt.en}` },
        'public',
        () => null,
      )
      return { version: '2c', community: { vault: typed || 'public' } }
    }
    const user = await this.#ask({ fr: 'Utilisateur SNMP 3', en: 'SNMP 3 user' }, null, userMistake)
    const long: Mistake = (text) =>
      text === '' || text.length >= 8
        ? null
        : {
            fr: 'au moins 8 caractères (SNMP 3 n’en prend pas moins)',
            en: 'at least 8 characters (SNMP 3 takes no fewer)',
          }
    const none = this.#options.say({ fr: 'aucun', en: 'none' })
    const auth = await this.#hidden(
      {
        fr: `Mot de passe d’authentification, SHA-256 ${secretPrompt.fr}`,
        en: `Authentication password, SHA-256 ${secretPrompt.en}`,
      },
      none,
      long,
    )
    if (auth === '') return { version: 3, user }
    const privacy = await this.#hidden(
      {
        fr: `Mot de passe de chiffrement, AES ${secretPrompt.fr}`,
        en: `Encryption password, AES ${secretPrompt.en}`,
      },
      none,
      long,
    )
    return {
      version: 3,
      user,
      auth: { vault: auth },
      ...(privacy === '' ? {} : { privacy: { vault: privacy } }),
    }
  }

  /** Asks until the answer is right; Enter takes the default. */
  async #ask(label: Text, byDefault: string | null, mistake: Mistake): Promise<string> {
    const prompter = this.#options.prompter
    if (!prompter) throw new Unanswered(this.#role)
    for (;;) {
      const answer = (await prompter.ask(this.#question(label, byDefault))) || (byDefault ?? '')
      const wrong = mistake(answer)
      if (!wrong) return answer
      this.#mistake(wrong)
    }
  }

  async #hidden(label: Text, byDefault: string | null, mistake: Mistake): Promise<string> {
    const prompter = this.#options.prompter
    if (!prompter) throw new Unanswered(this.#role)
    for (;;) {
      const answer = await prompter.hidden(this.#question(label, byDefault))
      const wrong = mistake(answer)
      if (!wrong) return answer
      this.#mistake(wrong)
    }
  }

  #question(label: Text, byDefault: string | null): string {
    const { say } = this.#options
    return `  ${say(label)}${byDefault === null ? '' : ` [${byDefault}]`}${say({ fr: ' : ', en: ': ' })}`
  }

  #mistake(words: Text): void {
    const { prompter, say } = this.#options
    prompter?.say(`  ${say({ fr: `Il faut ici ${words.fr}.`, en: `Needed here: ${words.en}.` })}`)
  }

  #defaultUser(): string | null {
    if (this.#lastUser !== null) return this.#lastUser
    // The name of a Windows account is hardly that of one on a Linux machine.
    return this.#platform === 'win32' ? 'root' : accountName()
  }

  #administrator = (): string => (this.#options.lang === 'fr' ? 'Administrateur' : 'Administrator')
}

const needWords: Readonly<Record<Need, Text>> = {
  shell: { fr: 'commandes et fichiers (SSH)', en: 'commands and files (SSH)' },
  powershell: { fr: 'PowerShell (WinRM)', en: 'PowerShell (WinRM)' },
  directory: { fr: 'annuaire', en: 'directory' },
  'group-policy': { fr: 'contenu des stratégies', en: 'contents of policies' },
  snmp: { fr: 'SNMP', en: 'SNMP' },
  site: { fr: 'site avec mot de passe', en: 'site with a password' },
}
const notOpened: Text = {
  fr: 'une clé privée sans phrase secrète, ou un terminal pour la taper',
  en: 'a private key without a passphrase, or a terminal to type it at',
}

const wantsPowershell = ({ needs }: RoleNeeds): boolean =>
  needs.has('powershell') || needs.has('directory') || needs.has('group-policy')

function accountName(): string | null {
  try {
    return userInfo().username
  } catch {
    return null // an account without an entry in the system's database
  }
}

function checkedPlace(role: string, { address = '', port, user }: Given) {
  const mistake = addressMistake(address)
  if (mistake) throw refused(`--machine ${role}`, mistake)
  return { address, ...(port === undefined ? {} : { port }), ...(user === undefined ? {} : { user }) }
}

const refused = (option: string, { fr, en }: Text) =>
  new CommandFailure(
    { fr: `${option} : il faut ici ${fr}`, en: `${option}: needed here: ${en}` },
    exitCode.badInput,
  )

function notHere(role: string, platform: NodeJS.Platform): CommandFailure {
  const [fr, en] =
    platform === 'win32'
      ? ['un Linux, et ce poste est un Windows', 'a Linux, and this computer is a Windows']
      : ['un Windows, et ce poste n’en est pas un', 'a Windows, and this computer is none']
  return new CommandFailure(
    {
      fr: `« ${role} » ne peut pas être ce poste : ses demandes veulent ${fr}. Donnez sa machine : --machine ${role}=COMPTE@ADRESSE`,
      en: `“${role}” cannot be this computer: its demands want ${en}. Give its machine: --machine ${role}=USER@ADDRESS`,
    },
    exitCode.badInput,
  )
}
