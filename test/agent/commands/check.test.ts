import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ensure } from '../../setup/debian.ts'
import { signatureHolds, signedRunSchema } from '../../../checks/run.ts'
import { folderForTests, run, start } from './probant.ts'
import { localSession } from './session-files.ts'

const folder = folderForTests()
const home = join(folder, 'home')
const training = localSession(folder, 'training')
const examination = localSession(folder, 'examination')
const env = { PROBANT_TEST_PASSWORD: 'not-used' }
const runsIn = (path: string) => readdirSync(path).filter((name) => name.endsWith('.run.json'))
const spaced = (text: string) => text.replaceAll('\u202f', ' ')

describe('probant check', { timeout: 60_000 }, () => {
  it('in training says demand by demand what was found, and writes signed runs', async () => {
    const out = join(folder, 'runs-1')
    const {
      status,
      out: printed,
      err,
    } = await run(home, ['check', '--session', training, '--out', out], { env })
    expect(status, err).toBe(3) // one machine does not answer: something stayed unknown
    const text = spaced(printed)
    expect(text).toContain('C01  A1  passage complet')
    expect(text).toMatch(/● constaté {2}present/)
    expect(text).toMatch(/✕ non constaté {2}absent — Un fichier 2 attendu/)
    expect(text).toMatch(/\? non vérifié {2}muet/)
    expect(text).toContain('cause : connexion refusée')
    expect(spaced(err)).toContain('C01 : muet : connexion refusée')
    expect(printed + err).not.toContain('\u001b')
    expect(printed).not.toMatch(/\d ?%|\d \/ \d|total|score/i)
    const files = runsIn(out)
    expect(files).toHaveLength(2)
    for (const file of files) {
      const signed = signedRunSchema.parse(JSON.parse(readFileSync(join(out, file), 'utf8')))
      expect(await signatureHolds(signed)).toBe(true)
    }
  })

  it('with --candidate takes only that one, ends with 0 where all is known, and prints one line of JSON each', async () => {
    const text = readFileSync(training, 'utf8').replace(
      / {2}muet:.*\n/,
      '  muet: { address: 127.0.0.1, local: true }\n',
    )
    const whole = join(folder, 'training', 'whole.yaml')
    writeFileSync(whole, text)
    const { status, out, err } = await run(
      home,
      ['check', '--session', whole, '--candidate', 'C02', '--json', '--out', join(folder, 'runs-2')],
      { env },
    )
    expect(status, err).toBe(0)
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines).toHaveLength(1)
    expect(Object.keys(lines[0]!)).toEqual([
      'candidate',
      'run',
      'complete',
      'startedAt',
      'endedAt',
      'demands',
      'findings',
    ])
    const [demands, findings] = [lines[0]!['demands'], lines[0]!['findings']] as [object[], object[]]
    expect(demands.map((d) => Object.entries(d).flat().join(' '))).toEqual([
      'demand present verdict pass alternative ',
      'demand absent verdict fail alternative ',
      'demand muet verdict pass alternative ',
    ])
    expect(Object.keys(findings[0]!)).toEqual([
      'demand',
      'check',
      'criteria',
      'from',
      'target',
      'transport',
      'verdict',
      'cause',
      'blame',
      'expected',
      'observed',
      'ms',
    ])
  })

  it('in an examination shows no result, only receipts', async () => {
    const { status, out, err } = await run(
      home,
      ['check', '--session', examination, '--out', join(folder, 'runs-3')],
      { env },
    )
    expect(status).toBe(3)
    expect(spaced(out)).toMatch(/^C0[12] {2}passage complet {2}empreinte [0-9a-f]{64} {2}\S+\.run\.json$/m)
    expect(out + err).not.toMatch(/constaté|attendu|expected|present|absent/)
  })

  it.each(['--json', '--junit', '--html'])(
    'in an examination refuses %s unless --verdicts is there',
    async (option) => {
      const report = join(folder, `report${option}`)
      const args = [
        'check',
        '--session',
        examination,
        '--out',
        join(folder, 'runs-4'),
        option,
        ...(option === '--json' ? [] : [report]),
      ]
      const refused = await run(home, args, { env })
      expect([refused.status, refused.out]).toEqual([2, ''])
      expect(refused.err).toContain('--verdicts')
      const shown = await run(home, [...args, '--verdicts', '--candidate', 'C01'], { env })
      expect(shown.status).toBe(3)
      const text = option === '--json' ? shown.out : readFileSync(report, 'utf8')
      expect(text).toContain('absent')
    },
  )

  it('asks nothing where a report could not be written, the session is wrong, or the candidate unknown', async () => {
    const nowhere = await run(
      home,
      ['check', '--session', training, '--html', join(folder, 'no/such/page.html')],
      { env },
    )
    expect(nowhere.status).toBe(2)
    expect(spaced(nowhere.err)).toContain('impossible d’écrire')
    const wrong = join(folder, 'training', 'wrong.yaml')
    writeFileSync(wrong, readFileSync(training, 'utf8').replace('n: 2', 'n: 1'))
    const mistaken = await run(home, ['check', '--session', wrong], { env })
    expect(mistaken.status).toBe(2)
    expect(mistaken.err).toContain('wrong.yaml:9:21: ')
    const nobody = await run(home, ['check', '--session', training, '--candidate', 'C99'], { env })
    expect(nobody.status).toBe(2)
    expect(spaced(nobody.err)).toContain(
      'pas de candidat C99 dans cette session ; choisissez parmi : C01, C02',
    )
  })

  it('keeps what was observed when it is interrupted, and says so', async () => {
    // A machine that takes the connection and then says nothing: the run would wait for it.
    const accepted = Promise.withResolvers<void>()
    const tarpit = createServer(() => accepted.resolve()).listen(0, '127.0.0.1')
    await once(tarpit, 'listening')
    const { port } = tarpit.address() as { port: number }
    const slow = join(folder, 'training', 'slow.yaml')
    writeFileSync(slow, readFileSync(training, 'utf8').replace('port: 1 ', `port: ${port} `))
    const out = join(folder, 'runs-5')
    const { child, ended, text } = start(
      home,
      ['check', '--session', slow, '--candidate', 'C01', '--out', out],
      env,
    )
    await accepted.promise
    child.kill('SIGINT')
    const { status } = await ended
    tarpit.close()
    expect(status, text.err).toBe(130)
    expect(spaced(text.err)).toContain('ce qui a été relevé est dans les passages')
    const [file] = runsIn(out)
    const kept = signedRunSchema.parse(JSON.parse(readFileSync(join(out, file!), 'utf8')))
    expect(kept.complete).toBe(false)
    expect(kept.demands.find((d) => d.demand === 'muet')?.verdict).toBe('unknown')
    expect(kept.findings.find((f) => f.demand === 'muet')?.cause).toBe('cancelled')
  })
})

