import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer as createHttp } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readRunFile } from '../../../agent/commands/read-runs.ts'
import { recordedRuns } from '../../../agent/rehearse/recorded-runs.ts'
import { readExam } from '../../../checks/exam.ts'
import { signatureHolds, signedRunSchema } from '../../../checks/run.ts'
import { sources } from '../../checks/exam-file.ts'
import { folderForTests, run, start } from '../commands/probant.ts'
import { onThisMachine, present } from './machines.ts'

const folder = folderForTests()
const home = join(folder, 'home')
const spaced = (text: string) => text.replaceAll('\u202f', ' ')
let nth = 0
const own = () => {
  const path = join(folder, String(++nth))
  mkdirSync(path)
  return path
}
const env = { PROBANT_TEST_PASSWORD: 'not-used' }
const rehearsal = (...args: string[]) => run(home, ['rehearse', ...args], { env })

interface Report {
  outcome: string
  problems: Record<string, unknown>[]
  warnings: Record<string, unknown>[]
  unverified: Record<string, unknown>[]
}
const reported = async (exam: string, model: string) => {
  const { status, out, err } = await rehearsal(exam, '--model-command', model, '--json', '--lang', 'en')
  expect(out, err).not.toBe('')
  return { status, report: JSON.parse(out) as Report }
}

