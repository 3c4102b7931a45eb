import { readFileSync } from 'node:fs'
import { nextLink } from '../../../checks/evidence/chain.ts'
import type { Finding } from '../../../checks/finding.ts'
import { parseReferential } from '../../../checks/referential/referential.ts'
import { fingerprint, signedRunSchema, type Run, type RunBody } from '../../../checks/run.ts'
import { same, type Text } from '../../../checks/text.ts'
import type { Verdict } from '../../../checks/verdict.ts'
import type { DossierInput } from '../../../server/paper/dossier-pdf.ts'
import type { Dossier, KeptRun, RunHeader, RunSummary } from '../../../server/store/store.ts'
import { makeBody, makeKey, signRun } from '../run-fixture.ts'

/** Dossiers for the tests of paper and exports, as the store would give them. */
const file = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

export const referential = parseReferential(file('checks/referential/tp-01351-01.yaml'))
export const key = makeKey()

/** A recorded run of the lab. */
export const recordedRun = (code: string): Run =>
  signedRunSchema.parse(JSON.parse(file(`fixtures/runs/${code}.run.json`)))

export function keptRun(run: Run): KeptRun {
  const { probes, observations, findings, ...header } = run
  return {
    run: header satisfies RunHeader,
    findings,
    observations: new Map(
      Object.entries(observations).map(([id, { answer, ...outline }]) => [
        id,
        {
          key: id,
          probe: probes[id] ?? null,
          outline,
          answer,
          answerBytes: answer === null ? 0 : JSON.stringify(answer).length,
        },
      ]),
    ),
  }
}

export function summaryOf(run: Run): RunSummary {
  const { id, startedAt, endedAt, complete } = run
  return { id, startedAt, endedAt, complete, receivedAt: endedAt, fingerprint: fingerprint(run) }
}

/** The dossier of a run; `start` and those that asked again beside it. */
export function dossierOf(run: Run, more: { start?: Run; again?: readonly Run[] } = {}): Dossier {
  const summary = summaryOf(run)
  const all = [...(more.again ?? []).toReversed(), run, ...(more.start ? [more.start] : [])]
  return {
    session: {
      id: run.session.id,
      title: run.session.title,
      date: run.session.date,
      exam: run.exam.title,
      purpose: run.exam.purpose,
      referential: run.exam.referential,
      certificate: run.exam.certificate,
      candidates: 1,
    },
    candidate: run.candidate.code,
    ...keptRun(run),
    summary,
    link: nextLink(
      { sequence: 6, hash: '0'.repeat(64) },
      { run: run.id, fingerprint: summary.fingerprint, receivedAt: summary.receivedAt },
    ),
    runs: all.map(summaryOf),
    stages: new Map(all.map(({ id, stage }) => [id, stage ?? null])),
    followUps: (more.again ?? []).map(keptRun),
    start: more.start ? keptRun(more.start) : null,
  }
}

export const inputOf = (dossier: Dossier, more: Partial<DossierInput> = {}): DossierInput => ({
  dossier,
  referential,
  notes: [],
  traces: [],
  lang: 'fr',
  timeZone: 'Europe/Paris',
  generatedAt: new Date('2026-12-01T16:30:00Z'),
  ...more,
})

interface Generated {
  demands: number
  /** Checks of each demand. */
  checks: number
  verdict: (index: number) => Verdict
  text?: (about: string, index: number) => string
}

/** A run with as many demands and checks as wanted, spread over the criteria that a machine can see. */
export function generatedRun({
  demands,
  checks,
  verdict,
  text = (about, i) => `${about} ${i}`,
}: Generated): Run {
  const body = makeBody()
  const criteria = referential.competencies.flatMap((competency) =>
    competency.criteria.filter((one) => one.observable !== 'none').map((one) => one.id),
  )
  const of = (index: number): string[] => [
    criteria[index % criteria.length] ?? 'C8.1',
    criteria[(index * 7 + 3) % criteria.length] ?? 'C9.1',
  ]
  const findings: Finding[] = []
  const saying = (about: string, index: number): Text => same(text(about, index))
  const exam: RunBody['exam'] = {
    ...body.exam,
    demands: Array.from({ length: demands }, (_, d) => ({
      id: `demande-${d + 1}`,
      text: text('Installez et configurez le service demandé par le sujet, numéro', d),
      criteria: of(d),
      question: text('Comment vérifiez-vous que ce service répond, numéro', d),
      transient: false,
      alternatives: [
        Array.from({ length: checks }, () => ({ check: 'linux.service', params: {}, not: false })),
      ],
    })),
  }
  for (let d = 0; d < demands; d++)
    for (let c = 0; c < checks; c++) {
      const index = d * checks + c
      const said = verdict(index)
      findings.push({
        demand: `demande-${d + 1}`,
        alternative: 0,
        check: 'linux.service',
        says: saying('Le service demandé est actif et démarre avec la machine, contrôle', index),
        cell: null,
        criteria: of(d),
        from: 'agent',
        target: 'web',
        address: '10.0.1.20',
        transport: 'ssh',
        verdict: said,
        cause: said === 'unknown' ? 'timeout' : null,
        blame: said === 'unknown' ? 'undecidable' : null,
        detail: said === 'unknown' ? 'no answer within 5000 ms' : null,
        expected: saying('actif (running), activé au démarrage (enabled), contrôle', index),
        observed: saying('inactif (dead), activé au démarrage (enabled), contrôle', index),
        contradiction: false,
        byHand: same('systemctl status'),
        evidence: [Object.keys(body.observations)[0] ?? ''],
        ms: 10,
      })
    }
  return signRun(
    {
      ...body,
      exam,
      findings,
      demands: exam.demands.map(({ id }, d) => ({
        demand: id,
        verdict: verdict(d * checks),
        alternative: null,
      })),
    },
    key,
  )
}
