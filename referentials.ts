import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { builtReferential, parseReferential, type Referential } from './checks/referential/referential.ts'

/** As somebody wrote them, beside the sources; as the build checked them, beside what is built. */
const written = new URL('./checks/referential/', import.meta.url)
const built = new URL('./referentials/', import.meta.url)

/**
 * Every référentiel that is shipped, by its id. The only file that both the agent and the server need: it enters
 * them as a value.
 * @throws when none is found: the installation is broken.
 */
export async function readReferentials(): Promise<ReadonlyMap<string, Referential>> {
  const checked = await texts(built, '.json')
  const all =
    checked.length > 0
      ? checked.map(builtReferential)
      : (await texts(written, '.yaml')).map((text) => parseReferential(text))
  if (all.length === 0) throw new Error('no référentiel is installed beside the program')
  return new Map(all.map((ref) => [ref.id, ref]))
}

async function texts(folder: URL, extension: string): Promise<string[]> {
  const names = await readdir(fileURLToPath(folder)).catch(() => [])
  const files = names.filter((name) => name.endsWith(extension)).sort()
  return Promise.all(files.map((name) => readFile(new URL(name, folder), 'utf8')))
}
