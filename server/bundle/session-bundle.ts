import { zipSync, type Zippable } from 'fflate'
import {
  bundleFormat,
  bytesHash,
  chainName,
  journalName,
  manifestBytes,
  manifestName,
  signatureName,
  type Manifest,
} from '../../checks/evidence/bundle.ts'
import type { SealedEntry } from '../../checks/evidence/journal-chain.ts'
import type { Store } from '../store/store.ts'
import type { ServerKey } from './server-key.ts'

/**
 * Everything that a session holds, sealed in one ZIP that `probant verify` checks offline. Private notes stay with their
 * authors; of other sessions only hashes go in, so that both chains hold.
 * @returns null where there is no such session.
 */
export async function sessionBundle(
  session: string,
  from: { store: Store; key: ServerKey; by: string; version: string; now: Date },
): Promise<Uint8Array | null> {
  const { store, key, by, version, now } = from
  const about = await store.life.session(session)
  if (!about) return null
  const files = new Map<string, Uint8Array>()
  const text = (name: string, contents: string) => void files.set(name, Buffer.from(contents, 'utf8'))
  const json = (name: string, value: unknown) => text(name, JSON.stringify(value, null, 1))

  for (const file of await store.life.files(session)) text(`session/${plainName(file.name)}`, file.text)
  const runs = await store.runsOf(session)
  for (const run of runs) text(`runs/${run}.run.json`, (await store.runText(run)) ?? '')
  const codes = (await store.life.candidates(session)).map(({ code }) => code)
  const appreciations = []
  for (const code of codes)
    for (const { kind, withdrawnAt, ...note } of await store.notes.of(session, code, ''))
      if (kind !== 'private') appreciations.push({ ...note, kind, withdrawnAt })
  json('appreciations.json', appreciations)
  json('incidents.json', await store.life.incidents(session))
  for (const { candidate, sha256 } of await store.life.traces(session)) {
    const contents = await store.life.trace(session, candidate, sha256)
    if (contents) files.set(`documents/${candidate}-${sha256.slice(0, 12)}.pdf`, contents)
  }
  json(chainName, await store.chain())
  json(journalName, await sealedJournal(store, session))

  const manifest: Manifest = {
    format: bundleFormat,
    madeAt: now.toISOString(),
    madeBy: by,
    version,
    session: { id: about.id, title: about.title, date: about.date },
    files: [...files].map(([name, bytes]) => ({ name, sha256: bytesHash(bytes), bytes: bytes.length })),
  }
  const sealed = manifestBytes(manifest)
  const packed: Zippable = {
    [manifestName]: sealed,
    [signatureName]: Buffer.from(JSON.stringify(key.sign(sealed)), 'utf8'),
  }
  for (const [name, bytes] of files)
    packed[name] = name.startsWith('documents/') ? [bytes, { level: 0 }] : bytes
  return zipSync(packed, { level: 6, mtime: now })
}

/** Every entry in its order; the contents of this session's only. */
async function sealedJournal(store: Store, session: string): Promise<SealedEntry[]> {
  const entries: SealedEntry[] = []
  for await (const entry of store.journal.all()) {
    const { sequence, at, digest, previous, hash, salt, contents } = entry
    const his = entry.session === session
    entries.push({
      sequence,
      at,
      digest,
      previous,
      hash,
      salt: his ? salt : null,
      contents: his && contents ? { ...contents } : null,
    })
  }
  return entries
}

/** A name that unpacks beside the others, wherever it is unpacked. */
const plainName = (name: string): string =>
  name
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .join('/')
