import { constants } from 'node:fs'
import { access, readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { nextRound } from '../../checks/plan.ts'
import { originsIn, type Asked, type SecretOrigin } from '../doctor/asked.ts'
import { bundleOf, writeBundle, type Walked } from '../doctor/bundle.ts'
import { diagnosisOf, waysTo } from '../doctor/diagnose.ts'
import { remediesOf } from '../doctor/remedies/of-findings.ts'
import { remedyLines, stepLines } from '../doctor/report.ts'
import { bundleSamples } from '../doctor/samples.ts'
import { portOf } from '../doctor/situation.ts'
import type { SshContext } from '../doctor/ssh.ts'
import { steps, type DoctorWay, type StepFinding } from '../doctor/step.ts'
import {
  isAddress,
  readTarget,
  WrongTarget,
  type AddressedTarget,
  type SecretKind,
} from '../doctor/target.ts'
import { walk, type Named } from '../doctor/walk.ts'
import { Channels } from '../run/channels.ts'
import { openCredentials } from '../run/credentials.ts'
import { readHidden } from '../secrets/hidden-input.ts'
import { scrub } from '../secrets/scrub.ts'
import { painted } from '../terminal/colour.ts'
import { programName } from '../terminal/program-name.ts'
import { statusLine } from '../terminal/status-line.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { visibleLine } from '../terminal/visible.ts'
import { wrapped } from '../terminal/wrapped.ts'
import { quoteArgv } from '../transports/shell/quote.ts'
import type { OpenCredential } from '../transports/transport.ts'
import { CommandFailure } from './command-failure.ts'
import { doctorLine } from './doctor-line.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { interruptible } from './interruption.ts'
import { openSession } from './open-session.ts'
import { systemReason } from './system-reason.ts'
import type { CommandContext, Options } from './verb.ts'

/** For connecting, TLS and authentication together, in ms: a person waits. */
const connectTimeoutMs = 8000

/** One machine to be diagnosed, from a session or typed. */
interface Patient {
  readonly name: string
  readonly candidate: string | null
  readonly ways: readonly DoctorWay[]
  readonly root: boolean
  readonly context: (signal: AbortSignal) => SshContext
  /** Values that must be nowhere in what is shown, as far as they were opened. */
  readonly secrets: ReadonlySet<string>
  readonly accounts: readonly string[]
  readonly asked: Asked
  readonly close: () => Promise<void>
}

/**
 * `probant doctor TARGET`: step by step what works from here, and what to run on the machine for what does not. Exit 0 where all
 * steps work, 3 where one doesn't.
 */
export async function doctor(
  [typed = '']: readonly string[],
  options: Options,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal } = context
  const bundle = options['bundle'] === undefined ? null : resolve(String(options['bundle']))
  if (bundle !== null) await refuseExisting(bundle)
  const patient = isAddress(typed)
    ? await addressed(typed, options, terminal)
    : await ofSession(typed, options, context)
  const samples = bundle === null ? [] : bundleSamples
  const { result, interrupted } = await interruptible(terminal, async (signal) => {
    const place = patient.context(signal)
    const walked: Walked[] = []
    try {
      for (const way of patient.ways)
        walked.push(await walkOne(way, patient, place, signal, samples, options, terminal))
    } finally {
      await patient.close()
    }
    return walked
  })
  const findings = result.flatMap((one) => one.findings)
  if (bundle !== null) {
    const accounts = patient.accounts.map((name): Named => ({ kind: 'account', name }))
    const named = result.map((one) => ({ ...one, names: [...one.names, ...accounts] }))
    const about = { version: context.version, secrets: [...patient.secrets], at: new Date() }
    await writeBundle(bundle, bundleOf(named, about)).catch((error: unknown) => {
      throw unwritable(bundle, error)
    })
    terminal.err(
      terminal.say({
        fr: `Diagnostic écrit dans ${bundle} : noms et adresses y sont remplacés, relisez-le avant de l'envoyer.`,
        en: `Diagnosis written to ${bundle}: names and addresses are replaced in it, read it before you send it.`,
      }),
    )
  }
  if (interrupted) return exitCode.interrupted
  const failed = findings.filter(({ state }) => state === 'fails').length
  terminal.err(
    terminal.say(
      failed === 0
        ? { fr: `Tout fonctionne d'ici.`, en: 'All works from here.' }
        : {
            fr: `${failed} étape${failed > 1 ? 's' : ''} à régler ; puis relancez : ${patient.asked.again}`,
            en: `${failed} step${failed > 1 ? 's' : ''} to mend; then run again: ${patient.asked.again}`,
          },
    ),
  )
  return failed === 0 ? exitCode.ok : exitCode.unknown
}