describe('probant rehearse', { timeout: 120_000 }, () => {
  it('proves a good exam, keeps its three runs, and makes the same report of them again', async () => {
    const { exam, model } = onThisMachine(own(), { demands: present, model: 'echo hello > present' })
    const kept = join(own(), 'runs')
    const { status, out, err } = await rehearsal(exam, '--model-command', model, '--out', kept)
    expect(status, err).toBe(0)
    expect(spaced(out)).toMatch(/^ {2}present +✕ non constaté +● constaté +● constaté$/m)
    expect(out.trimEnd().split('\n').at(-1)).toBe('Le sujet est prouvé.')
    expect(out + err).not.toContain('\u001b')
    expect(out).not.toMatch(/\d ?%|\d \/ \d|total|score/i)
    const names = ['handed-out.run.json', 'model.run.json', 'again.run.json']
    expect(readdirSync(kept).sort()).toEqual([...names].sort())
    for (const name of names)
      expect(
        await signatureHolds(signedRunSchema.parse(JSON.parse(readFileSync(join(kept, name), 'utf8')))),
      ).toBe(true)

    const paths = names.map((name) => join(kept, name))
    const again = await rehearsal(exam, '--runs', ...paths)
    expect(again).toEqual({ status: 0, out, err: '' })

    const used = await rehearsal(exam, '--model-command', model, '--out', kept)
    expect([used.status, used.out]).toEqual([2, ''])
    expect(spaced(used.err)).toContain('garde déjà une répétition')
  })

  it('catches a demand that is given for free', async () => {
    const { exam, model, work } = onThisMachine(own(), { demands: present, model: 'echo hello > present' })
    writeFileSync(join(work, 'present'), 'there already\n')
    const { status, out } = await rehearsal(exam, '--model-command', model)
    expect(status).toBe(4)
    expect(spaced(out)).toContain(`✕ ${exam}:7:5 present : donnée d’avance`)
    expect(spaced(out)).toContain('sur les machines telles que remises, constaté : ')
    expect(spaced(out)).toContain('→ demandez ce que la machine n’a pas encore')
    expect(spaced(out)).toContain('Le sujet n’est pas prouvé')
  })

  it('catches a check that flaps: of a site behind two servers, only one was deployed', async () => {
    let requests = 0
    const balanced = createHttp((_request, response) => {
      response.statusCode = requests++ % 2 === 0 ? 404 : 200
      response.end('<title>Agence</title>')
    }).listen(0, '127.0.0.1')
    await once(balanced, 'listening')
    const { port } = balanced.address() as AddressInfo
    const { exam, model } = onThisMachine(own(), {
      demands: `  - { id: site, criteria: [C9.1], checks: [{ http.site: { on: moi, port: ${port} } }] }\n`,
    })
    const { status, out, err } = await rehearsal(exam, '--model-command', model)
    balanced.close()
    expect(status, err).toBe(4)
    expect(spaced(out)).toMatch(/^ {2}site +✕ non constaté +● constaté +✕ non constaté$/m)
    expect(spaced(out)).toContain('site : deux passages de suite ne disent pas la même chose')
    expect(spaced(out)).toContain('réponse modèle : ● constaté, réponse 200, titre « Agence »')
    expect(spaced(out)).toContain('réponse modèle, à nouveau : ✕ non constaté, réponse 404')
    expect(out).not.toContain('non constaté sur la réponse modèle')
  })

  it('catches a check that cannot pass, and says no more than what was seen', async () => {
    // A directory holds no text: no machine can show that.
    const { exam, model } = onThisMachine(own(), {
      demands: `${present}  - id: impossible
    text: Le fichier present
    criteria: [C9.1]
    checks:
      - linux.file: { on: moi, path: "{work}/present", type: directory, contains: hello }
`,
      model: 'echo hello > present',
    })
    const { status, out } = await rehearsal(exam, '--model-command', model)
    expect(status).toBe(4)
    expect(spaced(out)).toContain(`✕ ${exam}:12:9 impossible : non constaté sur la réponse modèle`)
    expect(spaced(out)).toContain(
      '→ soit la réponse modèle est incomplète, soit le contrôle ne peut pas réussir',
    )
    expect(out).toContain('attendu\u202f: dossier')
    expect(out).toContain('relevé\u202f: fichier')
  })

  it('catches a check that contradicts its text, with both values', async () => {
    const { exam, model } = onThisMachine(own(), {
      demands: `  - id: droits
    text: Donnez au fichier present les droits 640.
    criteria: [C9.1]
    checks:
      - linux.file: { on: moi, path: "{work}/present", mode: "644" }
`,
      model: 'echo hello > present; chmod 640 present',
    })
    const { status, out } = await rehearsal(exam, '--model-command', model)
    expect(status).toBe(4)
    expect(spaced(out)).toContain(`✕ ${exam}:11:9 droits : le contrôle contredit son texte`)
    expect(spaced(out)).toContain('le texte dit : 640')
    expect(spaced(out)).toContain('le contrôle attend : 644')
    expect(out).toContain('droits 640')
    expect(spaced(out)).toContain('→ décidez laquelle des deux valeurs est la bonne')
  })

  it('says alone what could not be verified: 3, with the cause and what to do', async () => {
    const { exam, model } = onThisMachine(own(), {
      roles: '{ moi: linux, muet: linux }',
      credentials: '{ personne: { user: nobody, password: env:PROBANT_TEST_PASSWORD } }',
      targets: '  muet: { address: 127.0.0.1, ssh: { credential: personne, port: 1 } }',
      demands: `${present}  - { id: muet, criteria: [C9.1], checks: [{ linux.file: { on: muet, path: /etc/hostname } }] }\n`,
      model: 'echo hello > present',
    })
    const { status, report } = await reported(exam, model)
    expect([status, report.outcome]).toEqual([3, 'not-verified'])
    expect(report.problems).toMatchObject([
      {
        kind: 'unknown-on-model',
        demand: 'muet',
        place: { file: exam, line: 8, column: 46 },
        finding: { verdict: 'unknown', cause: 'refused' },
      },
    ])
    expect(report.problems[0]!['next']).toContain('doctor muet --session')
    expect(report.unverified).toMatchObject([{ demand: 'muet', finding: { cause: 'refused' } }])
  })

  it('takes two candidates of one session', async () => {
    const { exam, work } = onThisMachine(own(), {
      demands: present.replace('{work}/present', '{work}/{{code}}'),
      candidates: '  - { code: C01, n: 1 }\n  - { code: C02, n: 2 }\n',
    })
    writeFileSync(join(work, 'C02'), 'model\n')
    const { status, out, err } = await rehearsal(exam, '--handed-out', 'C01', '--model', 'C02')
    expect(status, out + err).toBe(0)
    const many = await rehearsal(exam, '--model-command', 'true')
    expect(many.status).toBe(2)
    expect(spaced(many.err)).toContain(
      'cette session a plusieurs candidats (C01, C02) : donnez --handed-out et --model',
    )
    const both = await rehearsal(exam, '--handed-out', 'C01', '--model', 'C02', '--model-command', 'true')
    expect([both.status, both.out]).toEqual([2, ''])
    const nobody = await rehearsal(exam, '--handed-out', 'C09')
    expect(spaced(nobody.err)).toContain('pas de candidat C09 dans cette session ; elle a : C01, C02')
  })

  it('does not show an examination without --verdicts', async () => {
    const { exam, model, work } = onThisMachine(own(), {
      demands: present,
      model: 'echo hello > present',
      purpose: 'examination',
    })
    const refused = await rehearsal(exam, '--model-command', model)
    expect([refused.status, refused.out]).toEqual([2, ''])
    expect(refused.err).toContain('--verdicts')
    expect(existsSync(join(work, 'present'))).toBe(false)
    expect((await rehearsal(exam, '--model-command', model, '--verdicts')).status).toBe(0)
  })

  it('says what to give where there is no terminal, no session, or a session of another exam', async () => {
    const { exam, session } = onThisMachine(own(), { demands: present })
    const silent = await rehearsal(exam)
    expect([silent.status, silent.out]).toEqual([2, ''])
    expect(spaced(silent.err)).toContain('donnez --handed-out et --model, ou --model-command')

    const other = onThisMachine(own(), { demands: present.replace('id: present', 'id: autre') })
    const wrong = await rehearsal(other.exam, '--session', session, '--model-command', 'true')
    expect([wrong.status, wrong.out]).toEqual([2, ''])
    expect(spaced(wrong.err)).toContain('cette session est d’un autre sujet')

    const alone = join(own(), 'seul.yaml')
    writeFileSync(alone, readFileSync(exam))
    const none = await rehearsal(alone, '--model-command', 'true')
    expect(none.status).toBe(2)
    expect(spaced(none.err)).toContain('aucune session de ce sujet n’est à côté de lui')

    const missing = await rehearsal(join(folder, 'none.yaml'))
    expect(missing.status).toBe(2)
    expect(missing.err).toContain('none.yaml:1:1: ce fichier n’existe pas')
  })

  it('shows how the command of the model answer ended, bounded and harmless, and goes no further where it failed', async () => {
    const { exam, model } = onThisMachine(own(), {
      demands: present,
      model: String.raw`seq 1 5000; printf 'rouge \033[31m\n'; echo "pour $PROBANT_CANDIDATE" >&2; exit 7`,
    })
    const { status, out, err } = await rehearsal(exam, '--model-command', model, '--lang', 'en')
    expect([status, out]).toEqual([2, ''])
    expect(err).toContain('rouge ‹U+001B›[31m')
    expect(err).toContain('pour C01')
    expect(err).toContain('exit status: 7')
    expect(err).toContain('the model answer was not applied to its end')
    expect(err).toContain('its beginning is cut')
    expect(err.length).toBeLessThan(20_000)
    expect(err).not.toContain('model answer (C01)')
    const none = await rehearsal(exam, '--model-command', join(folder, 'no-such-file'))
    expect(none.status).toBe(2)
    expect(spaced(none.err)).toContain('n’a pas pu être lancé : ce fichier ou ce dossier n’existe pas')
  })

  it('gives its arguments to the command as they are, and no passphrase', async () => {
    const { exam, model, work } = onThisMachine(own(), {
      demands: present,
      model: String.raw`printf '%s|' "$@" "$PROBANT_VAULT_PASSPHRASE" > present`,
    })
    const given = ['a b', '$(id)', '*']
    const { status, err } = await run(home, ['rehearse', exam, '--model-command', model, ...given], {
      env: { PROBANT_VAULT_PASSPHRASE: 'never to be seen' },
    })
    expect(status, err).toBe(0)
    expect(readFileSync(join(work, 'present'), 'utf8')).toBe('a b|$(id)|*||')
  })

  it('does not wait for what the model answer leaves running', async () => {
    const { exam, model } = onThisMachine(own(), {
      demands: present,
      model: 'echo hello > present\nsleep 30 &\necho $! > pid',
    })
    const before = performance.now()
    const { status } = await rehearsal(exam, '--model-command', model)
    expect(status).toBe(0)
    expect(performance.now() - before).toBeLessThan(25_000)
    const pid = Number(readFileSync(join(exam, '../machine/pid'), 'utf8'))
    process.kill(pid) // it lives on: throws where it does not
  })

  it('fits 80 columns, in French and in English', async () => {
    const { exam, model } = onThisMachine(own(), {
      demands: `${present}  - id: une-demande-au-nom-aussi-long-que-le-format-le-permet-pour-voir
    criteria: [C9.1]
    any:
      - linux.file: { on: moi, path: "{work}/present", mode: "640" }
      - linux.file: { on: moi, path: "{work}/absent" }
`,
      model: 'echo hello > present',
    })
    for (const lang of ['fr', 'en']) {
      const { status, out } = await run(home, ['rehearse', exam, '--model-command', model, '--lang', lang], {
        env: { COLUMNS: '80' },
      })
      expect(status).toBe(4)
      for (const line of out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
      // The official wording of a criterion, and the référentiel, are French in every language.
      if (lang === 'en')
        expect(out.slice(0, out.indexOf('Criteria that'))).not.toMatch(/[éèàç«»]|constat|réponse/)
    }
  })

  it('leaves nothing behind when it is interrupted during the second run', async () => {
    // A machine that takes the connection and then says nothing: the second run would wait for it.
    const accepted = Promise.withResolvers<void>()
    const tarpit = createServer(() => accepted.resolve()).listen(0, '127.0.0.1')
    await once(tarpit, 'listening')
    const { port } = tarpit.address() as AddressInfo
    const { exam } = onThisMachine(own(), {
      roles: '{ moi: linux, muet: linux }',
      credentials: '{ personne: { user: nobody, password: env:PROBANT_TEST_PASSWORD } }',
      targets: '  muet: { address: 127.0.0.1, ssh: { credential: personne, port: 1 } }',
      demands: `  - { id: muet, criteria: [C9.1], checks: [{ linux.file: { on: muet, path: /etc/hostname } }] }\n`,
      candidates: `  - { code: C01, n: 1 }\n  - { code: C02, n: 2, targets: { muet: { ssh: { port: ${port} } } } }\n`,
    })
    const out = join(own(), 'runs')
    const { child, ended, text } = start(
      home,
      ['rehearse', exam, '--handed-out', 'C01', '--model', 'C02', '--out', out],
      env,
    )
    await accepted.promise
    child.kill('SIGINT')
    const { status } = await ended
    tarpit.close()
    expect(status, text.err).toBe(130)
    expect(spaced(text.err)).toContain('Interruption : la répétition s’arrête')
    expect(text.out).toBe('')
    expect(readdirSync(out)).toEqual([])
  })

  it('ends the command of the model answer when it is interrupted', async () => {
    const { exam, model, work } = onThisMachine(own(), {
      demands: present,
      model: 'echo $$ > pid; echo ready > ready\nsleep 60\necho hello > present',
    })
    const { child, ended, text } = start(home, ['rehearse', exam, '--model-command', model], env)
    await expect.poll(() => existsSync(join(work, 'ready')), { timeout: 20_000 }).toBe(true)
    child.kill('SIGINT')
    const { status } = await ended
    expect([status, text.out]).toEqual([130, ''])
    expect(existsSync(join(work, 'present'))).toBe(false)
    const pid = Number(readFileSync(join(work, 'pid'), 'utf8'))
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })
})

describe('recorded runs', { timeout: 120_000 }, () => {
  it('are refused where they are touched, of another exam, the same twice, or not three', async () => {
    const { exam, model, session } = onThisMachine(own(), { demands: present, model: 'echo hello > present' })
    const kept = join(own(), 'runs')
    await rehearsal(exam, '--model-command', model, '--out', kept)
    const [first, second, third] = ['handed-out', 'model', 'again'].map((n) =>
      join(kept, `${n}.run.json`),
    ) as [string, string, string]
    const text = readFileSync(exam, 'utf8')
    const said = async (paths: readonly string[], written = text) => {
      const { exam: read } = readExam(exam, written, sources)
      const hash = createHash('sha256').update(written).digest('hex')
      const found = await recordedRuns(paths, readRunFile, read!, hash)
      return 'problem' in found ? found.problem.fr : Object.keys(found.runs)
    }
    expect(await said([first, second, third])).toEqual(['handedOut', 'model', 'again'])
    expect(await said([first, second])).toContain('--runs attend trois passages')
    expect(await said([first, second, second])).toContain('le même passage est donné deux fois')
    const touched = join(kept, 'touched.run.json')
    writeFileSync(touched, readFileSync(first, 'utf8').replace('"verdict":"fail"', '"verdict":"pass"'))
    expect(await said([touched, second, third])).toContain('modifié depuis sa signature')
    expect(await said([first, second, third], `${text}\n`)).toContain("d'une autre version")
    expect(await said([exam, second, third])).toContain("ce n'est pas un passage")
    const wrong = await rehearsal(exam, '--runs', first, second, third, '--session', session)
    expect([wrong.status, wrong.out]).toEqual([2, ''])
    expect(spaced(wrong.err)).toContain('retirez --session')
  })
})
