import type { AssembledCandidate } from '../../../checks/session-files.ts'
import type { ResolvedCandidate } from '../../../checks/session.ts'
import type { Way } from '../../../checks/ways.ts'
import type { SecretOrigin } from '../../doctor/asked.ts'
import { places } from '../../doctor/remedies/remedy.ts'
import { portOf } from '../../doctor/situation.ts'
import { doctorWays, type DoctorWay } from '../../doctor/step.ts'
import type { LoadedSession } from '../../run/load.ts'
import { credentialOf, expectedSituation, secretsOf, type From } from './expected.ts'
import { possibleQuestions, type PossibleQuestion } from './questions.ts'
import { keyed, siteAccount, stepsFor, type Step } from './steps.ts'

/** A machine of a candidate; one that several share has no candidate. */
export interface PreparedMachine {
  readonly candidate: string | null
  readonly address: string
}

export interface PreparedWay {
  readonly way: DoctorWay | 'http'
  readonly users: readonly string[]
  readonly port: number | null
}

/** What must be there on the machines of one role that want the same. */
export interface PreparedVariant {
  readonly machines: readonly PreparedMachine[]
  /** Ways by which they are asked, with the accounts (they may differ by their domain) and the port of each; null where there is none. */
  readonly ways: readonly PreparedWay[]
  /** Checks that may read as root. */
  readonly asRoot: readonly string[]
  readonly steps: readonly Step[]
}

export interface PreparedRole {
  readonly role: string
  /** The kind that the exam gives it; null for a machine that is only gone through. */
  readonly kind: string | null
  readonly variants: readonly PreparedVariant[]
  /** Ways that the session gives and no check of this exam needs: preflight would try them all the same. */
  readonly unused: readonly string[]
}

/** One thing that the network must let through. */
export interface Opening {
  readonly role: string
  readonly candidate: string | null
  /** `agent`, or the role that asks. */
  readonly asker: string
  /** Address or network; null where it can't be told. */
  readonly from: string | null
  readonly to: string
  readonly protocol: 'tcp' | 'udp' | 'icmp'
  /** Null for an echo. */
  readonly port: number | null
  readonly for: string
  /** What answers there is the candidate's own work: only the room's network has to be opened. */
  readonly candidates: boolean
}

export interface NeededSecret {
  readonly role: string
  readonly credential: string
  readonly origin: SecretOrigin
}

export interface Preparation {
  readonly roles: readonly PreparedRole[]
  readonly openings: readonly Opening[]
  readonly secrets: readonly NeededSecret[]
  /** Programs that the agent itself starts. */
  readonly programs: readonly ('ping' | 'smbclient')[]
}

/** What is known of where this is asked from: none of it is learned from a machine. */
export interface Surroundings {
  readonly fromOf: (address: string) => From
  /** The public key (`type base64`) of the private key that the reference leads to; null where it can't be had. */
  readonly publicKeyOf: (key: string) => string | null
  /** Of the session: YYYY-MM-DD. */
  readonly date: string
  /** The account of the system that the agent runs under. */
  readonly agentUser: string
}

const powershellWays: ReadonlySet<Way> = new Set(['winrm', 'powershell-ssh', 'powershell-local'])
const isDoctorWay = (way: Way): way is DoctorWay => (doctorWays as readonly string[]).includes(way)

/** Rules that expire do so two days after the session: it may last into the night, and clocks differ. */
function dayAfter(date: string): string {
  const day = new Date(`${date}T00:00:00Z`)
  day.setUTCDate(day.getUTCDate() + 2)
  return day.toISOString().slice(0, 10).replaceAll('-', '')
}

/** Everything that must be there before the day of a session, and nothing that it doesn't need. Pure; contacts nothing. */
export function preparationOf(
  { candidates, exam, session }: Pick<LoadedSession, 'candidates' | 'exam' | 'session'>,
  surroundings: Surroundings,
): Preparation {
  const works = candidates.map((candidate) => new CandidateWork(candidate, surroundings))
  const names = [...new Set(works.flatMap((work) => work.roles()))]
  const kinds: Readonly<Record<string, string>> = exam.roles
  const order = [...Object.keys(exam.roles), ...names.filter((name) => !Object.hasOwn(kinds, name))]
  const roles = order
    .filter((role) => names.includes(role))
    .map((role): PreparedRole => {
      const variants = new Map<string, PreparedVariant>()
      const concerned = works.filter((work) => work.roles().includes(role))
      for (const work of concerned) {
        const variant = work.variant(role, kinds[role] ?? null)
        const key = JSON.stringify([
          variant.steps,
          variant.asRoot,
          variant.ways.map(({ way, port }) => [way, port]),
        ])
        const known = variants.get(key)
        variants.set(key, known ? together(known, variant) : variant)
      }
      const unused = concerned.map((work) => work.unused(role))
      return {
        role,
        kind: kinds[role] ?? null,
        variants: [...variants.values()],
        unused: (unused[0] ?? []).filter((way) => unused.every((all) => all.includes(way))),
      }
    })
  const openings = works.flatMap((work) => work.openings())
  const control = session.file.control
  if (control)
    openings.push({
      role: 'control',
      candidate: null,
      asker: 'agent',
      ...fromAgent(surroundings.fromOf(control.address)),
      to: control.address,
      protocol: 'icmp',
      port: null,
      for: 'icmp',
      candidates: false,
    })
  const secrets = works.flatMap((work) => work.secrets())
  return {
    roles,
    openings: once(openings),
    secrets: once(secrets),
    programs: works.some((work) => work.asks('smb')) ? ['ping', 'smbclient'] : ['ping'],
  }
}

