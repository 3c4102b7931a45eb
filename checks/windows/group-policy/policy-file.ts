/** A file of a group policy that can't be read as what it should be. */
export class MalformedPolicyFile extends Error {
  override readonly name = 'MalformedPolicyFile'
  /** Where in the file, in bytes from its start; null where the format has no such place. */
  readonly offset: number | null

  /** `why` holds nothing of the file itself, which was written by a graded machine and may hold a password. */
  constructor(why: string, offset: number | null) {
    super(offset === null ? why : `${why} at byte ${offset}`)
    this.offset = offset
  }
}

/** No file of a policy is longer than this: what an administrator clicks together in an exam is some kilobytes. */
export const MAX_POLICY_FILE_BYTES = 4 * 1024 * 1024

/** Throws MalformedPolicyFile for a file beyond `MAX_POLICY_FILE_BYTES`. */
export function refuseLong(bytes: Uint8Array): void {
  if (bytes.length > MAX_POLICY_FILE_BYTES)
    throw new MalformedPolicyFile(`longer than ${MAX_POLICY_FILE_BYTES} bytes`, MAX_POLICY_FILE_BYTES)
}
