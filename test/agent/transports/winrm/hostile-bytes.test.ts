import fc from 'fast-check'
import { describe, it } from 'vitest'
import { clixmlText } from '../../../../agent/transports/powershell/clixml.ts'
import { faultOf } from '../../../../agent/transports/winrm/fault.ts'
import { readAvPairs } from '../../../../agent/transports/winrm/ntlm/av-pairs.ts'
import { NtlmClient } from '../../../../agent/transports/winrm/ntlm/client.ts'
import { writeChallenge } from '../../../../agent/transports/winrm/ntlm/messages.ts'
import { NtlmError } from '../../../../agent/transports/winrm/ntlm/ntlm-error.ts'
import { SealingContext } from '../../../../agent/transports/winrm/ntlm/sealing.ts'
import { openBody, sealBody, sealedContentType } from '../../../../agent/transports/winrm/sealed-body.ts'
import { readBody } from '../../../../agent/transports/winrm/soap.ts'
import { TransportFailure } from '../../../../agent/transports/transport.ts'

/** Runs it; any other error than the one that it may throw fails the property. */
function only<E extends Error>(kind: new (...args: never[]) => E, work: () => unknown): void {
  try {
    work()
  } catch (error) {
    if (!(error instanceof kind)) throw error
  }
}

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array))
/** A message with a few bytes changed, and cut somewhere or not. */
const spoiled = (whole: Buffer) =>
  fc
    .record({
      changes: fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 6 }),
      length: fc.oneof(fc.constant(whole.length), fc.nat(whole.length)),
    })
    .map(({ changes, length }) => {
      const copy = Buffer.from(whole)
      for (const [at, value] of changes) copy[at] = value
      return copy.subarray(0, length)
    })

const challenge = writeChallenge({
  flags: 0xe28a8233,
  serverChallenge: Buffer.alloc(8, 1),
  targetName: Buffer.from('SRV', 'utf16le'),
  targetInfo: Buffer.from('02000600530052005600070008000102030405060708 00000000'.replace(/\s/g, ''), 'hex'),
})
const sealed = sealBody(
  new SealingContext('server', Buffer.alloc(16, 3)),
  Buffer.from('<réponse/>'.repeat(5)),
)
const envelope = Buffer.from(
  '<s:Envelope xmlns:s="x"><s:Body><s:Fault><s:Reason><s:Text>non</s:Text></s:Reason><s:Detail>' +
    '<f:WSManFault xmlns:f="y" Code="5"/></s:Detail></s:Fault></s:Body></s:Envelope>',
)

describe('whatever a machine sends, it is read or refused', () => {
  const client = () =>
    new NtlmClient({ user: 'u', domain: 'd', password: 'p' }, { servicePrincipal: 'HTTP/x', bindings: null })

  it('NTLM challenges', () => {
    fc.assert(
      fc.property(fc.oneof(bytes(300), spoiled(challenge)), (message) =>
        only(NtlmError, () => client().authenticate(message)),
      ),
      { numRuns: 2000 },
    )
    fc.assert(fc.property(bytes(300), (pairs) => only(NtlmError, () => readAvPairs(pairs))))
  })

  it('sealed bodies', () => {
    fc.assert(
      fc.property(fc.oneof(bytes(2000), spoiled(sealed)), (body) => {
        const context = new SealingContext('client', Buffer.alloc(16, 3))
        only(NtlmError, () => openBody(context, sealedContentType, body))
      }),
      { numRuns: 2000 },
    )
  })

  it('SOAP envelopes', () => {
    const markup = fc
      .array(
        fc.constantFrom(
          '<a>',
          '</a>',
          '<a/>',
          '&lt;',
          '&#x41;',
          '<![CDATA[x]]>',
          '<!--',
          '-->',
          '<?p?>',
          ' x="1"',
          'é',
        ),
      )
      .map((parts) => Buffer.from(`<s:Envelope><s:Body>${parts.join('')}</s:Body></s:Envelope>`))
    fc.assert(
      fc.property(fc.oneof(bytes(500), spoiled(envelope), markup), (text) =>
        only(TransportFailure, () => faultOf(readBody(text))),
      ),
      { numRuns: 2000 },
    )
  })

  it('error streams', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 500 }), (text) => {
        clixmlText(`#< CLIXML${text}`)
      }),
    )
  })
})
