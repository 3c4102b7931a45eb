import { command } from '../probe.ts'
import { oncePerText } from '../once-per-text.ts'

/** One line of passwd(5). */
export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
  /** First comma-separated part of the GECOS field: the full name. */
  readonly fullName: string
  readonly home: string
  readonly shell: string
}
/** One line of group(5). */
export interface Group {
  readonly name: string
  readonly gid: number
  readonly members: readonly string[]
}

/** Every account, in one question. A directory (SSSD, winbind) may leave its own accounts out of the list. */
export const accounts = (on: string) => command(on, ['getent', 'passwd'], { maxBytes: 1_048_576 })
/** Every group, in one question. */
export const groups = (on: string) => command(on, ['getent', 'group'], { maxBytes: 1_048_576 })
/** One account or group by its exact name; getent(1) ends with status 2 where there is none. */
export const oneAccount = (on: string, name: string) => command(on, ['getent', 'passwd', '--', name])
export const oneGroup = (on: string, name: string) => command(on, ['getent', 'group', '--', name])

export const parseAccounts = oncePerText(readAccounts)

function readAccounts(text: string): Account[] {
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid, gecos, home, shell] = line.split(':')
    if (!name || !uid || !gid || gecos === undefined || home === undefined || shell === undefined) return []
    return [{ name, uid: Number(uid), gid: Number(gid), fullName: gecos.split(',')[0] ?? '', home, shell }]
  })
}

export const parseGroups = oncePerText(readGroups)

function readGroups(text: string): Group[] {
  return text.split('\n').flatMap((line) => {
    const [name, , gid, members] = line.split(':')
    return name && gid && members !== undefined
      ? [{ name, gid: Number(gid), members: members.split(',').filter(Boolean) }]
      : []
  })
}
