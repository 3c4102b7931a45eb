import type { Finding } from '../../checks/finding.ts'
import type { Problem, Rehearsal, SaidOtherwise, Warning } from '../../checks/rehearsal.ts'
import { joined, same, type Text } from '../../checks/text.ts'
import type { Cause } from '../../checks/verdict.ts'
import { blameWords, causeWords } from '../reports/words.ts'
import { verdictLook } from '../terminal/colour.ts'
import { programName } from '../terminal/program-name.ts'
import { stageWords } from './stage.ts'

/** A line of what was seen: `label` is our sentence, `value` may be a machine's or a file's and is shown as it is, made harmless. */
export interface Seen {
  readonly label: Text
  readonly value: Text
}

/** What is said of one problem or warning: what it is, what was seen, what to do next. */
export interface Words {
  readonly title: Text
  readonly seen: readonly Seen[]
  readonly next: Text
}

const nothing: Text = { fr: '', en: '' }

export function problemWords(problem: Problem): Words {
  switch (problem.kind) {
    case 'given-for-free':
      return {
        title: { fr: "donnée d'avance", en: 'given for free' },
        seen: [
          ...solution(problem.alternative, {
            fr: 'constatée par cette seule solution acceptée : ',
            en: 'observed by this accepted alternative only: ',
          }),
          ...problem.findings.map((finding) => ({
            label: {
              fr: `sur les machines telles que remises, ${verdictLook.pass.fr} : `,
              en: `on the machines as handed out, ${verdictLook.pass.en}: `,
            },
            value: claim(finding),
          })),
        ],
        next: {
          fr: "demandez ce que la machine n'a pas encore, ou remettez-la sans cet état",
          en: 'ask for what the machine does not have yet, or hand it out without this state',
        },
      }
    case 'contradicts-text':
      return {
        title: { fr: 'le contrôle contredit son texte', en: 'the check contradicts its text' },
        seen: [...problem.contradictions.flatMap(contradiction), ...seenOf(problem.finding)],
        next: {
          fr: 'décidez laquelle des deux valeurs est la bonne, et corrigez l’autre',
          en: 'decide which of the two values is right, and correct the other',
        },
      }
    case 'flapping':
      return {
        title: {
          fr: 'deux passages de suite ne disent pas la même chose',
          en: 'two runs in a row do not say the same',
        },
        seen: [
          ...check(problem.model ?? problem.again),
          at(stageWords.model, problem.model),
          at(stageWords.again, problem.again),
        ],
        next: {
          fr: `cherchez ce qui change sur la machine entre deux passages, et demandez un état qui dure${byHand(problem.again ?? problem.model).fr}`,
          en: `find what changes on the machine between two runs, and ask for a state that lasts${byHand(problem.again ?? problem.model).en}`,
        },
      }
    case 'cannot-pass':
      return {
        title: { fr: 'non constaté sur la réponse modèle', en: 'not observed on the model answer' },
        seen: [
          ...solution(problem.alternative, { fr: 'solution acceptée : ', en: 'accepted alternative: ' }),
          ...seenOf(problem.finding),
          ...(problem.before
            ? [
                {
                  label: {
                    fr: 'constaté sur les machines telles que remises : ',
                    en: 'observed on the machines as handed out: ',
                  },
                  value: problem.before.observed,
                },
              ]
            : []),
        ],
        next: problem.before
          ? {
              fr: `ce contrôle peut réussir : voyez ce que la réponse modèle défait${byHand(problem.finding).fr}`,
              en: `this check can pass: find what the model answer undoes${byHand(problem.finding).en}`,
            }
          : {
              fr: `soit la réponse modèle est incomplète, soit le contrôle ne peut pas réussir : voyez lequel des deux${byHand(problem.finding).fr}`,
              en: `either the model answer is incomplete, or the check cannot pass: find out which${byHand(problem.finding).en}`,
            },
      }
    case 'unknown-on-model': {
      const { finding } = problem
      return {
        title: { fr: 'non vérifié sur la réponse modèle', en: 'not verified on the model answer' },
        seen: [
          ...solution(problem.alternative, { fr: 'solution acceptée : ', en: 'accepted alternative: ' }),
          ...check(finding),
          { label: { fr: 'cause : ', en: 'cause: ' }, value: reasonOf(finding) },
        ],
        next: remedy(finding),
      }
    }
    case 'incomplete-run':
      return {
        title: { fr: 'passage incomplet', en: 'incomplete run' },
        seen: [{ label: { fr: 'passage : ', en: 'run: ' }, value: stageWords[problem.stage] }],
        next: {
          fr: 'donnez-lui plus de temps avec --timeout, ou voyez quelle machine ne répond pas',
          en: 'give it more time with --timeout, or find out which machine does not answer',
        },
      }
    case 'nothing-observed':
      return {
        title: {
          fr: "rien n'a été vérifié sur les machines telles que remises",
          en: 'nothing was verified on the machines as handed out',
        },
        seen: [
          {
            label: {
              fr: "qu'aucune demande n'y soit constatée ne prouve donc rien",
              en: 'that no demand is observed there proves nothing then',
            },
            value: nothing,
          },
        ],
        next: {
          fr: `voyez ce qui marche d'ici : ${programName()} preflight --session …`,
          en: `see what works from here: ${programName()} preflight --session …`,
        },
      }
  }
}

