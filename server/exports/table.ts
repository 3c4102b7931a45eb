import type { Text } from '../../checks/text.ts'
import type { Verdict } from '../../checks/verdict.ts'
import { sentence } from '../pages/sentence.ts'
import { visible } from '../../checks/visible.ts'
import { blameShort, causeWords, verdictWords } from '../pages/wording.ts'
import { exportedCandidate, type ExportInput } from './exported-session.ts'

/** A sheet of text: every cell is a text, so that no program takes one for a formula or a number. */
export interface Table {
  readonly name: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** A cell of a spreadsheet takes 32,767 characters. */
const cellCharacters = 32_000

/** A text as one line of a cell: what can't be seen as a sign, line ends as ↵. */
export function cell(text: string): string {
  const line = visible(text.slice(0, cellCharacters).toWellFormed())
    .replaceAll('\n', ' ↵ ')
    .replaceAll('\t', ' ')
  return line.length > cellCharacters || text.length > cellCharacters
    ? `${line.slice(0, cellCharacters).toWellFormed()}…`
    : line
}

/** Every finding of a session, one a row; a demand without any has a row of its own, so that nothing is left out. */
export function findingsTable({ dossiers, lang }: ExportInput): Table {
  const say = (text: Text) => text[lang]
  const rows: string[][] = []
  for (const dossier of dossiers) {
    const { code, seat, demands, runs } = exportedCandidate(dossier)
    const prints = new Map(runs.map(({ id, fingerprint }) => [id, fingerprint]))
    for (const { demand, result, findings, run, at, again } of demands) {
      const start = [
        code,
        seat ?? '',
        demand.id,
        demand.text,
        demand.criteria.join(' '),
        wordOf(result?.verdict, say),
      ]
      const end = [say(again ? yes : no), at, run, prints.get(run) ?? '']
      if (findings.length === 0) {
        const none = Array.from({ length: heads.length - start.length - end.length }, () => '')
        rows.push([...start, ...none, ...end])
      }
      for (const { finding } of findings)
        rows.push([
          ...start,
          String(finding.alternative + 1),
          wordOf(finding.verdict, say),
          finding.check,
          say(finding.says),
          finding.cell ? say(finding.cell) : '',
          finding.from,
          finding.target,
          finding.address,
          finding.transport,
          say(finding.expected),
          say(finding.observed),
          finding.cause ? say(causeWords[finding.cause]) : '',
          finding.blame ? say(blameShort[finding.blame]) : '',
          say(finding.contradiction ? yes : no),
          ...end,
        ])
    }
  }
  return { name: say(names.findings), head: heads.map(say), rows: rows.map((row) => row.map(cell)) }
}

/** The runs that the findings come from. */
export function runsTable({ dossiers, lang }: ExportInput): Table {
  const say = (text: Text) => text[lang]
  const rows = dossiers.flatMap((dossier) => {
    const { code, runs } = exportedCandidate(dossier)
    return runs.map(({ id, fingerprint, startedAt, endedAt, receivedAt, complete }) =>
      [
        code,
        id,
        dossier.stages.get(id) ?? '',
        startedAt,
        endedAt,
        receivedAt,
        say(complete ? yes : no),
        fingerprint,
      ].map(cell),
    )
  })
  return { name: say(names.runs), head: runHeads.map(say), rows }
}

const wordOf = (verdict: Verdict | undefined, say: (text: Text) => string): string =>
  say(verdict === undefined ? notExamined : verdictWords[verdict])

const notExamined = sentence('non examiné', 'not examined')
const yes = sentence('oui', 'yes')
const no = sentence('non', 'no')
const names = { findings: sentence('Constats', 'Findings'), runs: sentence('Passages', 'Runs') }
const heads: readonly Text[] = [
  sentence('Candidat', 'Candidate'),
  sentence('Place', 'Seat'),
  sentence('Demande', 'Demand'),
  sentence('Demandé', 'Asked'),
  sentence('Critères', 'Criteria'),
  sentence('Verdict de la demande', 'Verdict of the demand'),
  sentence('Réponse admise', 'Accepted answer'),
  sentence('Verdict du constat', 'Verdict of the finding'),
  sentence('Contrôle', 'Check'),
  sentence('Énoncé', 'Claim'),
  sentence('Cas', 'Case'),
  sentence('Depuis', 'From'),
  sentence('Machine', 'Machine'),
  sentence('Adresse', 'Address'),
  sentence('Moyen', 'Way'),
  sentence('Attendu', 'Expected'),
  sentence('Observé', 'Observed'),
  sentence('Cause', 'Cause'),
  sentence('Côté', 'Side'),
  sentence('Points de vue contradictoires', 'Contradicting points of view'),
  sentence('Demandé de nouveau', 'Asked again'),
  sentence('Début du passage', 'Start of the run'),
  sentence('Passage', 'Run'),
  sentence('Empreinte', 'Fingerprint'),
]
const runHeads: readonly Text[] = [
  sentence('Candidat', 'Candidate'),
  sentence('Passage', 'Run'),
  sentence('Moment', 'Stage'),
  sentence('Début', 'Start'),
  sentence('Fin', 'End'),
  sentence('Reçu', 'Received'),
  sentence('Complet', 'Complete'),
  sentence('Empreinte', 'Fingerprint'),
]
