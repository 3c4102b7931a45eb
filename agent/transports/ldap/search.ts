import { BerWriter, Control, PagedResultsControl, SearchRequest } from 'ldapts'
import type { AnswerOf } from '../../../checks/observation.ts'
import type { ProbeOf } from '../../../checks/probe.ts'
import type { Reply } from '../asking.ts'
import { TransportFailure } from '../transport.ts'
import type { LdapConnection } from './connection.ts'
import { entryOf } from './entry.ts'
import { filterOf } from './filter.ts'
import type { RawEntry } from './response.ts'
import { NO_SUCH_OBJECT, resultFailure, SUCCESS } from './result-code.ts'

/** Entries to a page; a domain controller gives at most 1000 at once. */
const PAGE = 250

type Entries = AnswerOf<'ldap'>['entries']
type Search = Pick<
  ProbeOf<'ldap'>,
  'scope' | 'filter' | 'attributes' | 'binary' | 'sizeLimit' | 'maxBytes' | 'timeoutMs'
>

/** Thrown to stop a search that has brought enough. */
class Enough extends TransportFailure {
  constructor() {
    super('truncated', 'more than was asked for')
  }
}

/**
 * Searches below `base` page by page (RFC 2696), up to `sizeLimit` entries and `maxBytes` bytes as sent; `truncated`
 * says that there was more. `found` is false where the base itself doesn't exist. Rejects with a TransportFailure.
 */
export async function search(
  connection: LdapConnection,
  base: string,
  wanted: Search,
  signal: AbortSignal,
): Promise<Reply> {
  const entries: Entries = []
  let bytes = 0
  let truncated = false
  const collect = (raw: RawEntry, size: number) => {
    bytes += size
    if (entries.length >= wanted.sizeLimit || bytes > wanted.maxBytes) throw new Enough()
    const { entry, whole } = entryOf(raw, wanted.binary)
    entries.push(entry)
    if (!whole) truncated = true
  }
  const answer = (found: boolean) => ({ answer: { kind: 'ldap' as const, found, entries }, truncated })
  try {
    for (let cookie: Buffer | null = null; ;) {
      const result = await connection.request((id) => requestOf(id, base, wanted, cookie), signal, collect)
      if (result.code === NO_SUCH_OBJECT) return answer(false)
      if (result.code !== SUCCESS) throw resultFailure(result, 'search')
      cookie = result.cookie
      if (cookie === null) return answer(true)
      if (entries.length >= wanted.sizeLimit) throw new Enough()
    }
  } catch (error) {
    if (!(error instanceof Enough)) throw error
    truncated = true
    return answer(true)
  }
}

function requestOf(id: number, base: string, wanted: Search, cookie: Buffer | null): SearchRequest {
  const { scope, filter, attributes, timeoutMs } = wanted
  const page = new PagedResultsControl({ value: { size: PAGE, ...(cookie && { cookie }) } })
  const descriptor = attributes.some((name) => name.toLowerCase() === 'ntsecuritydescriptor')
  return new SearchRequest({
    messageId: id,
    baseDN: base,
    scope,
    filter: filterOf(filter),
    attributes,
    timeLimit: Math.ceil(timeoutMs / 1000),
    controls: [...(scope === 'base' ? [] : [page]), ...(descriptor ? [new SecurityDescriptorFlags()] : [])],
  })
}

/**
 * Owner, group and DACL without the SACL ([MS-ADTS] 3.1.1.3.4.1.11): a domain controller gives no security descriptor
 * at all to an account that asks for all of it and may not see its audit part.
 */
class SecurityDescriptorFlags extends Control {
  constructor() {
    super('1.2.840.113556.1.4.801')
  }

  override writeControl(writer: BerWriter): void {
    const flags = new BerWriter()
    flags.startSequence()
    flags.writeInt(0x1 | 0x2 | 0x4)
    flags.endSequence()
    writer.writeBuffer(flags.buffer, 0x04)
  }
}
