import { catalogue } from '../../checks/catalogue.ts'
import { examJsonSchema, sessionJsonSchema } from '../../checks/schema.ts'
import type { Beginning } from './chosen-demands.ts'
import { examTemplate, type Purpose } from './exam-template.ts'
import { sessionTemplate } from './session-template.ts'

export interface StartingFile {
  /** With slashes, below the folder that was asked for. */
  readonly name: string
  readonly text: string
  /** What an author writes: never replaced unless that is asked for. The others serve an editor. */
  readonly authored: boolean
}

export const EXAM_FILE = 'sujet.yaml'
export const SESSION_FILE = 'session.yaml'

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`

/** All the files that an author starts from. `date` is the day of the session, as ISO 8601 writes it. */
export function startingFiles(
  beginning: Beginning,
  { purpose, date, lang }: { readonly purpose: Purpose; readonly date: string; readonly lang: 'fr' | 'en' },
): StartingFile[] {
  return [
    { name: EXAM_FILE, text: examTemplate(beginning, purpose, lang), authored: true },
    { name: SESSION_FILE, text: sessionTemplate(beginning, { exam: EXAM_FILE, date, lang }), authored: true },
    { name: 'exam.schema.json', text: json(examJsonSchema(catalogue, lang)), authored: false },
    { name: 'session.schema.json', text: json(sessionJsonSchema(lang)), authored: false },
    {
      name: '.vscode/extensions.json',
      text: json({ recommendations: ['redhat.vscode-yaml'] }),
      authored: false,
    },
  ]
}
