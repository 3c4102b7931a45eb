import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CommandFailure } from '../../../agent/commands/command-failure.ts'
import { print } from '../../../agent/commands/print.ts'
import type { Options } from '../../../agent/commands/verb.ts'
import type { Lang } from '../../../checks/text.ts'
import { readReferentials } from '../../../referentials.ts'
import { folderForTests, fromSource, run } from '../commands/probant.ts'
import { silentTerminal } from '../terminal/silent-terminal.ts'
import { canaries, examText, sessionText } from './small-exam.ts'

const folder = folderForTests()

/** Writes the small exam and its session into a folder of their own; gives their paths. */
function written(name: string, purpose: 'training' | 'examination' = 'examination') {
  const own = join(folder, name)
  mkdirSync(own)
  const exam = join(own, 'sujet.yaml')
  const session = join(own, 'session.yaml')
  writeFileSync(exam, examText(purpose))
  writeFileSync(session, sessionText)
  return { own, exam, session }
}

async function printed(exam: string, options: Options, lang: Lang = 'fr') {
  const out: string[] = []
  const err: string[] = []
  const terminal = {
    ...silentTerminal(80, lang),
    out: (line: string) => void out.push(line),
    err: (line: string) => void err.push(line),
  }
  const status = await print([exam], options, {
    terminal,
    referentials: readReferentials,
    version: '0',
  }).catch((error: unknown) => {
    if (!(error instanceof CommandFailure)) throw error
    err.push(terminal.say(error.text))
    return error.exit
  })
  return { status, out: out.join('\n'), err: err.join('\n').replaceAll('\u202f', ' ') }
}

