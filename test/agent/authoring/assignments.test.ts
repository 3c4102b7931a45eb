import { describe, expect, it } from 'vitest'
import { assigned, missing } from '../../../agent/authoring/assignments.ts'
import { roleParameters } from '../../../agent/authoring/role-parameters.ts'
import { catalogue } from '../../../checks/catalogue.ts'
import { parametersSchema } from '../../../checks/schema.ts'

const schemaOf = (id: string) => parametersSchema(catalogue.get(id)!, 'fr')

describe('what is typed as name=value', () => {
  it.each([
    ['linux.port', ['port=8080', 'reachable=true'], { port: 8080, reachable: true }],
    ['linux.port', ['port={{port}}'], { port: '{{port}}' }],
    [
      'linux.user',
      ['name=durand', 'groups=compta, web', 'uid=1500'],
      { name: 'durand', groups: ['compta', 'web'], uid: 1500 },
    ],
    ['linux.user', ['groups=compta', 'groups=web'], { groups: ['compta', 'web'] }],
    ['linux.file', ['mode=0640'], { mode: '0640' }],
    // A text where texts are taken: a comma belongs to it.
    ['linux.file', ['contains=Bonjour, monde'], { contains: 'Bonjour, monde' }],
    ['linux.file', ['contains=[a, b]'], { contains: ['a', 'b'] }],
    ['linux.service', ['name=a=b'], { name: 'a=b' }],
    [
      'windows.firewall-rule',
      ['rule.ports=80,8000-8010', 'rule.direction=out'],
      { rule: { ports: [80, '8000-8010'], direction: 'out' } },
    ],
    [
      'active-directory.gpo-setting',
      ['registry.key=Software\\X', 'registry.data=1'],
      { registry: { key: 'Software\\X', data: 1 } },
    ],
    [
      'active-directory.gpo-setting',
      ['security.audit=AuditLogonEvents', 'security.success=true'],
      { security: { audit: 'AuditLogonEvents', success: true } },
    ],
    [
      'network.vlan-reachable',
      ['pairs=[{ from: a, to: b, expect: deny }]'],
      { pairs: [{ from: 'a', to: 'b', expect: 'deny' }] },
    ],
    ['linux.scheduled-task', ['timer=x.timer', 'running=false'], { timer: 'x.timer', running: false }],
    ['hyper-v.machine', ['generation=2', 'disks=40,1.5'], { generation: 2, disks: [40, 1.5] }],
  ])('%s %j', (id, words, params) => {
    expect(assigned(schemaOf(id), words)).toEqual({ params, mistakes: [] })
  })

  it.each([
    ['linux.port', 'port=abc', /« port » : un nombre est attendu/],
    ['linux.port', 'reachable=oui', /true ou false/],
    ['linux.port', 'protocol=icmp', /attendu : tcp, udp/],
    ['linux.port', 'prot=tcp', /paramètre inconnu « prot » ; possibles : port/],
    ['linux.port', 'port', /s'écrit nom=valeur/],
    ['linux.port', '=80', /s'écrit nom=valeur/],
    ['windows.firewall-rule', 'rule.port=80', /paramètre inconnu « rule\.port » ; possibles : ports/],
    ['windows.firewall-rule', 'rule=80', /c’est un bloc/],
    ['linux.file', 'contains=[a', /YAML/],
  ])('%s %s is refused with what to type instead', (id, word, words) => {
    const { mistakes } = assigned(schemaOf(id), [word])
    expect(mistakes.map(({ fr }) => fr)).toEqual([expect.stringMatching(words)])
    expect(mistakes[0]?.en).not.toBe(mistakes[0]?.fr)
  })

  it('refuses a single value that is given twice, and says all mistakes at once', () => {
    const { mistakes } = assigned(schemaOf('linux.port'), ['port=80', 'port=81', 'x=1'])
    expect(mistakes).toHaveLength(2)
    expect(mistakes[0]?.fr).toContain('deux fois')
  })
})

describe('what a check still lacks', () => {
  const paths = (id: string, words: string[]) =>
    missing(schemaOf(id), assigned(schemaOf(id), words).params as Record<string, unknown>).map(
      ({ path }) => path,
    )
  it('is every required parameter, in the order of the catalogue', () => {
    expect(paths('windows.event', ['id=4624'])).toEqual(['on', 'channel', 'provider'])
  })
  it('is looked for in a block only where there is one', () => {
    expect(paths('active-directory.gpo-setting', ['registry.key=x'])).toEqual([
      'on',
      'gpo',
      'registry.value',
      'registry.scope',
    ])
    expect(paths('active-directory.gpo-setting', [])).toEqual(['on', 'gpo'])
  })
  it('is that of the way of writing that was begun', () => {
    expect(paths('linux.scheduled-task', ['timer=x.timer'])).toEqual(['on'])
    expect(paths('linux.scheduled-task', ['user=root'])).toEqual(['on', 'command'])
  })
})

it('finds the machine that every check names, or the list that holds them', () => {
  for (const check of catalogue.values())
    if (check.id !== 'network.vlan-reachable')
      expect([...roleParameters(check.params).keys()], check.id).toContain('on')
  expect(roleParameters(catalogue.get('linux.scheduled-task')!.params).get('on')).toEqual(['linux'])
})
