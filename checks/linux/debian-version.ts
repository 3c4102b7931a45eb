/** A version of a Debian package: `[epoch:]upstream[-revision]` (Debian policy, 5.6.12). */
const parts = (version: string): [number, string, string] => {
  const colon = version.indexOf(':')
  const epoch = colon > 0 && /^\d+$/.test(version.slice(0, colon)) ? Number(version.slice(0, colon)) : 0
  const rest = colon > 0 ? version.slice(colon + 1) : version
  const hyphen = rest.lastIndexOf('-')
  return hyphen < 0 ? [epoch, rest, '0'] : [epoch, rest.slice(0, hyphen), rest.slice(hyphen + 1)]
}

// A tilde sorts before everything, even the end; letters before other characters.
const rank = (character: string | undefined): number => {
  if (character === undefined) return 0
  if (character === '~') return -1
  return /[A-Za-z]/.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256
}

function compareParts(a: string, b: string): number {
  let [left, right] = [a, b]
  while (left !== '' || right !== '') {
    const [wordA, wordB] = [/^\D*/.exec(left)?.[0] ?? '', /^\D*/.exec(right)?.[0] ?? '']
    for (let i = 0; i < Math.max(wordA.length, wordB.length); i++) {
      const difference = rank(wordA[i]) - rank(wordB[i])
      if (difference !== 0) return Math.sign(difference)
    }
    left = left.slice(wordA.length)
    right = right.slice(wordB.length)
    const [digitsA, digitsB] = [/^\d*/.exec(left)?.[0] ?? '', /^\d*/.exec(right)?.[0] ?? '']
    const [numberA, numberB] = [BigInt(digitsA || 0), BigInt(digitsB || 0)]
    if (numberA !== numberB) return numberA < numberB ? -1 : 1
    left = left.slice(digitsA.length)
    right = right.slice(digitsB.length)
  }
  return 0
}

/** Compares two Debian versions as `dpkg --compare-versions` does: negative, zero or positive. */
export function compareVersions(a: string, b: string): number {
  const [epochA, upstreamA, revisionA] = parts(a)
  const [epochB, upstreamB, revisionB] = parts(b)
  return (
    Math.sign(epochA - epochB) || compareParts(upstreamA, upstreamB) || compareParts(revisionA, revisionB)
  )
}
