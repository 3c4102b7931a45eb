/** Addresses of the pages. Codes and keys come out of runs: each is encoded as one segment. */
export const sessionAddress = (session: string): string => `/sessions/${encodeURIComponent(session)}`

export interface DossierQuery {
  readonly run?: string | undefined
  readonly detail?: Detail | undefined
  readonly lang?: string | undefined
}
/** What of a dossier is unfolded: what needs reading, every finding, or the raw observations as well. */
export type Detail = 'folded' | 'unfolded' | 'raw'

export const dossierAddress = (session: string, candidate: string, query: DossierQuery = {}): string => {
  const said = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined)
  const search = new URLSearchParams(said).toString()
  return `${sessionAddress(session)}/candidates/${encodeURIComponent(candidate)}${search && `?${search}`}`
}

export const observationAddress = (session: string, candidate: string, run: string, key: string): string =>
  `${dossierAddress(session, candidate)}/runs/${encodeURIComponent(run)}/observations/${encodeURIComponent(key)}`

export const runFileAddress = (run: string): string => `/api/v1/runs/${encodeURIComponent(run)}`
export const observationFileAddress = (run: string, key: string): string =>
  `${runFileAddress(run)}/observations/${encodeURIComponent(key)}`
