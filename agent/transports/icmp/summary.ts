/** Echo requests sent and received, and the mean round trip in ms. */
export interface Echoes {
  readonly sent: number
  readonly received: number
  readonly rttMs: number | null
}

/** What ping(8) prints at the end under `LC_ALL=C`: iputils, busybox, macOS; null where there is no such summary. */
export function readSummary(text: string): Echoes | null {
  const counts = /^(\d{1,6}) packets transmitted, (\d{1,6}) (?:packets )?received/m.exec(text)
  if (!counts) return null
  const times = /^(?:rtt|round-trip) min\/avg\/max(?:\/[\w-]+)? = [\d.]{1,20}\/([\d.]{1,20})\//m.exec(text)
  const rtt = times ? Number(times[1]) : Number.NaN
  return { sent: Number(counts[1]), received: Number(counts[2]), rttMs: Number.isFinite(rtt) ? rtt : null }
}

/**
 * What ping.exe of Windows prints, in whatever language and code page. Its own count of what was received also counts the
 * routers that say that nobody is there, so replies are counted line by line: a reply bears `TTL=`, which no language
 * translates; one of IPv6 bears no TTL, but a time, where a router's word has none. Null where there are no counts at all.
 */
export function readWindowsPing(text: string): Echoes | null {
  const counts = /= ?(\d{1,6})\D{1,60}= ?(\d{1,6})\D{1,60}= ?(\d{1,6})\D{1,20}\d{1,3} ?%/.exec(text)
  if (!counts) return null
  const times: number[] = []
  for (const line of text.split(/\r?\n/)) {
    // `octets=32 temps=12 ms TTL=128`, `temps<1ms`: a name and its number touch; in the counts there are spaces.
    const numbers = [...line.matchAll(/[^\s=<][=<](\d{1,9})/g)].map(([, digits]) => Number(digits))
    if (/TTL=\d/.test(line)) times.push(numbers.at(-2) ?? Number.NaN)
    else if (/[0-9a-f]*:[0-9a-f]*:[0-9a-f:.]*/i.test(line) && numbers.length > 0) times.push(numbers.at(-1)!)
  }
  const known = times.filter((time) => Number.isFinite(time))
  return {
    sent: Number(counts[1]),
    received: Math.min(times.length, Number(counts[1])),
    rttMs: known.length === 0 ? null : known.reduce((sum, time) => sum + time, 0) / known.length,
  }
}
