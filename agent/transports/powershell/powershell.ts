/** What bounds one request. */
export interface RequestLimits {
  readonly deadlineMs: number
  /** Of what it may write, marks and base64 included. */
  readonly maxBytes: number
  readonly signal: AbortSignal
}

/** How it ended; what it wrote on the standard output was handed over as it came. */
export interface ProcessEnd {
  readonly stderr: Buffer
  /** Null where nobody waited for its end. */
  readonly exitCode: number | null
}

/** Takes the standard output as it comes; `true` says that this was enough, and nobody waits for the end. */
export type TakeOutput = (bytes: Buffer) => boolean

/**
 * One way to a machine's PowerShell: WinRM, SSH, or the one beside the agent. Runs the bootstrap with `stdin` on its
 * standard input: no text of ours ever goes into a command line. Rejects with a TransportFailure.
 */
export interface PowerShell {
  /** Whether the connection is known to be over, where there is one. */
  readonly lost?: boolean
  run(stdin: Buffer, limits: RequestLimits, take: TakeOutput): Promise<ProcessEnd>
  /** Never rejects. */
  close(): Promise<void>
}
