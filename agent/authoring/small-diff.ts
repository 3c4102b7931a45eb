import { diff } from 'node:util'

/** Lines of context around a change. */
const AROUND = 2

/** What differs between two texts, line by line, as `diff` prints it: two lines around each change, `⋮` for what is left out. */
export function smallDiff(before: string, after: string): string[] {
  // Node gives how to come from the second to the first.
  const all = diff(after.split(/\r?\n/), before.split(/\r?\n/)).map(([operation, line]) => ({
    sign: operation === 0 ? ' ' : operation > 0 ? '+' : '-',
    line,
  }))
  const near = all.map((_, at) =>
    all.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(({ sign }) => sign !== ' '),
  )
  return all.flatMap(({ sign, line }, at) => {
    if (near[at]) return [`${sign} ${line}`]
    return near[at - 1] && near.slice(at).includes(true) ? ['  ⋮'] : []
  })
}
