/** How far a time of day may be ahead of the server's clock: a watch on the wall is never quite right. */
const aheadMs = 5 * 60_000

/**
 * The moment of a time of day, `14:05`, in a zone, for something that has happened: today's, by the server's clock there,
 * or, where that has not come yet, yesterday's. Null where that would be before the day of the session: a slip of the pen.
 * @param notBefore day of the session, `2026-12-01`; on the days before it, only today counts.
 */
export function momentOf(time: string, now: Date, timeZone: string, notBefore: string): Date | null {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  const there = new Date(now.getTime() + offsetMs(now, timeZone))
  for (const daysAgo of [0, 1]) {
    const wall = Date.UTC(
      there.getUTCFullYear(),
      there.getUTCMonth(),
      there.getUTCDate() - daysAgo,
      hour,
      minute,
    )
    const moment = momentOfWall(wall, timeZone)
    const day = new Date(wall).toISOString().slice(0, 10)
    if (moment - now.getTime() <= aheadMs && (daysAgo === 0 || day >= notBefore)) return new Date(moment)
  }
  return null
}

/** What a clock on the wall shows, as if it were UTC, to the moment at which it does. */
function momentOfWall(wall: number, timeZone: string): number {
  const guess = wall - offsetMs(new Date(wall), timeZone)
  // The night in which clocks change: the offset is that of the moment, not of the guess.
  return wall - offsetMs(new Date(guess), timeZone)
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