/** The same steps for one more machine. */
const together = (a: PreparedVariant, b: PreparedVariant): PreparedVariant => ({
  ...a,
  machines: once([...a.machines, ...b.machines]),
  ways: a.ways.map((way, i) => ({
    ...way,
    users: [...new Set([...way.users, ...(b.ways[i]?.users ?? [])])],
  })),
})

/** Steps of one place stand together. */
const byPlace = (steps: readonly Step[]): Step[] => {
  const order = Object.keys(places)
  return [...steps].sort((a, b) => order.indexOf(a.place) - order.indexOf(b.place))
}

const once = <T>(all: readonly T[]): T[] => [
  ...new Map(all.map((one) => [JSON.stringify(one), one])).values(),
]
const fromAgent = ({ network, address }: From) => ({ from: network ?? address })

/** What the checks need of one candidate's machines. */
class CandidateWork {
  readonly #resolved: ResolvedCandidate
  readonly #questions: readonly PossibleQuestion[]
  readonly #around: Surroundings
  /** Ways of each role that some question takes, or that lead to one that does. */
  readonly #ways = new Map<string, Set<DoctorWay>>()
  /** `address:port` of the machines that are reached through a role. */
  readonly #beyond = new Map<string, Set<string>>()

  constructor({ resolved, plan }: AssembledCandidate, around: Surroundings) {
    this.#resolved = resolved
    this.#around = around
    this.#questions = possibleQuestions(plan, resolved.targets)
    for (const { route, probe } of this.#questions) {
      for (const role of [route.role, probe.to]) this.#take(role, 'icmp') // preflight pings every machine
      if (isDoctorWay(route.way)) this.#take(route.role, route.way)
    }
  }

