import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '../..')

export interface Packed {
  readonly tarball: string
  readonly files: readonly { readonly path: string; readonly size: number }[]
  /** Bytes of the tarball, and of what it unpacks to. */
  readonly size: number
  readonly unpackedSize: number
}

/**
 * What `npm pack` makes, in `folder`. Packed from a copy whose `dist` is built in place: `prepare` would build into the
 * tree, under other tests that use its `dist`.
 */
export function packed(folder: string): Packed {
  const staged = join(folder, 'staged')
  mkdirSync(staged)
  // More than what is to be shipped, so that a wider `files` shows.
  for (const name of ['bin', 'package.json', 'README.md', 'docs', 'test/package', '.npmrc'])
    cpSync(join(root, name), join(staged, name), { recursive: true })
  execFileSync(process.execPath, [join(root, 'build.ts'), join(staged, 'dist')], { cwd: root, stdio: 'pipe' })
  const said = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: staged,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const parsed = JSON.parse(said) as unknown
  // npm 11 gives a list, npm 12 an object by name.
  const [one] = Object.values(parsed as Record<string, Omit<Packed, 'tarball'> & { filename: string }>)
  return { ...one!, tarball: join(folder, one!.filename) }
}