describe('probant print', { timeout: 60_000 }, () => {
  it('writes one file a candidate into a folder, whole, and says which', async () => {
    const { own, exam, session } = written('dossier')
    const out = join(own, 'a', 'sujets')
    const { status, out: paths, err } = await printed(exam, { session, out })
    expect([status, err]).toEqual([0, '2 sujets écrits.'])
    expect(paths.split('\n')).toEqual([join(out, 'sujet-C01.pdf'), join(out, 'sujet-C02.pdf')])
    expect(readdirSync(out)).toEqual(['sujet-C01.pdf', 'sujet-C02.pdf'])
    expect(readFileSync(join(out, 'sujet-C01.pdf'), 'latin1')).toMatch(/^%PDF-1\.7[^]*%%EOF\s*$/)
    if (process.platform !== 'win32') expect(statSync(join(out, 'sujet-C01.pdf')).mode & 0o777).toBe(0o600)
    await printed(exam, { session, out, format: 'md', candidate: ['C02'] })
    expect(readdirSync(out)).toEqual(['sujet-C01.pdf', 'sujet-C02.md', 'sujet-C02.pdf'])
    expect(readFileSync(join(out, 'sujet-C02.md'), 'utf8')).toContain('C02')
  })

  it('writes over nothing, and nothing at all where one file exists, but with --force', async () => {
    const { own, exam, session } = written('existant')
    const out = join(own, 'sujets')
    mkdirSync(out)
    writeFileSync(join(out, 'sujet-C02.md'), 'à moi')
    const refused = await printed(exam, { session, out, format: 'md' })
    expect(refused.status).toBe(2)
    expect(refused.err).toContain('sujet-C02.md » existe déjà ; rien n’a été écrit. Ajoutez --force')
    expect(readdirSync(out)).toEqual(['sujet-C02.md'])
    expect(readFileSync(join(out, 'sujet-C02.md'), 'utf8')).toBe('à moi')
    expect((await printed(exam, { session, out, format: 'md', force: true })).status).toBe(0)
    expect(readFileSync(join(out, 'sujet-C02.md'), 'utf8')).toContain('# Agence')
    expect(readdirSync(out)).toEqual(['sujet-C01.md', 'sujet-C02.md'])
  })

  it('without a session is a sample, which says so; its seed changes its values', async () => {
    const { exam } = written('specimen')
    const [one, again, other] = [
      await printed(exam, { n: 3, seed: 'X' }),
      await printed(exam, { n: 3, seed: 'X' }),
      await printed(exam, { n: 3, seed: 'Y' }),
    ]
    expect(one.out).toBe(again.out)
    expect(one.out).not.toBe(other.out)
    expect(one.out.replaceAll('\u202f', ' ')).toContain(
      '**Spécimen :** ce sujet n’est celui d’aucun candidat ; ses valeurs sont celles du numéro 3 pour la graine « X ».',
    )
    expect(one.out).not.toContain('Adresse')
    expect((await printed(exam, {}, 'en')).out).toContain('number 1 for the seed “specimen”')
  })

  it('gives the hints of a training exam where they are asked for, and never those of an examination', async () => {
    const training = written('entrainement', 'training')
    expect((await printed(training.exam, { hints: true })).out).toContain('INDICEDEUX')
    expect((await printed(training.exam, {})).out).not.toContain('INDICE')
    const examination = written('examen')
    const refused = await printed(examination.exam, { hints: true, session: examination.session })
    expect([refused.status, refused.out]).toEqual([2, ''])
    expect(refused.err).toBe(
      'ce sujet est celui d’un examen : ses indices ne s’impriment jamais ; relancez sans --hints',
    )
  })

  it.each<[string, Options, string]>([
    ['several candidates on stdout', { session: 'S' }, '2 candidats, donc 2 sujets : donnez un dossier'],
    ['several candidates in one file', { session: 'S', out: 'x.pdf' }, '2 candidats ne tiennent pas dans'],
    [
      'a candidate without a session',
      { candidate: ['C01'] },
      '--candidate choisit dans une session : ajoutez',
    ],
    [
      'a candidate that is not there',
      { session: 'S', candidate: ['C09'] },
      'pas de candidat C09 dans cette session ; choisissez parmi : C01, C02',
    ],
    ['a number beside a session', { session: 'S', n: 2 }, '--n ne va pas avec --session'],
    ['a PDF on stdout', { format: 'pdf' }, 'un PDF ne s’affiche pas ici : donnez-lui un fichier'],
    ['a file of another kind', { out: 'sujet.docx' }, 'ni un .md, ni un .pdf, ni un dossier'],
    ['a format that the name contradicts', { out: 'sujet.md', format: 'pdf' }, '--format pdf contredit'],
    [
      'a folder that is not there',
      { out: join('rien', 'sujet.md') },
      'ne peut pas être écrit : ce fichier ou ce dossier n’existe pas',
    ],
    ['an empty seed', { seed: ' ' }, '--seed attend un texte'],
  ])('refuses %s with a sentence', async (name, options, sentence) => {
    const { own, exam, session } = written(`refus ${name}`)
    const given = {
      ...options,
      ...(options['session'] !== undefined && { session }),
      ...(options['out'] !== undefined && { out: join(own, String(options['out'])) }),
    }
    const { status, out, err } = await printed(exam, given)
    expect([status, out]).toEqual([2, ''])
    expect(err).toContain(sentence)
    expect(readdirSync(own).sort()).toEqual(['session.yaml', 'sujet.yaml'])
  })

  it('refuses a session of another exam, and an exam with mistakes, at their place', async () => {
    const { own, exam, session } = written('autre')
    const other = join(own, 'autre.yaml')
    writeFileSync(other, examText('examination').replace('Agence', 'Bureau'))
    expect((await printed(other, { session })).err).toContain(
      'cette session a un autre sujet (« sujet.yaml »)',
    )
    writeFileSync(other, examText('examination').replace('linux.user', 'linux.usr'))
    const wrong = await printed(other, {})
    expect(wrong.status).toBe(2)
    expect(wrong.err).toMatch(/autre\.yaml:18:\d+.*linux\.usr/)
    expect(wrong.err).toContain('aucun sujet mis en page : corrigez d’abord ces erreurs')
    expect((await printed(join(own, 'rien.yaml'), {})).err).toContain('ce fichier n’existe pas')
    expect(exam).toContain('sujet.yaml')
  })

  it('says which demands have no text of their own', async () => {
    const { own } = written('nu')
    const bare = join(own, 'nu.yaml')
    writeFileSync(bare, examText('examination').replace(/ {4}text: "Créez.*\n/, ''))
    const { status, err } = await printed(bare, {})
    expect([status, err]).toEqual([
      0,
      'Sans texte, donc imprimées sous leur nom : « compte ». Ajoutez « text » à ces demandes.',
    ])
  })
})

describe('the command itself', { timeout: 120_000 }, () => {
  it('prints Markdown without loading what a PDF needs, and no secret of the exam', async () => {
    const { exam, session } = written('commande')
    const args = ['print', exam, '--session', session, '--candidate', 'C01']
    // From its source: what was built is one file of many.
    const { status, out, err } = await fromSource(folder, args, { NODE_DEBUG: 'esm' })
    expect(status).toBe(0)
    expect(out).toMatch(/^# Agence[^]* · variante [0-9a-f]{8}\n$/)
    for (const canary of canaries) expect(out, canary).not.toContain(canary)
    expect(err).toContain('agent/print/markdown')
    expect(err).not.toMatch(/node_modules\/(pdfkit|dejavu)|agent\/print\/pdf/)
  })

  it('writes a PDF', async () => {
    const { own, exam } = written('fichier')
    const out = join(own, 'sujet.pdf')
    const { status, out: paths } = await run(folder, ['print', exam, '--n', '2', '--out', out])
    expect([status, paths]).toEqual([0, `${out}\n`])
    expect(readFileSync(out, 'latin1')).toMatch(/^%PDF/)
  })
})
