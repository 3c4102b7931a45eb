import { randomBytes } from 'node:crypto'
import { TransportFailure } from '../transport.ts'
import { clixmlText } from './clixml.ts'
import type { PowerShell, ScriptLimits } from './powershell.ts'

/** An exception of the script's own, by what no language changes. */
export interface ScriptError {
  /** .NET type, such as `Microsoft.ActiveDirectory.Management.ADIdentityNotFoundException`. */
  readonly type: string
  /** HRESULT. */
  readonly code: number
  /** FullyQualifiedErrorId. */
  readonly id: string
  /** In the machine's language: shown, never matched. */
  readonly message: string
}

export type ScriptResult = { readonly value: unknown } | { readonly error: ScriptError }

/**
 * Runs one script and gives what it returned, parsed from JSON. `input` is its only argument. Rejects with a
 * TransportFailure: `unparsable` where the two marks or what is between them are not as they should be, which is never
 * taken for "nothing".
 */
export async function runScript(
  powershell: PowerShell,
  script: string,
  input: unknown,
  limits: ScriptLimits,
): Promise<ScriptResult> {
  const nonce = randomBytes(16).toString('hex')
  const asked = JSON.stringify({ nonce, script, input })
  const stdin = Buffer.from(`${Buffer.from(asked, 'utf8').toString('base64')}\r\n`, 'latin1')
  const { stdout, stderr, exitCode } = await powershell.run(stdin, limits)
  const said = between(stdout.toString('latin1'), nonce)
  if (said === null) {
    const words = clixmlText(stderr.toString('utf8')).slice(0, 300)
    throw new TransportFailure('unparsable', `no answer between the marks, exit code ${exitCode}: ${words}`)
  }
  return resultOf(Buffer.from(said, 'base64').toString('utf8'))
}

/** What stands between the first mark and the last, or null where one of them is missing. */
function between(output: string, nonce: string): string | null {
  const begin = output.indexOf(`<${nonce}`)
  const end = output.lastIndexOf(`${nonce}>`)
  if (begin < 0 || end < begin + nonce.length + 1) return null
  const said = output.slice(begin + nonce.length + 1, end).replace(/\s+/g, '')
  return /^[A-Za-z0-9+/]+={0,2}$/.test(said) ? said : null
}

function resultOf(json: string): ScriptResult {
  let said: unknown
  try {
    said = JSON.parse(json)
  } catch {
    throw new TransportFailure('unparsable', 'what stands between the marks is not JSON')
  }
  if (typeof said === 'object' && said !== null) {
    if (Object.hasOwn(said, 'value')) return { value: (said as { value: unknown }).value }
    const error = (said as { error?: Partial<ScriptError> }).error
    if (typeof error?.type === 'string')
      return {
        error: {
          type: error.type.slice(0, 300),
          code: Number.isSafeInteger(error.code) ? error.code! : 0,
          id: String(error.id ?? '').slice(0, 300),
          message: String(error.message ?? '').slice(0, 500),
        },
      }
  }
  throw new TransportFailure('unparsable', 'what stands between the marks is no answer of the script’s')
}
