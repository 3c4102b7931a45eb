import { AndFilter, EqualityFilter, NotFilter, OrFilter, PresenceFilter, type Filter } from 'ldapts'
import type { LdapFilter } from '../../../checks/probe.ts'

/**
 * The filter as ldapts writes it on the wire: values are never part of a text that is parsed. As bytes, so that its text
 * form (RFC 4515), for whom only takes that, has every one of them escaped.
 */
export function filterOf(filter: LdapFilter): Filter {
  if ('and' in filter) return new AndFilter({ filters: filter.and.map(filterOf) })
  if ('or' in filter) return new OrFilter({ filters: filter.or.map(filterOf) })
  if ('not' in filter) return new NotFilter({ filter: filterOf(filter.not) })
  if ('present' in filter) return new PresenceFilter({ attribute: filter.present })
  const [attribute, value] = filter.equals
  return new EqualityFilter({ attribute, value: Buffer.from(value, 'utf8') })
}
