import { z } from 'zod'
import { defineCheck, role } from '../define.ts'
import { pattern } from '../pattern.ts'
import type { Probe } from '../probe.ts'
import { typed } from '../printable.ts'
import { same } from '../text.ts'
import { canonicalSchedule } from './cron-table.ts'
import { cronProbes, cronThen, expectedOfCron, judgeCron } from './scheduled-by-cron.ts'
import { expectedOfTimer, judgeTimer, timerProbes, timerThen } from './scheduled-by-timer.ts'

const absolute = z
  .string()
  .min(1)
  .max(1024)
  .regex(
    pattern(/^\S(.*\S)?$/, {
      fr: 'une commande sur une ligne, sans espace au début ni à la fin',
      en: 'a command on one line, without spaces at either end',
    }),
  )

export const scheduledTask = defineCheck({
  id: 'linux.scheduled-task',
  criteria: ['C9.1', 'C11.3'],
  says: { fr: 'La tâche planifiée est conforme à la demande', en: 'The scheduled task is as asked for' },
  observes: {
    fr: '/etc/crontab, /etc/cron.d et la crontab de l’utilisateur, ou les minuteries de systemd',
    en: '/etc/crontab, /etc/cron.d and the user’s crontab, or the timers of systemd',
  },
  control: {
    fr: '/etc/cron.d a été parcouru et la crontab de l’utilisateur cherchée ; pour une minuterie, systemd nomme la sienne (systemd-tmpfiles-clean)',
    en: '/etc/cron.d was listed and the user’s crontab looked for; for a timer, systemd names its own (systemd-tmpfiles-clean)',
  },
  asks: ['command', 'file'],
  proven: 'live',
  /** A command run by cron, or a timer of systemd's: accepted alternatives are written as such in the demand. */
  params: z.union([
    z.strictObject({
      on: role('linux'),
      command: absolute,
      user: z
        .string()
        .regex(
          pattern(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/, {
            fr: 'le nom d’un compte : root',
            en: 'the name of an account: root',
          }),
        )
        .default('root'),
      schedule: z
        .string()
        .refine((s) => canonicalSchedule(s) !== null, {
          params: {
            fr: 'cinq champs de crontab(5), comme "0 22 * * *", ou @daily, @reboot…',
            en: 'five fields of crontab(5), like "0 22 * * *", or @daily, @reboot…',
          },
        })
        .optional(),
    }),
    z.strictObject({
      on: role('linux'),
      timer: z.string().regex(
        pattern(/^[A-Za-z0-9:_.@\\-]{1,255}$/, {
          fr: 'le nom d’une unité de systemd : nginx, sauvegarde.timer',
          en: 'the name of a unit of systemd: nginx, backup.timer',
        }),
      ),
      /** As `systemd-analyze calendar` shows it (« Normalized form »), or daily, weekly … */
      calendar: z.string().min(1).max(200).optional(),
      running: z.boolean().default(true),
      enabled: z.boolean().default(true),
    }),
  ]),
  probes: (params, _facts, siblings): Record<string, Probe> =>
    'timer' in params
      ? timerProbes(
          params,
          siblings.filter((other) => 'timer' in other),
        )
      : cronProbes(params),
  then: (seen, params): Record<string, Probe> =>
    'timer' in params ? timerThen(seen, params) : cronThen(seen, params),
  judge: (seen, params) => ('timer' in params ? judgeTimer(seen, params) : judgeCron(seen, params)),
  expects: (params) => ('timer' in params ? expectedOfTimer(params) : expectedOfCron(params)),
  byHand: (params) =>
    'timer' in params
      ? same(typed(['systemctl', 'list-timers', '--all', params.timer]))
      : same(`cat /etc/crontab /etc/cron.d/*; ${typed(['crontab', '-l', '-u', params.user])}`),
})
