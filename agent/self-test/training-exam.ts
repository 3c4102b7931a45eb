import { catalogue } from '../../checks/catalogue.ts'
import { readDocument } from '../../checks/document.ts'
import { readExam, type Exam } from '../../checks/exam.ts'
import { CommandFailure } from '../commands/command-failure.ts'
import { diagnosticLines } from '../commands/diagnostics.ts'
import { exitCode } from '../commands/exit-code.ts'
import type { CommandContext } from '../commands/verb.ts'
import { readText } from '../run/load.ts'
import { visible } from '../terminal/visible.ts'

/**
 * Reads an exam to train with. An examination is refused before anything of it is shown, its mistakes included.
 * @throws CommandFailure (2).
 */
export async function trainingExam(path: string, context: CommandContext): Promise<Exam> {
  const { terminal } = context
  const text = await readText(path)
  const name = visible(path)
  if (typeof text !== 'string')
    throw new CommandFailure(
      { fr: `${name} : ${text.message.fr}`, en: `${name}: ${text.message.en}` },
      exitCode.badInput,
    )
  // Whatever else is wrong with it: what says that it is an examination is one.
  if (Object(readDocument(path, text).value)['purpose'] === 'examination') throw refusedExamination()
  const { exam, diagnostics } = readExam(path, text, {
    catalogue,
    referentials: await context.referentials(),
  })
  if (exam?.purpose === 'examination') throw refusedExamination()
  if (exam) return exam
  for (const line of diagnosticLines(
    diagnostics.filter((d) => d.severity === 'error'),
    terminal,
  ))
    terminal.err(line)
  throw new CommandFailure(
    {
      fr: 'rien n’a été demandé aux machines : ce sujet a des erreurs, corrigez-les ou demandez-en une version juste',
      en: 'nothing was asked of the machines: this exam has mistakes, correct them or ask for a right version',
    },
    exitCode.badInput,
  )
}

export const refusedExamination = (): CommandFailure =>
  new CommandFailure(
    {
      fr: 'ce sujet est un examen : self-test ne sert qu’à l’entraînement et n’en montre rien. Choisissez un sujet d’entraînement (purpose: training)',
      en: 'this exam is an examination: self-test is for training only and shows nothing of it. Choose a training exam (purpose: training)',
    },
    exitCode.badInput,
  )
