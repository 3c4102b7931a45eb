import { h, type VNode } from 'preact'
import type { Lang, Text } from '../../checks/text.ts'
import type { Try } from './memory.ts'
import { countsOf, hourWords } from './words.ts'

type Drawn = 'pass' | 'fail' | 'unknown' | 'jury'
export const drawn: readonly Drawn[] = ['pass', 'fail', 'unknown', 'jury']
export const curveWords: Readonly<Record<Drawn, Text>> = {
  pass: { fr: 'constatées', en: 'observed' },
  fail: { fr: 'non constatées', en: 'not as asked' },
  unknown: { fr: 'non vérifiées', en: 'not verified' },
  jury: { fr: 'à apprécier', en: 'for the jury' },
}

/** One try as the curve and the table have it: how many demands had each verdict. */
export interface Point {
  readonly at: string
  readonly counts: Readonly<Record<Drawn, number>>
}

/** Only demands that the exam still has are counted. */
export const pointsOf = (tries: readonly Try[], demands: readonly string[]): Point[] =>
  tries.map(({ at, verdicts }) => ({
    at,
    counts: countsOf(
      Object.fromEntries(demands.flatMap((id) => (Object.hasOwn(verdicts, id) ? [[id, verdicts[id]!]] : []))),
    ),
  }))

const STEP = 34
const HEIGHT = 200
const PLOT = { left: 34, top: 12, bottom: 172 }
const LABELS = 118
const dashes: Readonly<Record<Drawn, string>> = { pass: '', fail: '7 4', unknown: '2 4', jury: '9 3 2 3' }

/** A line for each verdict, told apart by its dashes, its marks and its word, never by its tint alone. */
export function curve(points: readonly Point[], lang: Lang, label: string): VNode<any> {
  const shown = drawn.filter((one) => points.some(({ counts }) => counts[one] > 0))
  const most = Math.max(1, ...points.flatMap(({ counts }) => shown.map((one) => counts[one])))
  const step = Math.min(STEP * 2, Math.max(4, 640 / Math.max(1, points.length - 1)))
  const right = PLOT.left + 14 + step * (points.length - 1)
  const wide = right + LABELS
  const x = (index: number) => PLOT.left + 14 + step * index
  const y = (count: number) => PLOT.bottom - (count / most) * (PLOT.bottom - PLOT.top)
  const last = points.at(-1)
  const every = Math.max(1, Math.ceil(64 / step))
  const ticks = most <= 6 ? Array.from({ length: most + 1 }, (_, at) => at) : [0, Math.round(most / 2), most]
  return h(
    'svg',
    { viewBox: `0 0 ${wide} ${HEIGHT}`, width: wide, height: HEIGHT, role: 'img', 'aria-label': label },
    [
      ...ticks.flatMap((count) => [
        h('line', { class: 'axis', x1: PLOT.left, x2: right + 6, y1: y(count), y2: y(count) }),
        h('text', { class: 'quiet', x: PLOT.left - 6, y: y(count) + 4, 'text-anchor': 'end' }, String(count)),
      ]),
      ...points.flatMap(({ at }, index) =>
        index % every === 0 || index === points.length - 1
          ? [
              index !== points.length - 1 && points.length - 1 - index < every
                ? null
                : h(
                    'text',
                    { class: 'quiet', x: x(index), y: PLOT.bottom + 18, 'text-anchor': 'middle' },
                    dayOrHour(at, points, lang),
                  ),
            ]
          : [],
      ),
      ...shown.flatMap((one, nth) => {
        // Side by side where two lines meet, so that neither covers the other.
        const at = (index: number) => x(index) + (nth - (shown.length - 1) / 2) * Math.min(6, step / 4)
        return [
          h('polyline', {
            class: `line ${one}`,
            'stroke-dasharray': dashes[one],
            points: points
              .map(({ counts }, index) => `${round(at(index))},${round(y(counts[one]))}`)
              .join(' '),
          }),
          ...(step >= 16 ? points.map(({ counts }, index) => mark(one, at(index), y(counts[one]))) : []),
        ]
      }),
      ...(last
        ? labelled(shown, last, y).map(({ one, at }) =>
            h('text', { class: one, x: right + 20, y: at + 4 }, curveWords[one][lang]),
          )
        : []),
    ],
  )
}

/** Labels at the ends of the lines, moved apart where they would cover one another. */
function labelled(
  shown: readonly Drawn[],
  last: Point,
  y: (count: number) => number,
): { one: Drawn; at: number }[] {
  const sorted = shown.map((one) => ({ one, at: y(last.counts[one]) })).sort((a, b) => a.at - b.at)
  for (let index = 1; index < sorted.length; index++) {
    const [above, here] = [sorted[index - 1]!, sorted[index]!]
    here.at = Math.max(here.at, above.at + 15)
  }
  // The lowest must stay above the dates.
  for (let index = sorted.length - 1, floor = PLOT.bottom + 2; index >= 0; index--, floor -= 15)
    sorted[index]!.at = Math.min(sorted[index]!.at, floor)
  return sorted
}

const round = (value: number): string => value.toFixed(1)

function mark(one: Drawn, x: number, y: number): VNode<any> {
  const at = { class: `mark ${one}` }
  switch (one) {
    case 'pass':
      return h('circle', { ...at, cx: round(x), cy: round(y), r: 4 })
    case 'fail':
      return h('path', { ...at, d: `M${round(x - 4)} ${round(y - 4)}l8 8m0-8l-8 8` })
    case 'unknown':
      return h('rect', { class: `mark ${one} hollow`, x: round(x - 4), y: round(y - 4), width: 8, height: 8 })
    case 'jury':
      return h('path', {
        class: `mark ${one} hollow`,
        d: `M${round(x)} ${round(y - 5.5)}l5.5 5.5l-5.5 5.5l-5.5-5.5z`,
      })
  }
}

/** The hour where all tries are of one day, else the day. */
function dayOrHour(at: string, points: readonly Point[], lang: Lang): string {
  const days = new Set(points.map((point) => new Date(point.at).toDateString()))
  if (days.size === 1) return hourWords(at, lang)
  return new Intl.DateTimeFormat(lang, { day: 'numeric', month: 'short' }).format(new Date(at))
}
