import { z } from 'zod'
import { powerShellArgument } from '../active-directory/quoted-name.ts'
import { defineCheck, role } from '../define.ts'
import { described } from '../described.ts'
import { returned } from '../observation.ts'
import { pattern } from '../pattern.ts'
import { powershell } from '../probe.ts'
import { joined, same, type Text } from '../text.ts'
import { eventsShape, judgeEvents } from './events.ts'

const params = z.strictObject({
  on: role('windows'),
  channel: described(
    z.string().regex(
      pattern(/^[^*?[\]<>"'\0-\x1f]{1,255}$/, {
        fr: 'le nom complet d’un canal, comme « System »',
        en: 'the full name of a channel, like “System”',
      }),
    ),
    {
      fr: 'Nom complet du canal, le même en toute langue : System, Microsoft-Windows-TaskScheduler/Operational, ForwardedEvents',
      en: 'Full name of the channel, in no language: System, Microsoft-Windows-TaskScheduler/Operational, ForwardedEvents',
    },
  ),
  provider: described(
    z.string().regex(
      // Not that of the channel: its words are others.
      pattern(/^[^*?[\]"'<>\0-\x1f]{1,255}$/, {
        fr: 'le nom d’un fournisseur d’événements',
        en: 'the name of a provider of events',
      }),
    ),
    {
      fr: 'Nom du fournisseur (source), le même en toute langue : Service Control Manager, Microsoft-Windows-Backup',
      en: 'Name of the provider (source), in no language: Service Control Manager, Microsoft-Windows-Backup',
    },
  ),
  id: described(z.int().min(0).max(65_535), { fr: 'Numéro de l’événement', en: 'Number of the event' }),
  level: described(z.int().min(1).max(5).optional(), {
    fr: '1 critique, 2 erreur, 3 avertissement, 4 information, 5 commentaire ; tous s’il n’est pas donné',
    en: '1 critical, 2 error, 3 warning, 4 information, 5 verbose; any where absent',
  }),
  computer: described(
    z
      .string()
      .regex(
        pattern(/^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/, {
          fr: 'un nom d’ordinateur, court ou complet',
          en: 'a computer name, short or full',
        }),
      )
      .optional(),
    {
      fr: 'Ordinateur qui l’a écrit, pour les événements transférés',
      en: 'Computer that wrote it, for forwarded events',
    },
  ),
  hours: described(z.int().min(1).max(8760).optional(), {
    fr: 'Dans les dernières heures seulement, à l’horloge de la machine ; tout ce que garde le canal sinon',
    en: 'In the last hours only, by the machine’s own clock; anything that the channel holds where absent',
  }),
  atLeast: described(z.int().min(1).max(100).default(1), {
    fr: 'Nombre d’événements, au moins',
    en: 'Number of events, at least',
  }),
})
type Params = z.output<typeof params>

function asksFor({ channel, provider, id, level, computer, hours, atLeast }: Params): Text {
  const many = atLeast > 1
  return joined([
    {
      fr: `au moins ${atLeast} événement${many ? 's' : ''} ${id} de ${provider} dans ${channel}`,
      en: `at least ${atLeast} event${many ? 's' : ''} ${id} of ${provider} in ${channel}`,
    },
    ...(level === undefined ? [] : [{ fr: `niveau ${level}`, en: `level ${level}` }]),
    ...(computer === undefined
      ? []
      : [{ fr: `de l’ordinateur ${computer}`, en: `from computer ${computer}` }]),
    ...(hours === undefined ? [] : [{ fr: `depuis ${hours} h`, en: `in the last ${hours} h` }]),
  ])
}

export const event = defineCheck({
  id: 'windows.event',
  criteria: ['C8.3', 'C13.3'],
  says: {
    fr: 'L’événement {id} de {provider} est au journal {channel}',
    en: 'Event {id} of {provider} is in channel {channel}',
  },
  observes: {
    fr: 'les événements d’un canal du journal, par leur fournisseur, leur numéro et leur niveau, jamais par leur texte',
    en: 'the events of a channel of the event log, by their provider, number and level, never by their text',
  },
  control: {
    fr: 'le plus ancien enregistrement du canal est lu par le même compte et remonte avant la période demandée (sans période : c’est le tout premier, d’un canal jamais vidé) ; un canal désactivé, plein ou vide n’est jamais jugé ; le canal System, présent partout, rend crédible l’absence d’un autre',
    en: 'the oldest record of the channel is read by the same account and is older than the time asked for (without one: it is the very first, of a channel that was never emptied); a channel that is disabled, full or empty is never judged; the channel System, which is everywhere, makes the absence of another believable',
  },
  asks: ['powershell'],
  proven: 'recorded',
  params,
  probes: ({ on, channel, provider, id, level, computer, hours }) => {
    // What is always logged (0) is shown as information.
    const levels = level === undefined ? [] : level === 4 ? [0, 4] : [level]
    const input = { channel, provider, id, levels, computer: computer ?? null, hours: hours ?? null }
    // A large channel is searched from its end to where the window begins.
    return { events: powershell(on, 'events', input, { timeoutMs: 30_000 }) }
  },
  judge: ({ events }, p) => judgeEvents(returned(events, eventsShape), p, asksFor(p)),
  expects: asksFor,
  byHand: ({ channel, provider, id, level }) => {
    const levels = level === undefined ? '' : `; Level = ${level === 4 ? '0, 4' : level}`
    return same(
      `Get-WinEvent -FilterHashtable @{ LogName = ${powerShellArgument(channel)}; ProviderName = ${powerShellArgument(provider)}; Id = ${id}${levels} } -MaxEvents 10`,
    )
  },
})
