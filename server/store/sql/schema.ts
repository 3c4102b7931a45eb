/**
 * Tables. Types that SQLite and PostgreSQL both have: text and integers; a truth value is 0 or 1; a moment is ISO 8601
 * text in UTC, which sorts as it reads.
 */
export interface Database {
  agent: {
    name: string
    token_hash: string
    public_key: string | null
    created_at: string
  }
  /** One row: the end of the chain. Whoever updates it first holds the chain until its transaction ends. */
  chain_head: { id: number; sequence: number; hash: string }
  chain: {
    sequence: number
    run_id: string
    fingerprint: string
    received_at: string
    previous: string
    hash: string
    agent: string
  }
  session: {
    id: string
    title: string
    date: string
    exam: string
    purpose: string
    referential: string
    certificate: string
  }
  run: {
    id: string
    session_id: string
    candidate: string
    seat: string | null
    fingerprint: string
    public_key: string
    started_at: string
    ended_at: string
    received_at: string
    complete: number
    sequence: number
    /** JSON of a RunHeader. */
    header: string
  }
  /** Apart from `run`, so that a listing never reads through megabytes. */
  run_text: { run_id: string; text: string }
  finding: {
    run_id: string
    ordinal: number
    session_id: string
    candidate: string
    demand: string
    check_id: string
    /** `agent`, or the role that was the vantage point. */
    asked_from: string
    target: string
    address: string
    verdict: string
    cause: string | null
    blame: string | null
    /** JSON of the whole finding. */
    body: string
  }
  finding_criterion: {
    run_id: string
    ordinal: number
    session_id: string
    candidate: string
    criterion: string
  }
  observation: {
    run_id: string
    key: string
    /** JSON of the probe. */
    probe: string
    /** JSON of the observation without its answer. */
    outline: string
    answer: string | null
    answer_bytes: number
  }
}