export function warningWords(warning: Warning): Words {
  switch (warning.kind) {
    case 'uncovered-criterion':
      return {
        title: {
          fr: `aucune demande ne touche le critère ${warning.criterion.id}`,
          en: `no demand touches criterion ${warning.criterion.id}`,
        },
        seen: [
          {
            label: nothing,
            value: same(warning.criterion.label),
          },
        ],
        next: {
          fr: 'ajoutez une demande pour chaque critère que le sujet doit couvrir ; le jury apprécie les autres à l’entretien',
          en: 'add a demand for each criterion that the exam should cover; the jury appreciates the others in the entretien',
        },
      }
    case 'single-vantage':
      return {
        title: {
          fr: `${warning.check} ne voit que d’un côté, alors que deux existent`,
          en: `${warning.check} sees from one side only, where two exist`,
        },
        seen: [],
        next: warning.suggestion,
      }
    case 'slow-check':
      return {
        title: {
          fr: `les questions de ${warning.check} ont pris ${seconds(warning.ms, 'fr')} s`,
          en: `the questions of ${warning.check} took ${seconds(warning.ms, 'en')} s`,
        },
        seen: [],
        next: {
          fr: 'voyez si la machine était occupée ; sinon, demandez moins large',
          en: 'see whether the machine was busy; otherwise ask for less',
        },
      }
    case 'text-differs':
      return {
        title: {
          fr: 'le texte et le contrôle ne disent pas la même valeur',
          en: 'the text and the check do not say the same value',
        },
        seen: warning.contradictions.flatMap(contradiction),
        next: {
          fr: 'la réponse modèle est constatée, mais un candidat lit le texte : mettez-les d’accord',
          en: 'the model answer is observed, but a candidate reads the text: make them agree',
        },
      }
    case 'alternative-unproved':
      return {
        title: {
          fr: `solution ${(warning.alternative ?? 0) + 1} jamais constatée : la demande l'est par une autre`,
          en: `alternative ${(warning.alternative ?? 0) + 1} never observed: the demand is by another one`,
        },
        seen: [],
        next: {
          fr: 'répétez aussi avec une réponse modèle qui la suit : rien ne dit encore qu’elle puisse être constatée',
          en: 'rehearse also with a model answer that follows it: nothing says yet that it can be observed',
        },
      }
  }
}

/** The last word on the exam. */
export function conclusion({ outcome, unknowns, unprovable }: Rehearsal): Text {
  if (outcome === 'unproved')
    return {
      fr: 'Le sujet n’est pas prouvé : corrigez les points ci-dessus, puis répétez.',
      en: 'The exam is not proved: correct the points above, then rehearse again.',
    }
  if (outcome === 'not-verified')
    return {
      fr: 'Le sujet n’est pas prouvé : rien de ce qui a été vu ne le contredit, mais tout n’a pas pu être vérifié.',
      en: 'The exam is not proved: nothing that was seen contradicts it, but not all could be verified.',
    }
  const spared: Text[] = [
    ...(unknowns.length > 0
      ? [
          {
            fr: 'rien n’est dit de ce qui est resté non vérifié sur les machines telles que remises',
            en: 'nothing is said of what stayed unverified on the machines as handed out',
          },
        ]
      : []),
    ...(unprovable.length > 0
      ? [
          {
            fr: 'ni de ce qu’aucun passage ne peut prouver',
            en: 'nor of what no run can prove',
          },
        ]
      : []),
  ]
  if (spared.length === 0) return { fr: 'Le sujet est prouvé.', en: 'The exam is proved.' }
  const rest = joined(
    unknowns.length > 0
      ? spared
      : [
          {
            fr: 'rien n’est dit de ce qu’aucun passage ne peut prouver',
            en: 'nothing is said of what no run can prove',
          },
        ],
  )
  return { fr: `Le sujet est prouvé ; ${rest.fr}.`, en: `The exam is proved; ${rest.en}.` }
}

