import type { Text } from '../../checks/text.ts'
import { alone } from './needs.ts'
import type { GivenSecret, Login, Machine } from './machine.ts'

/** A session file to write, and the secrets that go to the vault before it. */
export interface MachinesFile {
  readonly text: string
  readonly secrets: ReadonlyMap<string, string>
}

export interface MachinesFileOptions {
  /** The exam's path as the file names it: relative to its own folder, or absolute. */
  readonly exam: string
  readonly title: string
  /** YYYY-MM-DD. */
  readonly date: string
  readonly seed: string
  /** Begins the name of every secret of this exam in the vault. */
  readonly vaultPrefix: string
  readonly say: (text: Text) => string
}

/** What machines are made of as a normal session file, commented, for one candidate. Pure; no secret is in its text. */
export function machinesFile(machines: readonly Machine[], options: MachinesFileOptions): MachinesFile {
  const writer = new Writer(options.vaultPrefix)
  const targets = machines.flatMap((machine, index) => [
    `  # ${comment(machine, options.say)}`,
    ...writer.target(machine, index).map((line) => `  ${line}`),
  ])
  const { say } = options
  const text = [
    `# ${say({
      fr: 'Vos machines pour ce sujet : un fichier de session ordinaire, écrit par « probant self-test ».',
      en: 'Your machines for this exam: a normal session file, written by “probant self-test”.',
    })}`,
    `# ${say({
      fr: 'Vous pouvez le modifier ; « --forget » repose les questions. Aucun secret n’est écrit ici :',
      en: 'You may edit it; “--forget” asks again. No secret is written here:',
    })}`,
    `# ${say({
      fr: '« vault: » désigne le coffre chiffré de ce poste, « env: » une variable d’environnement.',
      en: '“vault:” names the encrypted vault of this computer, “env:” an environment variable.',
    })}`,
    `exam: ${quoted(options.exam)}`,
    `date: ${options.date}`,
    `title: ${quoted(options.title.slice(0, 200))}`,
    `# ${say({
      fr: 'Les valeurs tirées au sort par le sujet viennent d’ici : une autre graine, un autre énoncé.',
      en: 'The values that the exam draws come from here: another seed, another paper.',
    })}`,
    `seed: ${quoted(options.seed)}`,
    ...(writer.credentials.length > 0 ? ['credentials:', ...writer.credentials] : []),
    'targets:',
    ...targets,
    'candidates:',
    `  - { code: ${alone.code}, n: ${alone.n} }`,
    '',
  ].join('\n')
  return { text, secrets: writer.secrets }
}

/** JSON strings are YAML strings. */
const quoted = (text: string): string => JSON.stringify(text)

const comment = ({ role, kind, asked, local }: Machine, say: MachinesFileOptions['say']): string => {
  if (!asked)
    return say({
      fr: `${role} (${kind}) : aucune demande ne la regarde`,
      en: `${role} (${kind}): no demand looks at it`,
    })
  return local
    ? say({ fr: `${role} (${kind}) : ce poste`, en: `${role} (${kind}): this computer` })
    : say({ fr: `${role} (${kind})`, en: `${role} (${kind})` })
}

class Writer {
  readonly #prefix: string
  readonly credentials: string[] = []
  readonly secrets = new Map<string, string>()

  constructor(prefix: string) {
    this.#prefix = prefix
  }

  target(machine: Machine, index: number): string[] {
    const { role, address, local, ssh, winrm, directory, smb, snmp, site } = machine
    // Names are bounded: a role may be as long as a name can be.
    const name = role.length <= 40 ? role : `machine-${index + 1}`
    const login = (way: string, given: Login) => this.#login(`${name}-${way}`, given)
    const at = (port: number | undefined) => (port === undefined ? '' : `, port: ${port}`)
    const lines = [`${role}:`, `  address: ${quoted(address)}`]
    if (local) lines.push(`  local: ${local === 'shell' ? 'true' : 'powershell'}`)
    if (ssh) lines.push(`  ssh: { credential: ${login('ssh', ssh.login)}${at(ssh.port)} }`)
    if (winrm) lines.push(`  winrm: { credential: ${login('winrm', winrm.login)}${at(winrm.port)} }`)
    if (directory?.login)
      lines.push(
        `  ldap: { credential: ${login('ldap', directory.login)}, domain: ${quoted(directory.domain)}, identity: first-use }`,
      )
    else if (directory) lines.push(`  ldap: { through: powershell, domain: ${quoted(directory.domain)} }`)
    if (smb) lines.push(`  smb: { credential: ${login('smb', smb.login)} }`)
    if (snmp)
      lines.push(
        `  snmp: { version: ${snmp.version === 3 ? '3' : '"2c"'}, credential: ${this.#snmp(`${name}-snmp`, snmp)} }`,
      )
    if (site) lines.push(`  http: { credential: ${login('http', site.login)} }`)
    return lines
  }

  #login(name: string, { user, password, key, passphrase }: Login): string {
    return this.#credential(name, [
      `user: ${quoted(user)}`,
      ...this.#reference(name, 'password', password),
      ...this.#reference(name, 'key', key),
      ...this.#reference(name, 'passphrase', passphrase),
    ])
  }

  #snmp(name: string, snmp: NonNullable<Machine['snmp']>): string {
    if (snmp.version === '2c')
      return this.#credential(name, this.#reference(name, 'community', snmp.community))
    const secret = (kind: string, protocol: string, given: GivenSecret | undefined) =>
      given === undefined
        ? []
        : [`${kind}: { protocol: ${protocol}, ${this.#reference(name, 'secret', given, kind).join('')} }`]
    return this.#credential(name, [
      `user: ${quoted(snmp.user)}`,
      ...secret('auth', 'sha256', snmp.auth),
      ...secret('privacy', 'aes', snmp.privacy),
    ])
  }

  #credential(name: string, parts: readonly string[]): string {
    this.credentials.push(`  ${name}: { ${parts.join(', ')} }`)
    return name
  }

  #reference(name: string, field: string, given: GivenSecret | undefined, kind = field): string[] {
    if (given === undefined) return []
    if ('env' in given) return [`${field}: env:${given.env}`]
    const inVault = `${this.#prefix}.${name}.${kind}`
    this.secrets.set(inVault, given.vault)
    return [`${field}: vault:${inVault}`]
  }
}
