/** The name under in-addr.arpa of an IPv4 address (RFC 1035, 3.5); a name stays as it is. */
export const reverseName = (name: string): string =>
  /^\d{1,3}(\.\d{1,3}){3}$/.test(name) ? `${name.split('.').toReversed().join('.')}.in-addr.arpa` : name

/** A name without its first label: where its zone most often begins. */
export const parentZone = (name: string): string => {
  const labels = name.replace(/\.$/, '').split('.')
  return labels.length > 1 ? labels.slice(1).join('.') : labels.join('.')
}

/** Data of a record in one written form: names in lower case without their final dot, one space between fields. */
export function recordData(type: string, data: string): string {
  if (type === 'TXT') return data.replace(/^"(.*)"$/s, '$1')
  return data
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .map((field) => field.replace(/\.$/, ''))
    .join(' ')
}
