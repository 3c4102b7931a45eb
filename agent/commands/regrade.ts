import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { catalogue } from '../../checks/catalogue.ts'
import type { Finding } from '../../checks/finding.ts'
import { judge } from '../../checks/judgement.ts'
import { planFromRun } from '../../checks/plan.ts'
import { keyFingerprint, signatureHolds, type Run, type RunBody } from '../../checks/run.ts'
import type { Lang, Text } from '../../checks/text.ts'
import type { Verdict } from '../../checks/verdict.ts'
import { agentKey } from '../evidence/agent-key.ts'
import { writeRun } from '../evidence/run-file.ts'
import { causeWords } from '../reports/words.ts'
import { verdictLook } from '../terminal/colour.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { visible, visibleLine } from '../terminal/visible.ts'
import { CommandFailure } from './command-failure.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { readRunFile } from './read-runs.ts'
import type { CommandContext, Options } from './verb.ts'

type Judged = Pick<RunBody, 'findings' | 'demands'>

/**
 * `probant regrade RUN`: judges the recorded observations with the checks of this version, and says what changed.
 * Of an examination only how much changed, unless `--verdicts` is given. With `--out`, writes the new judgement as a run of its own, signed by this agent, which says where it comes from.
 * Exit 2 for a file that is no run, or is not whole.
 */
export async function regrade(
  [path = '']: readonly string[],
  options: Options,
  { terminal, version }: CommandContext,
): Promise<ExitCode> {
  const { lang } = terminal
  const read = await readRunFile(path)
  if ('problem' in read)
    throw new CommandFailure(
      { fr: `${visible(path)} : ${read.problem.fr}`, en: `${visible(path)}: ${read.problem.en}` },
      exitCode.badInput,
    )
  const { run } = read
  if (!(await signatureHolds(run)))
    throw new CommandFailure(
      {
        fr: `${visible(path)} a été modifié depuis sa signature : rien n'est jugé. Voyez « probant verify »`,
        en: `${visible(path)} was changed since it was signed: nothing is judged. See “probant verify”`,
      },
      exitCode.badInput,
    )
  const judged = judge(planFromRun(run, catalogue), new Map(Object.entries(run.observations)))
  const changes = changesBetween(run, judged)
  const written =
    options['out'] === undefined ? null : await writeJudged(run, judged, String(options['out']), version)

  const shown = run.exam.purpose !== 'examination' || options['verdicts'] === true
  if (options['json'])
    terminal.out(
      JSON.stringify({
        run: run.id,
        candidate: run.candidate.code,
        judgedBy: { before: run.inputs.version, now: version },
        changed: { demands: changes.demands.length, findings: changes.findings.length },
        ...(shown ? { changes: changesJson(changes, lang) } : {}),
        written,
      }),
    )
  else {
    if (shown) for (const line of changeLines(changes, terminal)) terminal.out(line)
    if (written) terminal.out(written)
    terminal.err(terminal.say(summary(run, changes, version, shown)))
  }
  return exitCode.ok
}

function changesJson({ demands, findings }: Changes, lang: Lang) {
  return {
    demands,
    findings: findings.map(({ before, now, ...which }) => ({
      ...which,
      before: before && printed(before, lang),
      now: now && printed(now, lang),
    })),
  }
}

function* changeLines({ demands, findings }: Changes, { say, lang }: Terminal): Generator<string> {
  const colon = say({ fr: ' : ', en: ': ' })
  const word = (verdict: Verdict | null) =>
    verdict === null
      ? say({ fr: 'absent', en: 'absent' })
      : `${verdictLook[verdict].shape} ${verdictLook[verdict][lang]}`
  for (const { demand, before, now } of demands)
    yield `${visible(demand)}${colon}${word(before)} → ${word(now)}`
  for (const { demand, check, target, before, now } of findings) {
    yield `  ${visible(demand)}, ${visible(check)}, ${visible(target)}${colon}${word(before?.verdict ?? null)} → ${word(now?.verdict ?? null)}`
    for (const [label, finding] of [
      [say({ fr: 'avant', en: 'before' }), before],
      [say({ fr: 'maintenant', en: 'now' }), now],
    ] as const) {
      if (!finding) continue
      const cause = finding.cause ? ` (${causeWords[finding.cause][lang]})` : ''
      yield `      ${label}${colon}${visibleLine(finding.observed[lang])}${cause}`
    }
  }
}

