import type { RunDemand } from '../../../checks/run.ts'
import type { Change } from '../../dossier/changes-between.ts'
import type { PlacedFinding } from '../../dossier/follow-ups.ts'
import type { Note, ReadMark } from '../../store/notes.ts'
import type { Dossier, KeptObservation } from '../../store/store.ts'
import { dossierAddress, traceAddress, type Detail, type DossierQuery, type Show } from '../addresses.ts'

/** How a dossier is asked to be shown. Links of the page keep it. */
export interface DossierChoice {
  readonly detail: Detail
  readonly show?: Show | undefined
  /** The run in the address, where it names one. */
  readonly run?: string | undefined
  /** SHA-256 of the candidate's document that stands beside; null on the page of the dossier alone. */
  readonly beside: string | null
}

/** Who reads: a juror who may write, somebody who may read, or the candidate himself (no note, no contest, no blame). */
export type Reader = 'writes' | 'reads' | 'candidate'

/** What every part of a dossier needs to know of the whole. */
export interface DossierView {
  readonly dossier: Dossier
  readonly choice: DossierChoice
  readonly reader: Reader
  /** Id of the reader's account. */
  readonly account: string
  /** What is compared with the start, by finding; empty where no start was looked at. */
  readonly changes: ReadonlyMap<string, Change>
  /** What only the start has, by demand. */
  readonly gone: ReadonlyMap<string, readonly Change[]>
  readonly notes: readonly Note[]
  /** By demand. */
  readonly marks: ReadonlyMap<string, readonly ReadMark[]>
  /** What was printed so far: each observation is, once. Filled while the page is drawn. */
  readonly shown: Set<string>
  /** Days by minute as they are written; filled while the page is drawn. */
  readonly days: Map<string, string>
  /** Ids of the demands that are printed, in their order; filled before the first is drawn. */
  readonly printed: string[]
}

export const placeOf = ({ run, ordinal }: { run: string; ordinal: number }): string => `${run} ${ordinal}`

export const queryOf = ({ detail, show, run, beside }: DossierChoice): DossierQuery => ({
  run,
  detail: detail === 'folded' ? undefined : detail,
  show,
  document: beside ?? undefined,
})

/** The address of the dossier at hand, with some of its choices changed. */
export function addressOf({ dossier, choice }: DossierView, changed: Partial<DossierChoice> = {}): string {
  const made = { ...choice, ...changed }
  const address = made.beside === null ? dossierAddress : traceAddress
  return address(dossier.session.id, dossier.candidate, queryOf(made))
}

/** The observations of one of the runs that a dossier joins. */
export function observationsOf(
  { dossier }: DossierView,
  run: string,
): ReadonlyMap<string, KeptObservation> | undefined {
  if (run === dossier.run.id) return dossier.observations
  return dossier.followUps.find((followUp) => followUp.run.id === run)?.observations
}

export const contestsOf = ({ notes }: DossierView, { run, ordinal }: PlacedFinding): Note[] =>
  notes.filter((note) => note.kind === 'contest' && note.run === run && note.ordinal === ordinal)

/** Anchor of a demand: its position, because an id of the paper may hold anything. */
export const demandAnchor = ({ demand }: { readonly demand: RunDemand }, view: DossierView): string =>
  anchorOfDemand(demand.id, view.dossier.run)

/** The same by the demand's id; empty where the run does not have it. */
export function anchorOfDemand(id: string, { exam }: Dossier['run']): string {
  const place = exam.demands.findIndex((demand) => demand.id === id)
  return place < 0 ? '' : `demande-${place + 1}`
}
