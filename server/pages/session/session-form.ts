import type { FastifyRequest } from 'fastify'
import { decodedText } from '../../../checks/delimited-text.ts'
import type { Text } from '../../../checks/text.ts'
import type { Upload } from '../../session-life/upload.ts'
import type { Launch, SessionFileText } from '../../store/session-life.ts'
import { visible } from '../../../checks/visible.ts'
import { formWords } from './wording.ts'

/** What the form of a new session held. */
export interface SessionForm {
  /** Null where a file that is needed is missing, or one can't be taken; `problems` then says which. */
  readonly upload: Upload | null
  readonly launch: Launch
  readonly problems: FormProblems
}
export type FileField = 'exam' | 'session' | 'candidates' | 'authorities'
export type FormProblems = Partial<Record<FileField | 'form', Text>>

const fileFields: readonly string[] = ['exam', 'session', 'candidates', 'authorities'] satisfies FileField[]
const isFileField = (name: string): name is FileField => fileFields.includes(name)

/**
 * Reads the form to its end, within the bounds that the multipart reader was given, so that a browser is always answered
 * with a page. A file that is too long is named, not read further.
 */
export async function readSessionForm(request: FastifyRequest): Promise<SessionForm> {
  const files: Record<FileField, SessionFileText[]> = {
    exam: [],
    session: [],
    candidates: [],
    authorities: [],
  }
  const problems: FormProblems = {}
  let launch: Launch = 'hand'
  try {
    for await (const part of request.parts()) {
      if (part.type === 'field') {
        if (part.fieldname === 'launch' && part.value === 'clock') launch = 'clock'
        continue
      }
      const chunks: Buffer[] = []
      for await (const chunk of part.file) chunks.push(chunk as Buffer)
      const bytes = Buffer.concat(chunks)
      if (!isFileField(part.fieldname) || bytes.length === 0) continue
      if (part.file.truncated) problems[part.fieldname] = formWords.tooLong
      else
        files[part.fieldname].push({
          name: visible(part.filename).slice(0, 200),
          text: decodedText(bytes),
        })
    }
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === undefined) throw error
    problems.form = formWords.tooMuch
  }
  const [exam, session] = [files.exam[0], files.session[0]]
  if (!problems.form) {
    if (!exam) problems.exam ??= formWords.examNeeded
    if (!session) problems.session ??= formWords.sessionNeeded
  }
  if (!exam || !session || Object.keys(problems).length > 0) return { upload: null, launch, problems }
  return {
    upload: {
      exam,
      session,
      candidates: files.candidates[0] ?? null,
      others: files.authorities,
      names: new Map(),
    },
    launch,
    problems,
  }
}
