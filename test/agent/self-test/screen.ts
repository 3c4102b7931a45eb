import { execFileSync, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { program } from '../../setup/debian.ts'
import { entry } from '../commands/probant.ts'

export interface ScreenOptions {
  readonly columns: number
  readonly home: string
  readonly folder: string
  readonly env?: Readonly<Record<string, string>>
  /** What is started; the command of the tree where absent. */
  readonly command?: readonly string[]
}

/** The command in a real terminal: Debian's tmux, whose screen is read as a person reads it. */
export class Screen {
  readonly #socket = `probant-${randomUUID()}`
  readonly #rows = 60

  constructor(args: readonly string[], { columns, home, folder, env = {}, command }: ScreenOptions) {
    const kept = Object.fromEntries(
      Object.entries(process.env).filter(
        ([name]) => !/^(PROBANT_|LC_|LANG|NO_COLOR|NODE_OPTIONS|VITEST|CI$|TMUX)/.test(name),
      ),
    )
    const words = [...(command ?? [process.execPath, entry]), ...args].map(
      (word) => `'${word.replaceAll("'", "'\\''")}'`,
    )
    // What comes after the command stays, so that its end and its exit status can be read.
    const line = `${words.join(' ')}; echo "exit=$?"; exec cat`
    execFileSync(
      program('tmux')!,
      [
        '-L',
        this.#socket,
        '-f',
        '/dev/null',
        'new-session',
        '-d',
        '-x',
        String(columns),
        '-y',
        String(this.#rows),
        line,
      ],
      {
        cwd: folder,
        env: { ...kept, LC_ALL: 'C.UTF-8', PROBANT_LANG: 'fr', PROBANT_HOME: home, HOME: home, ...env },
      },
    )
  }

  /** All lines, those that have gone up out of sight included; what a terminal broke at its edge is one line again. */
  text(): string {
    return this.#tmux('capture-pane', '-p', '-J', '-S', '-').replaceAll('\u202f', ' ').trimEnd()
  }

  /** With the colours as escape sequences. */
  coloured = (): string => this.#tmux('capture-pane', '-p', '-e', '-S', '-')

  /** The lines as wide as the terminal has them. */
  rows = (): string[] => this.#tmux('capture-pane', '-p', '-S', '-').split('\n')

  /** Waits until the screen shows it. */
  async shows(what: string | RegExp, timeout = 40_000): Promise<void> {
    await expect
      .poll(() => this.text(), { timeout, interval: 50 })
      .toMatch(
        typeof what === 'string' ? new RegExp(what.trimEnd().replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) : what,
      )
  }

  /** Waits for a question, then types the answer and Enter. */
  async answers(question: string | RegExp, answer: string): Promise<void> {
    await this.shows(question)
    if (answer !== '') this.#tmux('send-keys', '-l', answer)
    this.#tmux('send-keys', 'Enter')
  }

  key(name: string): void {
    this.#tmux('send-keys', name)
  }

  close(): void {
    spawnSync(program('tmux')!, ['-L', this.#socket, 'kill-server'])
  }

  #tmux(command: string, ...args: readonly string[]): string {
    return execFileSync(program('tmux')!, ['-L', this.#socket, command, '-t', '0', ...args], {
      encoding: 'utf8',
    })
  }
}
