import { strToU8, zipSync } from 'fflate'
import type { Finding } from '../../checks/finding.ts'
import type { Lang, Text } from '../../checks/text.ts'
import type { FollowedDemand } from '../dossier/follow-ups.ts'
import { visible } from '../../checks/visible.ts'
import { blameShort, causeWords, verdictWords, words } from '../pages/wording.ts'
import type { Dossier } from '../store/store.ts'
import { exportedCandidate, type ExportInput } from './exported-session.ts'

/**
 * A candidate's findings in the Heimdall Data Format (ExecJSON, as MITRE's inspecjs reads it). A control is a demand with
 * one result, its verdict: Heimdall would call a control with one passed and one skipped result passed, which no demand
 * with something unverified is. The findings are in the result's message.
 *
 * `pass` is passed and `fail` failed; `unknown` is skipped with its cause and `jury` skipped for the jury, which Heimdall
 * shows as not reviewed; `na` has impact 0, which it shows as not applicable. All others have the impact 0.5: a paper
 * gives its demands no weight.
 */
export function hdf(dossier: Dossier, lang: Lang): string {
  const { run } = dossier
  const { demands } = exportedCandidate(dossier)
  const criteria = [...new Set(demands.flatMap(({ demand }) => demand.criteria))]
  const execution = {
    platform: { name: 'probant', release: text(run.inputs.version), target_id: text(dossier.candidate) },
    version: text(run.inputs.version),
    statistics: { duration: (Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000 },
    profiles: [
      {
        name: text(`${run.exam.referential} ${run.exam.certificate}`),
        title: text(run.exam.title),
        version: text(run.inputs.version),
        // Of the exam paper: what is asked.
        sha256: run.inputs.exam,
        status: 'loaded',
        supports: [],
        attributes: [],
        groups: criteria.map((id) => ({
          id: text(id),
          title: null,
          controls: demands
            .filter(({ demand }) => demand.criteria.includes(id))
            .map(({ demand }) => text(demand.id)),
        })),
        controls: demands.map((followed) => control(followed, lang)),
      },
    ],
  }
  return `${JSON.stringify(execution, null, 2)}\n`
}

/** One HDF file a candidate, in a zip: the format has one target a file. */
export const hdfOfAll = ({ dossiers, lang, generatedAt }: ExportInput): Uint8Array =>
  zipSync(
    Object.fromEntries(
      dossiers.map((dossier, index) => [
        `${index + 1}-${dossier.candidate.replace(/[^\w.-]/g, '_').slice(0, 60)}.hdf.json`,
        strToU8(hdf(dossier, lang)),
      ]),
    ),
    { mtime: generatedAt },
  )

function control({ demand, result, findings, run, at }: FollowedDemand, lang: Lang) {
  const say = (of: Text) => of[lang]
  const verdict = result?.verdict ?? null
  const own = findings.map(({ finding }) => finding)
  const descriptions = [
    { label: 'check', data: text(own.map((finding) => say(finding.byHand)).join('\n')) },
    ...(demand.question === null ? [] : [{ label: 'question', data: text(demand.question) }]),
  ]
  const first = say(verdict === null ? words.noFinding : verdictWords[verdict])
  return {
    id: text(demand.id),
    title: text(demand.text),
    desc: text(verdict === 'na' ? `${first}. ${demand.text}` : demand.text),
    descriptions,
    impact: verdict === 'na' ? 0 : 0.5,
    refs: [],
    tags: { criteria: demand.criteria.map(text), verdict, run },
    code: null,
    source_location: {},
    results: [
      {
        code_desc: text(demand.text),
        start_time: at,
        run_time: own.reduce((seconds, finding) => seconds + finding.ms / 1000, 0),
        ...outcome(verdict, first, own, lang),
      },
    ],
  }
}

function outcome(
  verdict: Finding['verdict'] | null,
  first: string,
  findings: readonly Finding[],
  lang: Lang,
): { status: 'passed' | 'failed' | 'skipped'; message?: string; skip_message?: string } {
  const message = text([first, ...findings.map((finding) => lineOf(finding, lang))].join('\n'))
  switch (verdict) {
    case 'pass':
      return { status: 'passed', message }
    case 'fail':
      return { status: 'failed', message }
    default:
      return { status: 'skipped', skip_message: message }
  }
}

function lineOf(finding: Finding, lang: Lang): string {
  const say = (of: Text) => of[lang]
  const cell = finding.cell ? ` (${say(finding.cell)})` : ''
  const cause = finding.cause ? ` ; ${say(causeWords[finding.cause])}` : ''
  const blame = finding.blame ? `, ${say(blameShort[finding.blame])}` : ''
  return `${say(verdictWords[finding.verdict])} : ${say(finding.says)}${cell}, ${finding.target} ; ${say(words.expected)} : ${say(finding.expected)} ; ${say(words.observed)} : ${say(finding.observed)}${cause}${blame}`
}

/** Heimdall shows it in a browser and lets it be saved: what can't be seen is a sign. */
const text = (of: string): string => visible(of.toWellFormed())
