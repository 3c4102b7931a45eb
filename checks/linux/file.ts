import { z } from 'zod'
import { defineCheck, role } from '../define.ts'
import { fail, pass, passIf, unknown } from '../finding.ts'
import { answered, NotObserved, type AnswerOf, type Observed } from '../observation.ts'
import { file as fileProbe } from '../probe.ts'
import { printable, typed } from '../printable.ts'
import { joined, same, type Text } from '../text.ts'

const texts = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1).max(20)])
  .transform((v) => [v].flat())
const params = z.strictObject({
  on: role('linux'),
  path: z
    .string()
    .startsWith('/')
    .max(1024)
    .refine((s) => !/[\0\n]/.test(s), {
      params: { fr: 'un chemin sur une seule ligne', en: 'a path on one line' },
    }),
  exists: z.boolean().default(true),
  type: z.enum(['file', 'directory', 'link']).optional(),
  /** As `chmod` takes it: "640", "2770". */
  mode: z
    .union([z.string(), z.int().transform(String)])
    .pipe(z.string().regex(/^[0-7]{3,4}$/))
    .optional(),
  owner: z.string().min(1).max(64).optional(),
  group: z.string().min(1).max(64).optional(),
  /** Texts that the file holds, as they are (no pattern). */
  contains: texts.optional(),
  /** Whole lines of the file, spaces at both ends apart: a commented-out line is another line. */
  lines: texts.optional(),
})
type Params = z.output<typeof params>
type Seen = AnswerOf<'file'>

const types: Record<string, Text> = {
  file: { fr: 'fichier', en: 'file' },
  directory: { fr: 'dossier', en: 'directory' },
  link: { fr: 'lien symbolique', en: 'symbolic link' },
  other: { fr: 'fichier spécial', en: 'special file' },
}
const quoted = (items: readonly string[]) =>
  joined(items.map((item) => ({ fr: `« ${printable(item, 80)} »`, en: `“${printable(item, 80)}”` })))
const both = (label: Text, value: Text): Text => joined([label, value], ' ')

function asksFor(params: Params): Text {
  if (!params.exists) return { fr: 'absent', en: 'absent' }
  return joined([
    params.type ? types[params.type]! : { fr: 'présent', en: 'present' },
    ...(params.mode ? [both({ fr: 'droits', en: 'mode' }, same(params.mode))] : []),
    ...(params.owner ? [both({ fr: 'propriétaire', en: 'owner' }, same(params.owner))] : []),
    ...(params.group ? [both({ fr: 'groupe', en: 'group' }, same(params.group))] : []),
    ...(params.contains ? [both({ fr: 'contient', en: 'contains' }, quoted(params.contains))] : []),
    ...(params.lines ? [both({ fr: 'lignes', en: 'lines' }, quoted(params.lines))] : []),
  ])
}

/** Asked again as root only where the login account may not see it. */
const denied = (observation: Observed<'file'>, wantsContent: boolean): boolean =>
  observation.failure?.cause === 'denied' ||
  (wantsContent &&
    observation.answer?.kind === 'file' &&
    observation.answer.exists &&
    observation.answer.content === null)

export const file = defineCheck({
  id: 'linux.file',
  criteria: ['C9.1', 'S5.2'],
  says: { fr: '{path} est conforme à la demande', en: '{path} is as asked for' },
  observes: {
    fr: 'le type, les droits, le propriétaire, le groupe d’un fichier ou dossier, et son contenu si la demande en parle',
    en: 'type, mode, owner and group of a file or directory, and its content where the demand speaks of it',
  },
  control: { fr: 'le dossier parent a pu être parcouru', en: 'the parent directory could be searched' },
  asks: ['file'],
  proven: 'live',
  params,
  probes: ({ on, path, contains, lines }) => ({
    file: fileProbe(on, path, { content: Boolean(contains ?? lines), maxBytes: 262_144 }),
  }),
  then: ({ file }, { on, path, contains, lines }): Partial<Record<'asRoot', ReturnType<typeof fileProbe>>> =>
    denied(file, Boolean(contains ?? lines))
      ? {
          asRoot: fileProbe(on, path, { content: Boolean(contains ?? lines), as: 'root', maxBytes: 262_144 }),
        }
      : {},
  judge: (seen, params) => {
    const expected = asksFor(params)
    const observation = (seen['asRoot'] as Observed<'file'> | undefined) ?? seen.file
    const found = answered(observation, { partial: true })
    if (!found.exists) return passIf(!params.exists, expected, { fr: 'absent', en: 'absent' })
    const observed = description(found)
    if (!params.exists) return fail(expected, observed)
    const attributes = (['type', 'owner', 'group'] as const).every(
      (k) => params[k] === undefined || found[k] === params[k],
    )
    const mode = params.mode === undefined || sameMode(found.mode, params.mode)
    if (!attributes || !mode) return fail(expected, observed)
    const missing = missingTexts(found, params)
    if (missing.length === 0) return pass(expected, observed)
    if (observation.truncated)
      return unknown('truncated', 'the file is longer than what was read of it', expected)
    return fail(expected, joined([observed, both({ fr: 'sans', en: 'without' }, quoted(missing))]))
  },
  expects: asksFor,
  byHand: ({ path, contains, lines }) => same(typed([(contains ?? lines) ? 'cat' : 'stat', '--', path])),
})

function missingTexts(found: Seen, { contains = [], lines = [] }: Params): string[] {
  if (contains.length + lines.length === 0) return []
  if (found.type !== 'file') return [...contains, ...lines]
  if (found.content === null) throw new NotObserved('denied', 'the content of the file could not be read')
  const content = found.content.normalize('NFC')
  const present = new Set(content.split('\n').map((line) => line.trim()))
  return [
    ...contains.filter((text) => !content.includes(text.normalize('NFC'))),
    ...lines.filter((line) => !present.has(line.normalize('NFC').trim())),
  ]
}

const sameMode = (found: string | null, wanted: string): boolean => {
  if (found === null) throw new NotObserved('unparsable', 'no mode in the answer')
  return Number.parseInt(found, 8) === Number.parseInt(wanted, 8)
}

const description = (found: Seen): Text =>
  joined([
    types[found.type ?? 'other']!,
    both({ fr: 'droits', en: 'mode' }, same(found.mode ?? '?')),
    both({ fr: 'propriétaire', en: 'owner' }, same(printable(found.owner ?? String(found.uid), 64))),
    both({ fr: 'groupe', en: 'group' }, same(printable(found.group ?? String(found.gid), 64))),
  ])
