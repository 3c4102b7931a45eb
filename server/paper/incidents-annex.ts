import type { Text } from '../../checks/text.ts'
import { timeOfDay } from '../pages/typography.ts'
import { words } from '../pages/wording.ts'
import type { Incident } from '../store/session-life.ts'
import type { WorkKind, WorkState } from '../store/work-queue.ts'
import type { Node } from '../../paper/flow.ts'
import type { PaperContext } from './paper-context.ts'
import { part, sessionPdf, signatures, type SessionPaper } from './session-paper.ts'
import { paragraph, plain, strong, table } from '../../paper/setting.ts'
import { area } from '../../paper/sheet.ts'
import { paperWords } from './wording.ts'

/** A candidate's clock on the day. */
export interface PrintedClock {
  readonly candidate: string
  readonly absent: boolean
  /** Null where it was never started. */
  readonly startedAt: string | null
  /** When it ended or will end; null where nobody can say. */
  readonly endsAt: string | null
  /** Length for everybody; null where it is not known. */
  readonly minutes: number | null
  readonly extraMinutes: number
  readonly addedSeconds: number
}

/** Work that somebody asked for, and what became of it: never what was found. */
export interface PrintedLaunch {
  readonly at: string
  readonly candidate: string
  readonly kind: WorkKind
  readonly by: string
  readonly state: WorkState
}

export interface IncidentsInput extends SessionPaper {
  readonly incidents: readonly Pick<
    Incident,
    'at' | 'notedAt' | 'candidate' | 'author' | 'text' | 'addedSeconds'
  >[]
  readonly clocks: readonly PrintedClock[]
  readonly launches: readonly PrintedLaunch[]
}

/** The annex of incidents for the procès-verbal: what was noted, the clocks, who launched what, and a place to sign. No verdict. */
export function incidentsPdf(input: IncidentsInput): Promise<Buffer> {
  const say = (text: Text) => text[input.lang]
  return sessionPdf(input, {
    title: say(paperWords.incidents),
    means: say(paperWords.incidentsMeans),
    parts: (context) => [
      incidents(input, context),
      clocks(input, context),
      launches(input, context),
      signatures(context, [say(paperWords.proctor), say(paperWords.proctor), say(paperWords.head)]),
    ],
  })
}

function incidents({ incidents: noted }: IncidentsInput, context: PaperContext): Node {
  const { sheet, say, said, timeZone, lang } = context
  if (noted.length === 0)
    return part(context, say(paperWords.incidentsNoted), [
      paragraph(sheet, [plain(say(paperWords.noIncident))]),
    ])
  const time = (iso: string) => timeOfDay(iso, timeZone, lang)
  return part(context, say(paperWords.incidentsNoted), [
    table(
      sheet,
      [
        { width: 84, head: say(paperWords.at) },
        { width: 62, head: say(words.candidate) },
        { width: area.width - 306, head: say(paperWords.incident) },
        { width: 60, head: say(paperWords.added) },
        { width: 100, head: say(paperWords.notedBy) },
      ],
      noted.map(({ at, notedAt, candidate, author, text, addedSeconds }) => [
        [plain(time(at))],
        [candidate === null ? plain(say(paperWords.wholeRoom)) : strong(said(candidate, 20))],
        [plain(said(text, 2000))],
        [plain(addedSeconds === 0 ? '–' : minutes(addedSeconds / 60, context))],
        [plain(`${said(author, 60)}, ${say(paperWords.notedLater)} ${time(notedAt)}`)],
      ]),
    ),
  ])
}

function clocks({ clocks: all }: IncidentsInput, context: PaperContext): Node {
  const { sheet, say, said, timeZone, lang } = context
  const time = (iso: string | null) => (iso === null ? '–' : timeOfDay(iso, timeZone, lang))
  const some = (value: number) => (value === 0 ? '–' : minutes(value, context))
  return part(context, say(paperWords.clocks), [
    table(
      sheet,
      [
        { width: 80, head: say(words.candidate) },
        { width: 90, head: say(paperWords.began) },
        { width: 70, head: say(paperWords.length) },
        { width: 76, head: say(paperWords.extra) },
        { width: 76, head: say(paperWords.added) },
        { width: area.width - 392, head: say(paperWords.end) },
      ],
      all.map(({ candidate, absent, startedAt, endsAt, minutes: length, extraMinutes, addedSeconds }) => [
        [strong(said(candidate, 20))],
        [
          plain(
            absent
              ? say(paperWords.absent)
              : startedAt === null
                ? say(paperWords.notStarted)
                : time(startedAt),
          ),
        ],
        [plain(length === null ? '–' : minutes(length, context))],
        [plain(some(extraMinutes))],
        [plain(some(addedSeconds / 60))],
        [plain(time(endsAt))],
      ]),
    ),
  ])
}

function launches({ launches: all }: IncidentsInput, context: PaperContext): Node {
  const { sheet, say, said, timeZone, lang } = context
  if (all.length === 0)
    return part(context, say(paperWords.launches), [paragraph(sheet, [plain(say(paperWords.noLaunch))])])
  return part(context, say(paperWords.launches), [
    table(
      sheet,
      [
        { width: 84, head: say(paperWords.at) },
        { width: 62, head: say(words.candidate) },
        { width: 130, head: say(paperWords.what) },
        { width: 118, head: say(paperWords.launchedBy) },
        { width: area.width - 394, head: say(paperWords.outcome) },
      ],
      all.map(({ at, candidate, kind, by, state }) => [
        [plain(timeOfDay(at, timeZone, lang))],
        [strong(said(candidate, 20))],
        [plain(say(kindWords[kind]))],
        [plain(said(by, 80))],
        [plain(say(stateWords[state]))],
      ]),
    ),
  ])
}

/** A length of time, « 1,5 min ». */
const minutes = (value: number, { lang }: PaperContext): string =>
  `${value.toLocaleString(lang === 'fr' ? 'fr-FR' : 'en-GB', { maximumFractionDigits: 1 })}\u00A0min`

const kindWords: Record<WorkKind, Text> = {
  preflight: { fr: 'contrôle préalable', en: 'preflight' },
  start: { fr: 'passage de départ', en: 'start run' },
  end: { fr: 'passage de fin', en: 'end run' },
  again: { fr: 'nouvelle demande du non vérifié', en: 'what was not verified, again' },
  repin: { fr: 'machine réinstallée, à reconnaître', en: 'machine reinstalled, to be known anew' },
}
const stateWords: Record<WorkState, Text> = {
  queued: { fr: 'en attente', en: 'waiting' },
  leased: { fr: 'en cours', en: 'under way' },
  done: { fr: 'terminé', en: 'done' },
  cancelled: { fr: 'annulé', en: 'cancelled' },
  failed: { fr: 'n’a pas pu être fait', en: 'could not be done' },
}
