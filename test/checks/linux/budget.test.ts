import { expect, it } from 'vitest'
import { catalogue } from '../../../checks/catalogue.ts'
import { probeKey, type Probe } from '../../../checks/probe.ts'
import { facts } from '../observed.ts'

const many = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i))

it('forty checks of one machine run at most twelve programs in their first round', () => {
  const calls: [string, Record<string, unknown>][] = [
    ...many(8, (i) => ['linux.service', { name: `service-${i}` }] as [string, Record<string, unknown>]),
    ...many(8, (i) => ['linux.package', { name: `package-${i}` }] as [string, Record<string, unknown>]),
    ...many(6, (i) => ['linux.port', { port: 8000 + i }] as [string, Record<string, unknown>]),
    ...many(
      5,
      (i) => ['linux.user', { name: `user${i}`, groups: ['staff'] }] as [string, Record<string, unknown>],
    ),
    ...many(4, (i) => ['linux.file', { path: `/srv/${i}` }] as [string, Record<string, unknown>]),
    ...many(3, (i) => ['linux.mount', { path: `/mnt/${i}` }] as [string, Record<string, unknown>]),
    ...many(
      3,
      (i) => ['linux.scheduled-task', { command: `/bin/${i}` }] as [string, Record<string, unknown>],
    ),
    ...many(3, (i) => ['linux.scheduled-task', { timer: `timer-${i}` }] as [string, Record<string, unknown>]),
  ]
  expect(calls).toHaveLength(40)
  const asked = new Map<string, Probe>()
  const parsed = (id: string, params: Record<string, unknown>) =>
    catalogue.get(id)!.params.parse({ on: 'web', ...params })
  for (const [id, params] of calls) {
    const siblings = calls.filter(([other]) => other === id).map(([, own]) => parsed(id, own))
    for (const probe of Object.values(catalogue.get(id)!.probes(parsed(id, params), facts, siblings)))
      asked.set(probeKey(probe), probe)
  }
  const commands = [...asked.values()].filter((probe) => probe.kind === 'command')
  expect(commands.length).toBeLessThanOrEqual(12)
  console.info(`${commands.length} programs, ${asked.size} questions`)
})
