/** Addresses of the pages. Codes and keys come out of runs: each is encoded as one segment. */
export const sessionAddress = (session: string): string => `/sessions/${encodeURIComponent(session)}`

/** The session at a glance: candidates and competencies. */
export const glanceAddress = (session: string): string => `${sessionAddress(session)}/jury`

export interface DossierQuery {
  readonly run?: string | undefined
  readonly detail?: Detail | undefined
  /** What alone is shown. */
  readonly show?: Show | undefined
  /** For the page beside the candidate's document: which of them. */
  readonly document?: string | undefined
  readonly lang?: string | undefined
}
/** What of a dossier is unfolded: what needs reading, every finding, or the raw observations as well. */
export type Detail = 'folded' | 'unfolded' | 'raw'

/** By what a dossier may be filtered. */
export const shows = [
  'unobserved',
  'differs',
  'jury',
  'contradictions',
  'changed',
  'unread',
  'contested',
] as const
export type Show = (typeof shows)[number]

const withQuery = (path: string, query: DossierQuery): string => {
  const said = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined)
  const search = new URLSearchParams(said).toString()
  return `${path}${search && `?${search}`}`
}
const candidatePath = (session: string, candidate: string): string =>
  `${sessionAddress(session)}/candidates/${encodeURIComponent(candidate)}`

export const dossierAddress = (session: string, candidate: string, query: DossierQuery = {}): string =>
  withQuery(candidatePath(session, candidate), query)

/** The dossier with the candidate's own document beside it. */
export const traceAddress = (session: string, candidate: string, query: DossierQuery = {}): string =>
  withQuery(`${candidatePath(session, candidate)}/trace`, query)
export const traceFileAddress = (session: string, candidate: string, sha256: string): string =>
  `${candidatePath(session, candidate)}/trace/${encodeURIComponent(sha256)}`

export const notesAddress = (session: string, candidate: string, query: DossierQuery = {}): string =>
  withQuery(`${candidatePath(session, candidate)}/notes`, query)
export const withdrawAddress = (
  session: string,
  candidate: string,
  note: string,
  query: DossierQuery = {},
): string =>
  withQuery(`${candidatePath(session, candidate)}/notes/${encodeURIComponent(note)}/withdraw`, query)
export const readAddress = (session: string, candidate: string, query: DossierQuery = {}): string =>
  withQuery(`${candidatePath(session, candidate)}/read`, query)
export const contestAddress = (
  session: string,
  candidate: string,
  finding: { run: string; ordinal: number },
  query: DossierQuery = {},
): string =>
  withQuery(
    `${candidatePath(session, candidate)}/runs/${encodeURIComponent(finding.run)}/findings/${finding.ordinal}/contest`,
    query,
  )

export const observationAddress = (session: string, candidate: string, run: string, key: string): string =>
  `${candidatePath(session, candidate)}/runs/${encodeURIComponent(run)}/observations/${encodeURIComponent(key)}`

export const runFileAddress = (run: string): string => `/api/v1/runs/${encodeURIComponent(run)}`
export const observationFileAddress = (run: string, key: string): string =>
  `${runFileAddress(run)}/observations/${encodeURIComponent(key)}`
