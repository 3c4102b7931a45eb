#!/usr/bin/env node
// Runs on any Node that knows ES modules, so that an old one gets a sentence and not a syntax error.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { cacheFolder, handedOn } from './places.js'

const NEEDED = 24
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const compiled = join(root, 'dist', 'probant.js')
const source = join(root, 'probant.ts')
const entry = existsSync(compiled) ? compiled : source

/** The Node 24 that npm installs beside the program (an optional dependency, Linux only), or null. */
function ownNode() {
  const folders = [join(root, 'node_modules'), join(root, '..')]
  const paths = folders.map((folder) => join(folder, `node-linux-${process.arch}`, 'bin', 'node'))
  return process.platform === 'linux' ? (paths.find((path) => existsSync(path)) ?? null) : null
}

function unavailable() {
  const english = /(^|=)en/i.test(process.env.PROBANT_LANG || process.env.LC_ALL || process.env.LANG || '')
  process.stderr.write(
    english
      ? `probant: Node ${NEEDED} or newer is needed (this is ${process.version}): run "npm ci" again, or install it from https://nodejs.org/\n`
      : `probant: il faut Node ${NEEDED} ou plus récent (ici ${process.version}) : relancez « npm ci », ou installez-le depuis https://nodejs.org/\n`,
  )
  process.exitCode = 69
}

/** Hands over to another Node: same arguments, same streams, its exit status, and the signals that this process gets. */
function handOver(node) {
  const child = spawn(node, [entry, ...process.argv.slice(2)], { stdio: 'inherit' })
  // A terminal sends Ctrl-C to both processes: the program takes two signals at the same moment for one.
  for (const signal of handedOn(process.platform)) process.on(signal, () => child.kill(signal))
  child.on('error', unavailable)
  child.on('exit', (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal)
      process.kill(process.pid, signal)
    } else process.exitCode = code ?? 1
  })
}

if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  process.argv[1] = entry
  // Compiled once for all starts; in a folder of this account's own, because what is in it gets executed.
  const { enableCompileCache } = await import('node:module')
  const cache = cacheFolder(process.platform, process.env, homedir)
  if (cache) enableCompileCache(cache)
  // A URL: on Windows a path such as C:\\… would be read as one of its own kind.
  await import(pathToFileURL(entry).href)
} else {
  const node = ownNode()
  if (node) handOver(node)
  else unavailable()
}
