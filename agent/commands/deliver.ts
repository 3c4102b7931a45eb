import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { fingerprint, signatureHolds } from '../../checks/run.ts'
import type { Text } from '../../checks/text.ts'
import { writeWhole } from '../evidence/atomic-file.ts'
import { visible, visibleLine } from '../terminal/visible.ts'
import { deliverRun, type Delivery, type DeliveryOptions } from './delivery.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { interruptible } from './interruption.ts'
import { namedFiles } from './named-files.ts'
import { readRunFile } from './read-runs.ts'
import { serverUrl, tokenFrom } from './server-address.ts'
import type { CommandContext, Options } from './verb.ts'

/** Kept beside a run as `RUN.delivered`: what each server has acknowledged. */
const receiptsSchema = z.array(
  z.strictObject({
    server: z.string(),
    run: z.string(),
    fingerprint: z.string(),
    at: z.iso.datetime(),
    receipt: z.unknown(),
  }),
)

/** Goes after « le jeton manque ». */
const tokenHelp: Text = {
  fr: '« probant serve --new-agent NOM » en crée un sur le serveur',
  en: '“probant serve --new-agent NAME” makes one on the server',
}

type Outcome = Delivery['outcome'] | 'before' | 'not-a-run'

/**
 * `probant deliver RUN… --server URL`: each run once; what was acknowledged before is not sent again.
 * Exit 3 where some could not be delivered now, else 2 where a file is no whole run (started again, the answer would be the
 * same), 130 where it was interrupted.
 */
export async function deliver(
  typed: readonly string[],
  options: Options,
  { terminal }: CommandContext,
): Promise<ExitCode> {
  const server = serverUrl(String(options['server']), terminal)
  const token = await tokenFrom(String(options['tokenFrom']), terminal, tokenHelp)
  const paths = namedFiles(typed)
  const notRuns: string[] = []
  let failed = 0
  const { interrupted } = await interruptible(terminal, async (signal) => {
    for (const path of paths) {
      const { outcome, say } = await deliverFile(path, { server, token, signal })
      if (outcome === 'not-a-run') notRuns.push(path)
      else if (outcome === 'refused' || outcome === 'unreachable') failed++
      if (options['json']) terminal.out(JSON.stringify({ file: path, outcome, message: terminal.say(say) }))
      else terminal.out(`${visible(path)}${terminal.say({ fr: ' : ', en: ': ' })}${terminal.say(say)}`)
    }
  })
  if (notRuns.length > 0) terminal.err(terminal.say(withoutRun(notRuns)))
  if (failed > 0) terminal.err(terminal.say(notDelivered(failed, paths.length)))
  if (interrupted) return exitCode.interrupted
  if (failed > 0) return exitCode.unknown
  return notRuns.length > 0 ? exitCode.badInput : exitCode.ok
}

function withoutRun(paths: readonly string[]): Text {
  const names = paths.slice(0, 5).map((path) => visibleLine(path, 120))
  const [fr, en] = [names.map((name) => `« ${name} »`), names.map((name) => `“${name}”`)]
  if (paths.length > names.length) for (const list of [fr, en]) list.push('…')
  return {
    fr: `rien n'est parti de ce qui n'est pas un passage intact : ${fr.join(', ')}. Donnez les fichiers tels que « probant check » les a écrits.`,
    en: `nothing was sent of what is no whole run: ${en.join(', ')}. Give the files as “probant check” wrote them.`,
  }
}

const notDelivered = (failed: number, of: number): Text => ({
  fr: `${failed} passage${failed > 1 ? 's' : ''} sur ${of} non remis : corrigez ce qui est dit plus haut et relancez la même commande, ce qui est remis ne le sera pas deux fois.`,
  en: `${failed} of ${of} runs not delivered: correct what is said above and start the same command again, what is delivered will not be twice.`,
})

async function deliverFile(path: string, options: DeliveryOptions): Promise<{ outcome: Outcome; say: Text }> {
  const read = await readRunFile(path)
  if ('problem' in read) return { outcome: 'not-a-run', say: read.problem }
  const { run } = read
  if (!(await signatureHolds(run)))
    return {
      outcome: 'not-a-run',
      say: notAsSigned,
    }
  const receiptPath = `${path}.delivered`
  const receipts = await readReceipts(receiptPath)
  const print = fingerprint(run)
  const { href } = options.server
  if (receipts.some((r) => r.server === href && r.fingerprint === print))
    return { outcome: 'before', say: doneWords.before }

  const delivery = await deliverRun(new Uint8Array(await readFile(path)), options)
  if (delivery.outcome === 'received' || delivery.outcome === 'already') {
    const { receipt } = delivery
    const mine = { server: href, run: run.id, fingerprint: print, at: new Date().toISOString(), receipt }
    // The server has it: a receipt that can't be written costs one more question next time, nothing else.
    await writeWhole(receiptPath, `${JSON.stringify([...receipts, mine], null, 1)}\n`).catch(() => undefined)
  }
  return {
    outcome: delivery.outcome,
    say: 'receipt' in delivery ? doneWords[delivery.outcome] : problemOf(delivery),
  }
}

async function readReceipts(path: string): Promise<z.infer<typeof receiptsSchema>> {
  try {
    return receiptsSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return [] // none yet, or unreadable: the server knows
  }
}

const doneWords = {
  received: { fr: 'remis', en: 'delivered' },
  already: { fr: 'le serveur l’avait déjà', en: 'the server had it already' },
  before: { fr: 'déjà remis', en: 'already delivered' },
} satisfies Record<string, Text>

const notAsSigned: Text = {
  fr: 'modifié depuis sa signature, non envoyé (voyez « probant verify »)',
  en: 'changed since it was signed, not sent (see “probant verify”)',
}

function problemOf(delivery: Exclude<Delivery, { outcome: 'received' | 'already' }>): Text {
  switch (delivery.outcome) {
    case 'unreachable':
      return {
        fr: `serveur injoignable (${visibleLine(delivery.detail, 80)}) : vérifiez l'adresse et le réseau`,
        en: `server unreachable (${visibleLine(delivery.detail, 80)}): look at the address and the network`,
      }
    case 'refused': {
      const { status, why } = delivery
      if (status === 401)
        return {
          fr: 'jeton refusé : vérifiez-le, ou créez-en un avec « probant serve --new-agent NOM »',
          en: 'token refused: look at it, or make one with “probant serve --new-agent NAME”',
        }
      const fr = why ? visibleLine(why.fr) : 'sans explication ; vérifiez l’adresse'
      const en = why ? visibleLine(why.en) : 'without explanation; check the address'
      return {
        fr: `refusé par le serveur (${status}) : ${fr}`,
        en: `refused by the server (${status}): ${en}`,
      }
    }
  }
}