function summary(run: Run, { demands, findings }: Changes, version: string, shown: boolean): Text {
  const { length } = findings
  const { code } = run.candidate
  if (length === 0 && demands.length === 0)
    return { fr: `${code} : rien ne change.`, en: `${code}: nothing changes.` }
  const judges = {
    fr: `jugé par ${run.inputs.version}, puis par ${version}`,
    en: `judged by ${run.inputs.version}, then by ${version}`,
  }
  const which = shown
    ? { fr: '', en: '' }
    : {
        fr: ' C’est un examen : --verdicts, si vous y êtes habilité, dit lesquels.',
        en: ' This is an examination: --verdicts, if you are entitled to, says which.',
      }
  return {
    fr: `${code} : ${length} constat${length > 1 ? 's' : ''} change${length > 1 ? 'nt' : ''} (${judges.fr}).${which.fr}`,
    en: `${code}: ${length} finding${length > 1 ? 's' : ''} change${length > 1 ? '' : 's'} (${judges.en}).${which.en}`,
  }
}

const printed = (finding: Finding, lang: Lang) => ({
  verdict: finding.verdict,
  cause: finding.cause,
  blame: finding.blame,
  expected: finding.expected[lang],
  observed: finding.observed[lang],
})

interface Changes {
  readonly demands: readonly {
    readonly demand: string
    readonly before: Verdict | null
    readonly now: Verdict
  }[]
  readonly findings: readonly FindingChange[]
}
interface FindingChange {
  readonly demand: string
  readonly check: string
  readonly target: string
  readonly before: Finding | null
  readonly now: Finding | null
}

/** Which findings and demands differ in verdict, cause or observation; findings are paired by what they are about, in their order. */
export function changesBetween(before: Judged, now: Judged): Changes {
  const named = (findings: readonly Finding[]) => {
    const counts = new Map<string, number>()
    return new Map(
      findings.map((finding): [string, Finding] => {
        const { demand, alternative, check, target, from, cell } = finding
        const name = JSON.stringify([demand, alternative, check, target, from, cell?.en ?? null])
        const nth = (counts.get(name) ?? 0) + 1
        counts.set(name, nth)
        return [`${name} ${nth}`, finding]
      }),
    )
  }
  const [earlier, later] = [named(before.findings), named(now.findings)]
  const same = (a?: Finding, b?: Finding) =>
    a !== undefined &&
    b !== undefined &&
    a.verdict === b.verdict &&
    a.cause === b.cause &&
    a.observed.fr === b.observed.fr &&
    a.expected.fr === b.expected.fr
  const findings = [...new Set([...earlier.keys(), ...later.keys()])].flatMap((name): FindingChange[] => {
    const [old, young] = [earlier.get(name), later.get(name)]
    const which = young ?? old
    if (!which || same(old, young)) return []
    const { demand, check, target } = which
    return [{ demand, check, target, before: old ?? null, now: young ?? null }]
  })
  const verdicts = new Map(before.demands.map((d) => [d.demand, d.verdict]))
  const demands = now.demands.flatMap(({ demand, verdict }) => {
    const old = verdicts.get(demand) ?? null
    return old === verdict ? [] : [{ demand, before: old, now: verdict }]
  })
  return { findings, demands }
}

/** The new judgement as a run: the same observations at the same moment, another id, another judge, and a note that says so. */
async function writeJudged(run: Run, judged: Judged, folder: string, version: string): Promise<string> {
  const { signature, ...body } = run
  const by = `SHA256:${keyFingerprint(signature.publicKey)}`
  const note: Text = {
    fr: `Jugé à nouveau par la version ${version} à partir des relevés du passage ${run.id}, signé par ${by}.`,
    en: `Judged again by version ${version} from the observations of run ${run.id}, signed by ${by}.`,
  }
  const key = await agentKey()
  await mkdir(folder, { recursive: true })
  const inputs = { ...body.inputs, version }
  return writeRun(
    key.sign({ ...body, ...judged, inputs, id: randomUUID(), notes: [...body.notes, note].slice(-100) }),
    folder,
  )
}
