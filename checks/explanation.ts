import type { Check } from './define.ts'
import { remedyFor } from './explanation/causes.ts'
import { lessons } from './explanation/lessons.ts'
import type { Finding } from './finding.ts'
import type { Observation } from './observation.ts'
import type { RunBody } from './run.ts'
import { filled, type Text } from './text.ts'

/** A piece of a sentence: our own words, or what an exam or a machine said, which is shown as it is and never typeset. */
export interface Phrase {
  readonly text: Text
  readonly ours: boolean
}

/** A finding put in words for somebody who learns: why it doesn't match, and what to do next. Pure. */
export interface Explanation {
  /** « On attendait … La machine montre … », or why nothing could be seen: pieces that follow one another. */
  readonly why: readonly Phrase[]
  /** What such a difference usually comes from; null where there is nothing to mend. */
  readonly lesson: Text | null
  /** What to do before looking again; null where the lesson says it. */
  readonly next: Text | null
  /** Two vantage points disagree: what that usually means. */
  readonly contradiction: Text | null
}

/**
 * Explains one finding of a training run. It says nothing of a finding that matches, and never more than was observed: where
 * nothing was, it is the cause that is explained.
 * @param check the check of today, for what it observes and its control; undefined where this version has none.
 */
export function explanationOf(
  finding: Finding,
  run: Pick<RunBody, 'observations' | 'exam'>,
  check: Pick<Check, 'observes' | 'control'> | undefined,
): Explanation {
  const contradiction = finding.contradiction ? contradictionWords(observationsOf(finding, run)) : null
  const because = { why: whyOf(finding), contradiction }
  switch (finding.verdict) {
    case 'pass':
      return { ...because, lesson: null, next: null }
    case 'na':
      return { ...because, lesson: null, next: null }
    case 'jury':
      return {
        ...because,
        lesson: {
          fr: 'Aucune machine ne peut le dire : préparez-vous à le montrer et à l’expliquer.',
          en: 'No machine can tell: be ready to show and to explain it.',
        },
        next: null,
      }
    case 'unknown':
      return { ...because, ...ofUnknown(finding, check) }
    case 'fail':
      return { ...because, lesson: lessonOf(finding, run, check), next: null }
  }
}

/** Whether the exam asks for the contrary of what the check says (`not`). */
export function isNegated({ exam }: Pick<RunBody, 'exam'>, finding: Finding): boolean {
  const demand = exam.demands.find(({ id }) => id === finding.demand)
  const calls = (demand?.alternatives[finding.alternative] ?? []).filter((c) => c.check === finding.check)
  return calls.length > 0 && calls.every((call) => call.not)
}

const ours = (fr: string, en: string): Phrase => ({ text: { fr, en }, ours: true })
const theirs = (text: Text): Phrase => ({ text, ours: false })

function whyOf({ verdict, expected, observed, cause, transport, address, from }: Finding): Phrase[] {
  const asked = [ours('On attendait : ', 'Expected: '), theirs(expected)]
  if (verdict === 'pass') return [...asked, ours('. C’est constaté.', '. Observed.')]
  if (verdict === 'unknown' && cause) {
    const { fr, en } = filled(remedyFor(cause, transport).because, { address: address || '?' })
    return [...asked, ours(`. Cela n’a pas pu être vérifié : ${fr}.`, `. This could not be verified: ${en}.`)]
  }
  const shows =
    from === 'agent'
      ? ours('. La machine montre : ', '. The machine shows: ')
      : ours(`. Vu de « ${from} » : `, `. Seen from “${from}”: `)
  return [...asked, shows, theirs(observed), ours('.', '.')]
}

function ofUnknown(
  { cause, transport, address }: Finding,
  check: Pick<Check, 'control'> | undefined,
): Pick<Explanation, 'lesson' | 'next'> {
  if (!cause) return { lesson: null, next: null }
  const next = filled(remedyFor(cause, transport).next, { address: address || '?' })
  const lesson =
    cause === 'control' && check
      ? { fr: `Le témoin est ici : ${check.control.fr}.`, en: `The control here: ${check.control.en}.` }
      : null
  return { lesson, next }
}