describe('what was run', { timeout: 60_000 }, () => {
  it('is verified, judged again, and refused once it was touched', async () => {
    const out = join(folder, 'runs-6')
    await run(home, ['check', '--session', training, '--candidate', 'C01', '--out', out], { env })
    const path = join(out, runsIn(out)[0]!)
    const whole = await run(home, ['verify', path])
    expect(whole.status).toBe(0)
    expect(spaced(whole.out)).toMatch(/● .* : intact, complet\n {4}candidat +C01/)
    const [facts] = (await run(home, ['verify', path, '--json'])).out
      .trim()
      .split('\n')
      .map((l) => JSON.parse(l) as Record<string, unknown>)
    expect(facts).toMatchObject({ whole: true, candidate: 'C01', complete: true })
    expect(facts!['key']).toMatch(/^SHA256:[0-9a-f]{64}$/)

    const same = await run(home, ['regrade', path])
    expect([same.status, same.out]).toEqual([0, ''])
    expect(spaced(same.err)).toContain('C01 : rien ne change.')
    const judged = join(folder, 'judged')
    const json = JSON.parse((await run(home, ['regrade', path, '--json', '--out', judged])).out) as {
      written: string
      changes: unknown
    }
    expect(json.changes).toEqual({ demands: [], findings: [] })
    expect((await run(home, ['verify', json.written])).status).toBe(0)
    const again = signedRunSchema.parse(JSON.parse(readFileSync(json.written, 'utf8')))
    expect(again.notes[0]?.fr).toContain('Jugé à nouveau')
    expect(again.id).not.toBe(facts!['run'])

    const touched = join(folder, 'touched.run.json')
    writeFileSync(touched, readFileSync(path, 'utf8').replace('"verdict":"fail"', '"verdict":"pass"'))
    const broken = await run(home, ['verify', touched, path, join(folder, 'none')])
    expect(broken.status).toBe(2)
    expect(spaced(broken.out)).toMatch(
      /✕ .*touched\.run\.json : modifié depuis sa signature[^]*● [^]*✕ .*none : ce fichier/,
    )
    expect((await run(home, ['regrade', touched])).status).toBe(2)
  })

  it('is judged otherwise where its check did not exist, and it says what changed', async () => {
    // Imported here: what changes between two judgements is a pure question.
    const { changesBetween } = await import('../../../agent/commands/regrade.ts')
    const out = join(folder, 'runs-7')
    await run(home, ['check', '--session', training, '--candidate', 'C01', '--out', out], { env })
    const before = signedRunSchema.parse(JSON.parse(readFileSync(join(out, runsIn(out)[0]!), 'utf8')))
    const findings = before.findings.map((f) =>
      f.demand === 'absent' ? { ...f, verdict: 'unknown' as const, cause: 'control' as const } : f,
    )
    const demands = before.demands.map((d) =>
      d.demand === 'absent' ? { ...d, verdict: 'unknown' as const } : d,
    )
    const { demands: changed, findings: which } = changesBetween(before, { findings, demands })
    expect(changed).toEqual([{ demand: 'absent', before: 'fail', now: 'unknown' }])
    expect(which.map((c) => [c.demand, c.before?.verdict, c.now?.verdict])).toEqual([
      ['absent', 'fail', 'unknown'],
    ])
  })
})

