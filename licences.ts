import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The licences of the packages whose code stands among `modules` (paths): they ask that their text goes where their code
 * goes, and a bundle leaves it behind. By name of package.
 */
export async function licencesOf(modules: readonly string[]): Promise<string> {
  const folders = new Set(
    modules.flatMap((path) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(path)?.[0] ?? []),
  )
  const texts = await Promise.all([...folders].map(licenceOf))
  return texts.sort().join(`\n${'─'.repeat(80)}\n\n`)
}

async function licenceOf(folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(
    await readFile(join(folder, 'package.json'), 'utf8'),
  ) as Record<string, unknown>
  const file = (await readdir(folder)).find((one) => /^licen[cs]e/i.test(one))
  const text = file === undefined ? '' : await readFile(join(folder, file), 'utf8')
  return `${String(name)} ${String(version)} (${String(license)})\n\n${text.trim()}\n`
}
