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

const agentToken: Text = {
  fr: '« probant serve --new-agent NOM » en crée un sur le serveur',
  en: '“probant serve --new-agent NAME” makes one on the server',
}

type Outcome = Delivery['outcome'] | 'before' | 'not-a-run'

/**
 * `probant deliver RUN… --server URL`: each run once; what was acknowledged before is not sent again.
 * Exit 3 where some are not delivered, 130 where it was interrupted.
 */
export async function deliver(
  typed: readonly string[],
  options: Options,
  { terminal }: CommandContext,
): Promise<ExitCode> {
  const server = serverUrl(String(options['server']), terminal)
  const token = await tokenFrom(String(options['tokenFrom']), terminal, agentToken)
  const paths = namedFiles(typed)
  let failed = 0
  const { interrupted } = await interruptible(terminal, async (signal) => {
    for (const path of paths) {
      const { outcome, say } = await deliverFile(path, { server, token, signal })
      if (outcome !== 'received' && outcome !== 'already' && outcome !== 'before') failed++
      if (options['json']) terminal.out(JSON.stringify({ file: path, outcome, message: terminal.say(say) }))
      else terminal.out(`${visible(path)}${terminal.say({ fr: ' : ', en: ': ' })}${terminal.say(say)}`)
    }
  })
  if (failed > 0)
    terminal.err(
      terminal.say({
        fr: `${failed} passage${failed > 1 ? 's' : ''} sur ${paths.length} non remis : relancez la même commande, ce qui est remis ne le sera pas deux fois.`,
        en: `${failed} of ${paths.length} runs not delivered: start the same command again, what is delivered will not be twice.`,
      }),
    )
  if (interrupted) return exitCode.interrupted
  return failed > 0 ? exitCode.unknown : exitCode.ok
}

async function deliverFile(path: string, options: DeliveryOptions): Promise<{ outcome: Outcome; say: Text }> {
  const read = await readRunFile(path)
  if ('problem' in read) return { outcome: 'not-a-run', say: read.problem }
  const { run } = read
  if (!(await signatureHolds(run)))
    return {
      outcome: 'not-a-run',
      say: {
        fr: 'modifié depuis sa signature, non envoyé (voyez « probant verify »)',
        en: 'changed since it was signed, not sent (see “probant verify”)',
      },
    }
  const receiptPath = `${path}.delivered`
  const receipts = await readReceipts(receiptPath)
  const print = fingerprint(run)
  const { href } = options.server
  if (receipts.some((r) => r.server === href && r.fingerprint === print))
    return { outcome: 'before', say: { fr: 'déjà remis', en: 'already delivered' } }

  const delivery = await deliverRun(new Uint8Array(await readFile(path)), options)
  if (delivery.outcome === 'received' || delivery.outcome === 'already') {
    const { receipt } = delivery
    const mine = { server: href, run: run.id, fingerprint: print, at: new Date().toISOString(), receipt }
    // The server has it: a receipt that can't be written costs one more question next time, nothing else.
    await writeWhole(receiptPath, `${JSON.stringify([...receipts, mine], null, 1)}\n`).catch(() => undefined)
  }
  return { outcome: delivery.outcome, say: sentence(delivery) }
}

async function readReceipts(path: string): Promise<z.infer<typeof receiptsSchema>> {
  try {
    return receiptsSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return [] // none yet, or unreadable: the server knows
  }
}

function sentence(delivery: Delivery): Text {
  switch (delivery.outcome) {
    case 'received':
      return { fr: 'remis', en: 'delivered' }
    case 'already':
      return { fr: 'le serveur l’avait déjà', en: 'the server had it already' }
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
      const fr = why ? visibleLine(why.fr) : 'sans explication'
      const en = why ? visibleLine(why.en) : 'without explanation'
      return {
        fr: `refusé par le serveur (${status}) : ${fr}`,
        en: `refused by the server (${status}): ${en}`,
      }
    }
  }
}
