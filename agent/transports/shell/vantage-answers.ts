import type { Result } from './questions.ts'

/**
 * Reads ping's summary under LC_ALL=C (iputils: "2 packets transmitted, 0 received"; busybox: "2 packets received").
 * Status 0 and 1 are answers, silence included; so is a vantage point that has no route, as it then sent nothing.
 */
export function echoAnswer(status: string, output: string, count: number): Result {
  const summary = /^(\d{1,3}) packets transmitted, (\d{1,3})(?: packets)? received/m.exec(output)
  if ((status === '0' || status === '1') && summary) {
    const [sent, received] = [Number(summary[1]), Number(summary[2])]
    if (sent <= count && received <= sent) {
      const average = /^(?:rtt|round-trip) min\/avg\/max\S* = [\d.]+\/([\d.]+)\//m.exec(output)
      const rttMs = average ? Number(average[1]) : null
      return { answer: { kind: 'icmp', sent, received, rttMs }, truncated: false }
    }
  }
  if (/Network is unreachable|No route to host/.test(output))
    return { answer: { kind: 'icmp', sent: 0, received: 0, rttMs: null }, truncated: false }
  if (/Operation not permitted|Permission denied|are you root/.test(output))
    return { failure: { cause: 'denied', detail: 'the account may not send echo requests' } }
  return { failure: { cause: 'unparsable', detail: `ping ended with status ${status} and no summary` } }
}

/**
 * What a connection attempt by bash's /dev/tcp or nc met, by strerror(3) under LC_ALL=C. The time limit ends it by KILL
 * (137): nothing came back.
 */
export function attemptAnswer(status: string, output: string): Result {
  const state =
    status === '0'
      ? 'open'
      : status === '137' || output.includes('Connection timed out') || output.includes('Operation timed out')
        ? 'silent'
        : output.includes('Connection refused')
          ? 'refused'
          : /No route to host|Network is unreachable|Host is unreachable/.test(output)
            ? 'unreachable'
            : null
  if (state) return { answer: { kind: 'tcp', state }, truncated: false }
  return { failure: { cause: 'unparsable', detail: `the connection attempt ended with status ${status}` } }
}
