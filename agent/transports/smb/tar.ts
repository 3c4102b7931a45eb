import { TransportFailure } from '../transport.ts'

const BLOCK = 512
const MOST_ENTRIES = 256

const malformed = (why: string) =>
  new TransportFailure('unparsable', `what smbclient gives is no tar: ${why}`)

/**
 * The regular files of tar archives (POSIX ustar) that follow one another, whole ones only: an archive that ends early
 * gives those before. Folders, links, and whatever else an archive may hold, are left out. Throws a TransportFailure.
 */
export function filesInTar(bytes: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>()
  let entries = 0
  for (let at = 0; at + BLOCK <= bytes.length;) {
    const header = bytes.subarray(at, at + BLOCK)
    at += BLOCK
    // Two such blocks end an archive, more of them fill its last record.
    if (header.every((byte) => byte === 0)) continue
    if (++entries > MOST_ENTRIES) throw malformed(`more than ${MOST_ENTRIES} entries`)
    requireChecksum(header)
    const size = octal(header.subarray(124, 136))
    const end = at + size
    if (end > bytes.length) break
    const isFile = header[156] === 0x30 || header[156] === 0
    if (isFile) files.set(nameIn(header), Buffer.from(bytes.subarray(at, end)))
    at += Math.ceil(size / BLOCK) * BLOCK
  }
  return files
}

/** The sum of the header's bytes, its own eight counted as blanks. */
function requireChecksum(header: Buffer): void {
  const sum = header.reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 0x20 : byte), 0)
  if (sum !== octal(header.subarray(148, 156))) throw malformed('a header with a wrong checksum')
}

function octal(field: Buffer): number {
  const [, digits] = /^ *([0-7]{1,11})[ \0]*$/.exec(field.toString('latin1')) ?? []
  if (digits === undefined) throw malformed('a number that is not octal')
  return Number.parseInt(digits, 8)
}

function nameIn(header: Buffer): string {
  const [name, prefix] = [header.subarray(0, 100), header.subarray(345, 500)].map(untilNul)
  return prefix === '' ? name! : `${prefix}/${name}`
}

function untilNul(field: Buffer): string {
  const end = field.indexOf(0)
  return field.subarray(0, end < 0 ? field.length : end).toString('utf8')
}
