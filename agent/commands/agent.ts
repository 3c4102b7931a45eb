import { hostname } from 'node:os'
import { stateFolder } from '../evidence/state-folder.ts'
import { readHidden } from '../secrets/hidden-input.ts'
import { readPassphrase } from '../secrets/passphrase.ts'
import { noPassphrase, openVault, vaultExists, vaultPath } from '../secrets/vault.ts'
import { statusLine } from '../terminal/status-line.ts'
import type { Terminal } from '../terminal/terminal.ts'
import type { AgentEvent } from '../work/agent-event.ts'
import { AgentFailure } from '../work/agent-failure.ts'
import { currentSecrets } from '../work/current-secrets.ts'
import type { Progress, Task } from '../work/protocol.ts'
import { runAgent } from '../work/run-agent.ts'
import { agentLine, progressLine } from './agent-lines.ts'
import { CommandFailure } from './command-failure.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { interruptible } from './interruption.ts'
import { serverUrl } from './server-address.ts'
import type { CommandContext, Options } from './verb.ts'

/**
 * `probant agent --server URL [--enrol] [--name NAME]`: works for the server until it is interrupted. Says on stderr what
 * it does, and never what was found.
 * Exit 0 once stopped, 3 where a result still waits on the disk, 69 where the server does not want this agent.
 */
export async function agent(
  _args: readonly string[],
  options: Options,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal, version, referentials } = context
  const server = serverUrl(String(options['server']), terminal)
  const folder = stateFolder()
  const passphrase = await openedPassphrase(terminal)
  let waiting = 0
  const show = shown(server, terminal)
  try {
    await interruptible(terminal, (signal) =>
      runAgent({
        server,
        folder,
        signal,
        version,
        referentials,
        name: options['name'] === undefined ? hostname() : String(options['name']),
        secrets: currentSecrets(passphrase),
        jobs: Number(options['jobs']),
        ...(options['enrol'] === true ? { enrolCode: () => readCode(terminal) } : {}),
        onEvent(event) {
          if (event.type === 'stopped') waiting = event.waiting
          show.take(event)
        },
      }),
    )
  } catch (error) {
    if (error instanceof AgentFailure) throw new CommandFailure(error.text, exitCode.unavailable)
    throw error
  } finally {
    show.end()
  }
  return waiting > 0 ? exitCode.unknown : exitCode.ok
}

/** One line an event; where stderr is a terminal, also what is being done, drawn over itself. */
function shown(server: URL, terminal: Terminal): { take: (event: AgentEvent) => void; end: () => void } {
  const status = statusLine(terminal)
  const running = new Map<string, { task: Task; progress: Progress }>()
  return {
    take(event) {
      if (event.type === 'begun')
        running.set(event.task.id, { task: event.task, progress: { asked: 0, answered: 0, silent: [] } })
      else if (event.type === 'progress')
        running.set(event.task.id, { task: event.task, progress: event.progress })
      else if ('task' in event) running.delete(event.task.id)
      const line = agentLine(event, server)
      if (line) {
        status.clear()
        terminal.err(terminal.say(line))
      }
      if (running.size > 0) status.show(terminal.say(progressLine(running)))
      else status.clear()
    },
    end: () => status.clear(),
  }
}

/**
 * The vault's passphrase, asked for and tried before anything is drawn, where there is a vault. Without it the agent works
 * all the same, and says of each session that needs the vault that it stays closed.
 * @throws VaultFailure where it is wrong.
 */
export async function openedPassphrase(terminal: Terminal): Promise<() => Promise<string>> {
  const given = process.env['PROBANT_VAULT_PASSPHRASE']
  if (!(await vaultExists(vaultPath())))
    return () => (given ? Promise.resolve(given) : Promise.reject(noPassphrase()))
  let passphrase: string
  try {
    passphrase = await readPassphrase(terminal.lang)
  } catch {
    terminal.err(
      terminal.say({
        fr: 'Coffre fermé : les sessions dont les secrets y sont ne pourront pas être contrôlées d’ici. Relancez avec PROBANT_VAULT_PASSPHRASE, ou à un terminal.',
        en: 'Vault closed: sessions whose secrets are in it cannot be checked from here. Start again with PROBANT_VAULT_PASSPHRASE, or at a terminal.',
      }),
    )
    return () => Promise.reject(noPassphrase())
  }
  await openVault(vaultPath(), passphrase)
  return () => Promise.resolve(passphrase)
}

const MAX_CODE = 256

/** The one-time code: PROBANT_ENROL_CODE, else typed without echo, else the first line of standard input. */
async function readCode(terminal: Terminal): Promise<string> {
  const given = process.env['PROBANT_ENROL_CODE']
  const code =
    given ??
    (process.stdin.isTTY
      ? await readHidden(terminal.say({ fr: "Code d'inscription : ", en: 'Enrolment code: ' }))
      : await firstLine())
  if (code?.trim()) return code.trim()
  throw new AgentFailure({
    fr: "le code d'inscription manque : tapez-le, ou donnez-le par PROBANT_ENROL_CODE ou sur l'entrée standard",
    en: 'the enrolment code is missing: type it, or give it by PROBANT_ENROL_CODE or on standard input',
  })
}

async function firstLine(): Promise<string> {
  let text = ''
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    text += chunk.toString('utf8')
    if (text.includes('\n') || text.length > MAX_CODE) break
  }
  return (text.split('\n')[0] ?? '').slice(0, MAX_CODE)
}