/** Why a finding is non vérifié, and on whose side. */
export function reasonOf({ cause, blame, detail }: Finding): Text {
  const why = cause === null ? same('—') : causeWords[cause]
  const parts = [why, ...(blame ? [blameWords[blame]] : [])]
  const technical = detail ? ` (${detail.trim()})` : ''
  const { fr, en } = joined(parts)
  return { fr: fr + technical, en: en + technical }
}

const seconds = (ms: number, lang: 'fr' | 'en') =>
  new Intl.NumberFormat(lang, { maximumFractionDigits: 1 }).format(ms / 1000)

/** The claim of a check and what was observed, with the cell of a matrix. */
function claim({ says, cell, observed }: Finding): Text {
  const about = cell ? joined([says, cell], ', ') : says
  return { fr: `${about.fr} : ${observed.fr}`, en: `${about.en}: ${observed.en}` }
}

function check(finding: Finding | null): Seen[] {
  if (!finding) return []
  const about = finding.cell ? joined([finding.says, finding.cell], ', ') : finding.says
  return [{ label: { fr: `${finding.check} : `, en: `${finding.check}: ` }, value: about }]
}

const seenOf = (finding: Finding): Seen[] => [
  ...check(finding),
  { label: { fr: 'attendu : ', en: 'expected: ' }, value: finding.expected },
  { label: { fr: 'relevé : ', en: 'observed: ' }, value: finding.observed },
]

function at(stage: Text, finding: Finding | null): Seen {
  if (!finding)
    return {
      label: { fr: `${stage.fr} : aucun constat`, en: `${stage.en}: no finding` },
      value: nothing,
    }
  const { shape, fr, en } = verdictLook[finding.verdict]
  const label = { fr: `${stage.fr} : ${shape} ${fr}, `, en: `${stage.en}: ${shape} ${en}, ` }
  return { label, value: finding.verdict === 'unknown' ? reasonOf(finding) : finding.observed }
}

const contradiction = ({ inText, inCheck }: SaidOtherwise): Seen[] => [
  { label: { fr: 'le texte dit : ', en: 'the text says: ' }, value: same(inText) },
  { label: { fr: 'le contrôle attend : ', en: 'the check expects: ' }, value: same(inCheck) },
]

const solution = (alternative: number | null, label: Text): Seen[] =>
  alternative === null ? [] : [{ label, value: same(alternative + 1) }]

const byHand = (finding: Finding | null): Text =>
  finding === null || finding.byHand.fr === '—'
    ? nothing
    : {
        fr: ` (à la main : ${finding.byHand.fr})`,
        en: ` (by hand: ${finding.byHand.en})`,
      }

/** What to do about a question that the model answer left without an answer, by its cause. */
function remedy({ cause, target, check: id }: Finding): Text {
  const doctor = `${programName()} doctor ${target} --session …`
  const way: Text = {
    fr: `voyez ce qui manque vers cette machine : ${doctor}`,
    en: `see what is missing towards this machine: ${doctor}`,
  }
  const remedies: Partial<Record<Cause, Text>> = {
    denied: {
      fr: 'donnez au compte de correction le droit de lire cela (« probant prepare » dit lequel)',
      en: 'give the grading account the right to read this (“probant prepare” says which)',
    },
    'missing-tool': {
      fr: 'installez cet outil sur la machine remise, ou choisissez un contrôle qui s’en passe',
      en: 'install this tool on the machine that is handed out, or choose a check that does without',
    },
    'not-asked': {
      fr: `donnez à la session un moyen de poser cette question (« probant catalogue ${id} »), ou à la demande « transient: true » si elle laisse une trace`,
      en: `give the session a way to ask this (“probant catalogue ${id}”), or the demand “transient: true” if it leaves a trace`,
    },
    control: {
      fr: `son témoin n'a pas répondu : « probant catalogue ${id} » dit lequel ; faites-le répondre`,
      en: `its control did not answer: “probant catalogue ${id}” says which; make it answer`,
    },
    truncated: {
      fr: 'demandez quelque chose de plus précis : la réponse est plus longue que ce qui est lu',
      en: 'ask for something more precise: the answer is longer than what is read',
    },
    unparsable: {
      fr: 'gardez les passages (--out) et regardez le relevé ; choisissez un autre contrôle s’il ne peut pas être lu',
      en: 'keep the runs (--out) and look at the observation; choose another check if it cannot be read',
    },
    grader: {
      fr: 'c’est un défaut de l’outil : gardez les passages (--out) et signalez-le',
      en: 'this is a fault of the tool: keep the runs (--out) and report it',
    },
    cancelled: {
      fr: 'donnez plus de temps au passage avec --timeout',
      en: 'give the run more time with --timeout',
    },
  }
  return (cause && remedies[cause]) ?? way
}
