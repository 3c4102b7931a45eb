import { open, readFile } from 'node:fs/promises'
import { Unzip, UnzipInflate } from 'fflate'
import { maxBundleBytes, maxBundleFiles, verifyBundle } from '../../checks/evidence/bundle.ts'
import type { Text } from '../../checks/text.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { visible } from '../terminal/visible.ts'

/** Whether a file begins like a ZIP (local file header, APPNOTE 4.3.7). */
export async function isZip(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => null)
  if (!file) return false
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(4), 0, 4, 0)
    return bytesRead === 4 && buffer.readUInt32LE(0) === 0x04034b50
  } catch {
    return false // a folder opens, and cannot be read: said by whoever reads it as a run
  } finally {
    await file.close()
  }
}

/** Verifies the sealed bundle of a session and says what was found; gives whether it is whole. */
export async function verifyBundleFile(path: string, terminal: Terminal, json: boolean): Promise<boolean> {
  const { say } = terminal
  const files = unpack(await readFile(path))
  const found = files instanceof Map ? await verifyBundle(files) : null
  const problems = found?.problems ?? [files as Text]
  const whole = problems.length === 0
  if (json) {
    terminal.out(JSON.stringify({ file: path, whole, ...found, problems: problems.map(say) }))
    return whole
  }
  const name = visible(path)
  terminal.out(
    whole
      ? `● ${name}${say({ fr: ' : dossier scellé intact', en: ': sealed bundle, whole' })}`
      : `✕ ${name}${say({ fr: ' : ce dossier scellé ne peut pas être cru, redemandez-le à qui l’a scellé', en: ': this bundle cannot be believed, ask for it again from whoever sealed it' })}`,
  )
  for (const problem of problems.slice(0, 20)) terminal.out(`    ${visible(say(problem))}`)
  if (problems.length > 20)
    terminal.out(
      `    ${say({ fr: `… et ${problems.length - 20} autres`, en: `… and ${problems.length - 20} more` })}`,
    )
  if (!found?.manifest) return whole
  const { manifest, key, runs, links, tombstones, entries } = found
  const rows: [Text, string][] = [
    [{ fr: 'session', en: 'session' }, `${manifest.session.title} (${manifest.session.date})`],
    [{ fr: 'scellé le', en: 'sealed' }, manifest.madeAt],
    [{ fr: 'par', en: 'by' }, manifest.madeBy],
    [{ fr: 'clé', en: 'key' }, key === null ? '–' : `SHA256:${key}`],
    [{ fr: 'passages', en: 'runs' }, String(runs)],
    [
      { fr: 'chaîne', en: 'chain' },
      say({
        fr: `${links} chaînons, dont ${tombstones} d’autres sessions ou purgés`,
        en: `${links} links, ${tombstones} of them of other sessions or purged`,
      }),
    ],
    [{ fr: 'journal', en: 'journal' }, say({ fr: `${entries} entrées`, en: `${entries} entries` })],
  ]
  for (const [label, value] of rows) terminal.out(`    ${say(label).padEnd(12)}${visible(value)}`)
  return whole
}

/** Unpacks in memory, bounded in files and bytes as they come out, whatever the archive claims; else says why not. */
function unpack(archive: Uint8Array): Map<string, Uint8Array> | Text {
  const files = new Map<string, Uint8Array>()
  let bytes = 0
  let problem: Text | null = null
  const tooMuch = () => {
    problem ??= { fr: 'trop volumineux une fois décompressé', en: 'too large once unpacked' }
  }
  const unzip = new Unzip((file) => {
    if (files.size >= maxBundleFiles) return tooMuch()
    const parts: Uint8Array[] = []
    if (files.has(file.name))
      problem ??= { fr: `« ${file.name} » y figure deux fois`, en: `“${file.name}” is in it twice` }
    files.set(file.name, new Uint8Array())
    file.ondata = (error, chunk, final) => {
      if (error) problem ??= damaged
      else if ((bytes += chunk.length) > maxBundleBytes) {
        tooMuch()
        file.terminate()
      } else parts.push(chunk)
      if (final && !problem) files.set(file.name, Buffer.concat(parts))
    }
    file.start()
  })
  unzip.register(UnzipInflate)
  try {
    // In pieces, so that what unpacks to more than may be is stopped on the way.
    for (let at = 0; at < archive.length; at += piece) {
      unzip.push(archive.subarray(at, at + piece), at + piece >= archive.length)
      if (problem !== null) break
    }
  } catch {
    problem ??= damaged
  }
  return problem ?? files
}

const piece = 65_536
const damaged: Text = { fr: 'l’archive est abîmée', en: 'the archive is damaged' }
