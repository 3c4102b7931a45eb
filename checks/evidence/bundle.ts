import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import canonicalize from 'canonicalize'
import { z } from 'zod'
import { fingerprint, keyFingerprint, signatureHolds, signedRunSchema } from '../run.ts'
import type { Text } from '../text.ts'
import { chainLinkSchema, firstBrokenLink, type ChainLink } from './chain.ts'
import { firstBrokenEntry, journalEntrySchema } from './journal-chain.ts'

/**
 * A session's evidence in one signed file (a ZIP): what anybody can verify offline, without the server and years later.
 *
 * - `manifest.json`: this schema, canonical JSON; each other file with its SHA-256.
 * - `manifest.signature.json`: the server's Ed25519 signature over the bytes of the manifest.
 * - `runs/ID.run.json`: each run as received, with its agent's own signature.
 * - `chain.json`: every link of the server's chain, other sessions' as well (they hold hashes only).
 * - `journal.json`: every entry; of other sessions' the seals without contents.
 * - the exam and session files, incidents, appreciations, the candidates' documents.
 */
export const bundleFormat = 'probant-bundle/1'
export const manifestName = 'manifest.json'
export const signatureName = 'manifest.signature.json'
export const chainName = 'chain.json'
export const journalName = 'journal.json'
/** Of a whole bundle, unpacked. */
export const maxBundleBytes = 1024 * 1024 * 1024
export const maxBundleFiles = 5000

const hash = z.string().regex(/^[0-9a-f]{64}$/)
export const manifestSchema = z.strictObject({
  format: z.literal(bundleFormat),
  madeAt: z.iso.datetime(),
  madeBy: z.string().max(200),
  version: z.string().max(64),
  session: z.strictObject({ id: hash, title: z.string().max(1000), date: z.string().max(32) }),
  files: z
    .array(z.strictObject({ name: z.string().min(1).max(300), sha256: hash, bytes: z.int().nonnegative() }))
    .max(maxBundleFiles),
})
export type Manifest = z.infer<typeof manifestSchema>
export const bundleSignatureSchema = z.strictObject({
  algorithm: z.literal('Ed25519'),
  /** Raw public key, base64. */
  publicKey: z.base64().max(64),
  value: z.base64().max(128),
})

/** What a verification found. `problems` is empty where the bundle is whole. */
export interface VerifiedBundle {
  readonly problems: readonly Text[]
  readonly manifest: Manifest | null
  /** Of the server that made it, `SHA256:…` in hex. */
  readonly key: string | null
  readonly runs: number
  readonly links: number
  readonly tombstones: number
  readonly entries: number
}

/** SHA-256 of bytes, hex. */
export const bytesHash = (bytes: Uint8Array): string => bytesToHex(sha256(bytes))

/** The manifest's bytes, which are what is signed. */
export const manifestBytes = (manifest: Manifest): Uint8Array<ArrayBuffer> =>
  new Uint8Array(utf8ToBytes(canonicalize(manifest) ?? ''))

