import { MalformedPolicyFile } from './policy-file.ts'
import { iniSections, keyAndValue, policyText } from './policy-text.ts'

/** What GPT.INI says of the policy: how often each of its halves was changed, and its name where it has one there. */
export interface PolicyVersion {
  readonly user: number
  readonly computer: number
  readonly displayName: string | null
}

const MAX_VERSION = 0xffff_ffff

/**
 * GPT.INI ([MS-GPOL] 2.2.4): `Version` of 32 bits, the user's half in the high 16 bits and the computer's in the low
 * ones; 0 where there is none, as Windows takes it. Throws MalformedPolicyFile.
 */
export function policyVersion(bytes: Uint8Array): PolicyVersion {
  const general = iniSections(policyText(bytes)).get('general')
  if (!general) throw new MalformedPolicyFile('no section [General]', null)
  // The first of a key that comes twice counts, as for GetPrivateProfileString.
  const values = new Map<string, string>()
  for (const [key, value] of general.map(keyAndValue))
    if (!values.has(key.toLowerCase())) values.set(key.toLowerCase(), value)
  const said = values.get('version') ?? '0'
  const version = /^\d{1,10}$/.test(said) ? Number(said) : Number.NaN
  if (!(version <= MAX_VERSION)) throw new MalformedPolicyFile('Version is no number of 32 bits', null)
  return {
    user: Math.floor(version / 0x1_0000),
    computer: version % 0x1_0000,
    displayName: values.get('displayname') ?? null,
  }
}
