import { MalformedPolicyFile } from './policy-file.ts'
import { iniSections, keyAndValue, policyText, type IniLine } from './policy-text.ts'

const EVENTS = ['startup', 'shutdown', 'logon', 'logoff'] as const

/** One script, in the order in which it runs among those of its event. */
export interface PolicyScript {
  readonly event: (typeof EVENTS)[number]
  readonly language: 'command' | 'powershell'
  readonly order: number
  /** As typed: a full path, or a name below the policy's own folder of scripts. */
  readonly command: string
  readonly parameters: string
}

const MAX_SCRIPTS = 1000

/**
 * scripts.ini (`command`) or psscripts.ini (`powershell`) ([MS-GPSCR] 2.2.2 and 2.2.3): in [Startup], [Shutdown],
 * [Logon] and [Logoff] the lines `0CmdLine=` and `0Parameters=`, by number. Other sections ([ScriptsConfig]) say in
 * which order both languages run, and are left out. Throws MalformedPolicyFile.
 */
export function policyScripts(bytes: Uint8Array, language: PolicyScript['language']): PolicyScript[] {
  const sections = iniSections(policyText(bytes))
  return EVENTS.flatMap((event) => scriptsOf(sections.get(event) ?? [], event, language))
}

function scriptsOf(
  lines: readonly IniLine[],
  event: PolicyScript['event'],
  language: PolicyScript['language'],
): PolicyScript[] {
  const commands = new Map<number, string>()
  const parameters = new Map<number, string>()
  for (const line of lines) {
    const [key, value] = keyAndValue(line)
    const numbered = /^(\d{1,9})(cmdline|parameters)$/i.exec(key)
    if (!numbered) throw new MalformedPolicyFile(`line ${line.line}: neither CmdLine nor Parameters`, null)
    const values = numbered[2]!.toLowerCase() === 'cmdline' ? commands : parameters
    const order = Number(numbered[1])
    if (!values.has(order)) values.set(order, value)
    if (values.size > MAX_SCRIPTS) throw new MalformedPolicyFile(`more than ${MAX_SCRIPTS} scripts`, null)
  }
  for (const order of parameters.keys())
    if (!commands.has(order)) throw new MalformedPolicyFile(`parameters without a script: ${order}`, null)
  return [...commands]
    .sort(([a], [b]) => a - b)
    .map(([order, command]) => ({
      event,
      language,
      order,
      command,
      parameters: parameters.get(order) ?? '',
    }))
}