/** Verifies an unpacked bundle, all of it, and says each thing that is wrong. Never throws. */
export async function verifyBundle(files: ReadonlyMap<string, Uint8Array>): Promise<VerifiedBundle> {
  const problems: Text[] = []
  const wrong = (fr: string, en: string) => void problems.push({ fr, en })
  const result = { problems, manifest: null, key: null, runs: 0, links: 0, tombstones: 0, entries: 0 }
  const manifest = parsed(files.get(manifestName), manifestSchema)
  if (!manifest) {
    wrong(
      'ce n’est pas le dossier scellé d’une session (manifest.json manque ou n’a pas la forme attendue)',
      'this is no sealed bundle of a session (manifest.json is missing or not of the expected shape)',
    )
    return result
  }
  const signature = parsed(files.get(signatureName), bundleSignatureSchema)
  const signed = signature !== null && (await holds(files.get(manifestName), signature))
  if (!signed)
    wrong(
      'la signature du serveur ne correspond pas au manifeste',
      'the server’s signature is not that of the manifest',
    )
  compareFiles(files, manifest, wrong)
  const links = parsed(files.get(chainName), z.array(chainLinkSchema)) ?? []
  const broken = firstBrokenLink(links)
  if (broken !== null || !files.has(chainName))
    wrong(
      `la chaîne des passages est rompue au chaînon ${broken ?? 0}`,
      `the chain of runs is broken at link ${broken ?? 0}`,
    )
  const entries = parsed(files.get(journalName), z.array(journalEntrySchema)) ?? []
  const torn = firstBrokenEntry(entries)
  if (torn !== null || !files.has(journalName))
    wrong(`le journal est rompu à l’entrée ${torn ?? 0}`, `the journal is broken at entry ${torn ?? 0}`)
  const runs = await verifyRuns(files, manifest, links, wrong)
  return {
    problems,
    manifest,
    key: signature && signed ? keyFingerprint(signature.publicKey) : null,
    runs,
    links: links.length,
    tombstones: links.length - runs,
    entries: entries.length,
  }
}

type Wrong = (fr: string, en: string) => void

function compareFiles(files: ReadonlyMap<string, Uint8Array>, manifest: Manifest, wrong: Wrong): void {
  const named = new Map(manifest.files.map((file) => [file.name, file]))
  for (const { name, sha256: expected } of manifest.files) {
    const bytes = files.get(name)
    if (!bytes) wrong(`il manque « ${name} »`, `“${name}” is missing`)
    else if (bytesHash(bytes) !== expected)
      wrong(`« ${name} » a été modifié depuis le scellement`, `“${name}” was changed since it was sealed`)
  }
  for (const name of files.keys())
    if (name !== manifestName && name !== signatureName && !named.has(name))
      wrong(`« ${name} » a été ajouté depuis le scellement`, `“${name}” was added since it was sealed`)
}

async function verifyRuns(
  files: ReadonlyMap<string, Uint8Array>,
  manifest: Manifest,
  links: readonly ChainLink[],
  wrong: Wrong,
): Promise<number> {
  const byRun = new Map(links.map((link) => [link.run, link]))
  let count = 0
  for (const [name, bytes] of files) {
    if (!name.startsWith('runs/')) continue
    count++
    const run = parsed(bytes, signedRunSchema)
    if (!run) wrong(`« ${name} » n’est pas un passage`, `“${name}” is no run`)
    else if (!(await signatureHolds(run)))
      wrong(`la signature de « ${name} » ne correspond pas`, `the signature of “${name}” does not hold`)
    else if (run.session.id !== manifest.session.id)
      wrong(`« ${name} » est d’une autre session`, `“${name}” is of another session`)
    else if (byRun.get(run.id)?.fingerprint !== fingerprint(run))
      wrong(
        `« ${name} » n’est pas celui que la chaîne a reçu`,
        `“${name}” is not the one that the chain received`,
      )
  }
  return count
}

function parsed<T>(bytes: Uint8Array | undefined, schema: z.ZodType<T>): T | null {
  if (!bytes) return null
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    const read = schema.safeParse(value)
    return read.success ? read.data : null
  } catch {
    return null
  }
}

/** Whether the signature is that of its public key over these bytes (Ed25519, RFC 8032). */
async function holds(
  bytes: Uint8Array | undefined,
  { publicKey, value }: z.infer<typeof bundleSignatureSchema>,
): Promise<boolean> {
  if (!bytes) return false
  const raw = (base64: string) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
  try {
    const key = await crypto.subtle.importKey('raw', raw(publicKey), { name: 'Ed25519' }, false, ['verify'])
    return await crypto.subtle.verify({ name: 'Ed25519' }, key, raw(value), new Uint8Array(bytes))
  } catch {
    return false
  }
}
