import { command } from '../probe.ts'
import { oncePerText } from '../once-per-text.ts'

export interface DebianPackage {
  readonly name: string
  readonly architecture: string
  /** `installed`, `config-files`, `half-configured`, `unpacked` … (dpkg-query(1), db:Status-Status). */
  readonly status: string
  readonly version: string
}

/** Every package that dpkg knows, in one question. */
export const dpkgPackages = (on: string) =>
  command(
    on,
    [
      'dpkg-query',
      '--show',
      '--showformat=${Package}\\t${Architecture}\\t${db:Status-Status}\\t${Version}\\n',
    ],
    { maxBytes: 1_048_576, timeoutMs: 10_000 },
  )

/** Reads the answer; a line of another shape is left out, and its absence is what the control guards against. */
export const parsePackages = oncePerText(readPackages)

function readPackages(text: string): DebianPackage[] {
  return text.split('\n').flatMap((line) => {
    const [name, architecture, status, version] = line.split('\t')
    return name && architecture && status && version !== undefined
      ? [{ name, architecture, status, version }]
      : []
  })
}
