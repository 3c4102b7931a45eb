import { NtlmError } from './ntlm/ntlm-error.ts'
import type { SealingContext } from './ntlm/sealing.ts'

/**
 * The body of a sealed WS-Management message: [MS-WSMV] 2.2.9.1, one part of headers, one of bytes. The boundary is a
 * constant of the protocol and may occur in the sealed bytes, so these are cut by their length and never searched.
 */
const boundary = 'Encrypted Boundary'
const protocol = 'application/HTTP-SPNEGO-session-encrypted'
export const sealedContentType = `multipart/encrypted;protocol="${protocol}";boundary="${boundary}"`

/** Headers before the bytes are a few dozen characters; more than this is something else. */
const longestHead = 1024
const tail = Buffer.from(`--${boundary}--\r\n`, 'latin1')
const signatureLength = 16

/** Seals a SOAP envelope. */
export function sealBody(sealing: SealingContext, envelope: Uint8Array): Buffer {
  const { signature, sealed } = sealing.seal(envelope)
  const head =
    `--${boundary}\r\n\tContent-Type: ${protocol}\r\n` +
    `\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=${envelope.length}\r\n` +
    `--${boundary}\r\n\tContent-Type: application/octet-stream\r\n`
  const length = Buffer.alloc(4)
  length.writeUInt32LE(signature.length)
  return Buffer.concat([Buffer.from(head, 'latin1'), length, signature, sealed, tail])
}

/**
 * Opens the body of a sealed answer. Throws an NtlmError for one that came unsealed, whose length is not that of
 * its bytes, or whose signature doesn't verify.
 */
export function openBody(sealing: SealingContext, contentType: string, body: Buffer): Buffer {
  if (!/^multipart\/encrypted\s*;/i.test(contentType)) throw new NtlmError('an answer came unsealed')
  const head =
    /^(?:\r\n)?--Encrypted Boundary\r\n([^]*?)--Encrypted Boundary\r\n[\t ]*Content-Type:[\t ]*application\/octet-stream\r\n/i.exec(
      body.toString('latin1', 0, longestHead),
    )
  const said = /^[\t ]*OriginalContent:[^\r\n]*;[\t ]*Length=(\d{1,9})[\t ]*\r$/im.exec(head?.[1] ?? '')
  if (!head || !said) throw new NtlmError('a sealed answer without its headers')
  const at = head[0].length
  const length = Number(said[1])
  if (body.length < at + 4 || body.readUInt32LE(at) !== signatureLength)
    throw new NtlmError('a sealed answer without its signature')
  const from = at + 4 + signatureLength
  const end = from + length
  if (end + tail.length - 2 > body.length) throw new NtlmError('a sealed answer says to be longer than it is')
  // Some servers leave the last line break out.
  if (
    !body.subarray(end, end + tail.length - 2).equals(tail.subarray(0, -2)) ||
    body.length > end + tail.length
  )
    throw new NtlmError('a sealed answer holds more than it says')
  return sealing.unseal(body.subarray(from, end), body.subarray(at + 4, from))
}
