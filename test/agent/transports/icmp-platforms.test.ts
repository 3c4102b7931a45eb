import { describe, expect, it } from 'vitest'
import { pingLine } from '../../../agent/transports/icmp/ping.ts'
import { readSummary, readWindowsPing } from '../../../agent/transports/icmp/summary.ts'

describe('how ping is asked on each platform', () => {
  const env = { PATH: '/bin', SystemRoot: String.raw`D:\Windows`, SECRET: 'stays here' }
  it.each([
    ['linux', '10.0.0.1', 1, 'ping', ['-n', '-c', '1', '-W', '2.60', '--', '10.0.0.1']],
    ['linux', '::1', 2, 'ping', ['-n', '-c', '2', '-W', '2.40', '-i', '0.2', '--', '::1']],
    ['darwin', '10.0.0.1', 1, 'ping', ['-n', '-c', '1', '-W', '2600', '--', '10.0.0.1']],
    ['darwin', '::1', 2, 'ping6', ['-n', '-c', '2', '-i', '0.2', '--', '::1']],
    ['win32', '10.0.0.1', 1, String.raw`D:\Windows\System32\ping.exe`, ['-n', '1', '-w', '2600', '10.0.0.1']],
    ['win32', '::1', 2, String.raw`D:\Windows\System32\ping.exe`, ['-n', '2', '-w', '1300', '::1']],
  ] as const)('%s, %s, %i', (platform, address, count, program, argv) => {
    const line = pingLine(platform, env, address, { count, timeoutMs: 3000 })
    expect(line).toMatchObject({ program, argv })
    expect(Object.values(line.env)).not.toContain('stays here')
    // What doesn't end by itself is ended in time to say what it saw.
    expect(line.endAfterMs).toBe(program === 'ping6' ? 2600 : null)
  })

  it('never waits longer than the probe: on Windows a second lies between two requests', () => {
    for (const count of [1, 2, 3, 4]) {
      const { argv } = pingLine('win32', {}, '10.0.0.1', { count, timeoutMs: 4500 })
      const wait = Number(argv[3])
      const silent = count * wait
      const lastLost = (count - 1) * 1000 + wait
      expect(Math.max(silent, lastLost)).toBeLessThan(4500)
    }
  })
})

describe('what ping.exe prints', () => {
  const bytes = (text: string) => Buffer.from(text, 'latin1').toString('utf8').replaceAll('\n', '\r\n')
  it.each([
    [
      'French',
      bytes(
        "\nEnvoi d'une requ\x88te 'Ping'  10.0.0.1 avec 32 octets de donn\x82es\xff:\nR\x82ponse de 10.0.0.1\xff: octets=32 temps=12 ms TTL=128\nR\x82ponse de 10.0.0.1\xff: octets=32 temps=14 ms TTL=128\n\nStatistiques Ping pour 10.0.0.1:\n    Paquets\xff: envoy\x82s = 2, re\x87us = 2, perdus = 0 (perte 0%),\nDur\x82e approximative des boucles en millisecondes :\n    Minimum = 12ms, Maximum = 14ms, Moyenne = 13ms\n",
      ),
      { sent: 2, received: 2, rttMs: 13 },
    ],
    [
      'English, under a millisecond',
      'Reply from 10.0.0.1: bytes=32 time<1ms TTL=128\r\n\r\nPing statistics for 10.0.0.1:\r\n    Packets: Sent = 1, Received = 1, Lost = 0 (0% loss),\r\nApproximate round trip times in milli-seconds:\r\n    Minimum = 0ms, Maximum = 0ms, Average = 0ms\r\n',
      { sent: 1, received: 1, rttMs: 1 },
    ],
    [
      'French, a router says that nobody is there: counted as received, ends with 0',
      bytes(
        "R\x82ponse de 10.0.0.254\xff: Impossible de joindre l'h\x93te de destination.\n\nStatistiques Ping pour 10.0.0.9:\n    Paquets\xff: envoy\x82s = 1, re\x87us = 1, perdus = 0 (perte 0%),\n",
      ),
      { sent: 1, received: 0, rttMs: null },
    ],
    [
      'French, silence',
      bytes(
        "D\x82lai d'attente de la demande d\x82pass\x82.\n\nStatistiques Ping pour 10.0.0.9:\n    Paquets\xff: envoy\x82s = 1, re\x87us = 0, perdus = 1 (perte 100%),\n",
      ),
      { sent: 1, received: 0, rttMs: null },
    ],
    [
      'French, IPv6',
      bytes(
        'R\x82ponse de ::1\xff: temps=3 ms\nR\x82ponse de ::1\xff: temps<1ms \n\nStatistiques Ping pour ::1:\n    Paquets\xff: envoy\x82s = 2, re\x87us = 2, perdus = 0 (perte 0%),\nDur\x82e approximative des boucles en millisecondes :\n    Minimum = 0ms, Maximum = 3ms, Moyenne = 1ms\n',
      ),
      { sent: 2, received: 2, rttMs: 2 },
    ],
    [
      'French, IPv6, a router says that nobody is there',
      bytes(
        "R\x82ponse de fe80::1\xff: Impossible de joindre l'h\x93te de destination.\n\nStatistiques Ping pour fd00::9:\n    Paquets\xff: envoy\x82s = 1, re\x87us = 1, perdus = 0 (perte 0%),\n",
      ),
      { sent: 1, received: 0, rttMs: null },
    ],
    [
      'Chinese',
      '来自 10.0.0.1 的回复: 字节=32 时间=5ms TTL=64\r\n\r\n10.0.0.1 的 Ping 统计信息:\r\n    数据包: 已发送 = 1，已接收 = 1，丢失 = 0 (0% 丢失)，\r\n',
      { sent: 1, received: 1, rttMs: 5 },
    ],
  ])('%s', (_, text, echoes) => {
    expect(readWindowsPing(text)).toEqual(echoes)
  })

  it('is nothing where there are no counts, however many replies it claims', () => {
    expect(readWindowsPing('La requ\ufffdte Ping n’a pas pu trouver l’h\ufffdte\r\n')).toBe(null)
    expect(readWindowsPing('Reply from 10.0.0.1: bytes=32 time=1ms TTL=128\r\n')).toBe(null)
  })
})

it('ping6 of macOS writes its deviation with a hyphen', () => {
  expect(
    readSummary(
      '2 packets transmitted, 2 packets received, 0.0% packet loss\nround-trip min/avg/max/std-dev = 0.05/0.06/0.07/0.01 ms\n',
    ),
  ).toEqual({ sent: 2, received: 2, rttMs: 0.06 })
})