describe.skipIf(!ensure(['iputils-ping']))('probant preflight', { timeout: 60_000 }, () => {
  it('says which ways work from here, without a verdict, and ends with 3 where one does not', async () => {
    const { status, out, err } = await run(home, ['preflight', '--session', training, '--candidate', 'C01'], {
      env,
    })
    expect(status).toBe(3)
    expect(out).toMatch(/^C01 +moi +127\.0\.0\.1 +local +● fonctionne/m)
    expect(out).toMatch(/^C01 +muet +127\.0\.0\.1 +ssh +✕ connexion refusée/m)
    expect(out).not.toMatch(/constaté/)
    // It says at which step, what to run there, and what to type next.
    expect(spaced(out)).toMatch(/✕ connexion refusée, étape « port ouvert »/)
    expect(out).toContain('      systemctl enable --now ssh')
    expect(err).toContain(`probant doctor muet --session ${training} --candidate C01`)
    expect(readdirSync(join(home, 'preflight'))).toHaveLength(1)
  })
})

describe('probant validate', { timeout: 60_000 }, () => {
  it('says each mistake at its place on stdout, a summary on stderr, and ends with 2', async () => {
    const exam = join(folder, 'training', 'sujet.yaml')
    const good = await run(home, ['validate', exam, training])
    expect([good.status, good.out]).toEqual([0, ''])
    expect(spaced(good.err)).toContain('2 fichiers : aucune erreur')
    const bad = join(folder, 'training', 'bad.yaml')
    writeFileSync(
      bad,
      readFileSync(exam, 'utf8').replace('certificate: TITRE', 'certificate: TITRE\ncertificate: CCP1'),
    )
    const { status, out, err } = await run(home, ['validate', bad])
    expect([status, spaced(out)]).toEqual([
      2,
      `${bad}:5:1: cette clé est déjà donnée plus haut dans le même bloc : gardez-en une seule\n`,
    ])
    expect(err).toBe('1 erreur à corriger.\n')
    const english = await run(home, ['validate', bad, '--json', '--lang', 'en'])
    expect(JSON.parse(english.out)).toEqual({
      valid: false,
      diagnostics: [
        {
          severity: 'error',
          file: bad,
          line: 5,
          column: 1,
          message: 'this key is already given above in the same block: keep a single one',
        },
      ],
    })
  })
  it('knows what is neither an exam nor a session, and what cannot be read', async () => {
    const other = join(folder, 'other.yaml')
    writeFileSync(other, 'a: 1\n')
    const { status, out } = await run(home, ['validate', other, join(folder, 'none.yaml'), folder])
    expect(status).toBe(2)
    expect(spaced(out)).toContain('other.yaml:1:1: ce fichier n’est ni un sujet')
    expect(out).toContain('none.yaml:1:1: ce fichier n’existe pas')
    expect(out).toContain(`${folder}:1:1: c’est un dossier`)
  })
})
