/**
 * The moment of a time of day, `14:05`, in a zone: today's, by the server's clock there; yesterday's where today's is more
 * than an hour ahead, for what is noted after midnight.
 */
export function momentOf(time: string, now: Date, timeZone: string): Date {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  const offset = offsetMs(now, timeZone)
  const there = new Date(now.getTime() + offset)
  there.setUTCHours(hour, minute, 0, 0)
  const moment = new Date(there.getTime() - offset)
  return moment.getTime() - now.getTime() > 3_600_000 ? new Date(moment.getTime() - 86_400_000) : moment
}

/** What a zone is ahead of UTC at a moment. */
function offsetMs(at: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at)
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((one) => one.type === type)?.value ?? 0)
  const there = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  )
  return there - Math.floor(at.getTime() / 1000) * 1000
}
