import { fingerprint, keyFingerprint, signatureHolds } from '../../checks/run.ts'
import { visible } from '../terminal/visible.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { namedFiles } from './named-files.ts'
import { readRunFile } from './read-runs.ts'
import type { CommandContext, Options } from './verb.ts'
import { isZip, verifyBundleFile } from './verify-bundle.ts'

/** `probant verify FILE…`: is each run, or sealed bundle of a session, whole, and whose is it. Offline. Exit 2 where one is not. */
export async function verify(
  typed: readonly string[],
  options: Options,
  { terminal }: CommandContext,
): Promise<ExitCode> {
  const { say } = terminal
  const paths = namedFiles(typed)
  let whole = true
  for (const path of paths) {
    if (await isZip(path)) {
      whole = (await verifyBundleFile(path, terminal, options['json'] === true)) && whole
      continue
    }
    const read = await readRunFile(path)
    if ('problem' in read) {
      whole = false
      if (options['json'])
        terminal.out(JSON.stringify({ file: path, whole: false, problem: say(read.problem) }))
      else terminal.out(`✕ ${visible(path)}${say({ fr: ' : ', en: ': ' })}${say(read.problem)}`)
      continue
    }
    const { run } = read
    const holds = await signatureHolds(run)
    whole &&= holds
    const facts = {
      fingerprint: fingerprint(run),
      key: `SHA256:${keyFingerprint(run.signature.publicKey)}`,
      agent: run.agent.host,
      candidate: run.candidate.code,
      session: run.session.title,
      startedAt: run.startedAt,
      endedAt: run.endedAt,
      complete: run.complete,
    }
    if (options['json']) {
      terminal.out(JSON.stringify({ file: path, whole: holds, run: run.id, ...facts }))
      continue
    }
    if (!holds) {
      terminal.out(
        `✕ ${visible(path)}${say({ fr: ' : modifié depuis sa signature, ou signé par un autre que la clé annoncée ; redemandez l’original', en: ': changed since it was signed, or not signed by the key it names; ask for the original' })}`,
      )
      continue
    }
    const state = run.complete ? { fr: 'complet', en: 'complete' } : { fr: 'interrompu', en: 'interrupted' }
    terminal.out(`● ${visible(path)}${say({ fr: ' : intact', en: ': whole' })}, ${say(state)}`)
    const rows: [string, string][] = [
      [say({ fr: 'candidat', en: 'candidate' }), facts.candidate],
      [say({ fr: 'session', en: 'session' }), facts.session],
      [say({ fr: 'du', en: 'from' }), facts.startedAt],
      [say({ fr: 'au', en: 'to' }), facts.endedAt],
      [say({ fr: 'agent', en: 'agent' }), facts.agent],
      [say({ fr: 'clé', en: 'key' }), facts.key],
      [say({ fr: 'empreinte', en: 'fingerprint' }), facts.fingerprint],
    ]
    for (const [label, value] of rows) terminal.out(`    ${label.padEnd(12)}${visible(value)}`)
  }
  return whole ? exitCode.ok : exitCode.badInput
}
