import type { ChainLink } from '../../checks/evidence/chain.ts'
import type { Answer, Observation } from '../../checks/observation.ts'
import type { Finding } from '../../checks/finding.ts'
import type { Probe } from '../../checks/probe.ts'
import type { Run } from '../../checks/run.ts'
import type { Blame, Cause } from '../../checks/verdict.ts'
import type { Accounts } from './accounts.ts'
import type { Journal } from './journal.ts'
import type { Notes } from './notes.ts'
import type { Retention } from './retention.ts'
import type { SessionLife } from './session-life.ts'
import type { VerifiedRun } from './verified-run.ts'
import type { WorkQueue } from './work-queue.ts'

/** An agent (poste de correction) that may deliver. Its token is kept as a SHA-256 only. */
export interface Agent {
  readonly name: string
  /** Raw Ed25519 public key, base64, known from its first delivery on; null before. */
  readonly publicKey: string | null
}

/**
 * What became of a delivery: `received` is durable once said; `already` changed nothing; `conflict` is the same id with
 * other contents (or another signer); `foreign-key` is a signature by another key than the agent's; `purged` is a session
 * that takes nothing any more; `not-the-work` is a run that is not the one its id was asked for.
 */
export type Reception =
  | { readonly outcome: 'received' | 'already'; readonly link: ChainLink }
  | { readonly outcome: 'conflict' | 'foreign-key' | 'purged' | 'not-the-work' }

export type { ChainLink }

export interface SessionSummary {
  readonly id: string
  readonly title: string
  /** Day of the sitting, `2026-12-01`. */
  readonly date: string
  readonly exam: string
  readonly purpose: 'training' | 'examination'
  readonly referential: string
  readonly certificate: string
  readonly candidates: number
}

/** A run as lists show it. */
export interface RunSummary {
  readonly id: string
  readonly fingerprint: string
  readonly startedAt: string
  readonly endedAt: string
  readonly receivedAt: string
  readonly complete: boolean
}

/** Something that could not be observed in a run, said once per vantage point, machine, cause and blame. */
export interface Unobserved {
  /** `agent`, or the role that was asked to look: the cause may be that machine's. */
  readonly from: string
  readonly target: string
  readonly address: string
  readonly cause: Cause | null
  readonly blame: Blame | null
}

export interface CandidateSummary {
  readonly code: string
  readonly seat: string | null
  /** The run that the dossier shows: `runToRead` chooses it. */
  readonly shown: RunSummary
  readonly unobserved: readonly Unobserved[]
  /** How many runs were delivered, the shown one included. */
  readonly runs: number
}

export interface SessionDetail extends SessionSummary {
  readonly people: readonly CandidateSummary[]
}

/** A run without the parts that are kept in rows of their own. */
export type RunHeader = Omit<Run, 'probes' | 'observations' | 'findings'>

/** An observation as kept: where the answer is longer than what was asked for, `answer` is null and `answerBytes` says how long. */
export interface KeptObservation {
  readonly key: string
  readonly probe: Probe | null
  readonly outline: Omit<Observation, 'answer'>
  readonly answer: Answer | null
  /** Bytes of the answer's JSON; 0 where there is none. */
  readonly answerBytes: number
}

export interface Dossier {
  readonly session: SessionSummary
  readonly candidate: string
  readonly run: RunHeader
  readonly summary: RunSummary
  readonly link: ChainLink
  readonly findings: readonly Finding[]
  /** Those that the findings rest on, by key. */
  readonly observations: ReadonlyMap<string, KeptObservation>
  /** All runs of the candidate in this session, the latest first, the shown one included. */
  readonly runs: readonly RunSummary[]
  /** Which moment of phase 1 each of them is of, by id; null where nobody said. */
  readonly stages: ReadonlyMap<string, RunStage | null>
  /** Runs that asked again what the shown one had not observed, the earliest first: `withFollowUps` joins them. */
  readonly followUps: readonly KeptRun[]
  /** What was handed out, where it was looked at and isn't what is shown. */
  readonly start: Pick<KeptRun, 'run' | 'findings'> | null
}

