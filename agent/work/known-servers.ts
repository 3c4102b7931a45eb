import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeWhole } from '../evidence/atomic-file.ts'

/** The servers that this agent is enrolled with, and by which name: `servers.json` in the agent's own folder. */
const schema = z.array(z.strictObject({ server: z.string(), name: z.string() })).max(1000)

const pathIn = (folder: string) => join(folder, 'servers.json')

async function read(folder: string): Promise<z.infer<typeof schema>> {
  try {
    return schema.parse(JSON.parse(await readFile(pathIn(folder), 'utf8')))
  } catch {
    return [] // none yet, or unreadable: the server knows
  }
}

/** The name by which a server knows this agent; null where it never was enrolled there. */
export async function nameAt(folder: string, server: URL): Promise<string | null> {
  return (await read(folder)).find((known) => known.server === server.href)?.name ?? null
}

/** Keeps the name that a server took this agent under. */
export async function keepName(folder: string, server: URL, name: string): Promise<void> {
  const others = (await read(folder)).filter((known) => known.server !== server.href)
  await writeWhole(pathIn(folder), `${JSON.stringify([...others, { server: server.href, name }], null, 1)}\n`)
}
