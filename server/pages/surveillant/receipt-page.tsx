import { sessionAddress } from '../addresses.ts'
import { Said, usePage } from '../context.tsx'
import { day, dayAndTime, period } from '../typography.ts'
import { stageOf } from './candidate-row.tsx'
import type { WatchedSession } from './watched.ts'
import { words } from './wording.ts'

/** What was collected, for the surveillant's signature: which runs, when, by whom. No verdict. */
export function ReceiptPage({ watched: { session, candidates } }: { watched: WatchedSession }) {
  const { say, lang, timeZone } = usePage()
  return (
    <>
      <hgroup>
        <h1>{say(words.receiptTitle)}</h1>
        <p>
          <Said text={session.title} limit={200} />, {day(session.date, lang)} · <code>{session.id}</code>
        </p>
      </hgroup>
      <p class="unprinted">
        <a href={`${sessionAddress(session.id)}/files/receipt.pdf`}>{say(words.asPdf)}</a>
      </p>
      <table class="list">
        <thead>
          <tr>
            <th scope="col">{say(words.candidate)}</th>
            <th scope="col">{say(words.seat)}</th>
            <th scope="col">{say(words.stage)}</th>
            <th scope="col">{say(words.period)}</th>
            <th scope="col">{say(words.received)}</th>
            <th scope="col">{say(words.agent)}</th>
            <th scope="col">{say(words.fingerprint)}</th>
          </tr>
        </thead>
        <tbody>
          {candidates.flatMap(({ candidate, receipts }) =>
            receipts.length === 0
              ? [
                  <tr>
                    <th scope="row">{candidate.code}</th>
                    <td>{candidate.seat === null ? '–' : <Said text={candidate.seat} limit={32} />}</td>
                    <td colSpan={5}>{say(candidate.absentAt === null ? words.none : words.absent)}</td>
                  </tr>,
                ]
              : receipts.map((receipt) => (
                  <tr>
                    <th scope="row">{candidate.code}</th>
                    <td>{candidate.seat === null ? '–' : <Said text={candidate.seat} limit={32} />}</td>
                    <td>
                      {stageOf(receipt.stage, say)}
                      {!receipt.complete && ` (${say(words.interrupted)})`}{' '}
                      <code class="quiet">{receipt.run.slice(0, 8)}</code>
                    </td>
                    <td>{period(receipt.startedAt, receipt.endedAt, timeZone, lang)}</td>
                    <td>{dayAndTime(receipt.receivedAt, timeZone, lang)}</td>
                    <td>
                      <Said text={receipt.agent} limit={64} />
                    </td>
                    <td>
                      <code>{receipt.fingerprint.slice(0, 32)}</code>
                    </td>
                  </tr>
                )),
          )}
        </tbody>
      </table>
      <p class="signature">{say(words.signature)}</p>
    </>
  )
}
