import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { signatureHolds, signedRunSchema } from '../../../checks/run.ts'
import { folderForTests, run, start } from '../commands/probant.ts'
import { manyMachines, oneMachine } from './exam.ts'

const folder = folderForTests()
const spaced = (text: string) => text.replaceAll('\u202f', ' ').replaceAll('\u00a0', ' ')

/** An exam and a home of its own, with the candidate's machine known where `here`. */
function training(name: string, more: Parameters<typeof oneMachine>[1] = {}) {
  const own = join(folder, name)
  const exam = oneMachine(own, more)
  const home = join(folder, `${name}-home`)
  const selfTest = (...args: string[]) => run(home, ['self-test', exam, ...args])
  return { own, exam, home, selfTest, file: (inside: string) => join(own, inside) }
}

const filesBelow = (path: string): string[] =>
  existsSync(path)
    ? readdirSync(path, { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
    : []

describe('probant self-test', { timeout: 120_000 }, () => {
  it('explains what does not match, then says what is gained and what is lost', async () => {
    const { own, file, home, selfTest } = training('tries')
    writeFileSync(file('notice'), 'hello\n', { mode: 0o644 })
    const first = await selfTest('--here', 'web')
    expect(first.status, first.err).toBe(0)
    const text = spaced(first.out)
    expect(text).toMatch(/^ 1 {2}● constaté +Le compte root existe\.$/m)
    expect(text).toMatch(/^ 2 {2}✕ non constaté +La notice 1 est lisible par son seul propriétaire\.$/m)
    expect(text).toContain('Critère C9.1 : Le fonctionnement du serveur Linux est conforme à la demande')
    expect(text).toContain('On attendait : fichier, droits 600. La machine montre : fichier, droits 644')
    expect(text).toContain('« chmod »')
    expect(text).toContain(`À la main : stat -- ${file('notice')}`)
    expect(text).toContain('Rien ne porte ce nom à cet endroit')
    expect(text).toContain('C’est le premier essai de ce sujet.')
    expect(text).toContain('1 demande constatée, 2 non constatées.')
    expect(text).not.toContain('Regardez les droits')
    expect(first.out + first.err).not.toContain('\u001b')
    expect(first.out).not.toMatch(/\d ?%|\d ?\/ ?\d|\btotal|score|note de/i)
    // The numbers of demands are those of the paper, and what matches is one line.
    expect(
      text
        .split('\n')
        .filter((line) => /^ \d /.test(line))
        .map((line) => line.slice(0, 4)),
    ).toEqual([' 1  ', ' 2  ', ' 3  '])

    chmodSync(file('notice'), 0o600)
    const second = await selfTest()
    expect(spaced(second.out)).toContain('Gagné : 2 (notice)')
    expect(spaced(second.out)).not.toContain('Perdu')

    rmSync(file('notice'))
    writeFileSync(file('journal'), '')
    const third = await selfTest()
    const words = spaced(third.out)
    expect(words.indexOf('Perdu : 2 (notice)')).toBeGreaterThan(0)
    expect(words.indexOf('Gagné : 3 (journal)')).toBeGreaterThan(words.indexOf('Perdu : 2 (notice)'))
    expect(words).toMatch(/2 {2}✕ non constaté +La notice 1 .* \(perdu\)/)

    const fourth = await selfTest()
    expect(spaced(fourth.out)).toContain('Rien n’a changé depuis le dernier essai.')

    const { out: history } = await selfTest('--history')
    expect(
      spaced(history)
        .trim()
        .split('\n')
        .map((line) => line.replace(/^.*? h \d\d {2}/, '')),
    ).toEqual([
      '1 demande constatée, 2 non constatées',
      '2 demandes constatées, 1 non constatée  gagné : notice',
      '2 demandes constatées, 1 non constatée  perdu : notice  gagné : journal',
      '2 demandes constatées, 1 non constatée',
    ])

    const runs = filesBelow(join(home, 'self-test')).filter((path) => path.endsWith('.run.json'))
    expect(runs).toHaveLength(4)
    for (const path of runs)
      expect(await signatureHolds(signedRunSchema.parse(JSON.parse(readFileSync(path, 'utf8'))))).toBe(true)
    for (const name of ['sujet.machines.yaml', 'sujet.essais.html'])
      expect(statSync(join(own, name)).mode & 0o777).toBe(0o600)
  })

  it('is complete in English, and one JSON line for a program', async () => {
    const { selfTest } = training('english')
    const { out, err, status } = await selfTest('--here', 'web', '--lang', 'en')
    expect(status).toBe(0)
    expect(out).toContain('Expected: file, mode 600. The machine shows: absent.')
    expect(out).toContain('Nothing has this name in this place')
    expect(out).toContain('This is the first try of this exam.')
    expect(out).toContain('1 demand observed, 2 not as asked.')
    expect(err).toContain('Page to read again')
    // What is French is the exam's and the référentiel's.
    expect(out.replace(/^ ?\d .*$|Criterion.*$/gm, '')).not.toMatch(/[éèàç]|Critère|attendait/)

    const json = await selfTest('--json')
    expect(json.out.trim().split('\n')).toHaveLength(1)
    const look = JSON.parse(json.out) as {
      demands: Record<string, unknown>[]
      changes: Record<string, string[]>
    }
    expect(look.demands.map(({ demand, verdict, change }) => [demand, verdict, change])).toEqual([
      ['compte', 'pass', 'same'],
      ['notice', 'fail', 'same'],
      ['journal', 'fail', 'same'],
    ])
    expect(look.changes['same']).toEqual(['compte', 'notice', 'journal'])
    expect(json.out).not.toContain('chmod 600')
  })

  it('refuses an examination before anything else, and shows nothing of it', async () => {
    const { own, home, selfTest } = training('examination', { purpose: 'examination' })
    for (const args of [
      [],
      ['--here', 'web'],
      ['--hint', 'notice'],
      ['--history'],
      ['--json'],
      ['--reset', '--yes'],
      ['--machine', 'nowhere'],
    ]) {
      const { status, out, err } = await selfTest(...args)
      expect([status, out], args.join(' ')).toEqual([2, ''])
      expect(spaced(err)).toMatch(/^probant: ce sujet est un examen : .*\n$/)
      expect(err).not.toMatch(/notice|chmod|root|Le serveur|web\b/)
    }
    expect(readdirSync(own)).toEqual(['sujet.yaml'])
    expect(filesBelow(home)).toEqual([])
    // Also where it has mistakes: they would show what it holds.
    writeFileSync(
      join(own, 'sujet.yaml'),
      `${readFileSync(join(own, 'sujet.yaml'), 'utf8')}    secret-mistake: 1\n`,
    )
    const { status, err } = await selfTest()
    expect(status).toBe(2)
    expect(err).not.toContain('secret-mistake')
    // Nor through a session that names another exam.
    const { exam: other, file } = training('detour')
    writeFileSync(
      file('machines.yaml'),
      `exam: ${join(own, 'sujet.yaml')}\ndate: 2026-12-01\ntargets: { web: { address: 127.0.0.1, local: true } }\ncandidates: [{ code: C01, n: 1 }]\n`,
    )
    oneMachine(own, { purpose: 'examination' })
    const detour = await run(home, ['self-test', other, '--machines', file('machines.yaml')])
    expect([detour.status, detour.out]).toEqual([2, ''])
    expect(spaced(detour.err)).toContain('ce sujet est un examen')
  })

  it('without a terminal says the exact command; that command works', async () => {
    const { exam, home, own, selfTest } = training('unasked')
    const { status, err, out } = await selfTest()
    expect([status, out]).toEqual([2, ''])
    const [, typed = ''] = /Dites-les ainsi : (.*)$/m.exec(spaced(err)) ?? []
    expect(typed).toMatch(/self-test \S+ --here web$/)
    expect(readdirSync(own)).toEqual(['sujet.yaml'])
    const args = typed.slice(typed.indexOf('self-test')).split(' ')
    expect((await run(home, args)).status).toBe(0)

    const several = join(own, 'plusieurs.yaml')
    writeFileSync(several, manyMachines)
    const more = await run(home, ['self-test', several, '--machine', 'web=tech@192.0.2.1'])
    expect(more.status).toBe(2)
    expect(spaced(more.err)).toContain(
      '--machine web=tech@192.0.2.1 --password-env web=VARIABLE --machine dc=COMPTE@ADRESSE --password-env dc=VARIABLE --domain dc=DOMAINE --machine sw=ADRESSE --password-env sw=VARIABLE --machine invite=ADRESSE',
    )
    expect(existsSync(join(own, 'plusieurs.machines.yaml'))).toBe(false)
    expect(exam).toContain('sujet.yaml')
  })

  it.each([
    [['--machine', 'web=une adresse'], '--machine web : il faut ici une adresse IP'],
    [['--machine', 'web=tech@192.0.2.1', '--key', 'web=/nowhere'], 'ce fichier ou ce dossier n’existe pas'],
    [['--hint', 'notise'], 'vouliez-vous dire « notice » ?'],
    [['--reset'], 'ajoutez --yes'],
    [['--every', '3'], '--every va avec --watch'],
  ])('says what is wrong with %j and what to do', async (args, words) => {
    const { selfTest, own } = training('wrong')
    const { status, err, out } = await selfTest(...args)
    expect([status, out]).toEqual([2, ''])
    expect(spaced(err).replaceAll("'", '’')).toContain(words.replaceAll("'", '’'))
    expect(err).not.toMatch(/at \w+ \(/)
    expect(readdirSync(own)).toEqual(['sujet.yaml'])
  })

  it('shows hints one at a time, and remembers', async () => {
    const { selfTest } = training('hints')
    const hints = async (named: string) => spaced((await selfTest('--hint', named)).out).trim()
    expect(await hints('notice')).toBe('2  Indice 1 : Regardez les droits de la notice 1.')
    expect(await hints('2')).toBe(
      '2  Indice 1 : Regardez les droits de la notice 1.\n2  Indice 2 : « chmod 600 » les règle.',
    )
    expect(await hints('2')).toContain('Indice 2')
    expect(await hints('journal')).toBe('3  Indice : Un fichier vide suffit.')
    expect(await hints('compte')).toBe('Le sujet ne donne pas d’indice pour la demande 1 (compte).')
    const { out } = await selfTest('--here', 'web')
    expect(spaced(out)).toContain('Indice 2 : « chmod 600 » les règle.')
    expect(spaced((await selfTest('--reset', '--yes')).out)).toContain('1 essai oublié, et les indices vus.')
    const again = spaced((await selfTest()).out)
    expect(again).not.toContain('chmod 600')
    expect(again).toContain('C’est le premier essai')
  })

  it('in a watch asks only what does not match yet, and says only what changed', async () => {
    const { file, home, selfTest, exam } = training('watch')
    await selfTest('--here', 'web')
    chmodSync(exam, 0o600)
    writeFileSync(file('journal'), '')
    const { status, out, err } = await run(home, ['self-test', exam, '--watch'], {
      input: 'd 2\ni 2\n\nnope\n',
    })
    expect(status, err).toBe(0)
    const text = spaced(out)
    expect(text).toContain('Gagné : 3 (journal)')
    const later = text.slice(text.indexOf('2 demandes constatées, 1 non constatée.'))
    expect(later).toMatch(/2 {2}✕ non constaté +La notice 1/) // d 2
    expect(later).toContain('2  Indice 1 : Regardez les droits de la notice 1.') // i 2
    expect(later).toMatch(/\d+ h \d\d {2}rien n’a changé ; toujours ouvertes : 2\n/) // Enter
    expect(later.match(/1 {2}● constaté/)).toBeNull()
    expect(spaced(err)).toContain('i N : indice de la demande N')
    // A look that changed nothing is no try.
    expect(
      spaced((await selfTest('--history')).out)
        .trim()
        .split('\n'),
    ).toHaveLength(2)
  })

  it('is 3 where something stayed unknown, whose cause and remedy it says', async () => {
    const { selfTest, home, own } = training('unknown')
    const key = { PROBANT_CANARY: 'c4n4ry-p4ssw0rd' }
    const { status, out, err } = await run(
      home,
      [
        'self-test',
        join(own, 'sujet.yaml'),
        '--machine',
        'web=tech@127.0.0.1:1',
        '--password-env',
        'web=PROBANT_CANARY',
      ],
      { env: key },
    )
    expect(status, err).toBe(3)
    expect(spaced(out)).toContain(
      'Cela n’a pas pu être vérifié : la machine est là, mais rien n’y écoute pour SSH.',
    )
    expect(spaced(out)).toContain('apt install openssh-server')
    expect(spaced(out)).toContain('3 demandes non vérifiées.')
    for (const path of [...filesBelow(own), ...filesBelow(home)])
      expect(readFileSync(path, 'latin1'), path).not.toContain('c4n4ry')
    expect(out + err).not.toContain('c4n4ry')
    expect(selfTest).toBeTypeOf('function')
  })

  it('keeps its page and its machines in the state folder where the exam’s folder can’t be written', async () => {
    if (process.getuid?.() === 0) {
      // Root writes everywhere: a folder that is not there at all stands for one that refuses.
      const { selfTest, file } = training('elsewhere')
      const { status, err } = await selfTest('--here', 'web', '--html', file('nowhere/page.html'))
      expect(status).toBe(0)
      expect(spaced(err)).toContain('Choisissez une autre place avec --html')
      return
    }
    const { selfTest, own, home } = training('elsewhere')
    chmodSync(own, 0o500)
    await selfTest('--here', 'web')
    chmodSync(own, 0o700)
    expect(readdirSync(own)).toEqual(['sujet.yaml'])
    expect(filesBelow(home).map((path) => path.split('/').at(-1))).toContain('sujet.machines.yaml')
  })

  it('interrupted while it looks, says what it saw, keeps no try, and is 130', async () => {
    const { home, exam, selfTest } = training('interrupted')
    const silent = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as { port: number }
    const { child, text, ended } = start(
      home,
      ['self-test', exam, '--machine', `web=tech@127.0.0.1:${port}`, '--password-env', 'web=PROBANT_CANARY'],
      { PROBANT_CANARY: 'x' },
    )
    child.stdin.end()
    await once(silent, 'connection')
    child.kill('SIGINT')
    expect((await ended).status, text.err).toBe(130)
    silent.close()
    expect(spaced(text.out)).toContain('le regard a été interrompu avant')
    expect(spaced(text.err)).toContain('Essai interrompu : il n’est pas gardé')
    expect(spaced((await selfTest('--history')).out)).toContain('Aucun essai')
  })

  it('does not write over a session that it did not write', async () => {
    const { file, selfTest } = training('trainer')
    writeFileSync(file('session.yaml'), 'exam: sujet.yaml\n')
    for (const more of [['--here', 'web'], ['--forget']]) {
      const { status, err } = await selfTest('--machines', file('session.yaml'), ...more)
      expect(status).toBe(2)
      expect(spaced(err)).toContain('n’a pas été écrit par self-test')
    }
    expect(readFileSync(file('session.yaml'), 'utf8')).toBe('exam: sujet.yaml\n')
  })

  it('says that the history is damaged, and --reset mends it', async () => {
    const { selfTest, home } = training('damaged')
    await selfTest('--here', 'web')
    const [name = ''] = readdirSync(join(home, 'self-test'))
    writeFileSync(join(home, 'self-test', name, 'tries.json'), '{')
    const { status, err } = await selfTest()
    expect(status).toBe(2)
    expect(spaced(err)).toContain('--reset l’efface')
    expect((await selfTest('--reset', '--yes')).status).toBe(0)
    expect((await selfTest()).status).toBe(0)
  })
})
