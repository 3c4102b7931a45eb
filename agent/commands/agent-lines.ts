import type { Lang, Text } from '../../checks/text.ts'
import { causeWords } from '../reports/words.ts'
import { visibleLine } from '../terminal/visible.ts'
import type { AgentEvent } from '../work/agent-event.ts'
import type { Progress, ResultKind, Task, WorkKind } from '../work/protocol.ts'

const kindWords: Readonly<Record<WorkKind, Text>> = {
  preflight: { fr: 'contrôle préalable', en: 'preflight' },
  start: { fr: 'passage de début', en: 'start run' },
  end: { fr: 'passage de fin', en: 'end run' },
  again: { fr: 'passage de reprise', en: 'run asked again' },
  repin: { fr: 'nouvelle identité de machine', en: 'new identity of a machine' },
}

/** One line about one event for whoever stands beside the agent; null where it is worth none. */
export function agentLine(event: AgentEvent, server: URL): Text | null {
  switch (event.type) {
    case 'enrolled':
      return {
        fr: `Inscrit sur le serveur sous le nom « ${visibleLine(event.name, 64)} ».`,
        en: `Enrolled with the server under the name “${visibleLine(event.name, 64)}”.`,
      }
    case 'connected':
      return {
        fr: `Connecté à ${server.href} (« ${visibleLine(event.name, 64)} ») : en attente de travail, Ctrl-C arrête.`,
        en: `Connected to ${server.href} (“${visibleLine(event.name, 64)}”): waiting for work, Ctrl-C stops.`,
      }
    case 'away': {
      const detail = visibleLine(event.detail, 80)
      return {
        fr: `Serveur injoignable depuis ${clock(event.since, 'fr')} (${detail}) : les travaux en cours continuent, leurs résultats attendent ici. Vérifiez le réseau si cela dure.`,
        en: `Server away since ${clock(event.since, 'en')} (${detail}): work under way goes on, its results wait here. Check the network if it lasts.`,
      }
    }
    case 'back':
      return {
        fr: `Le serveur répond de nouveau (absent depuis ${clock(event.since, 'fr')}).`,
        en: `The server answers again (away since ${clock(event.since, 'en')}).`,
      }
    case 'begun':
      return about(event.task, { fr: 'commencé', en: 'begun' })
    case 'ended':
      return about(event.task, ended(event.complete, event.task, event.progress))
    case 'dropped':
      return about(event.task, {
        fr: 'abandonné, le serveur ne l’attend plus d’ici',
        en: 'dropped, the server no longer expects it from here',
      })
    case 'failed':
      return about(event.task, {
        fr: `impossible ici : ${visibleLine(event.message.fr, 500)}`,
        en: `not possible here: ${visibleLine(event.message.en, 500)}`,
      })
    case 'delivered':
      return event.result === 'failed' ? null : about(event.task, { fr: 'remis', en: 'delivered' })
    case 'refused':
      return about(event.task, refused(event))
    case 'unwritable':
      return about(event.task, {
        fr: `le résultat ne peut pas être écrit (${event.reason.fr}) : libérez de la place, l'agent réessaie`,
        en: `the result cannot be written (${event.reason.en}): make room, the agent tries again`,
      })
    case 'stopped':
      if (event.waiting === 0)
        return { fr: 'Agent arrêté, tout est remis.', en: 'Agent stopped, all is delivered.' }
      return {
        fr: `Agent arrêté ; ${event.waiting} résultat${event.waiting > 1 ? 's attendent' : ' attend'} ici : relancez-le quand le serveur répond, rien ne sera remis deux fois.`,
        en: `Agent stopped; ${event.waiting} result${event.waiting > 1 ? 's wait' : ' waits'} here: start it again when the server answers, nothing will be delivered twice.`,
      }
    default:
      return null
  }
}

/** What is being done now, on one line. */
export function progressLine(running: ReadonlyMap<string, { task: Task; progress: Progress }>): Text {
  const line = (lang: Lang) =>
    [...running.values()]
      .map(({ task, progress }) => {
        const count = progress.asked > 0 ? ` ${progress.answered}/${progress.asked}` : ''
        return `${task.candidate} ${kindWords[task.kind][lang]}${count}`
      })
      .join(' · ')
  return { fr: line('fr'), en: line('en') }
}

const about = ({ candidate, kind }: Task, { fr, en }: Text): Text => ({
  fr: `${candidate} : ${kindWords[kind].fr} : ${fr}`,
  en: `${candidate}: ${kindWords[kind].en}: ${en}`,
})

function ended(complete: boolean, { kind }: Task, { answered, silent }: Progress): Text {
  const state = complete ? { fr: 'terminé', en: 'done' } : { fr: 'interrompu', en: 'interrupted' }
  if (kind === 'preflight' || kind === 'repin') return state
  const names = (lang: Lang) =>
    silent.map(({ role, cause }) => `${visibleLine(role, 64)} (${causeWords[cause][lang]})`).join(', ')
  return {
    fr: `${state.fr}, ${answered} relevés${silent.length > 0 ? ` ; sans réponse : ${names('fr')}` : ''}`,
    en: `${state.en}, ${answered} observations${silent.length > 0 ? `; no answer: ${names('en')}` : ''}`,
  }
}

function refused({ status, why, path, result }: Extract<AgentEvent, { type: 'refused' }>): Text {
  const words: Readonly<Record<ResultKind, Text>> = {
    run: { fr: 'passage', en: 'run' },
    preflight: { fr: 'résultat', en: 'result' },
    repinned: { fr: 'résultat', en: 'result' },
    failed: { fr: 'message', en: 'message' },
  }
  const { fr, en } = words[result]
  return {
    fr: `${fr} refusé par le serveur (${status}) : ${why ? visibleLine(why.fr, 300) : 'sans explication'} Gardé dans ${visibleLine(path, 400)}`,
    en: `${en} refused by the server (${status}): ${why ? visibleLine(why.en, 300) : 'without explanation.'} Kept in ${visibleLine(path, 400)}`,
  }
}

const clock = (at: Date, lang: Lang): string => {
  const [hours, minutes] = [at.getHours(), at.getMinutes()].map((n) => String(n).padStart(2, '0'))
  return lang === 'fr' ? `${hours} h ${minutes}` : `${hours}:${minutes}`
}
