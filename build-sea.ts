import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, copyFile, cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { constants, zstdCompressSync } from 'node:zlib'

/**
 * `node build-sea.ts [FILE]`: Probant as one file that needs no Node beside it, for the system this runs on. In
 * artefacts/ unless told. It carries what `npm i -g` would install, see docs/executable.md.
 */
const root = dirname(fileURLToPath(import.meta.url))
const windows = process.platform === 'win32'
const target = resolve(process.argv[2] ?? join(root, 'artefacts', windows ? 'probant.exe' : 'probant'))
const postject = 'postject@1.0.0-alpha.6'

/** What the packages carry and no run reads: other systems' binaries, sources, types, manuals. Licences stay. */
const left = [
  /\.(?:map|d\.[cm]?ts|ts|md|markdown|gyp|cc|cpp|h|c|yml)$/i,
  /[\\/](?:\.bin|\.github|test|tests|examples|benchmarks?)[\\/]/,
  /[\\/]better-sqlite3[\\/](?:deps|src)[\\/]/,
  /[\\/]@picocss[\\/]pico[\\/](?!package\.json|LICENSE|css[\\/]pico\.min\.css$)/,
  /[\\/]pdfkit[\\/]js[\\/](?:pdfkit\.(?:standalone|browser|old))/,
  /[\\/]node-linux-[a-z0-9]+[\\/]/,
]
const otherBinary = (path: string): boolean =>
  /[\\/]prebuilds[\\/]/.test(path) && !path.includes(`${process.platform}-${process.arch}`)

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !left.some((pattern) => pattern.test(path)) && !otherBinary(path))
    .sort()
}

const run = (command: string, args: readonly string[], cwd: string) =>
  execFileSync(command, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'], shell: windows })

const work = await mkdtemp(join(tmpdir(), 'probant-sea-'))
try {
  const tree = join(work, 'tree')
  await mkdir(tree)
  for (const name of ['package.json', 'package-lock.json']) await copyFile(join(root, name), join(tree, name))
  run(
    'npm',
    ['ci', '--omit=dev', '--omit=optional', '--ignore-scripts', '--prefer-offline', '--no-audit'],
    tree,
  )
  run(process.execPath, [join(root, 'build.ts'), join(tree, 'dist')], root)
  await cp(join(root, 'executable/enter.cjs'), join(tree, 'enter.cjs'))

  const paths = await filesBelow(tree)
  const contents = await Promise.all(paths.map((path) => readFile(path)))
  const files = paths.map((path, i) => [
    path.slice(tree.length + 1).replaceAll(sep, '/'),
    contents[i]!.length,
  ])
  const bytes = Buffer.concat(contents)
  const hash = createHash('sha256').update(JSON.stringify(files)).update(bytes).digest('hex').slice(0, 32)
  const level = { params: { [constants.ZSTD_c_compressionLevel]: 15 } }
  await writeFile(join(work, 'index.json'), JSON.stringify({ hash, files }))
  await writeFile(join(work, 'files.zst'), zstdCompressSync(bytes, level))
  const config = {
    main: join(root, 'executable/start.cjs'),
    output: join(work, 'probant.blob'),
    disableExperimentalSEAWarning: true,
    assets: { index: join(work, 'index.json'), files: join(work, 'files.zst') },
  }
  await writeFile(join(work, 'sea.json'), JSON.stringify(config))
  run(process.execPath, ['--experimental-sea-config', join(work, 'sea.json')], work)
  await mkdir(dirname(target), { recursive: true })
  await rm(target, { force: true })
  await copyFile(process.execPath, target)
  await chmod(target, 0o755)
  const mac = process.platform === 'darwin'
  // Apple's system starts no program whose signature is broken.
  if (mac) run('codesign', ['--remove-signature', target], work)
  const fuse = ['--sentinel-fuse', 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2']
  const segment = mac ? ['--macho-segment-name', 'NODE_SEA'] : []
  run('npx', ['--yes', postject, target, 'NODE_SEA_BLOB', config.output, ...fuse, ...segment], work)
  if (mac) run('codesign', ['--sign', '-', target], work)
  console.log(`${target}: ${files.length} files, ${Math.round(bytes.length / 1e6)} MB laid out`)
} finally {
  await rm(work, { recursive: true, force: true })
}