  #take(role: string, way: DoctorWay): void {
    const ways = this.#ways.get(role) ?? new Set()
    this.#ways.set(role, ways)
    ways.add(way)
    const { address, ssh } = this.#target(role)
    if ((way !== 'ssh' && way !== 'powershell-ssh') || ssh?.jump === undefined) return
    const beyond = this.#beyond.get(ssh.jump) ?? new Set()
    this.#beyond.set(ssh.jump, beyond)
    beyond.add(`${address}:${ssh.port}`)
    this.#take(ssh.jump, 'icmp')
    this.#take(ssh.jump, 'ssh')
  }

  #target(role: string) {
    return this.#resolved.targets[role]!.target
  }

  roles = (): string[] => [...this.#ways.keys()]
  asks = (way: DoctorWay): boolean => [...this.#ways.values()].some((ways) => ways.has(way))

  /** Whether a site of this role wants to know who asks. */
  #site(role: string): boolean {
    return (
      this.#target(role).http?.credential !== undefined &&
      this.#questions.some(({ route }) => route.role === role && route.way === 'http')
    )
  }

  #waysOf(role: string): DoctorWay[] {
    const ways = this.#ways.get(role)
    return doctorWays.filter((way) => ways?.has(way))
  }

  /** From where the machine sees the question of a way come. */
  #from(way: DoctorWay, role: string): From {
    const { address, ssh } = this.#target(role)
    const jump = way === 'ssh' || way === 'powershell-ssh' ? ssh?.jump : undefined
    return jump === undefined
      ? this.#around.fromOf(address)
      : { address: this.#target(jump).address, network: null }
  }

  #keyLine(way: DoctorWay, role: string): string | null {
    const name = credentialOf(way, this.#resolved, role)
    const key = name === null ? undefined : this.#resolved.credentials[name]?.key
    if (key === undefined) return null
    const line = `${this.#around.publicKeyOf(key) ?? 'PUBLIC-KEY'} probant`
    if (way !== 'ssh') return line
    const { network, address } = this.#from(way, role)
    const from = network ?? address
    const beyond = [...(this.#beyond.get(role) ?? [])].sort()
    const options = [
      'restrict',
      ...(beyond.length > 0 ? ['port-forwarding', ...beyond.map((one) => `permitopen="${one}"`)] : []),
      ...(from === null ? [] : [`from="${from}"`]),
    ]
    return `${options.join(',')} ${line}`
  }

  variant(role: string, kind: string | null): PreparedVariant {
    const { address, http } = this.#target(role)
    const { shared } = this.#resolved.targets[role]!
    const mine = this.#questions.filter(({ route }) => route.role === role)
    const asRoot = [...new Set(mine.filter((one) => one.asRoot).map(({ check }) => check))].sort()
    const administrator = mine.some(
      ({ route, probe }) => powershellWays.has(route.way) && probe.kind !== 'ldap',
    )
    const situations = this.#waysOf(role).map((way) => {
      const situation = expectedSituation(way, this.#resolved, role, this.#from(way, role))
      return way === 'local' ? { ...situation, user: this.#around.agentUser } : situation
    })
    const steps = situations.flatMap((situation) =>
      stepsFor({
        situation,
        asRoot,
        administrator,
        keyLine: keyed(situation) ? this.#keyLine(situation.way, role) : null,
        until: dayAfter(this.#around.date),
        answersEcho: kind !== 'windows',
      }),
    )
    const site = this.#site(role) ? http?.credential : undefined
    const visitor = site === undefined ? null : (this.#resolved.credentials[site]?.user ?? null)
    const ways = situations.map(({ way, user, port }): PreparedWay => ({
      way,
      users: user === null ? [] : [user],
      port,
    }))
    return {
      machines: [{ candidate: shared ? null : this.#resolved.candidate.code, address }],
      ways: visitor === null ? ways : [...ways, { way: 'http', users: [visitor], port: null }],
      asRoot,
      steps: byPlace(once([...steps, ...(visitor === null ? [] : [siteAccount(visitor)])])),
    }
  }

  unused(role: string): string[] {
    const target = this.#target(role)
    const used = this.#waysOf(role)
    const through = target.ldap?.through === 'powershell'
    const given = {
      ssh: used.includes('ssh') || used.includes('powershell-ssh'),
      winrm: used.includes('winrm'),
      smb: used.includes('smb'),
      ldap: used.includes('ldap') || through,
      snmp: used.includes('snmp'),
    }
    return Object.entries(given).flatMap(([way, needed]) =>
      target[way as keyof typeof given] === undefined || needed ? [] : [way],
    )
  }

  openings(): Opening[] {
    const ofWays = this.roles().flatMap((role) =>
      this.#waysOf(role).flatMap((way): Opening[] => {
        const target = this.#target(role)
        const port = portOf(way, { target })
        if (way !== 'icmp' && port === null) return []
        const jump = way === 'ssh' || way === 'powershell-ssh' ? target.ssh?.jump : undefined
        const protocol = way === 'icmp' ? 'icmp' : way === 'snmp' ? 'udp' : 'tcp'
        const { network, address } = this.#from(way, role)
        return [
          {
            ...this.#named(role),
            asker: jump ?? 'agent',
            from: network ?? address,
            to: target.address,
            protocol,
            port,
            for: way,
            candidates: false,
          },
        ]
      }),
    )
    return [...ofWays, ...this.#openingsOfQuestions()]
  }

  /**
   * Questions of the agent that go to a port of their own. What one machine asks of another is left out: whether that goes
   * through is what the exam is about.
   */
  #openingsOfQuestions(): Opening[] {
    return this.#questions.flatMap(({ probe: { kind, from, to }, port }) => {
      if (from !== 'agent' || (kind !== 'http' && kind !== 'dns' && kind !== 'tcp')) return []
      const { address } = this.#target(to)
      const protocols = kind === 'dns' ? (['udp', 'tcp'] as const) : (['tcp'] as const)
      return protocols.map((protocol): Opening => ({
        ...this.#named(to),
        asker: 'agent',
        ...fromAgent(this.#around.fromOf(address)),
        to: address,
        protocol,
        port,
        for: kind,
        candidates: this.#resolved.targets[to]!.shared === null,
      }))
    })
  }

  #named(role: string) {
    const { shared } = this.#resolved.targets[role]!
    return { role, candidate: shared ? null : this.#resolved.candidate.code }
  }

  secrets(): NeededSecret[] {
    return this.roles().flatMap((role) => {
      const names = [
        ...this.#waysOf(role).map((way) => credentialOf(way, this.#resolved, role)),
        ...(this.#site(role) ? [credentialOf('http', this.#resolved, role)] : []),
      ]
      return [...new Set(names.filter((name) => name !== null))].flatMap((credential) =>
        secretsOf(this.#resolved.credentials[credential]).map((origin) => ({ role, credential, origin })),
      )
    })
  }
}
