import { avId, readAvPairs } from './av-pairs.ts'
import { readChallenge } from './messages.ts'

/** How a machine names itself, and what time it has, before anybody is known (MS-NLMP 2.2.2.1). Said by it: hostile. */
export interface TargetNames {
  readonly computer: string
  /** NetBIOS name of the domain; the computer's own where it is in none. */
  readonly domain: string
  readonly dnsDomain: string
  readonly time: Date | null
}

const epochMs = 11_644_473_600_000n

/** What a CHALLENGE_MESSAGE tells. Throws an NtlmError for what is none. */
export function targetNames(challenge: Buffer): TargetNames {
  const pairs = readAvPairs(readChallenge(challenge).targetInfo)
  const name = (id: number) => pairs.get(id)?.toString('utf16le').slice(0, 255) ?? ''
  const stamp = pairs.get(avId.timestamp)
  return {
    computer: name(avId.computerName),
    domain: name(avId.domainName),
    dnsDomain: name(avId.dnsDomainName),
    time: stamp?.length === 8 ? new Date(Number(stamp.readBigUInt64LE() / 10_000n - epochMs)) : null,
  }
}