/** Walks one way, shows each step as it is known, and what to do at the end. */
async function walkOne(
  way: DoctorWay,
  patient: Patient,
  context: SshContext,
  signal: AbortSignal,
  samples: typeof bundleSamples,
  options: Options,
  terminal: Terminal,
): Promise<Walked> {
  const json = options['json'] === true
  const status = statusLine(terminal)
  const diagnosis = await diagnosisOf(way, context, { samples, root: patient.root })
  const { address } = context.target
  const port = portOf(way, context)
  if (!json) {
    const title = [patient.candidate, patient.name === address ? null : patient.name, address, way, port]
    const text = title.filter((part) => part !== null).join('  ')
    for (const line of wrapped(text, terminal.columns, 2, 0))
      terminal.out(painted(line, 'bold', terminal.colour.out))
  }
  const findings: StepFinding[] = []
  try {
    for await (const event of walk(diagnosis, signal)) {
      if (event.state === 'trying') {
        status.show(`${terminal.say(steps[event.step])} (${way} ${address})`)
        continue
      }
      status.clear()
      const finding = scrubbed(event, [...patient.secrets])
      findings.push(finding)
      if (!json) for (const line of stepLines(finding, terminal)) terminal.out(line)
      else terminal.out(JSON.stringify(await jsonOf(finding, way, patient, context, findings, terminal)))
    }
  } finally {
    status.clear()
  }
  if (!json) {
    const remedies = await remediesOf(findings, way, context, patient.asked)
    if (remedies.length > 0) {
      terminal.out('')
      for (const line of remedyLines(remedies, terminal)) terminal.out(line)
    }
    terminal.out('')
  }
  return { way, port, findings, said: diagnosis.said(), names: diagnosis.names() }
}

async function jsonOf(
  finding: StepFinding,
  way: DoctorWay,
  patient: Patient,
  context: SshContext,
  before: readonly StepFinding[],
  { lang }: Terminal,
) {
  // Of this step alone; who answered is known from those before.
  const until = before.map((one) => (one === finding ? one : { ...one, problem: null }))
  const remedies = await remediesOf(until, way, context, patient.asked)
  const { step, state, cause, problem, detail, note, ms, identity } = finding
  return {
    target: patient.name,
    candidate: patient.candidate,
    address: context.target.address,
    way,
    step,
    state,
    cause,
    problem,
    detail,
    note: note?.[lang] ?? null,
    ms,
    identity,
    remedies: remedies.map(({ place, says, lines }) => ({ place, says: says[lang], lines })),
  }
}

const scrubbed = (finding: StepFinding, secrets: readonly string[]): StepFinding => ({
  ...finding,
  detail: scrub(finding.detail, secrets),
  note: finding.note && { fr: scrub(finding.note.fr, secrets), en: scrub(finding.note.en, secrets) },
})

