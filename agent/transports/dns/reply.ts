import { decode, type Answer as DnsRecord, type DecodedPacket } from 'dns-packet'
import type { AnswerOf } from '../../../checks/observation.ts'
import type { ProbeOf } from '../../../checks/probe.ts'
import type { Reply } from '../asking.ts'

export interface Question {
  readonly id: number
  readonly name: string
  readonly type: ProbeOf<'dns'>['type']
}

/** Bits of the header's second word (RFC 1035, 4.1.1). */
const TRUNCATED = 0x02_00
const HEADER = 12

/** Whether a message says that it is only part of the answer (TC). */
export const isTruncated = (message: Buffer): boolean =>
  message.length >= HEADER && (message.readUInt16BE(2) & TRUNCATED) !== 0

/**
 * Reads a message as the answer to `question`; null where it isn't one: another id or question, not a response, or
 * not DNS at all. At most `maxBytes` of record data are kept, and the cut is said.
 */
export function readReply(message: Buffer, question: Question, maxBytes: number): Reply | null {
  const packet = parse(message)
  if (!packet || packet.type !== 'response' || packet.id !== question.id) return null
  if (!isAbout(packet, question)) return null
  const answers: AnswerOf<'dns'>['answers'] = []
  let bytes = 0
  for (const record of packet.answers ?? []) {
    const answer = readRecord(record)
    bytes += answer.name.length + answer.data.length
    if (bytes > maxBytes) break
    answers.push(answer)
  }
  const truncated = answers.length < (packet.answers?.length ?? 0)
  const rcode = String((packet as { rcode?: unknown }).rcode)
  return { answer: { kind: 'dns', rcode, authoritative: packet.flag_aa, answers }, truncated }
}

function parse(message: Buffer): DecodedPacket | null {
  try {
    return decode(message)
  } catch {
    return null
  }
}

/** The question comes back with the answer; a server that couldn't read it may leave it out. */
function isAbout({ questions = [], ...packet }: DecodedPacket, { name, type }: Question): boolean {
  const [asked] = questions
  if (!asked) return (packet as { rcode?: unknown }).rcode !== 'NOERROR'
  return questions.length === 1 && domain(asked.name) === domain(name) && asked.type === type
}

/** One record as text, in the order that a zone file has (RFC 1035, 5.1): names in lower case without the last dot. */
function readRecord(record: DnsRecord): AnswerOf<'dns'>['answers'][number] {
  const ttl = 'ttl' in record && typeof record.ttl === 'number' ? record.ttl : 0
  return { name: domain(record.name), type: record.type, ttl, data: dataOf(record) }
}

function dataOf(record: DnsRecord): string {
  switch (record.type) {
    case 'A':
    case 'AAAA':
      return record.data
    case 'CNAME':
    case 'NS':
    case 'PTR':
    case 'DNAME':
      return domain(record.data)
    case 'MX':
      return `${record.data.preference ?? 0} ${domain(record.data.exchange)}`
    case 'SRV': {
      const { priority = 0, weight = 0, port, target } = record.data
      return `${priority} ${weight} ${port} ${domain(target)}`
    }
    case 'SOA': {
      const { mname, rname, serial, refresh, retry, expire, minimum } = record.data
      return [domain(mname), domain(rname), serial, refresh, retry, expire, minimum].join(' ')
    }
    case 'TXT':
      return [record.data]
        .flat()
        .map((part) => (typeof part === 'string' ? part : Buffer.from(part).toString('utf8')))
        .join('')
    default: {
      const { data } = record as { data?: unknown }
      return Buffer.isBuffer(data) ? data.toString('hex') : ''
    }
  }
}

const domain = (name: string): string => name.toLowerCase().replace(/\.$/, '')
