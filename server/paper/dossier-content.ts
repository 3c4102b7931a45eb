import type { Finding } from '../../checks/finding.ts'
import type { Referential } from '../../checks/referential/referential.ts'
import type { Lang } from '../../checks/text.ts'
import { changesBetween } from '../dossier/changes-between.ts'
import { withFollowUps, type PlacedFinding } from '../dossier/follow-ups.ts'
import { layOut, type Outline } from '../pages/dossier/outline.ts'
import type { Note } from '../store/notes.ts'
import type { TraceSummary } from '../store/session-life.ts'
import type { Dossier, KeptObservation } from '../store/store.ts'

/** Everything that a dossier on paper is made of. */
export interface DossierInput {
  readonly dossier: Dossier
  /** Null where this server doesn't know it. */
  readonly referential: Referential | null
  /** Only shared appreciations and contests are printed, those withdrawn and private ones never. */
  readonly notes: readonly Note[]
  readonly traces: readonly Pick<TraceSummary, 'name' | 'sha256' | 'at'>[]
  readonly lang: Lang
  /** IANA name of the zone in which moments are printed. */
  readonly timeZone: string
  readonly generatedAt: Date
}

/** A dossier put together: what was asked again joined in, what changed since the start found out. */
export interface DossierContent {
  readonly outline: Outline
  readonly findings: readonly Finding[]
  /** What the start run said, for findings that differ from it. */
  readonly before: ReadonlyMap<Finding, Finding>
  /** When the first observation that a finding rests on was made. */
  readonly seenAt: (placed: PlacedFinding) => string | null
  readonly contestsOf: (placed: PlacedFinding) => readonly Note[]
  /** Contests of findings that are not printed. */
  readonly otherContests: readonly Note[]
  readonly appreciationsOf: (criterion: string) => readonly Note[]
}

/** Pure. */
export function contentOf({ dossier, referential, notes }: DossierInput): DossierContent {
  const { run, followUps, start } = dossier
  const demands = withFollowUps(dossier, followUps)
  const placed = demands.flatMap((demand) => demand.findings)
  const findings = placed.map(({ finding }) => finding)
  const observations = new Map<string, ReadonlyMap<string, KeptObservation>>([
    [run.id, dossier.observations],
    ...followUps.map((kept) => [kept.run.id, kept.observations] as const),
  ])
  const before = new Map<Finding, Finding>()
  if (start)
    for (const change of changesBetween(start.findings, findings))
      if (change.kind === 'changed' && change.start && change.end) before.set(change.end, change.start)

  const said = notes.filter((note) => note.withdrawnAt === null)
  const contests = Map.groupBy(
    said.filter((note) => note.kind === 'contest'),
    (note) => placeOf(note.run, note.ordinal),
  )
  const appreciations = Map.groupBy(
    said.filter((note) => note.kind === 'shared'),
    (note) => note.criterion ?? '',
  )
  const printedPlaces = new Set(placed.map(({ run: of, ordinal }) => placeOf(of, ordinal)))
  return {
    outline: layOut(run, demands, referential),
    findings,
    before,
    seenAt: ({ finding, run: of }) => {
      const kept = observations.get(of)
      for (const key of finding.evidence) {
        const at = kept?.get(key)?.outline.at
        if (at !== undefined) return at
      }
      return null
    },
    contestsOf: ({ run: of, ordinal }) => contests.get(placeOf(of, ordinal)) ?? [],
    otherContests: [...contests].flatMap(([place, of]) => (printedPlaces.has(place) ? [] : of)),
    appreciationsOf: (criterion) => appreciations.get(criterion) ?? [],
  }
}

const placeOf = (run: string | null, ordinal: number | null): string => `${run} ${ordinal}`