async function ofSession(role: string, options: Options, context: CommandContext): Promise<Patient> {
  if (options['session'] === undefined)
    throw new CommandFailure(
      {
        fr: `« ${visibleLine(role, 64)} » n'est pas une adresse (winrm://compte@machine…) : pour une machine de la session, ajoutez --session session.yaml`,
        en: `“${visibleLine(role, 64)}” is not an address (winrm://account@machine…): for a machine of the session, add --session session.yaml`,
      },
      exitCode.badInput,
    )
  const path = String(options['session'])
  const chosen = options['candidate']
  const { loaded, codes, secrets, checkIdentity } = await openSession(
    { session: path, ...(chosen === undefined ? {} : { candidate: [String(chosen)] }) },
    context,
  )
  const candidate = loaded.candidates.find(({ resolved }) => resolved.candidate.code === codes[0])
  const target =
    candidate && Object.hasOwn(candidate.resolved.targets, role)
      ? candidate.resolved.targets[role]
      : undefined
  if (!candidate || !target) {
    const roles = Object.keys(candidate?.resolved.targets ?? {}).join(', ')
    throw new CommandFailure(
      {
        fr: `pas de machine « ${visibleLine(role, 64)} » dans cette session ; choisissez parmi : ${roles}`,
        en: `no machine “${visibleLine(role, 64)}” in this session; choose among: ${roles}`,
      },
      exitCode.badInput,
    )
  }
  const { resolved, plan } = candidate
  const seen = new Set<string>()
  let channels: Channels | undefined
  return {
    name: role,
    candidate: resolved.candidate.code,
    ways: waysTo(target.target),
    root: [...nextRound(plan, new Map()).values()].some(
      (probe) => probe.to === role && 'as' in probe && probe.as === 'root',
    ),
    context(signal) {
      channels = new Channels({
        candidate: resolved,
        credentials: openCredentials(resolved.credentials, secrets, seen),
        checkIdentity,
        folder: loaded.folder,
        connectTimeoutMs,
        machineTimeoutMs: 60_000,
        signal,
      })
      return channels.context(role)
    },
    secrets: seen,
    accounts: Object.values(resolved.credentials).flatMap(({ user }) => user ?? []),
    asked: {
      again: doctorLine(role, path, resolved.candidate.code),
      doctorOf: (other) => doctorLine(other, path, resolved.candidate.code),
      typed: null,
      folder: dirname(path),
      secretsOf: originsIn(resolved.credentials, secrets),
    },
    close: async () => channels?.close(),
  }
}

async function addressed(typed: string, options: Options, terminal: Terminal): Promise<Patient> {
  const read = readAddress(typed)
  const { way, target, user } = read
  const key = options['key'] === undefined ? null : await readKey(String(options['key']))
  const values = await secretValues(read, key !== null, options, terminal)
  const credential: OpenCredential = {
    ...(user === null ? {} : { user }),
    ...(key === null ? { password: values.get('password') } : { key, passphrase: values.get('password') }),
    community: values.get('community'),
    ...(values.has('auth') ? { auth: { protocol: read.protocols.auth, secret: values.get('auth')! } } : {}),
    ...(values.has('privacy')
      ? { privacy: { protocol: read.protocols.privacy, secret: values.get('privacy')! } }
      : {}),
  }
  return {
    name: target.address,
    candidate: null,
    ways: [way],
    root: false,
    context: (signal) => ({
      role: 'machine',
      target,
      credentials: async () => credential,
      // Nothing is remembered outside a session: what is shown is said.
      checkIdentity: (_where, shown, pinned) => pinned === 'first-use' || pinned === shown,
      readFile: (path) => readFile(path, 'utf8'),
      connectTimeoutMs,
      signal,
      addressOf: () => target.address,
    }),
    secrets: new Set([...values.values(), ...(key === null ? [] : [key])]),
    accounts: user === null ? [] : [user],
    asked: {
      again: `${programName()} doctor ${quoteArgv([typed, ...optionsTyped(options)])}`,
      doctorOf: null,
      typed: { address: typed, options: optionsTyped(options) },
      folder: '',
      secretsOf: async () => originsTyped(read, options),
    },
    close: async () => undefined,
  }
}

/** Options that belong to the command when it is typed again. */
const optionsTyped = (options: Options): string[] =>
  Object.entries({
    '--key': options['key'],
    '--password-env': options['passwordEnv'],
    '--privacy-env': options['privacyEnv'],
  }).flatMap(([name, value]) => (value === undefined ? [] : [name, String(value)]))

