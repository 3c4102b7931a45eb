import { cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { licencesOf } from './licences.ts'
import { readReferentials } from './referentials.ts'

/**
 * `node build.ts [FOLDER]`: what is shipped, in `dist/` unless told. A start then reads a few files instead of three
 * hundred, and the référentiels as checked JSON instead of YAML: half a second less before the first machine is asked.
 * Written aside and put in place whole, so that whoever starts the command meanwhile finds the old one.
 */
const root = dirname(fileURLToPath(import.meta.url))
const folder = resolve(process.argv[2] ?? join(root, 'dist'))

// These stay packages: they carry binaries, or look for files of their own, or only the server needs them.
const external =
  /^(ssh2|net-snmp|better-sqlite3|kysely|fastify|fastify-type-provider-zod|pino|@fastify\/.*|@picocss\/.*|pdfkit|dejavu-fonts-ttf|write-excel-file|openid-client)$/

await mkdir(dirname(folder), { recursive: true })
const aside = await mkdtemp(join(dirname(folder), '.probant-build-'))
try {
  const bundle = await rolldown({
    input: {
      probant: join(root, 'probant.ts'),
      // By these names the tests start the server without its command.
      server: join(root, 'server/server.ts'),
      serve: join(root, 'server/commands/serve.ts'),
    },
    platform: 'node',
    tsconfig: join(root, 'tsconfig.json'),
    external,
  })
  const { output } = await bundle.write({
    dir: aside,
    format: 'esm',
    sourcemap: true,
    chunkFileNames: '[name].js',
  })
  await bundle.close()
  const modules = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
  await writeFile(join(aside, 'licences.txt'), await licencesOf(modules))
  await mkdir(join(aside, 'referentials'))
  for (const [id, referential] of await readReferentials())
    await writeFile(join(aside, 'referentials', `${id}.json`), JSON.stringify(referential))
  for (const texts of ['host', 'scripts'])
    await cp(join(root, 'agent/transports/powershell', texts), join(aside, texts), { recursive: true })
  await cp(join(root, 'server/pages/assets'), join(aside, 'assets'), { recursive: true })
  await rm(folder, { recursive: true, force: true })
  await rename(aside, folder)
} catch (error) {
  await rm(aside, { recursive: true, force: true })
  throw error
}
