import { policyVersion, type PolicyVersion } from './gpt-ini.ts'
import { MalformedPolicyFile } from './policy-file.ts'
import { preferences, type Preference } from './preferences.ts'
import { registryPolicies, type RegistryPolicy } from './registry-pol.ts'
import { policyScripts, type PolicyScript } from './scripts-ini.ts'
import { securityTemplate, type SecuritySetting } from './security-template.ts'

/** One setting of a policy, with the file it comes from; `scope` is the half of the policy. */
export type Setting = { readonly scope: 'computer' | 'user'; readonly path: string } & (
  | { readonly source: 'registry'; readonly setting: RegistryPolicy }
  | { readonly source: 'security'; readonly setting: SecuritySetting }
  | { readonly source: 'script'; readonly setting: PolicyScript }
  | { readonly source: 'preference'; readonly setting: Preference }
)

export interface PolicyContents {
  /** What GPT.INI says; null where it was not among the files or couldn't be read. */
  readonly version: PolicyVersion | null
  readonly settings: readonly Setting[]
  /** Each file, or part of one, that couldn't be read: an absence of settings proves nothing there. */
  readonly unread: readonly { readonly path: string; readonly why: string }[]
}

type Read = (bytes: Uint8Array) => {
  found: Pick<Setting, 'source' | 'setting'>[]
  unknown?: readonly string[]
}

const registry: Read = (bytes) => ({
  found: registryPolicies(bytes).map((setting) => ({ source: 'registry', setting })),
})
const security: Read = (bytes) => {
  const { settings, unknownSections } = securityTemplate(bytes)
  return { found: settings.map((setting) => ({ source: 'security', setting })), unknown: unknownSections }
}
const scripts =
  (language: PolicyScript['language']): Read =>
  (bytes) => ({ found: policyScripts(bytes, language).map((setting) => ({ source: 'script', setting })) })
const preference: Read = (bytes) => {
  const { preferences: items, unknownItems } = preferences(bytes)
  return { found: items.map((setting) => ({ source: 'preference', setting })), unknown: unknownItems }
}

/** By the path below `Machine` or `User`, in lower case ([MS-GPOL] and its extensions fix these). */
const READERS: readonly (readonly [RegExp, Read])[] = [
  [/^registry\.pol$/, registry],
  [/^microsoft\/windows nt\/secedit\/gpttmpl\.inf$/, security],
  [/^scripts\/scripts\.ini$/, scripts('command')],
  [/^scripts\/psscripts\.ini$/, scripts('powershell')],
  [/^preferences\/(drives|printers|groups|scheduledtasks|files|shortcuts|registry)\/\1\.xml$/, preference],
]

/**
 * The settings that the files of one policy hold, by their path below the policy's folder (`Machine/Registry.pol`;
 * either slash, any case). Never throws for what a file holds: what can't be read is in `unread`.
 */
export function settingsOf(files: ReadonlyMap<string, Uint8Array>): PolicyContents {
  let version: PolicyVersion | null = null
  const settings: Setting[] = []
  const unread: { path: string; why: string }[] = []
  for (const [path, bytes] of files) {
    const [, half, below] = /^\/?(machine|user)\/(.+)$/.exec(slashed(path)) ?? []
    try {
      const read = READERS.find(([pattern]) => below !== undefined && pattern.test(below))?.[1]
      if (/^\/?gpt\.ini$/.test(slashed(path))) version = policyVersion(bytes)
      else if (!read) unread.push({ path, why: 'no file of settings that is known here' })
      else {
        const scope = half === 'user' ? 'user' : 'computer'
        const { found, unknown = [] } = read(bytes)
        for (const one of found) settings.push({ scope, path, ...one } as Setting)
        for (const name of unknown) unread.push({ path, why: `not known here: ${name}` })
      }
    } catch (error) {
      if (!(error instanceof MalformedPolicyFile)) throw error
      unread.push({ path, why: error.message })
    }
  }
  return { version, settings, unread }
}

const slashed = (path: string) => path.replaceAll('\\', '/').toLowerCase()
