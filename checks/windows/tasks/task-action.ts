import { NotObserved } from '../../observation.ts'
import { printable } from '../../printable.ts'
import { same, type Text } from '../../text.ts'
import type { Action } from './task-xml.ts'

/** Environment variables of the machine, by name in lower case. */
export type Variables = Readonly<Record<string, string>>

const expanded = (text: string, variables: Variables): string =>
  text.replace(/%([^%\s]{1,64})%/g, (whole, name: string) => variables[name.toLowerCase()] || whole)

const plainPath = (path: string, variables: Variables): string =>
  expanded(path, variables)
    .trim()
    .replace(/^["'](.*)["']$/, '$1')
    .replaceAll('/', '\\')
    .toLowerCase()

const folderOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('\\')))
const fileOf = (path: string) => path.slice(path.lastIndexOf('\\') + 1)
const withoutExe = (name: string) => name.replace(/\.exe$/, '')

/** Where Windows finds a program that is called by its name alone. */
const searched = (variables: Variables): string[] => {
  const system = plainPath(variables['systemroot'] ?? '', variables)
  return ['\\system32', '\\system32\\windowspowershell\\v1.0', ''].map((folder) => `${system}${folder}`)
}

/**
 * Whether a program is the one asked for, with or without `.exe`, quotation marks and variables. A name alone stands for
 * any folder where the author gives it, and for those of Windows where the task does. Throws NotObserved for another one.
 */
export function isProgram(asked: string, command: string, variables: Variables): boolean {
  const [wanted, found] = [asked, command].map((path) => withoutExe(plainPath(path, variables)))
  if (wanted === undefined || found === undefined || fileOf(wanted) !== fileOf(found)) {
    refuseUnknownVariables(command, variables)
    return false
  }
  if (wanted === found || !wanted.includes('\\')) return true
  if (found.includes('\\')) {
    refuseUnknownVariables(command, variables)
    return false
  }
  if (searched(variables).includes(folderOf(wanted))) return true
  throw new NotObserved('control', 'a program that is called by its name alone may be anywhere in the PATH')
}

/** The words of a command line: blanks part them, but for those in quotation marks. Case is not looked at. */
const words = (line: string, variables: Variables): string[] =>
  (expanded(line, variables).match(/(?:"[^"]*"?|[^\s"])+/g) ?? []).map((word) =>
    word.replaceAll('"', '').toLowerCase(),
  )

/** Whether the arguments are those asked for, blanks, quotation marks and case apart. */
export function areArguments(asked: string, given: string, variables: Variables): boolean {
  const [wanted, found] = [words(asked, variables), words(given, variables)]
  const alike = wanted.length === found.length && wanted.every((word, i) => word === found[i])
  if (!alike) refuseUnknownVariables(given, variables)
  return alike
}

/**
 * Whether an action runs a script or program, named in full: as its program, or as a whole word or quoted text anywhere
 * in its arguments; by its name alone where it is started in the script's folder. Throws NotObserved where the arguments
 * hide what is run.
 */
export function runsFile(path: string, action: Action, variables: Variables): boolean {
  const wanted = plainPath(path, variables)
  const line = `${action.command ?? ''} ${action.arguments}`
  const plain = ` ${expanded(line, variables).replaceAll('/', '\\').toLowerCase()} `
  const started = plainPath(action.folder, variables).replace(/\\$/, '')
  const here = started === folderOf(wanted)
  const names = here ? [wanted, fileOf(wanted), `.\\${fileOf(wanted)}`] : [wanted]
  if (names.some((name) => new RegExp(String.raw`[\s"'=(]${escaped(name)}[\s"',;)]`).test(plain))) return true
  if (/\s-e(c|n[a-z]*)?\s/.test(plain) && /powershell|pwsh/.test(plain))
    throw new NotObserved('control', 'the command is encoded')
  refuseUnknownVariables(line, variables)
  return false
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)

function refuseUnknownVariables(text: string, variables: Variables): void {
  if (/%[^%\s]{1,64}%/.test(expanded(text, variables)))
    throw new NotObserved('control', 'a variable whose value is not known')
}

/** An action in words: the command line. */
export const actionName = ({ command, arguments: given }: Action): Text =>
  command === null
    ? { fr: 'une action qui ne lance pas de programme', en: 'an action that starts no program' }
    : same(printable(`${command} ${given}`.trim(), 200))