export type RunStage = NonNullable<Run['stage']>

/** One run with its evidence. */
export interface KeptRun {
  readonly run: RunHeader
  readonly findings: readonly Finding[]
  /** Those that the findings rest on, by key. */
  readonly observations: ReadonlyMap<string, KeptObservation>
}

/** A candidate's dossier as far as a view of the whole session goes: demands, without their findings. */
export interface DossierOutline {
  readonly code: string
  readonly seat: string | null
  readonly shown: RunSummary
  readonly stage: RunStage | null
  /** The shown run and those that asked again, the earliest first, without findings. */
  readonly runs: readonly RunHeader[]
  /** What stayed unknown, by run and demand. */
  readonly unobserved: readonly (Unobserved & { readonly run: string; readonly demand: string })[]
}

/** What the pages and the API ask of the store, in the words of the project. Every method rejects only when the store itself fails. */
export interface Store {
  readonly accounts: Accounts
  readonly life: SessionLife
  readonly work: WorkQueue
  readonly notes: Notes
  readonly journal: Journal
  readonly retention: Retention
  /** Takes a run once, whole or not at all; binds the agent's key at its first delivery. */
  receive(run: VerifiedRun, agent: Agent): Promise<Reception>
  /** The latest date first. */
  sessions(): Promise<SessionSummary[]>
  /** Candidates by code. Null where no run of that session was delivered. */
  session(id: string): Promise<SessionDetail | null>
  /** The dossier, of the run asked for or of the one a jury reads first. Null where there is no such thing. */
  dossier(session: string, candidate: string, run?: string): Promise<Dossier | null>
  /** The dossiers of all candidates of a session in outline, by code. */
  outlines(session: string): Promise<DossierOutline[]>
  /** One observation of a run, whole. */
  observation(run: string, key: string): Promise<KeptObservation | null>
  /** Whether a run is one of that candidate in that session. */
  isRunOf(run: string, session: string, candidate: string): Promise<boolean>
  /**
   * The demands of a candidate's dossier whose result is unknown, also after those asked again, and the run that a further
   * one would follow. Null where there is no run to follow.
   */
  unobservedDemands(session: string, candidate: string): Promise<{ run: string; demands: string[] } | null>
  /** Receipts of a session: its runs without anything that was found in them. */
  receipts(session: string): Promise<RunReceipt[]>
  /** Ids of all runs of a session, in the order in which they were received. */
  runsOf(session: string): Promise<string[]>
  /** The session that a run belongs to; null where there is no such run. */
  sessionOfRun(run: string): Promise<string | null>
  /** The canonical text of a run, signature included: what `probant verify` reads. */
  runText(id: string): Promise<string | null>
  /** Findings of all delivered runs of a session, or of one candidate, that bear on one criterion. */
  findings(where: {
    session: string
    candidate?: string | undefined
    criterion: string
  }): Promise<FoundFinding[]>
  /** Rejects with AgentNameTaken where the name exists. */
  addAgent(name: string, tokenHash: string): Promise<Agent>
  agentByToken(tokenHash: string): Promise<Agent | null>
  /** All links, the first first. */
  chain(): Promise<ChainLink[]>
  close(): Promise<void>
}

/** What a surveillant may know of a run. */
export interface RunReceipt {
  readonly run: string
  readonly candidate: string
  readonly stage: string | null
  readonly fingerprint: string
  readonly startedAt: string
  readonly endedAt: string
  readonly receivedAt: string
  readonly complete: boolean
  /** Place in the chain, and who delivered it. */
  readonly sequence: number
  readonly agent: string
}

export interface FoundFinding {
  readonly candidate: string
  readonly run: string
  readonly finding: Finding
}

/** Two agents can't have the same name: a receipt names whoever delivered. */
export class AgentNameTaken extends Error {
  constructor(name: string) {
    super(`an agent named ${name} exists already`)
    this.name = 'AgentNameTaken'
  }
}
