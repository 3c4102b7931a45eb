import { readdir, readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import type { Run } from '../../checks/run.ts'
import { verdictSchema } from '../../checks/verdict.ts'
import { CommandFailure } from '../commands/command-failure.ts'
import { exitCode } from '../commands/exit-code.ts'
import { writeWhole } from '../evidence/atomic-file.ts'
import { writeRun } from '../evidence/run-file.ts'
import type { Verdicts } from './comparison.ts'

/** Tries kept: the oldest go first. */
export const keptTries = 100

const trySchema = z.strictObject({
  run: z.uuid(),
  /** Name of the run's file in the same folder. */
  file: z.string().regex(/^[\w.-]+\.run\.json$/),
  at: z.iso.datetime(),
  /** Demands that were asked in it; the verdicts of the others are those of the try before. */
  asked: z.array(z.string()).max(500),
  verdicts: z.record(z.string(), verdictSchema),
})
export type Try = z.infer<typeof trySchema>

const memorySchema = z.strictObject({
  format: z.literal('probant-self-test/1'),
  tries: z.array(trySchema).max(1000),
  /** How many hints of each demand were shown. */
  hints: z.record(z.string(), z.int().min(0).max(2)),
})

/** What a candidate did with one exam so far. Nothing of it leaves this computer. */
export class Memory {
  readonly #folder: string
  #tries: readonly Try[]
  readonly #hints: Map<string, number>

  private constructor(
    folder: string,
    { tries, hints }: Pick<z.infer<typeof memorySchema>, 'tries' | 'hints'>,
  ) {
    this.#folder = folder
    this.#tries = tries
    this.#hints = new Map(Object.entries(hints))
  }

  /** @throws CommandFailure (2) where the file is not one of ours any more. */
  static async open(folder: string): Promise<Memory> {
    const path = join(folder, 'tries.json')
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
    if (text === null) return new Memory(folder, { tries: [], hints: {} })
    try {
      return new Memory(folder, memorySchema.parse(JSON.parse(text)))
    } catch {
      throw new CommandFailure(
        {
          fr: `l'historique des essais est abîmé (${path}) : --reset l'efface`,
          en: `the history of tries is damaged (${path}): --reset erases it`,
        },
        exitCode.badInput,
      )
    }
  }

  /** Oldest first. */
  get tries(): readonly Try[] {
    return this.#tries
  }

  get last(): Try | undefined {
    return this.#tries.at(-1)
  }

  hintsShown = (demand: string): number => this.#hints.get(demand) ?? 0

  /** Keeps a signed run as a try; the verdicts are those of every demand after it. */
  async keep(run: Run, verdicts: Verdicts): Promise<Try> {
    const file = basename(await writeRun(run, this.#folder))
    const made: Try = {
      run: run.id,
      file,
      at: run.startedAt,
      asked: run.demands.map(({ demand }) => demand),
      verdicts: { ...verdicts },
    }
    const all = [...this.#tries, made]
    this.#tries = all.slice(-keptTries)
    await this.#write()
    await Promise.all(
      all.slice(0, -keptTries).map((old) => rm(join(this.#folder, old.file), { force: true })),
    )
    return made
  }

  /** Remembers that one more hint of a demand was shown; gives how many were. */
  async showHint(demand: string, most: number): Promise<number> {
    const shown = Math.min(this.hintsShown(demand) + 1, most)
    if (shown !== this.hintsShown(demand)) {
      this.#hints.set(demand, shown)
      await this.#write()
    }
    return shown
  }

  async #write(): Promise<void> {
    const value = {
      format: 'probant-self-test/1',
      tries: this.#tries,
      hints: Object.fromEntries(this.#hints),
    }
    await writeWhole(join(this.#folder, 'tries.json'), `${JSON.stringify(value)}\n`)
  }
}

/** Forgets tries and hints. Gives how many runs were there. */
export async function forgetTries(folder: string): Promise<number> {
  const names = await readdir(folder)
  const runs = names.filter((name) => name.endsWith('.run.json'))
  for (const name of [...runs, 'tries.json']) await rm(join(folder, name), { force: true })
  return runs.length
}
