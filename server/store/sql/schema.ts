import type { Generated } from 'kysely'

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
    seen_at: string | null
    /** JSON of what the agent last said of itself. */
    about: string | null
  }
  /** One-time codes by which agents enrol. */
  enrolment: {
    code_hash: string
    created_at: string
    expires_at: string
    used_at: string | null
    agent: string | null
  }
  account: {
    id: string
    /** What is typed to sign in. */
    name: string
    display_name: string
    role: string
    /** As `password.ts` writes it; null where nobody chose one yet, or the account signs in by OIDC. */
    password_hash: string | null
    oidc_subject: string | null
    disabled_at: string | null
    created_at: string
  }
  sign_in: { id_hash: string; account_id: string; created_at: string; expires_at: string }
  account_token: {
    token_hash: string
    account_id: string
    label: string
    created_at: string
    used_at: string | null
  }
  invitation: { code_hash: string; account_id: string; expires_at: string; used_at: string | null }
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
    /** Not part of what is hashed. */
    session_id: string | null
  }
  session: {
    id: string
    title: string
    date: string
    exam: string
    purpose: string
    referential: string
    certificate: string
    state: Generated<string>
    state_at: Generated<string | null>
    /** Who launches the checks when a clock ends: `hand` or `clock`. */
    launch: Generated<string>
    /** Length of phase 1. */
    minutes: Generated<number | null>
    /** Day from which the session is to be purged. */
    purge_after: Generated<string | null>
  }
  session_file: { session_id: string; ordinal: number; name: string; text: string }
  /** `candidate`: the code that an account of a candidate in training has in this session. */
  session_member: { session_id: string; account_id: string; candidate: string | null }
  session_candidate: {
    session_id: string
    ordinal: number
    code: string
    seat: string | null
    /** Only where the centre gave it; never in a run. */
    name: string | null
    extra_minutes: number
    identity_at: string | null
    identity_by: string | null
    absent_at: string | null
    clock_started_at: string | null
    /** Given by surveillants, each time with an incident. */
    added_seconds: Generated<number>
  }
  work: {
    id: string
    session_id: string
    candidate: string
    kind: string
    state: string
    /** JSON array of ids; null for all. */
    demands: string | null
    follows: string | null
    target: string | null
    reason: string | null
    requested_by: string
    requested_at: string
    agent: string | null
    leased_until: string | null
    attempts: Generated<number>
    asked: Generated<number>
    answered: Generated<number>
    /** JSON array of { role, cause }. */
    silent: Generated<string>
    cancel_at: string | null
    ended_at: string | null
    /** JSON of a Text. */
    failure: string | null
  }
  preflight_way: {
    session_id: string
    candidate: string
    target: string
    way: string
    address: string
    worked: number
    cause: string | null
    detail: string
    identity: string | null
    at: string
  }
  incident: {
    id: string
    session_id: string
    candidate: string | null
    /** When it happened. */
    at: string
    noted_at: string
    author: string
    text: string
    added_seconds: Generated<number>
  }
  trace: {
    session_id: string
    candidate: string
    name: string
    sha256: string
    bytes: number
    at: string
    author: string
    contents: Buffer
  }
  /** Only ever added to: what is withdrawn is withdrawn by another note. */
  note: {
    id: string
    session_id: string
    candidate: string
    /** `private`, `shared` (an appreciation) or `contest`. */
    kind: string
    criterion: string | null
    /** Of the finding that is contested. */
    run_id: string | null
    ordinal: number | null
    author: string
    at: string
    text: string
    withdraws: string | null
  }
  read_mark: { session_id: string; candidate: string; account_id: string; demand: string; at: string }
  journal_head: { id: number; sequence: number; hash: string }
  journal: {
    sequence: number
    at: string
    digest: string
    previous: string
    hash: string
    session_id: string | null
    candidate: string | null
    /** Null, with the contents, once purged. */
    salt: string | null
    contents: string | null
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
    stage: string | null
    follows: string | null
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
