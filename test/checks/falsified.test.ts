import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../../checks/catalogue.ts'
import type { Facts } from '../../checks/define.ts'
import type { Observation } from '../../checks/observation.ts'
import { replay } from './replay.ts'

// Every recording, with one observation at a time made useless: what was not observed may turn a finding into
// `unknown`, never from pass to fail nor from fail to pass.

interface Recorded {
  readonly check: string
  readonly params: Record<string, unknown>
  readonly facts: Facts
  readonly observations: Record<string, Observation>
}
const root = join(import.meta.dirname, '../..')
const recordings = globSync('fixtures/observations/*/*.json', { cwd: root })
  .filter((path) => !path.endsWith('.fr.json'))
  .sort()
  .map((path) => ({ path, recorded: JSON.parse(readFileSync(join(root, path), 'utf8')) as Recorded }))

const lost = (observation: Observation): Observation => ({
  ...observation,
  answer: null,
  truncated: false,
  failure: { cause: 'timeout', detail: 'lost', blame: 'undecidable' },
})
const cut = (observation: Observation): Observation => ({
  ...observation,
  truncated: observation.answer !== null,
})
const crashed = (observation: Observation): Observation =>
  observation.answer?.kind === 'command'
    ? { ...observation, answer: { kind: 'command', status: 1, stdout: '', stderr: 'error' } }
    : raised(observation, 'System.Management.Automation.RuntimeException')
const denied = (observation: Observation): Observation =>
  raised(observation, 'System.UnauthorizedAccessException')
const raised = (observation: Observation, type: string): Observation =>
  observation.answer?.kind === 'powershell'
    ? {
        ...observation,
        answer: { kind: 'powershell', value: null, error: { type, code: -1, id: 'Raised', message: 'non' } },
      }
    : observation
const killed = (observation: Observation): Observation =>
  observation.answer?.kind === 'command'
    ? { ...observation, answer: { ...observation.answer, status: null } }
    : observation
const silent = (observation: Observation): Observation =>
  observation.answer?.kind === 'command'
    ? { ...observation, answer: { kind: 'command', status: 0, stdout: '', stderr: '' } }
    : observation.answer?.kind === 'snmp'
      ? { ...observation, answer: { kind: 'snmp', varbinds: [] } }
      : observation.answer?.kind === 'http'
        ? { ...observation, answer: { ...observation.answer, body: '' } }
        : valued(observation, () => null)
const garbled = (observation: Observation): Observation =>
  observation.answer?.kind === 'command'
    ? {
        ...observation,
        answer: { ...observation.answer, stdout: '\ufffd\u001b[2J=\n::::\n{"a":\n'.repeat(50) },
      }
    : valued(observation, () => ({ '\ufffd\u001b[2J': ['=', { a: null }] }))
/** Every list without its items: what a script that caught an error and went on would give. */
const emptied = (observation: Observation): Observation => valued(observation, withoutItems)
const withoutItems = (value: Json): Json =>
  Array.isArray(value)
    ? []
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutItems(item)]))
      : value

type Json = Extract<NonNullable<Observation['answer']>, { kind: 'powershell' }>['value']
const valued = (observation: Observation, change: (value: Json) => Json): Observation =>
  observation.answer?.kind === 'powershell' && observation.answer.error === null
    ? { ...observation, answer: { ...observation.answer, value: change(observation.answer.value) } }
    : observation

/** An empty directory or page is an answer, and may well change the verdict. */
const meaningful = new Set(['linux.scheduled-task folder', 'linux.scheduled-task exists', 'http.site page'])

describe.each(Object.entries({ lost, cut, crashed, denied, killed, silent, garbled, emptied }))(
  '%s',
  (how, spoil) => {
    it.each(recordings.map(({ path, recorded }) => [path, recorded] as const))('%s', (_path, recorded) => {
      const check = catalogue.get(recorded.check)
      if (!check) throw new Error(`no check ${recorded.check}`)
      const judged = (observations: Record<string, Observation>) =>
        replay(check, recorded.params, recorded.facts, observations)
      const before = judged(recorded.observations)
      for (const [name, observation] of Object.entries(recorded.observations)) {
        if ((how === 'silent' || how === 'garbled') && meaningful.has(`${recorded.check} ${name}`)) continue
        const after = judged({ ...recorded.observations, [name]: spoil(observation) })
        for (const [i, { verdict }] of before.entries()) {
          const now = after.length === before.length ? after[i]?.verdict : after[0]?.verdict
          expect([verdict, 'unknown'], `${name} ${how}`).toContain(now)
        }
      }
    })
  },
)

it('nothing observed at all is unknown, whatever the check', () => {
  for (const { recorded } of recordings) {
    const check = catalogue.get(recorded.check)!
    const nothing = Object.fromEntries(
      Object.entries(recorded.observations).map(([name, observation]) => [name, lost(observation)]),
    )
    for (const { verdict } of replay(check, recorded.params, recorded.facts, nothing))
      expect(verdict).toBe('unknown')
  }
})
