import type { Text } from '../../checks/text.ts'
import { dayAndTime, period } from '../pages/typography.ts'
import { words } from '../pages/wording.ts'
import type { RunReceipt, RunStage } from '../store/store.ts'
import { part, sessionPdf, signatures, type SessionPaper } from './session-paper.ts'
import { mono, paragraph, plain, quiet, smallSize, strong, table } from '../../paper/setting.ts'
import { area } from '../../paper/sheet.ts'
import { paperWords, stageWords } from './wording.ts'

export interface ReceiptInput extends SessionPaper {
  /** Of the session, or of one candidate. */
  readonly receipts: readonly RunReceipt[]
  /** Code of the one candidate that it is of; null for the whole session. */
  readonly candidate: string | null
}

/** The surveillant's receipt: which runs the server holds, with what fingerprints, and a place to sign. No verdict. */
export function receiptPdf(input: ReceiptInput): Promise<Buffer> {
  const { lang, timeZone, receipts, candidate } = input
  const of = (text: Text) => text[lang]
  return sessionPdf(input, {
    title: of(paperWords.receipt),
    means: of(paperWords.receiptMeans),
    parts: (context) => {
      const { sheet, say, said } = context
      const rows = receipts.map((receipt) => [
        [strong(said(receipt.candidate, 20))],
        [plain(say(stageWords[stageOf(receipt.stage)]))],
        [
          plain(
            `${period(receipt.startedAt, receipt.endedAt, timeZone, lang)}, ${say(receipt.complete ? words.complete : words.interruptedShort)}`,
            smallSize,
          ),
        ],
        [plain(dayAndTime(receipt.receivedAt, timeZone, lang), smallSize)],
        [
          mono(`${receipt.run} `, 6.2),
          mono(`${receipt.fingerprint} `, 6.2),
          quiet(
            `${said(receipt.agent, 40)} · ${say(paperWords.link).toLowerCase()}\u00A0${receipt.sequence}`,
          ),
        ],
      ])
      const title =
        candidate === null ? say(words.candidates) : `${say(words.candidate)} ${said(candidate, 64)}`
      return [
        part(
          context,
          title,
          rows.length === 0
            ? [paragraph(sheet, [plain(say(paperWords.noReceipt))])]
            : [
                table(
                  sheet,
                  [
                    { width: 44, head: say(words.candidate) },
                    { width: 46, head: say(paperWords.stage) },
                    { width: 76, head: say(paperWords.asked) },
                    { width: 74, head: say(paperWords.received) },
                    { width: area.width - 240, head: say(paperWords.receivedAs) },
                  ],
                  rows,
                ),
                paragraph(sheet, [quiet(say(paperWords.verify))], { before: 4 }),
              ],
        ),
        signatures(
          context,
          candidate === null
            ? [say(paperWords.proctor)]
            : [say(paperWords.proctor), say(paperWords.candidate)],
        ),
      ]
    },
  })
}

const stageOf = (stage: string | null): RunStage | 'unsaid' =>
  stage === 'start' || stage === 'end' || stage === 'again' ? stage : 'unsaid'
