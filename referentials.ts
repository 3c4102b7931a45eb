import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseReferential, type Referential } from './checks/referential/referential.ts'

/** The référentiels are shipped as YAML beside the sources, also when what runs is compiled into `dist/`. */
const folders = ['./checks/referential/', '../checks/referential/']

/**
 * Every référentiel that is shipped, by its id. The only file that both the agent and the server need: it enters
 * them as a value.
 * @throws when none is found: the installation is broken.
 */
export async function readReferentials(): Promise<ReadonlyMap<string, Referential>> {
  for (const folder of folders.map((path) => new URL(path, import.meta.url))) {
    const names = await readdir(fileURLToPath(folder)).catch(() => [])
    const files = names.filter((name) => name.endsWith('.yaml')).sort()
    if (files.length === 0) continue
    const texts = await Promise.all(files.map((name) => readFile(new URL(name, folder), 'utf8')))
    return new Map(texts.map((text) => parseReferential(text)).map((ref) => [ref.id, ref]))
  }
  throw new Error('no référentiel is installed beside the program')
}
