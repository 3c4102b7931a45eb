/** An NTLM message that is not one, or that doesn't verify. The text holds no part of a message or of a secret. */
export class NtlmError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NtlmError'
  }
}
