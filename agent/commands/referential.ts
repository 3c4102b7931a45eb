import { referentialJson } from '../../checks/referential/print.ts'
import { readingOrder, type Referential } from '../../checks/referential/referential.ts'
import type { Text } from '../../checks/text.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { CommandFailure } from './command-failure.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import type { CommandContext, Options } from './verb.ts'

const observed: Readonly<Record<'full' | 'part' | 'none', { shape: string; says: Text }>> = {
  full: { shape: '●', says: { fr: 'relevé par une machine', en: 'observed by a machine' } },
  part: { shape: '◐', says: { fr: 'relevé en partie', en: 'observed in part' } },
  none: { shape: '◇', says: { fr: 'à apprécier par le jury', en: 'for the jury' } },
}

/** `probant referential [ID] [--json]`. */
export async function referential(
  [id]: readonly string[],
  options: Options,
  { terminal, referentials }: CommandContext,
): Promise<ExitCode> {
  const known = await referentials()
  const wanted = id ?? known.keys().next().value ?? ''
  const found = known.get(wanted)
  if (!found)
    throw new CommandFailure(
      {
        fr: `référentiel inconnu « ${wanted} » ; choisissez parmi : ${[...known.keys()].join(', ')}`,
        en: `unknown référentiel “${wanted}”; choose among: ${[...known.keys()].join(', ')}`,
      },
      exitCode.badInput,
    )
  if (options['json']) terminal.out(JSON.stringify(referentialJson(found, terminal.lang), null, 2))
  else for (const line of lines(found, terminal)) terminal.out(line)
  return exitCode.ok
}

function* lines(ref: Referential, terminal: Terminal): Generator<string> {
  const { say, lang } = terminal
  yield `${ref.code}-${ref.millesime}  ${ref.label} (${ref.acronym})`
  yield ''
  for (const { id, label, minutes, juryMinutes } of ref.certificates) {
    yield `${id.padEnd(6)} ${label}`
    yield `       ${say({ fr: `${minutes} min, dont ${juryMinutes} avec le jury`, en: `${minutes} min, ${juryMinutes} of them with the jury` })} ; ${readingOrder(ref, id).join(' ')}`
  }
  for (const { id, label, criteria, note } of ref.competencies) {
    yield ''
    yield `${id}  ${label}`
    for (const criterion of criteria) {
      const { shape, says } = observed[criterion.observable]
      yield `  ${shape} ${criterion.id.padEnd(6)} ${criterion.label}`
      yield `           ${say(says)}${say({ fr: ' : ', en: ': ' })}${say(criterion.why)}`
    }
    if (note) yield `  ${note[lang]}`
  }
}
