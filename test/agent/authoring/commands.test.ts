import {
  chmodSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  lstatSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { command } from './command.ts'
import { folderForTests } from '../commands/probant.ts'

const home = folderForTests()
let count = 0
/** A folder of its own for each test, as an author's. */
function folder(): string {
  const path = join(home, `auteur-${++count}`)
  mkdirSync(path)
  return path
}
const read = (...path: string[]) => readFileSync(join(...path), 'utf8')

describe('probant init', () => {
  it('writes files that validate, says them on stdout, and ends with the next two commands', async () => {
    const at = join(folder(), 'nouveau')
    const { status, out, err } = await command(['init', at])
    expect(err).toContain('self-test')
    expect(status).toBe(0)
    const names = [
      'sujet.yaml',
      'session.yaml',
      'exam.schema.json',
      'session.schema.json',
      '.vscode/extensions.json',
    ]
    expect(out.trim().split('\n')).toEqual(names.map((name) => join(at, name)))
    expect(err.match(/probant (self-test|validate) .*(sujet|session)\.yaml/g)).toHaveLength(2)
    expect(err).toContain(process.platform === 'win32' ? '--here srv' : '--here web')
    expect(read(at, 'sujet.yaml').split('\n')[0]).toBe('# yaml-language-server: $schema=exam.schema.json')
    expect(JSON.parse(read(at, '.vscode/extensions.json'))).toEqual({
      recommendations: ['redhat.vscode-yaml'],
    })
    const validated = await command(['validate', '--json', join(at, 'sujet.yaml'), join(at, 'session.yaml')])
    expect(JSON.parse(validated.out)).toEqual({ valid: true, diagnostics: [] })
  })

  it('replaces nothing: says what is there and what to do; --force replaces, except what belongs to others', async () => {
    const at = folder()
    mkdirSync(join(at, '.vscode'))
    writeFileSync(join(at, '.vscode/extensions.json'), 'à moi')
    writeFileSync(join(at, 'session.yaml'), 'à moi')
    const refused = await command(['init', at])
    expect(refused).toMatchObject({ status: 2, out: '' })
    expect(refused.err).toContain('session.yaml')
    expect(refused.err).toContain('--force')
    expect(readdirSync(at).sort()).toEqual(['.vscode', 'session.yaml'])
    const forced = await command(['init', at, '--force', '--certificate', 'ccp2'])
    expect(forced.status).toBe(0)
    expect(read(at, 'sujet.yaml')).toContain('certificate: CCP2')
    expect(read(at, 'session.yaml')).not.toBe('à moi')
    expect(read(at, '.vscode/extensions.json')).toBe('à moi')
    expect(forced.err).toContain('gardé tel quel')
  })

  it.each([
    [['--certificate', 'CCP9'], /certificat inconnu « CCP9 » .*CCP1/],
    [['--purpose', 'jeu'], /« jeu »/],
  ])('refuses %j in a sentence', async (more, words) => {
    const at = folder()
    const { status, err } = await command(['init', at, ...more])
    expect(status).toBe(2)
    expect(err).toMatch(words)
    expect(readdirSync(at)).toEqual([])
  })

  it('says so where it may not write', async () => {
    const at = folder()
    writeFileSync(join(at, 'fichier'), '')
    const { status, err } = await command(['init', join(at, 'fichier', 'sous')])
    expect(status).toBe(2)
    expect(err).toMatch(/impossible d’écrire .*probant init DOSSIER/)
  })
})

describe('probant add', () => {
  async function started() {
    const at = folder()
    await command(['init', at])
    const file = join(at, 'sujet.yaml')
    return { file, before: read(file) }
  }
  const site = ['--demand', 'heure']
  const check = ['linux.service', 'name=nginx', 'enabled=true']

  it('adds one line, through a link, keeping the rights of the file, and the exam is valid', async () => {
    const { file, before } = await started()
    chmodSync(file, 0o640)
    const link = join(file, '..', 'lien.yaml')
    symlinkSync('sujet.yaml', link)
    const { status, out, err } = await command(['add', ...check, '--to', link, ...site])
    expect(err).toContain('on=web')
    expect(status).toBe(0)
    const line = Number(/:(\d+): linux\.service$/.exec(out.trim())?.[1])
    const after = read(file).split('\n')
    expect(after[line - 1]).toBe('      - linux.service: { on: web, name: nginx, enabled: true }')
    expect(after.length).toBe(before.split('\n').length + 2)
    expect(statSync(file).mode & 0o777).toBe(0o640)
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect((await command(['validate', file])).status).toBe(0)
  })

  it('writes nothing with --dry-run', async () => {
    const { file, before } = await started()
    const { status, out } = await command(['add', ...check, '--to', file, ...site, '--dry-run'])
    expect(status).toBe(0)
    expect(out).toContain('+       - linux.service: { on: web, name: nginx, enabled: true }')
    expect(out.split('\n').length).toBeLessThan(12)
    expect(read(file)).toBe(before)
  })

  it.each([
    [['linux.usr'], /vouliez-vous dire « linux\.user »/],
    [['service'], /« linux\.service » ou « windows\.service »/],
    [['linux.file', ...site], /encore besoin de : path=/],
    [['windows.event', ...site], /on=srv --role srv=windows, channel=.*, provider=.*, id=/],
    [['network.vlan', 'on=sw', 'id=20', ...site], /ajoutez --role sw=switch/],
    [['linux.port', 'port=99999', ...site], /au plus 65535.*rien n’a été écrit/],
    [['linux.port', 'port=80', '--demand', 'heur'], /demande inconnue « heur » .*: heure,/],
    [['linux.port', 'port=80'], /Ajoutez --demand NOM/],
    [['linux.port', 'port=80', '--new-demand', 'x'], /ajoutez --text/],
    [['linux.port', 'port=80', '--new-demand', 'heure', '--text', 'x'], /existe déjà/],
    [['linux.port', 'port=80', '--new-demand', 'x', '--text', 'x', ...site], /ne vont pas ensemble/],
    [['linux.port', 'port=80', '--text', 'x', ...site], /--new-demand NOM/],
    [['linux.port', 'port={{porte}}', ...site], /ne désigne rien/],
    [['linux.port', 'port=80', ...site, '--role', 'x=linus'], /genre étant : linux/],
    [['linux.port', 'port=80', ...site, '--role', 'web=linux'], /déjà une machine « web »/],
  ])('%j: one sentence, and the exam stays as it was', async (args, words) => {
    const { file, before } = await started()
    const { status, err } = await command(['add', ...args, '--to', file])
    expect(err).toMatch(words)
    expect(err).not.toContain('    at ')
    expect(status).toBe(2)
    expect(read(file)).toBe(before)
  })

  it('says first what is wrong with an exam that has errors', async () => {
    const { file } = await started()
    writeFileSync(file, read(file).replace('purpose: training', 'purpose: jeu'))
    const { status, out, err } = await command(['add', ...check, '--to', file, ...site])
    expect(status).toBe(2)
    expect(out).toContain('sujet.yaml:3:')
    expect(err).toContain('corrigez-les d’abord')
  })

  it('says how to start an exam where there is none', async () => {
    const { status, err } = await command(['add', ...check, '--to', join(folder(), 'sujet.yaml')])
    expect(status).toBe(2)
    expect(err).toContain('probant init')
  })
})
