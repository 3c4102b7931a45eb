import { z } from 'zod'
import { attempt, unobserved } from '../attempt.ts'
import { defineCheck, role } from '../define.ts'
import { pattern } from '../pattern.ts'
import { fail, pass, passIf, unknown, type Judgement } from '../finding.ts'
import { answered, NotObserved, output, type Observed } from '../observation.ts'
import { command, type ProbeOf } from '../probe.ts'
import { printable, printableList, typed } from '../printable.ts'
import { joined, same, type Text } from '../text.ts'
import {
  bootTable,
  missingOptions,
  mountedAtBoot,
  mounts,
  parseBootTable,
  parseMounts,
  withoutSlash,
  type Mount,
} from './filesystem-table.ts'
import { parseUnits } from './systemd-units.ts'

const params = z.strictObject({
  on: role('linux'),
  path: z.string().startsWith('/').max(1024).transform(withoutSlash),
  /** Of the file system: ext4, tmpfs, nfs4 … */
  type: z
    .string()
    .regex(
      pattern(/^[a-z0-9._-]+$/, {
        fr: 'un type de système de fichiers : ext4, xfs, nfs4',
        en: 'a type of file system: ext4, xfs, nfs4',
      }),
    )
    .optional(),
  source: z.string().min(1).max(1024).optional(),
  options: z
    .array(
      z.string().regex(
        pattern(/^[^\s,]+$/, {
          fr: 'une option par élément, sans virgule ni espace : noexec',
          en: 'one option an item, without comma or space: noexec',
        }),
      ),
    )
    .max(32)
    .default([]),
  /** Whether it will be there after the next boot too. */
  persistent: z.boolean().default(true),
})
type Params = z.output<typeof params>

const wanted = ({ type, source, options }: Params): Text[] =>
  [type, source, ...options].filter((v) => v !== undefined).map(same)
const now: Text = { fr: 'monté maintenant', en: 'mounted now' }
const afterBoot: Text = { fr: 'après un redémarrage', en: 'after a reboot' }

export const mount = defineCheck({
  id: 'linux.mount',
  criteria: ['C9.1'],
  says: {
    fr: 'Le système de fichiers {path} est monté comme il est demandé',
    en: 'File system {path} is mounted as asked for',
  },
  observes: {
    fr: 'ce qui est monté maintenant, et ce que /etc/fstab ou une unité systemd montera au démarrage',
    en: 'what is mounted now, and what /etc/fstab or a systemd unit will mount at boot',
  },
  control: { fr: 'la racine est dans la liste des montages', en: 'the root is in the list of mounts' },
  asks: ['command', 'file'],
  proven: 'live',
  params,
  probes: ({ on }) => ({ mounts: mounts(on), fstab: bootTable(on) }),
  // Not in fstab: a unit of systemd's may mount it as well.
  then: (seen, { on, path, persistent }): Partial<Record<'unit', ProbeOf<'command'>>> =>
    persistent && !inFstab(seen.fstab, path)
      ? {
          unit: command(on, [
            'systemctl',
            'show',
            '--property=Id,LoadState,ActiveState,SubState,UnitFileState,FragmentPath',
            '--',
            path,
          ]),
        }
      : {},
  judge: (seen, params) => {
    const mounted = mountedNow(seen.mounts, params)
    if (!params.persistent) return mounted
    const expected = joined([{ fr: 'monté au démarrage', en: 'mounted at boot' }, ...wanted(params)])
    const extra = { cell: afterBoot, evidence: ['fstab', 'unit'] }
    const later = attempt(() => mountedLater(seen.fstab, seen['unit'], params, expected, extra))
    return [mounted, later.value ?? unobserved(later.failure, expected, extra)]
  },
  expects: (params) =>
    joined([
      now,
      ...wanted(params),
      ...(params.persistent ? [{ fr: 'et au démarrage', en: 'and at boot' }] : []),
    ]),
  byHand: ({ path }) => same(`${typed(['findmnt', path])}; ${typed(['findmnt', '--fstab', path])}`),
})

function mountedNow(observation: Observed<'command'>, params: Params): Judgement {
  const expected = joined([{ fr: 'monté', en: 'mounted' }, ...wanted(params)])
  const extra = { cell: now, evidence: ['mounts'] }
  const list = attempt(() => parseMounts(output(observation)))
  if (!list.value) return unobserved(list.failure, expected, extra)
  if (!list.value.some((m) => m.target === '/'))
    return unknown('control', 'findmnt did not list the root', expected, extra)
  // Of several on one another, the last one is seen.
  const found = list.value.findLast((m) => m.target === params.path)
  if (!found) return fail(expected, { fr: 'rien n’est monté là', en: 'nothing is mounted there' }, extra)
  const missing = params.options.filter((o) => !found.options.includes(o))
  return passIf(sameKind(found, params) && missing.length === 0, expected, description(found), extra)
}

const sameKind = (found: Mount, { type, source }: Params): boolean =>
  (type === undefined || found.type === type) && (source === undefined || found.source === source)

const description = ({ type, source, options }: Mount): Text =>
  same(`${printable(source, 80)}, ${printable(type, 40)}, ${printableList(options, 12)}`)

function inFstab(observation: Observed<'file'>, path: string): Mount | undefined {
  const answer = answered(observation)
  if (!answer.exists) return undefined
  if (answer.content === null) throw new NotObserved('denied', '/etc/fstab could not be read')
  return parseBootTable(answer.content).findLast((entry) => entry.target === path)
}

function mountedLater(
  fstab: Observed<'file'>,
  unit: Observed<'command'> | undefined,
  params: Params,
  expected: Text,
  extra: Pick<Judgement, 'cell' | 'evidence'>,
): Judgement {
  const entry = inFstab(fstab, params.path)
  if (entry) {
    // A source may be written otherwise than the kernel shows it (UUID=, LABEL=): only the type is compared.
    const matches =
      (params.type === undefined || entry.type === params.type || entry.type === 'auto') &&
      missingOptions(params.options, entry.options).length === 0 &&
      mountedAtBoot(entry)
    return passIf(matches, expected, joined([same('/etc/fstab'), description(entry)]), extra)
  }
  const [found] = parseUnits(output(unit))
  if (!found) throw new NotObserved('unparsable', 'systemctl show said nothing of the mount')
  const absent: Text = { fr: 'absent de /etc/fstab', en: 'not in /etc/fstab' }
  return found.fileState === 'enabled'
    ? pass(
        expected,
        { fr: `unité ${printable(found.id)} activée`, en: `unit ${printable(found.id)} enabled` },
        extra,
      )
    : fail(expected, absent, extra)
}
