import { describe, expect, it } from 'vitest'
import { avId, readAvPairs, writeAvPairs } from '../../../../agent/transports/winrm/ntlm/av-pairs.ts'
import { md4 } from '../../../../agent/transports/winrm/ntlm/md4.ts'
import {
  readChallenge,
  readNegotiate,
  writeChallenge,
  writeNegotiate,
} from '../../../../agent/transports/winrm/ntlm/messages.ts'
import {
  exchanged,
  respond,
  responseKey,
  verifyResponse,
} from '../../../../agent/transports/winrm/ntlm/ntlmv2.ts'
import { Rc4 } from '../../../../agent/transports/winrm/ntlm/rc4.ts'
import { SealingContext } from '../../../../agent/transports/winrm/ntlm/sealing.ts'

const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ''), 'hex')
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le')

describe('MD4 (RFC 1320, A.5) and RC4 (RFC 6229)', () => {
  it.each([
    ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
    ['a', 'bde52cb31de33e46245e05fbdbd6fb24'],
    ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
    ['message digest', 'd9130a8164549fe818874806e1c7014b'],
    ['abcdefghijklmnopqrstuvwxyz', 'd79e1c308aa5bbcdeea8ed63df412da9'],
    ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', '043f8582f241db351ce627e153e7f0e4'],
    [
      '12345678901234567890123456789012345678901234567890123456789012345678901234567890',
      'e33b4ddc9c38f2199c3e7b164fcc0536',
    ],
  ])('MD4 of %j', (text, digest) => {
    expect(md4(Buffer.from(text)).toString('hex')).toBe(digest)
  })

  it('RC4 goes on where it stopped', () => {
    const whole = new Rc4(hex('0102030405')).apply(Buffer.alloc(32))
    expect(whole.toString('hex')).toBe('b2396305f03dc027ccc3524a0a1118a86982944f18fc82d589c403a47a0d0919')
    const parts = new Rc4(hex('0102030405'))
    const pieces = [parts.apply(Buffer.alloc(5)), parts.apply(Buffer.alloc(0)), parts.apply(Buffer.alloc(27))]
    expect(Buffer.concat(pieces)).toEqual(whole)
  })
})

// MS-NLMP 4.2.1 and 4.2.4: User, Password, Domain, Server; time 0; the challenges and keys as printed there.
describe('MS-NLMP 4.2.4, NTLMv2', () => {
  const serverChallenge = hex('0123456789abcdef')
  const clientChallenge = hex('aaaaaaaaaaaaaaaa')
  const randomSessionKey = hex('55555555555555555555555555555555')
  const targetInfo = writeAvPairs(
    new Map([
      [avId.domainName, utf16('Domain')],
      [avId.computerName, utf16('Server')],
    ]),
  )
  const key = responseKey('User', 'Domain', 'Password')
  const response = respond(key, {
    serverChallenge,
    clientChallenge,
    time: Buffer.alloc(8),
    targetInfo,
    timestamped: false,
  })

  it('4.2.4.1.1 NTOWFv2', () => {
    expect(key.toString('hex')).toBe('0c868a403bfd7a93a3001ef22ef02e3f')
  })
  it('4.2.4.1.2 session base key, 4.2.4.2 responses', () => {
    expect(response.sessionBaseKey.toString('hex')).toBe('8de40ccadbc14a82f15cb0ad0de95ca3')
    expect(response.lm.toString('hex')).toBe('86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa')
    expect(response.nt.subarray(0, 16).toString('hex')).toBe('68cd0ab851e51c96aabc927bebef6a1c')
    expect(response.nt.subarray(16)).toEqual(
      Buffer.concat([
        hex('0101000000000000 0000000000000000 aaaaaaaaaaaaaaaa 00000000'),
        targetInfo,
        Buffer.alloc(4),
      ]),
    )
  })
  it('4.2.4.2.3 encrypted session key', () => {
    const encrypted = exchanged(response.sessionBaseKey, randomSessionKey)
    expect(encrypted.toString('hex')).toBe('c5dad2544fc9799094ce1ce90bc9d03e')
    expect(exchanged(response.sessionBaseKey, encrypted)).toEqual(randomSessionKey)
  })
  it('4.2.4.3 challenge message', () => {
    const message = hex(`4e544c4d53535000 02000000 0c000c0038000000 33828ae2 0123456789abcdef 0000000000000000
      2400240044000000 060070170000000f 530065007200760065007200 02000c0044006f006d00610069006e00
      01000c00530065007200760065007200 00000000`)
    const read = readChallenge(message)
    expect(read.serverChallenge).toEqual(serverChallenge)
    expect(read.targetInfo).toEqual(targetInfo)
    expect(read.targetName).toEqual(utf16('Server'))
    // Only the version differs: ours is that of another Windows.
    const written = writeChallenge(read)
    expect(written.subarray(0, 48)).toEqual(message.subarray(0, 48))
    expect(written.subarray(56)).toEqual(message.subarray(56))
  })
  it('4.2.4.4 sealing', () => {
    const { signature, sealed } = new SealingContext('client', randomSessionKey).seal(utf16('Plaintext'))
    expect(sealed.toString('hex')).toBe('54e50165bf1936dc996020c1811b0f06fb5f')
    expect(signature.toString('hex')).toBe('010000007fb38ec5c55d497600000000')
    const other = new SealingContext('server', randomSessionKey)
    expect(other.unseal(sealed, signature)).toEqual(utf16('Plaintext'))
  })
  it('a response verifies with its password only', () => {
    expect(verifyResponse(key, serverChallenge, response.nt)).toEqual(response.sessionBaseKey)
    expect(verifyResponse(responseKey('User', 'Domain', 'password'), serverChallenge, response.nt)).toBeNull()
    expect(verifyResponse(key, hex('0123456789abcdee'), response.nt)).toBeNull()
    expect(verifyResponse(key, serverChallenge, response.nt.subarray(0, 20))).toBeNull()
  })
})

