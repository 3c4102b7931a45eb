import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareVersions } from '../../../checks/linux/debian-version.ts'
import { debianPackage } from '../../../checks/linux/package.ts'
import { scheduledTask } from '../../../checks/linux/scheduled-task.ts'
import { service } from '../../../checks/linux/service.ts'
import { parseUnitFiles, parseUnits } from '../../../checks/linux/systemd-units.ts'
import type { Observation } from '../../../checks/observation.ts'
import { facts, printed, unanswered } from '../observed.ts'
import { replay } from '../replay.ts'

const unit = (id: string, more: Record<string, string> = {}) =>
  Object.entries({
    Id: id,
    Names: id,
    LoadState: 'loaded',
    ActiveState: 'active',
    SubState: 'running',
    UnitFileState: 'enabled',
    ...more,
  })
    .map(([key, value]) => `${key}=${value}`)
    .join('\n')
const journald = unit('systemd-journald.service', { UnitFileState: 'static', WantedBy: 'sysinit.target' })
const files = (...lines: string[]) => printed(['systemd-journald.service static -', ...lines].join('\n'))
const units = (...blocks: string[]) => printed([journald, ...blocks].join('\n\n'))

const verdict = (params: Record<string, unknown>, observations: Record<string, Observation>) => {
  const [first] = replay(service, { on: 'web', ...params }, facts, observations)
  return first?.cause ?? first?.verdict
}

describe('linux.service', () => {
  it.each([
    ['running and enabled', {}, 'pass'],
    ['failed', { ActiveState: 'failed', SubState: 'failed' }, 'fail'],
    ['starting is not running', { ActiveState: 'activating', SubState: 'start' }, 'fail'],
    ['masked while running', { LoadState: 'masked', UnitFileState: 'masked' }, 'fail'],
    ['enabled until the next boot only', { UnitFileState: 'enabled-runtime' }, 'fail'],
    ['disabled', { UnitFileState: 'disabled' }, 'fail'],
    [
      'an init script that a target wants',
      { UnitFileState: 'generated', WantedBy: 'multi-user.target' },
      'pass',
    ],
    ['an init script that nothing wants', { UnitFileState: 'generated' }, 'fail'],
    ['static, wanted by nothing', { UnitFileState: 'static' }, 'fail'],
  ])('%s', (_name, state, expected) => {
    const seen = {
      loaded: units(unit('nginx.service', state)),
      files: files('nginx.service enabled enabled'),
    }
    expect(verdict({ name: 'nginx' }, seen)).toBe(expected)
  })

  it('a name that another one begins with is another service', () => {
    const seen = {
      loaded: units(unit('sshd-keygen.service')),
      files: files('sshd-keygen.service enabled enabled'),
      unit: printed(
        unit('sshd.service', { LoadState: 'not-found', ActiveState: 'inactive', UnitFileState: '' }),
      ),
    }
    expect(verdict({ name: 'sshd' }, seen)).toBe('fail')
    expect(verdict({ name: 'sshd', running: false, enabled: false }, seen)).toBe('pass')
  })

  it('a unit that is not in memory is asked for by its name', () => {
    const seen = {
      loaded: units(),
      files: files('rsyslog.service enabled enabled'),
      unit: printed(unit('rsyslog.service', { ActiveState: 'inactive', SubState: 'dead' })),
    }
    expect(verdict({ name: 'rsyslog' }, seen)).toBe('fail')
    expect(verdict({ name: 'rsyslog' }, { ...seen, unit: unanswered('timeout') })).toBe('timeout')
  })

  it('the preset is not the state', () => {
    expect(parseUnitFiles('cron.service   disabled   enabled\n').get('cron.service')).toBe('disabled')
  })

  it.each<[string, Observation, string]>([
    ['systemctl is not there', unanswered('missing-tool'), 'missing-tool'],
    ['systemctl ended with an error', printed('', 1), 'unparsable'],
    ['systemctl was killed', printed(journald, null), 'unparsable'],
    ['nothing came', printed(''), 'control'],
    ['something else came', printed('Système arrêté'), 'unparsable'],
  ])('%s: unknown, never stopped', (_name, loaded, cause) => {
    const seen = { loaded, files: files(), unit: printed(unit('nginx.service', { ActiveState: 'inactive' })) }
    expect(verdict({ name: 'nginx' }, seen)).toBe(cause)
    expect(verdict({ name: 'nginx', running: false, enabled: false }, seen)).toBe(cause)
  })

  it('a property named as one of an object is a property', () => {
    expect(parseUnits('Id=a.service\nLoadState=loaded\n__proto__=x\nconstructor=y')[0]?.id).toBe('a.service')
  })
})