function lessonOf(
  finding: Finding,
  run: Pick<RunBody, 'observations' | 'exam'>,
  check: Pick<Check, 'observes'> | undefined,
): Text | null {
  if (isNegated(run, finding))
    return {
      fr: 'La demande veut justement que ce ne soit pas le cas.',
      en: 'The demand asks precisely that it is not so.',
    }
  const [first] = observationsOf(finding, run)
  // What was looked at first is what the check is about; the others are what makes it believable.
  const words = first ? seenIn(first, finding.check) : null
  if (words) return words
  if (Object.hasOwn(lessons, finding.check)) return lessons[finding.check]!
  return check
    ? { fr: `Ce qui est regardé : ${check.observes.fr}.`, en: `What is looked at: ${check.observes.en}.` }
    : null
}

const observationsOf = (
  { evidence }: Finding,
  { observations }: Pick<RunBody, 'observations'>,
): Observation[] =>
  evidence.flatMap((key) =>
    Object.hasOwn(observations, key) && observations[key] ? [observations[key]] : [],
  )

/** What an observation itself teaches, whichever check asked: an absence or a refusal has its own usual reasons. */
function seenIn({ answer, failure }: Observation, check: string): Text | null {
  if (!answer) return failure?.cause === 'refused' ? connections['refused']! : null
  if (answer.kind === 'file' && !answer.exists && check === 'linux.file')
    return {
      fr: 'Rien ne porte ce nom à cet endroit : comparez le chemin lettre à lettre, majuscules comprises, et regardez dans quel dossier le fichier a vraiment été écrit.',
      en: 'Nothing has this name in this place: compare the path letter by letter, capitals included, and look in which folder the file was really written.',
    }
  if (answer.kind === 'tcp') return connections[answer.state] ?? null
  if (answer.kind === 'dns' && answer.rcode === 'NXDOMAIN')
    return {
      fr: 'Le serveur dit que ce nom n’existe pas (NXDOMAIN) : l’enregistrement manque, est dans une autre zone, ou la zone n’a pas été rechargée.',
      en: 'The server says that this name does not exist (NXDOMAIN): the record is missing, is in another zone, or the zone was not reloaded.',
    }
  if (answer.kind === 'http' && answer.status >= 500)
    return {
      fr: 'Un code 5xx est une panne derrière le serveur web (programme, droits, base) : son journal d’erreurs la nomme.',
      en: 'A 5xx status is a fault behind the web server (program, rights, database): its error log names it.',
    }
  return null
}

const connections: Readonly<Partial<Record<string, Text>>> = {
  refused: {
    fr: 'Une connexion refusée vient d’une machine en marche : aucun programme n’écoute à cette adresse, ou un pare-feu rejette. « ss -ltn » dit sur quelles adresses le service écoute.',
    en: 'A refused connection comes from a machine that is up: no program listens at this address, or a firewall rejects. “ss -ltn” says at which addresses the service listens.',
  },
  silent: {
    fr: 'Un silence est le fait d’un pare-feu qui jette les paquets, rarement du service : regardez les règles dans leur ordre.',
    en: 'Silence is the doing of a firewall that drops packets, rarely of the service: look at the rules in their order.',
  },
  unreachable: {
    fr: 'Un équipement du chemin rejette la connexion : regardez le pare-feu et la route vers cette machine.',
    en: 'A device on the way rejects the connection: look at the firewall and the route to this machine.',
  },
}

/** The usual reasons, as far as the answers tell them apart. */
function contradictionWords(observations: readonly Observation[]): Text {
  const state = observations.flatMap(({ answer }) => (answer?.kind === 'tcp' ? [answer.state] : []))[0]
  if (state === 'open')
    return {
      fr: 'Deux points de vue se contredisent : le port répond de l’extérieur alors que la machine ne montre rien à l’écoute pour les autres. D’ordinaire, une autre machine répond à cette adresse, ou une redirection de port (NAT, conteneur).',
      en: 'Two vantage points contradict each other: the port answers from outside while the machine shows nothing listening for others. Usually another machine answers at this address, or a port is forwarded (NAT, container).',
    }
  return {
    fr: 'Deux points de vue se contredisent : de l’intérieur le service écoute, de l’extérieur il ne répond pas. D’ordinaire, un pare-feu l’arrête, ou il n’écoute que sur 127.0.0.1 ou sur une autre carte.',
    en: 'Two vantage points contradict each other: from inside the service listens, from outside it does not answer. Usually a firewall stops it, or it listens on 127.0.0.1 or on another card only.',
  }
}
