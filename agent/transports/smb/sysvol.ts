import { defaultDomainPolicy, settingsFiles } from '../../../checks/windows/group-policy/paths.ts'
import type { Cause } from '../../../checks/verdict.ts'
import { sizeInAnswer, type SeenPolicy } from '../policy-answer.ts'
import { TransportFailure } from '../transport.ts'
import type { SmbOutput } from './smbclient.ts'
import { filesInTar } from './tar.ts'

/**
 * What smbclient is told: to list the domains that the share has, then the domain's policies, then to give each file that
 * may hold settings as an archive of its own, as an archive of several ends at the first that isn't there. `domain` and
 * `guid` are of letters, digits, dots and hyphens.
 */
export function sysvolCommands(domain: string, guid: string): string[] {
  const policies = `${domain}/Policies`
  return [
    'ls *',
    `ls "${policies}/*"`,
    ...settingsFiles.map((path) => `tar c - "${policies}/{${guid.toUpperCase()}}/${path}"`),
  ]
}

/** What smbclient may give before the files themselves are too long: each archive is filled up to 20 blocks. */
export const mostOutput = (maxBytes: number): number => maxBytes + settingsFiles.length * 20_480

/** What a status says of one path. */
const absent = new Set(['NO_SUCH_FILE', 'OBJECT_NAME_NOT_FOUND', 'OBJECT_PATH_NOT_FOUND', 'NOT_FOUND'])
const denied = new Set(['ACCESS_DENIED', 'NETWORK_ACCESS_DENIED'])

/** What smbclient's words say of one policy. Throws a TransportFailure where they prove nothing. */
export function seenPolicy(output: SmbOutput, domain: string, guid: string, maxBytes: number): SeenPolicy {
  const folder = `{${guid.toUpperCase()}}`
  const said = output.said.split(/\r?\n/)
  const nothing = { domain: true, control: false, found: false, denied: [], files: [], cut: false }
  if (hasNoShare(said)) return { ...nothing, sysvol: false }
  requireSession(said)
  const statuses = statusesIn(said)
  const root = statuses.get('*')
  if (root !== undefined) throw statusFailure(root, 'the SYSVOL can not be listed')
  const folders = new Set(said.flatMap((line) => folderIn(line)?.toLowerCase() ?? []))
  if (!folders.has(domain.toLowerCase())) return { ...nothing, sysvol: true, domain: false }
  const list = statuses.get(`${domain}/policies/*`.toLowerCase())
  if (list !== undefined) throw statusFailure(list, 'the policies in SYSVOL can not be listed')

  const control = folders.has(`{${defaultDomainPolicy}}`)
  const found = folders.has(folder.toLowerCase())
  if (!found) return { ...nothing, sysvol: true, control }
  const read = readFiles(output, said, `${domain}/Policies/${folder}`, maxBytes)
  return { sysvol: true, domain: true, control, found, ...read }
}

/** The files that came; each of the others must have been said to be absent, or to be forbidden, or be cut. */
function readFiles(
  output: SmbOutput,
  said: readonly string[],
  below: string,
  maxBytes: number,
): Pick<SeenPolicy, 'denied' | 'files' | 'cut'> {
  const came = new Map([...filesInTar(output.stdout)].map(([name, bytes]) => [plain(name), bytes]))
  const statuses = statusesIn(said)
  const files: { path: string; content: string }[] = []
  const forbidden: string[] = []
  let size = 0
  let { cut } = output
  for (const path of settingsFiles) {
    const name = `${below}/${path}`.toLowerCase()
    const bytes = came.get(name)
    const status = statuses.get(name)
    if (bytes && status === undefined) {
      size += sizeInAnswer(path, bytes.length)
      if (size > maxBytes) cut = true
      else files.push({ path, content: bytes.toString('base64') })
    } else if (status !== undefined && denied.has(status)) forbidden.push(path)
    else if (status === undefined ? !cut : bytes !== undefined || !absent.has(status))
      throw new TransportFailure(
        'unparsable',
        `smbclient neither gives ${path} nor says why (${status ?? 'no status'})`,
      )
  }
  // A file that couldn't be read to its end is filled with zeros in its archive, and its command fails.
  const failures = said.filter((line) => line.endsWith('tar_process failed')).length
  if (!cut && forbidden.length === 0 && failures !== settingsFiles.length - came.size)
    throw new TransportFailure('unparsable', 'smbclient could not read all of a file')
  return { denied: forbidden, files, cut }
}

/** A path as both an archive and smbclient's words have it: without what stands before it, in lower case. */
const plain = (path: string): string =>
  path
    .replaceAll('\\', '/')
    .replace(/^\.?\/+/, '')
    .toLowerCase()

/** The status of each path that couldn't be listed or opened. */
function statusesIn(said: readonly string[]): Map<string, string> {
  const statuses = new Map<string, string>()
  for (const line of said) {
    const [, status, path] =
      /^NT_STATUS_(\w{1,64}) (?:listing|opening remote file|reading remote file) (\\.{1,1024})$/.exec(line) ??
      []
    if (status !== undefined && path !== undefined) statuses.set(plain(path), status)
  }
  return statuses
}

/** A folder's name in a line of a listing: name, attributes, size, date. */
function folderIn(line: string): string | null {
  const [, name, attributes] = /^ {2}(\S{1,255}) +([A-Z]{1,8}) +\d+ {2}\w/.exec(line) ?? []
  return name !== undefined && attributes?.includes('D') ? name : null
}

const hasNoShare = (said: readonly string[]): boolean =>
  said.some((line) => /^tree connect failed: NT_STATUS_BAD_NETWORK_NAME$/.test(line))

const causes: Readonly<Record<string, Cause>> = {
  ACCESS_DENIED: 'denied',
  NETWORK_ACCESS_DENIED: 'denied',
  CONNECTION_REFUSED: 'refused',
  CONNECTION_RESET: 'refused',
  CONNECTION_DISCONNECTED: 'refused',
  HOST_UNREACHABLE: 'unreachable',
  NETWORK_UNREACHABLE: 'unreachable',
  UNSUCCESSFUL: 'unreachable',
  IO_TIMEOUT: 'timeout',
}

const statusFailure = (status: string, what: string, otherwise: Cause = 'unparsable'): TransportFailure =>
  new TransportFailure(causes[status] ?? otherwise, `${what} (${status})`)

/** Throws where there was no session at all. */
function requireSession(said: readonly string[]): void {
  for (const line of said) {
    const [, stage, status] =
      /^(session setup|tree connect|protocol negotiation) failed: NT_STATUS_(\w{1,64})$/.exec(line) ?? []
    // Whatever a server says of name and password: Samba has no such user, or no such password, in many words.
    if (status !== undefined)
      throw statusFailure(status, `SMB ${stage}`, stage === 'session setup' ? 'auth' : 'unparsable')
    const [, connection] =
      /^do_connect: Connection to .{1,300} failed \(Error NT_STATUS_(\w{1,64})\)$/.exec(line) ?? []
    if (connection !== undefined) throw statusFailure(connection, 'SMB connection', 'refused')
  }
}