describe('linux.scheduled-task with a timer', () => {
  const timer = (more: Record<string, string> = {}) =>
    unit('backup.timer', {
      SubState: 'waiting',
      TimersCalendar: '{ OnCalendar=*-*-* 00:00:00 ; next_elapse=Wed }',
      ...more,
    })
  const judged = (
    params: Record<string, unknown>,
    loaded: Observation,
    list = 'systemd-tmpfiles-clean.timer static -',
  ) => {
    const unit = printed('Id=backup.timer\nLoadState=not-found\nActiveState=inactive\n')
    return replay(scheduledTask, { on: 'web', timer: 'backup', ...params }, facts, {
      loaded,
      unit,
      files: printed(list),
    })[0]
  }
  it('daily is midnight', () => {
    expect(judged({ calendar: 'daily' }, printed(timer()))?.verdict).toBe('pass')
    expect(judged({ calendar: 'weekly' }, printed(timer()))?.verdict).toBe('fail')
  })
  it('disabled or inactive', () => {
    expect(judged({}, printed(timer({ UnitFileState: 'disabled' })))?.verdict).toBe('fail')
    expect(judged({}, printed(timer({ ActiveState: 'inactive' })))?.verdict).toBe('fail')
  })
  it('without systemd’s own timer nothing is said', () => {
    expect(judged({}, printed(''), '')?.cause).toBe('control')
    expect(judged({}, printed(''))?.verdict).toBe('fail')
  })
})

describe('linux.package', () => {
  const list = (...lines: string[]) => printed(['dpkg\tamd64\tinstalled\t1.21.22', ...lines].join('\n'))
  const judged = (params: Record<string, unknown>, packages: Observation) => {
    const [first] = replay(debianPackage, { on: 'web', name: 'nginx', ...params }, facts, { packages })
    return first?.cause ?? first?.verdict
  }
  it.each([
    ['installed', 'nginx\tamd64\tinstalled\t1.22.1-9', {}, 'pass'],
    ['another of the same beginning', 'nginx-common\tall\tinstalled\t1.22.1-9', {}, 'fail'],
    ['removed, its configuration left', 'nginx\tamd64\tconfig-files\t1.22.1-9', {}, 'fail'],
    ['half configured', 'nginx\tamd64\thalf-configured\t1.22.1-9', {}, 'fail'],
    ['recent enough', 'nginx\tamd64\tinstalled\t1.22.1-9', { version: '1.22.1-9' }, 'pass'],
    ['too old', 'nginx\tamd64\tinstalled\t1.9.1', { version: '1.22' }, 'fail'],
    ['must be absent', 'nginx\tamd64\tinstalled\t1.22.1-9', { installed: false }, 'fail'],
    ['is absent as asked', 'nginx\tamd64\tconfig-files\t1.22.1-9', { installed: false }, 'pass'],
  ])('%s', (_name, line, params, expected) => {
    expect(judged(params, list(line))).toBe(expected)
  })
  it('a list without dpkg itself proves nothing', () => {
    expect(judged({}, printed(''))).toBe('control')
    expect(judged({ installed: false }, printed(''))).toBe('control')
  })
})

describe('Debian versions', () => {
  const dpkg = (a: string, b: string) =>
    spawnSync('dpkg', ['--compare-versions', a, 'lt', b]).status === 0
      ? -1
      : spawnSync('dpkg', ['--compare-versions', a, 'eq', b]).status === 0
        ? 0
        : 1
  it.skipIf(spawnSync('dpkg', ['--version']).status !== 0)(
    'compare as dpkg compares them',
    () => {
      const upstream = fc.stringMatching(/^[0-9][0-9a-z.+~]{0,7}$/)
      const version = fc
        .tuple(fc.option(fc.nat(3)), upstream, fc.option(fc.stringMatching(/^[0-9a-z+~]{1,4}$/)))
        .map(
          ([epoch, text, revision]) =>
            `${epoch === null ? '' : `${epoch}:`}${text}${revision === null ? '' : `-${revision}`}`,
        )
      fc.assert(
        fc.property(version, version, (a, b) => {
          expect(Math.sign(compareVersions(a, b))).toBe(dpkg(a, b))
        }),
        { numRuns: 40 },
      )
    },
    60_000,
  )
})
