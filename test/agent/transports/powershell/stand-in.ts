import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Outcome, Transport } from '../../../../agent/transports/transport.ts'
import { powershell, type Probe } from '../../../../checks/probe.ts'
import type { Behaviour, Start } from '../../../../fixtures/windows/powershell-program.ts'

/** What stands for `powershell.exe` or `pwsh`: a program of the fixtures, told how to behave by a folder of its own. */
export class StandIn {
  readonly folder = mkdtempSync(join(tmpdir(), 'probant-powershell-'))
  /** What starts it. */
  readonly command = `${process.execPath} ${join(import.meta.dirname, '../../../../fixtures/windows/powershell-program.ts')} ${this.folder}`

  constructor() {
    this.behave({})
  }

  /** How it behaves from now on. What still runs is ended: sshd itself ends no program whose channel was closed. */
  behave(behaviour: Behaviour): void {
    this.#end()
    writeFileSync(join(this.folder, 'behaviour'), JSON.stringify(behaviour))
    writeFileSync(join(this.folder, 'starts'), '')
  }

  starts(): Start[] {
    const file = join(this.folder, 'starts')
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Start)
  }

  /** Those that still run. */
  running(): number[] {
    return this.starts()
      .map(({ pid }) => pid)
      .filter((pid) => {
        try {
          return process.kill(pid, 0)
        } catch {
          return false
        }
      })
  }

  /** Ends what is left of it. */
  remove(): void {
    this.#end()
    rmSync(this.folder, { recursive: true })
  }

  #end(): void {
    for (const pid of this.running()) process.kill(pid, 'SIGKILL')
  }
}

export const machine = (timeoutMs = 5000): Probe => powershell('dc', 'machine', {}, { timeoutMs })
export const forty = Array.from({ length: 40 }, (_, i) => powershell('dc', 'machine', { i }))

export async function asked(
  transport: Transport,
  probes: readonly Probe[],
  signal = AbortSignal.timeout(25_000),
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for await (const outcome of transport.ask(probes, signal)) outcomes.push(outcome)
  return outcomes
}

export const causes = (outcomes: readonly Outcome[]): string[] =>
  outcomes.map((outcome) => ('failure' in outcome ? outcome.failure.cause : 'answer'))
