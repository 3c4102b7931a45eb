import type { AnswerOf } from '../../../checks/observation.ts'

/** What `stat` said of a path that exists; `absent` where the folder above could be looked into; else `denied`. */
export type PathFacts = Omit<AnswerOf<'file'>, 'kind' | 'exists' | 'content'> | 'absent' | 'denied'

/** The types of inode(7) that have a word of their own in an observation: the upper bits of st_mode. */
const types: Readonly<Record<number, 'file' | 'directory' | 'link'>> = {
  0o100000: 'file',
  0o040000: 'directory',
  0o120000: 'link',
}

/**
 * Reads what the program's `f` printed: `absent N` and `denied N`, then a line
 * `raw mode:mode:uid:gid:size:mtime:owner:group:path` for each path that exists (user names cannot hold a colon, passwd(5)).
 * Paths that nothing intelligible was said of are left out.
 */
export function pathFacts(output: string, paths: readonly string[]): Map<string, PathFacts> {
  const asked = new Set(paths)
  const facts = new Map<string, PathFacts>()
  for (const line of output.split('\n')) {
    const missing = /^(absent|denied) (\d{1,5})$/.exec(line)
    if (missing) {
      const path = paths[Number(missing[2])]
      if (path !== undefined) facts.set(path, missing[1] as 'absent' | 'denied')
      continue
    }
    const found =
      /^([0-9a-f]{1,8}):([0-7]{1,4}):(\d{1,10}):(\d{1,10}):(\d{1,15}):(-?\d{1,15}):([^:]*):([^:]*):(.*)$/.exec(
        line,
      )
    if (!found || !asked.has(found[9]!)) continue
    facts.set(found[9]!, {
      type: types[Number.parseInt(found[1]!, 16) & 0o170000] ?? 'other',
      mode: found[2]!,
      uid: Number(found[3]),
      gid: Number(found[4]),
      size: Number(found[5]),
      mtime: Number(found[6]),
      owner: known(found[7]!),
      group: known(found[8]!),
    })
  }
  return facts
}

/** `stat` writes UNKNOWN where an id has no name. */
const known = (name: string): string | null => (name === 'UNKNOWN' || name === '' ? null : name)
