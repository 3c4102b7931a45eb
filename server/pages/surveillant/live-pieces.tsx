import type { Lang } from '../../../checks/text.ts'
import type { Pieces } from '../../live/session-streams.ts'
import { renderPiece } from '../layout.tsx'
import { cellId, cellNames, liveCells } from './candidate-row.tsx'
import { IncidentList } from './incidents.tsx'
import { isNamed, RoomActions, WatchHead, WatchState } from './watch-page.tsx'
import type { WatchedSession } from './watched.ts'

/** Every piece of the page that changes while it is open, by the same parts that the page is made of. */
export function piecesOf(watched: WatchedSession, lang: Lang, timeZone: string, open: boolean): Pieces {
  const frame = { lang, timeZone, viewer: null }
  const { session, candidates, incidents, now } = watched
  const pieces = new Map<string, string>([
    ['cell-state', renderPiece(frame, <WatchState watched={watched} />)],
    ['cell-head', renderPiece(frame, <WatchHead watched={watched} />)],
    ['cell-actions', renderPiece(frame, <RoomActions watched={watched} open={open} />)],
    ['cell-incidents', renderPiece(frame, <IncidentList incidents={incidents} date={session.date} />)],
  ])
  for (const one of candidates)
    for (const name of cellNames) {
      const Cell = liveCells[name]
      const piece = (
        <Cell
          session={session.id}
          watched={one}
          now={now}
          named={isNamed(watched)}
          open={open}
          running={session.state === 'running'}
          ticking
        />
      )
      pieces.set(cellId(one.candidate.code, name), renderPiece(frame, piece))
    }
  return pieces
}
