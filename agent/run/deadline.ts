/**
 * A signal that aborts when one of `others` does, or after `ms` as AbortSignal.timeout would; `over` forgets the clock. Who looks
 * at machines all evening would otherwise keep the clock of each look, and what hangs on it, until it has run out.
 */
export function deadline(
  ms: number,
  ...others: readonly AbortSignal[]
): { readonly signal: AbortSignal; readonly over: () => void } {
  const clock = new AbortController()
  const timer = setTimeout(
    () => clock.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
    ms,
  )
  // As those of AbortSignal.timeout, it keeps no process.
  timer.unref()
  return { signal: AbortSignal.any([...others, clock.signal]), over: () => clearTimeout(timer) }
}
