import { signatureHolds, type Run } from '../../checks/run.ts'
import type { Exam } from '../../checks/exam.ts'
import type { Text } from '../../checks/text.ts'
import { visible } from '../terminal/visible.ts'
import { stages, type Stage } from './stage.ts'

type Read = { readonly run: Run } | { readonly problem: Text }

/**
 * Three recorded runs that can be laid beside one another: signed, of this very exam, whole, and two different looks at one
 * candidate's model answer. Else why not, in one sentence.
 */
export async function recordedRuns(
  paths: readonly string[],
  read: (path: string) => Promise<Read>,
  exam: Exam,
  examHash: string,
): Promise<{ runs: Record<Stage, Run> } | { problem: Text }> {
  if (paths.length !== stages.length)
    return {
      problem: {
        fr: '--runs attend trois passages, dans cet ordre : machines telles que remises, réponse modèle, réponse modèle à nouveau',
        en: '--runs takes three runs, in this order: machines as handed out, model answer, model answer once more',
      },
    }
  const runs: Run[] = []
  for (const path of paths) {
    const shown = visible(path)
    const problem = (fr: string, en: string) => ({
      problem: { fr: `${shown} : ${fr}`, en: `${shown}: ${en}` },
    })
    const one = await read(path)
    if ('problem' in one) return problem(one.problem.fr, one.problem.en)
    const { run } = one
    if (!(await signatureHolds(run)))
      return problem(
        'modifié depuis sa signature : rien n’en est conclu. Voyez « probant verify »',
        'changed since it was signed: nothing is concluded from it. See “probant verify”',
      )
    if (run.inputs.exam !== examHash)
      return problem(
        `ce passage est d'un autre sujet, ou d'une autre version de « ${visible(exam.document.file)} » : répétez avec les machines`,
        `this run is of another exam, or of another version of “${visible(exam.document.file)}”: rehearse with the machines`,
      )
    if (run.exam.demands.map(({ id }) => id).join(' ') !== exam.demands.map(({ id }) => id).join(' '))
      return problem(
        'ce passage ne porte que sur une partie des demandes : il faut un passage entier',
        'this run is about some of the demands only: a whole run is needed',
      )
    runs.push(run)
  }
  const [handedOut, model, again] = runs as [Run, Run, Run]
  if (new Set(runs.map(({ id }) => id)).size < stages.length)
    return {
      problem: {
        fr: 'le même passage est donné deux fois : il en faut trois différents',
        en: 'the same run is given twice: three different ones are needed',
      },
    }
  if (model.candidate.code !== again.candidate.code || model.session.id !== again.session.id)
    return {
      problem: {
        fr: 'les deux passages sur la réponse modèle doivent être du même candidat de la même session',
        en: 'the two runs on the model answer must be of the same candidate of the same session',
      },
    }
  if (new Set(runs.map(({ inputs }) => inputs.version)).size > 1)
    return {
      problem: {
        fr: 'ces passages sont jugés par des versions différentes de Probant : jugez-les à nouveau par la même (« probant regrade PASSAGE --out DOSSIER »)',
        en: 'these runs were judged by different versions of Probant: judge them again by one and the same (“probant regrade RUN --out FOLDER”)',
      },
    }
  return { runs: { handedOut, model, again } }
}