describe('sealed messages', () => {
  const contexts = () => {
    const key = Buffer.alloc(16, 7)
    return { client: new SealingContext('client', key), server: new SealingContext('server', key) }
  }
  it('go both ways, of any length', () => {
    const { client, server } = contexts()
    for (const length of [0, 1, 65_535, 1_000_000]) {
      const message = Buffer.alloc(length, length % 251)
      const there = client.seal(message)
      expect(server.unseal(there.sealed, there.signature).equals(message)).toBe(true)
      const back = server.seal(message)
      expect(client.unseal(back.sealed, back.signature).equals(message)).toBe(true)
    }
  })
  it('a repeated, reordered, changed or reflected one is refused', () => {
    const message = Buffer.from('réponse')
    const repeated = contexts()
    const first = repeated.server.seal(message)
    repeated.client.unseal(first.sealed, first.signature)
    expect(() => repeated.client.unseal(first.sealed, first.signature)).toThrow(/signature/)

    const reordered = contexts()
    reordered.server.seal(message)
    const second = reordered.server.seal(message)
    expect(() => reordered.client.unseal(second.sealed, second.signature)).toThrow(/signature/)

    for (const spoil of ['sealed', 'signature'] as const) {
      const { client, server } = contexts()
      const answer = server.seal(message)
      answer[spoil][0]! ^= 1
      expect(() => client.unseal(answer.sealed, answer.signature)).toThrow(/signature/)
    }

    const { client } = contexts()
    const own = client.seal(message)
    expect(() => client.unseal(own.sealed, own.signature)).toThrow(/signature/)
    expect(() => client.unseal(own.sealed, own.signature.subarray(0, 15))).toThrow(/signature/)
  })
})

describe('messages of a hostile machine', () => {
  const challenge = writeChallenge({
    flags: 0,
    serverChallenge: Buffer.alloc(8),
    targetName: utf16('S'),
    targetInfo: writeAvPairs(new Map()),
  })
  it('a field that lies beyond the end is refused', () => {
    for (const at of [12, 16, 40, 44]) {
      const lie = Buffer.from(challenge)
      lie.writeUInt16LE(60_000, at)
      expect(() => readChallenge(lie)).toThrow(/beyond its end/)
    }
  })
  it('every cut and every other kind of message is refused, not read', () => {
    for (let length = 0; length < 48; length++)
      expect(() => readChallenge(challenge.subarray(0, length))).toThrow(/not an NTLM message/)
    expect(() => readChallenge(writeNegotiate(1))).toThrow()
    expect(() => readNegotiate(challenge)).toThrow(/comes now/)
    expect(() => readChallenge(Buffer.concat([challenge, Buffer.alloc(20_000)]))).toThrow()
  })
  it('target information without an end, with a lie or with too much in it', () => {
    expect(() => readAvPairs(hex('0100'))).toThrow(/no end/)
    expect(() => readAvPairs(hex('01000400aabb'))).toThrow(/longer than it/)
    expect(() => readAvPairs(hex('01000000'.repeat(100)))).toThrow(/too many/)
  })
})