/** Where what `secretValues` gave was taken from. */
function originsTyped({ secrets }: AddressedTarget, options: Options): SecretOrigin[] {
  const [key, password, privacy] = [options['key'], options['passwordEnv'], options['privacyEnv']]
  const named = secrets.flatMap((kind): SecretOrigin[] => {
    const variable = (kind === 'privacy' ? privacy : undefined) ?? password
    if (variable !== undefined)
      return [
        {
          kind: kind === 'password' && key !== undefined ? 'passphrase' : kind,
          from: `env:${String(variable)}`,
          missing: false,
        },
      ]
    return key === undefined ? [{ kind, from: 'prompt', missing: false }] : []
  })
  return key === undefined ? named : [{ kind: 'key', from: `file:${String(key)}`, missing: false }, ...named]
}

function readAddress(typed: string): AddressedTarget {
  try {
    return readTarget(typed)
  } catch (error) {
    if (error instanceof WrongTarget) throw new CommandFailure(error.text, exitCode.badInput)
    throw error
  }
}

const asked: Readonly<Record<SecretKind, (user: string) => { fr: string; en: string }>> = {
  password: (user) => ({ fr: `Mot de passe de ${user} : `, en: `Password of ${user}: ` }),
  community: () => ({ fr: 'Communauté SNMP : ', en: 'SNMP community: ' }),
  auth: (user) => ({
    fr: `Clé d’authentification SNMP de ${user} : `,
    en: `SNMP authentication key of ${user}: `,
  }),
  privacy: (user) => ({ fr: `Clé de chiffrement SNMP de ${user} : `, en: `SNMP privacy key of ${user}: ` }),
}

/** The secrets that the way needs: from the environment where it is named, else typed without echo. */
async function secretValues(
  { secrets, user }: AddressedTarget,
  keyed: boolean,
  options: Options,
  terminal: Terminal,
): Promise<Map<SecretKind, string>> {
  const values = new Map<SecretKind, string>()
  for (const kind of secrets) {
    const own = kind === 'privacy' ? options['privacyEnv'] : undefined
    const named = own ?? options['passwordEnv']
    if (named !== undefined) {
      const name = String(named)
      const value = process.env[name]
      if (!value)
        throw new CommandFailure(
          {
            fr: `la variable d'environnement ${visibleLine(name, 64)} n'a pas de valeur : définissez-la`,
            en: `the environment variable ${visibleLine(name, 64)} has no value: set it`,
          },
          exitCode.badInput,
        )
      values.set(kind, value)
      continue
    }
    if (keyed) continue
    const typed = await readHidden(asked[kind](visibleLine(user ?? '', 64))[terminal.lang])
    if (!typed)
      throw new CommandFailure(
        {
          fr: 'le secret manque : tapez-le au terminal, ou donnez --password-env NOM',
          en: 'the secret is missing: type it at the terminal, or give --password-env NAME',
        },
        exitCode.badInput,
      )
    values.set(kind, typed)
  }
  return values
}

async function readKey(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    const { fr, en } = systemReason(error)
    throw new CommandFailure(
      {
        fr: `impossible de lire la clé ${visibleLine(path)} : ${fr}`,
        en: `cannot read the key ${visibleLine(path)}: ${en}`,
      },
      exitCode.badInput,
    )
  })
}

/** Said before anything is asked of a machine: the file must not be there, and its folder must. */
async function refuseExisting(path: string): Promise<void> {
  await access(dirname(path), constants.W_OK).catch((error: unknown) => {
    throw unwritable(path, error)
  })
  const there = await access(path).then(
    () => true,
    () => false,
  )
  if (there) throw unwritable(path, Object.assign(new Error('EEXIST'), { code: 'EEXIST' }))
}

function unwritable(path: string, error: unknown): CommandFailure {
  const { fr, en } = systemReason(error)
  return new CommandFailure(
    {
      fr: `impossible d'écrire ${visibleLine(path)} : ${fr}`,
      en: `cannot write ${visibleLine(path)}: ${en}`,
    },
    exitCode.badInput,
  )
}
