import type { Diagnostic } from '../document.ts'
import type { Demand, Exam } from '../exam.ts'
import type { Variables } from '../placeholder.ts'
import { printable } from '../printable.ts'
import { textsAgainstChecks } from '../text-against-checks.ts'
import { isRecord, namesIn, resolveKnown, type Reading } from './reading.ts'

/** What is no mistake and worth a look: notes, which prevent nothing. */
export function remarks(
  reading: Reading,
  written: Readonly<Record<string, unknown>>,
  demands: readonly (Demand | null)[],
): Diagnostic[] {
  return [
    ...unusedVariables(reading, written),
    ...sameTexts(reading, demands),
    ...hintsOfAnExamination(reading, written),
  ]
}

/** Texts that say one value where their check expects another of the same kind: one of the two is wrong. */
export function textsThatSayOtherwise(exam: Exam, variables: Variables): Diagnostic[] {
  return textsAgainstChecks(exam, variables).contradictions.map(({ path, said, expected }) => {
    const inText = printable(said.join(', '), 80)
    const inCheck = printable(expected, 80)
    return exam.document.diagnose(
      path,
      {
        fr: `le texte dit « ${inText} » et ce contrôle attend « ${inCheck} » : accordez-les`,
        en: `the text says “${inText}” and this check expects “${inCheck}”: make them agree`,
      },
      { severity: 'note' },
    )
  })
}

/** Unless something is there that can't be read, or a placeholder that stands for nothing: either may be meant for it. */
function unusedVariables(reading: Reading, written: Readonly<Record<string, unknown>>): Diagnostic[] {
  const { variables: _, ...rest } = written
  if (reading.document.diagnostics.length > 0) return []
  const diagnostics: Diagnostic[] = []
  if (resolveKnown({ ...reading, diagnostics }, rest, []).unknown.length > 0) return []
  const used = namesIn(rest)
  return Object.keys(reading.variables.definitions)
    .filter((name) => !used.has(name))
    .map((name) =>
      reading.document.diagnose(
        ['variables', name],
        {
          fr: `aucune demande n'emploie « ${name} » : écrivez {{${name}}}, ou retirez-la si la session ne s'en sert pas`,
          en: `no demand uses “${name}”: write {{${name}}}, or remove it if the session doesn't use it`,
        },
        { severity: 'note', key: true },
      ),
    )
}

function sameTexts({ document }: Reading, demands: readonly (Demand | null)[]): Diagnostic[] {
  const first = new Map<string, string>()
  return demands.flatMap((demand) => {
    if (!demand || demand.text === demand.id) return []
    const text = demand.text.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase()
    const earlier = first.get(text)
    if (earlier === undefined) {
      first.set(text, demand.id)
      return []
    }
    return [
      document.diagnose(
        [...demand.path, 'text'],
        {
          fr: `ce texte est aussi celui de la demande « ${earlier} » : le candidat ne saura pas les distinguer, récrivez l’un des deux`,
          en: `this is the text of demand “${earlier}” too: the candidate cannot tell them apart, write one of them again`,
        },
        { severity: 'note' },
      ),
    ]
  })
}

function hintsOfAnExamination(
  { document }: Reading,
  written: Readonly<Record<string, unknown>>,
): Diagnostic[] {
  const demands = Array.isArray(written['demands']) ? written['demands'] : []
  const first = demands.findIndex((demand) => isRecord(demand) && demand['hint'] !== undefined)
  if (written['purpose'] !== 'examination' || first < 0) return []
  return [
    document.diagnose(
      ['demands', first, 'hint'],
      {
        fr: 'une épreuve ne montre aucun indice : ceux de ce fichier ne sont jamais montrés et n’en sortent pas',
        en: 'an examination shows no hint: those of this file are never shown and do not leave it',
      },
      { severity: 'note', key: true },
    ),
  ]
}
