import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { withCheck, type Addition } from '../../../agent/authoring/exam-edit.ts'
import { smallDiff } from '../../../agent/authoring/small-diff.ts'

const exam = `# Un sujet
title:   Agence   # trois espaces, que personne n'aligne à notre place
roles:
  web: linux   # le serveur

demands:
  - id: un
    text: "Un"

    # pourquoi ce contrôle
    checks:
      - linux.service: { on: web,   name: nginx }   # gardé
      - linux.file:
          on: web
          path: /etc/hosts
          contains: |
            127.0.0.1

            localhost

    # la question reste après
    question: Pourquoi ?

  # la deuxième
  - id: deux
    any:
    - linux.service: { on: web, name: a }

# la fin
`
const addition: Addition = {
  checkId: 'linux.user',
  params: { on: 'web', name: '{{compte}}', groups: ['a', 'b, c'], home: '/home/[x]', shell: 'x: y #z' },
  demand: { id: 'un' },
  roles: {},
}
/** The lines that are new, and that every other line is there as it was. */
function added(before: string, after: string): string[] {
  const lines = smallDiff(before, after)
  expect(lines.filter((line) => line.startsWith('-'))).toEqual([])
  const fresh = lines.filter((line) => line.startsWith('+')).map((line) => line.slice(2))
  expect(after.split('\n')).toHaveLength(before.split('\n').length + fresh.length)
  return fresh
}
const written = `      - linux.user: { on: web, name: "{{compte}}", groups: [a, "b, c"], home: "/home/[x]", shell: "x: y #z" }`

describe('a check more', () => {
  it('stands after the last one of its demand, above the comment that follows, and nothing else moves', () => {
    const { text, line } = withCheck(exam, addition)
    expect(added(exam, text)).toEqual([written])
    expect(text.split('\n')[line - 1]).toBe(written)
    const demands = (parse(text) as { demands: { checks: object[] }[] }).demands
    expect(demands[0]?.checks[2]).toEqual({ 'linux.user': addition.params })
    expect(demands[0]?.checks[1]).toEqual({
      'linux.file': { on: 'web', path: '/etc/hosts', contains: '127.0.0.1\n\nlocalhost\n' },
    })
  })

  it('opens the list of a demand that had only alternatives', () => {
    const { text, line } = withCheck(exam, {
      ...addition,
      params: { on: 'web', name: 'x' },
      demand: { id: 'deux' },
    })
    expect(added(exam, text)).toEqual(['    checks:', '      - linux.user: { on: web, name: x }'])
    expect(text.split('\n')[line - 1]).toContain('linux.user')
    expect((parse(text) as { demands: object[] }).demands[1]).toHaveProperty('any')
  })

  it('comes with a new demand at the end and a new machine, each after what it is like', () => {
    const { text } = withCheck(exam, {
      ...addition,
      params: { on: 'sw', id: 20 },
      checkId: 'network.vlan',
      demand: { id: 'trois', text: 'Trois: le VLAN', criteria: ['C5.1'] },
      roles: { sw: 'switch' },
    })
    expect(added(exam, text)).toEqual([
      '  sw: switch',
      '  - id: trois',
      '    text: "Trois: le VLAN"',
      '    criteria: [C5.1]',
      '    checks:',
      '      - network.vlan: { on: sw, id: 20 }',
      '',
    ])
    expect(text.trimEnd().endsWith('# la fin')).toBe(true)
    expect((parse(text) as { demands: { id: string }[] }).demands.map(({ id }) => id)).toEqual([
      'un',
      'deux',
      'trois',
    ])
  })

  it('has a line for each parameter where one line would be too long', () => {
    const path = `/${'x'.repeat(110)}`
    const { text } = withCheck(exam, { ...addition, checkId: 'linux.file', params: { on: 'web', path } })
    expect(added(exam, text)).toEqual(['      - linux.file:', '          on: web', `          path: ${path}`])
  })

  it('keeps the ends of lines of Windows, and a file without a last one', () => {
    const windows = exam.replaceAll('\n', '\r\n')
    const { text } = withCheck(windows, addition)
    expect(text.replaceAll('\r\n', '')).not.toContain('\n')
    const cut =
      'roles: { web: linux }\ndemands:\n  - id: un\n    checks:\n      - linux.service: { on: web, name: a }'
    const more = withCheck(cut, { ...addition, params: { on: 'w', name: 'x' }, roles: { w: 'linux' } }).text
    expect(more.split('\n').at(-1)).toBe('      - linux.user: { on: w, name: x }')
    expect(more.split('\n')[0]).toBe('roles: { web: linux, w: linux }')
  })

  it('writes a list in brackets anew, its comments kept', () => {
    const flow =
      '# haut\nroles: { web: linux } # rôles\ndemands: [{ id: un, checks: [{ linux.service: { on: web, name: a } }] }] # bas\n'
    const { text } = withCheck(flow, addition)
    expect(text).toContain('# haut')
    expect(text).toContain('# rôles')
    expect(text).toContain('# bas')
    expect((parse(text) as { demands: { checks: object[] }[] }).demands[0]?.checks[1]).toEqual({
      'linux.user': addition.params,
    })
  })
})
