/** What bounds one script. */
export interface ScriptLimits {
  readonly deadlineMs: number
  /** Of what it may write, markers and base64 included. */
  readonly maxBytes: number
  readonly signal: AbortSignal
}

export interface ScriptOutput {
  readonly stdout: Buffer
  readonly stderr: Buffer
  readonly exitCode: number
}

/**
 * One way to a machine's PowerShell: WinRM, SSH, or the one beside the agent. The script's text goes over the standard
 * input, never into a command line. Rejects with a TransportFailure.
 */
export interface PowerShell {
  run(stdin: Buffer, limits: ScriptLimits): Promise<ScriptOutput>
  close(): Promise<void>
}
