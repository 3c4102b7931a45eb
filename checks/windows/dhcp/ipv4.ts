/** An IPv4 address as a number, so that ranges can be compared; NaN for what is none. */
export function addressNumber(address: string): number {
  const bytes = /^\d{1,3}(\.\d{1,3}){3}$/.test(address) ? address.split('.').map(Number) : [Number.NaN]
  return bytes.every((byte) => byte <= 255)
    ? bytes.reduce((number, byte) => number * 256 + byte, 0)
    : Number.NaN
}

/** The mask of a prefix length: 24 gives 255.255.255.0. */
export const maskOf = (prefixLength: number): string =>
  [0, 8, 16, 24].map((before) => 256 - 2 ** (8 - Math.min(8, Math.max(0, prefixLength - before)))).join('.')

/** First and last address, both in the range. */
export interface AddressRange {
  readonly start: string
  readonly end: string
}

/** Whether each address of a range is in one of the others, which may touch or overlap. */
export function isCovered(range: AddressRange, by: readonly AddressRange[]): boolean {
  const last = addressNumber(range.end)
  let next = addressNumber(range.start)
  const sorted = by
    .map(({ start, end }) => ({ start: addressNumber(start), end: addressNumber(end) }))
    .sort((a, b) => a.start - b.start)
  for (const { start, end } of sorted) if (start <= next && end >= next) next = end + 1
  return next > last
}
