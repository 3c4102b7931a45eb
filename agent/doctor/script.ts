import { AnswerReader, type ScriptResult } from '../transports/powershell/answer-reader.ts'
import { clixmlText } from '../transports/powershell/clixml.ts'
import { readHost, readScript } from '../transports/powershell/host.ts'
import type { PowerShell } from '../transports/powershell/powershell.ts'
import { requestOf } from '../transports/powershell/request.ts'
import { TransportFailure } from '../transports/transport.ts'
import { StepFailure } from './problem.ts'

/** A script to be tried, with its argument. */
export interface Sample {
  readonly script: string
  readonly input: unknown
}

/** What one script said of itself, and how long the machine says that it took. */
export interface ScriptSaid extends Sample {
  readonly ms: number
  readonly result: ScriptResult | null
}

export interface Conversation {
  /** SID of the machine or domain that the account belongs to. */
  readonly authority: string | null
  readonly said: readonly ScriptSaid[]
}

/** Windows PowerShell takes seconds to start on a small machine. */
const startMs = 30_000
const eachMs = 15_000
const eachBytes = 262_144

/** What one conversation may take at most, in ms. */
export const conversationMs = (samples: number): number => startMs + samples * eachMs

/**
 * Runs scripts through a PowerShell, as questions are asked, and gives what each said. Rejects with a StepFailure
 * (`no-marker`, `language-mode`) where not even the first answered, and with the way's own failure.
 */
export async function converse(
  powershell: PowerShell,
  samples: readonly Sample[],
  signal: AbortSignal,
): Promise<Conversation> {
  const questions = await Promise.all(
    samples.map(async (sample) => {
      const text = await readScript(sample.script)
      if (text === null) throw new TransportFailure('grader', `there is no script ${sample.script}`)
      return { ...sample, text, timeoutMs: eachMs, maxBytes: eachBytes }
    }),
  )
  const { nonce, stdin } = requestOf(questions, await readHost())
  const reader = new AnswerReader(nonce, samples.length)
  const said: ScriptSaid[] = samples.map((sample) => ({ ...sample, ms: 0, result: null }))
  let missing = samples.length
  const { stderr, exitCode } = await powershell.run(
    stdin,
    {
      deadlineMs: conversationMs(samples.length),
      maxBytes: 16_384 + Math.ceil((samples.length * eachBytes * 4) / 3),
      signal,
    },
    (bytes) => {
      for (const { number, ms, result } of reader.push(bytes)) {
        said[number] = { ...samples[number]!, ms, result }
        missing--
      }
      return missing === 0
    },
  )
  if (said[0]?.result) return { authority: reader.authority, said }
  const words = clixmlText(stderr.toString('utf8'))
  const code = exitCode === null ? '' : `, exit code ${exitCode}`
  // Part of the identifiers of such errors, in no language.
  const constrained = /ConstrainedLanguage/i.test(words)
  throw new StepFailure(
    constrained ? 'language-mode' : 'no-marker',
    `no answer between the marks${code}: ${words.slice(0, 300)}`,
  )
}
