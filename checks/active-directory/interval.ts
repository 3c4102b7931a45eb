import { NotObserved } from '../observation.ts'

const TICKS_PER_MINUTE = 600_000_000n
const NEVER = -(2n ** 63n)

/**
 * Minutes of an interval as Active Directory keeps it: negative, in units of 100 ns ([MS-ADTS] 3.1.1.1; the
 * attributes maxPwdAge, minPwdAge, lockoutDuration). Null where it is without end: the lowest number, or zero where
 * `zeroIsNever`. Throws NotObserved `unparsable`.
 */
export function minutesOf(text: string, zeroIsNever: boolean): number | null {
  if (!/^-?\d{1,19}$/.test(text)) throw new NotObserved('unparsable', 'interval: not a number')
  const ticks = BigInt(text)
  if (ticks > 0n || ticks < NEVER) throw new NotObserved('unparsable', 'interval: positive, or out of range')
  if (ticks === NEVER || (ticks === 0n && zeroIsNever)) return null
  return Number(-ticks / TICKS_PER_MINUTE)
}
