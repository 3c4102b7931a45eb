'use strict'
// What the single executable runs first (see build-sea.ts): an executable can only run one CommonJS text, and loads
// neither modules nor the store's binary from inside itself. So the first start lays out what it carries in a folder
// of this account's own, by its hash, and every start runs from there.
const { createRequire } = require('node:module')
const { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } = require('node:fs')
const { homedir } = require('node:os')
const { dirname, join } = require('node:path')
const { getAsset, getRawAsset } = require('node:sea')
const { zstdDecompressSync } = require('node:zlib')

const { hash, files } = JSON.parse(getAsset('index', 'utf8'))
const caches =
  process.platform === 'win32'
    ? process.env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local')
    : process.env.XDG_CACHE_HOME ||
      join(homedir(), ...(process.platform === 'darwin' ? ['Library', 'Caches'] : ['.cache']))
const parent = join(caches, 'probant', 'executable')
const folder = join(parent, hash)

/** Written aside and put in place whole: whoever starts it meanwhile, or an interruption, finds all or nothing. */
function layOut() {
  mkdirSync(parent, { recursive: true, mode: 0o700 })
  const aside = mkdtempSync(join(parent, '.new-'))
  try {
    const bytes = zstdDecompressSync(Buffer.from(getRawAsset('files')))
    let at = 0
    for (const [path, length] of files) {
      const file = join(aside, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, bytes.subarray(at, (at += length)))
    }
    renameSync(aside, folder)
  } catch (error) {
    rmSync(aside, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  }
}

try {
  if (!existsSync(folder)) layOut()
  createRequire(join(folder, 'package.json'))('./enter.cjs')
} catch (error) {
  const english = /(^|=)en/i.test(process.env.PROBANT_LANG || process.env.LC_ALL || process.env.LANG || '')
  const why = String((error && error.code) || error)
  process.stderr.write(
    english
      ? `probant: cannot be laid out in ${parent} (${why}): free some room, or name another folder in XDG_CACHE_HOME\n`
      : `probant: impossible de se déployer dans ${parent} (${why}) : faites de la place, ou indiquez un autre dossier dans XDG_CACHE_HOME\n`,
  )
  process.exitCode = 69
}
