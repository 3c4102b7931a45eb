import { same, type Text } from '../../../checks/text.ts'
import { places, type Remedy } from '../../doctor/remedies/remedy.ts'
import { inColumns } from '../../terminal/columns.ts'
import { painted } from '../../terminal/colour.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { visibleLine } from '../../terminal/visible.ts'
import { wrapped } from '../../terminal/wrapped.ts'
import type { Opening, PreparedRole, PreparedVariant, Preparation } from './preparation.ts'
import type { Step } from './steps.ts'

/** Lines of prose longer than this are hard to follow, however wide the terminal is. */
const WIDEST = 100

/** What is laid out, beyond the preparation itself. */
export interface ReportFacts {
  readonly title: string
  readonly exam: string
  /** YYYY-MM-DD */
  readonly date: string
  readonly candidates: number
  /** From where it is written that machines are asked; null where each machine's own is taken. */
  readonly from: string | null
  readonly agentKey: string
  /** What to do on the agent's own computer. */
  readonly agent: readonly Remedy[]
}

/** All of it, for whoever prepares machines a week before: prose is wrapped, what is to be pasted stands flush and whole. */
export function* reportLines(
  preparation: Preparation,
  facts: ReportFacts,
  terminal: Terminal,
): Generator<string> {
  const { say } = terminal
  const columns = Math.min(terminal.columns, Number.isFinite(terminal.columns) ? WIDEST : terminal.columns)
  const prose = (text: Text, indent = 0) => wrapped(say(text), columns, indent, indent > 0 ? 0 : indent)
  const title = (text: Text) => prose(text).map((line) => painted(line, 'bold', terminal.colour.out))

  yield* title({
    fr: `${visibleLine(facts.title, 200)}, ${dayOf(facts.date, 'fr')}`,
    en: `${visibleLine(facts.title, 200)}, ${dayOf(facts.date, 'en')}`,
  })
  yield* prose({
    fr: `Sujet : ${visibleLine(facts.exam, 200)} ; ${facts.candidates} candidat${facts.candidates > 1 ? 's' : ''}. Rien n’a été contacté : voici ce qui doit être là avant le jour, puis « probant preflight » le vérifie.`,
    en: `Exam: ${visibleLine(facts.exam, 200)}; ${facts.candidates} candidate${facts.candidates > 1 ? 's' : ''}. Nothing was contacted: this is what must be there before the day; “probant preflight” then verifies it.`,
  })
  yield* prose(
    facts.from === null
      ? {
          fr: 'Les lignes admettent le réseau de ce poste : lancez cette commande sur celui de l’agent, ou donnez son adresse par --from.',
          en: 'The lines let in the network of this computer: start this command on that of the agent, or give its address by --from.',
        }
      : {
          fr: `Les lignes n’admettent que l’agent : ${facts.from}.`,
          en: `The lines let in the agent alone: ${facts.from}.`,
        },
  )
  for (const role of preparation.roles) {
    yield ''
    yield* roleLines(role)
  }
  yield ''
  yield* title({ fr: 'Réseau : à laisser passer', en: 'Network: to be let through' })
  yield* openingLines(preparation.openings)
  yield ''
  yield* title({ fr: 'Poste de l’agent', en: 'The agent’s computer' })
  yield* prose({
    fr: `Clé de signature de l’agent (empreinte SHA-256), à noter pour reconnaître ses passages :`,
    en: `Signing key of the agent (SHA-256 fingerprint), to be noted to know its runs by:`,
  })
  yield facts.agentKey
  yield* stepLines(facts.agent)

  function* roleLines({ role, kind, variants, unused }: PreparedRole): Generator<string> {
    yield* title(same(kind === null ? role : `${role} (${kind})`))
    for (const [i, variant] of variants.entries()) {
      if (i > 0) yield ''
      yield* variantLines(variant)
    }
    if (unused.length > 0)
      yield* prose({
        fr: `Aucun contrôle de ce sujet ne prend ${unused.join(', ')} : retirez-le de la session, « preflight » l’essaierait quand même.`,
        en: `No check of this exam takes ${unused.join(', ')}: take it out of the session, “preflight” would try it all the same.`,
      })
  }

  function* variantLines({ machines, ways, asRoot, steps }: PreparedVariant): Generator<string> {
    const all = machines.map(({ candidate, address }) =>
      candidate === null ? address : `${candidate} ${address}`,
    )
    yield* prose(same(all.join(', ')))
    const named = ways
      .filter(({ way }) => way !== 'icmp')
      .map(({ way, users, port }) =>
        [way, port ?? '', accountsOf(users)].filter((part) => part !== '').join(' '),
      )
    if (named.length > 0)
      yield* prose({ fr: `Moyens : ${named.join(', ')}`, en: `Ways: ${named.join(', ')}` })
    if (steps.length === 0 && named.length === 0)
      yield* prose({
        fr: 'Rien à préparer : l’adresse suffit.',
        en: 'Nothing to prepare: the address is enough.',
      })
    if (asRoot.length > 0)
      yield* prose({
        fr: `En root, là où le compte ne peut pas lire : ${asRoot.join(', ')}. Sans la règle sudo, cela restera non vérifié.`,
        en: `As root, where the account may not read: ${asRoot.join(', ')}. Without the sudo rule, it stays unknown.`,
      })
    yield* stepLines(steps)
    yield* afterLines(steps)
  }

  function* stepLines(steps: readonly Remedy[]): Generator<string> {
    let before: Remedy['place'] | null = null
    for (const { place, says, lines } of steps) {
      if (place !== before) yield* prose({ fr: `${places[place].fr} :`, en: `${places[place].en}:` })
      before = place
      yield* wrapped(`– ${say(says)}`, columns, 2, 0)
      yield* lines
    }
  }

  /** What takes it all back, the last thing first. */
  function* afterLines(steps: readonly Step[]): Generator<string> {
    for (const [place, group] of Map.groupBy(
      steps.filter(({ after }) => after.length > 0),
      (one) => one.place,
    )) {
      const where = places[place]
      yield* prose({ fr: `Après la session. ${where.fr} :`, en: `After the session. ${where.en}:` })
      for (const { after } of group.toReversed()) yield* after
    }
  }

  function* openingLines(openings: readonly Opening[]): Generator<string> {
    const groups = Map.groupBy(openings, ({ role, asker, protocol, port, candidates }) =>
      JSON.stringify([role, asker, protocol, port, candidates]),
    )
    const rows = [...groups.values()].map((group) => {
      const { role, asker, protocol, port, candidates, for: reason } = group[0]!
      const from = [...new Set(group.flatMap((one) => one.from ?? []))]
      const to = [...new Set(group.map((one) => one.to))]
      // Where the agent is was said above.
      const whence =
        from.length > 0 && !(asker === 'agent' && facts.from !== null) ? `${from.join(', ')} → ` : ''
      const named = role === 'control' ? say({ fr: 'contrôle de la salle', en: 'control of the room' }) : role
      return [
        `${asker} → ${named}`,
        `${protocol === 'icmp' ? say({ fr: 'écho', en: 'echo' }) : `${port}/${protocol}`} ${reason}${candidates ? ' *' : ''}`,
        `${whence}${to.join(', ')}`,
      ]
    })
    const server = [
      say({ fr: 'agent → serveur', en: 'agent → server' }),
      'tcp',
      say({
        fr: 'le port du serveur Probant (443, ou 8080 sans proxy) ; les navigateurs du surveillant et du jury y vont aussi',
        en: 'the port of the Probant server (443, or 8080 without a proxy); the browsers of proctor and jury go there as well',
      }),
    ]
    yield* inColumns([...rows, server], terminal.columns)
    if (openings.some(({ candidates }) => candidates))
      yield* prose({
        fr: '* Un service que le sujet demande : la salle le laisse passer, l’ouvrir sur la machine est le travail du candidat.',
        en: '* A service that the exam asks for: the room lets it through, opening it on the machine is the candidate’s work.',
      })
  }
}

/** The accounts of one way: where they differ by their domain alone, the first and the last tell. */
function accountsOf(users: readonly string[]): string {
  const shown = users.length > 2 ? [users.at(0), '…', users.at(-1)].join(' ') : users.join(', ')
  return users.length === 0 ? '' : `(${visibleLine(shown, 160)})`
}

function dayOf(date: string, lang: 'fr' | 'en'): string {
  const day = new Intl.DateTimeFormat(lang, { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(`${date}T00:00:00Z`),
  )
  return lang === 'fr' ? day.replace(/^1 /, '1er ') : day
}
