import { createHash } from 'node:crypto'
import { access, constants } from 'node:fs/promises'
import { basename, dirname, extname, join, relative, resolve } from 'node:path'
import { stateFolder } from '../evidence/state-folder.ts'

/** Where what belongs to a candidate's own training with one exam is kept. */
export interface Place {
  /** The exam's absolute path. */
  readonly exam: string
  /** 16 hex digits that name this exam at this place. */
  readonly key: string
  /** Tries and hints, in the state folder. */
  readonly folder: string
  /** The candidate's machines: a session file, beside the exam where that can be written. */
  readonly machines: string
  /** How the session file names the exam. */
  readonly examFromMachines: string
  /** The page, beside the exam where that can be written. */
  readonly page: string
}

/** The places of one exam, by its title and path. Makes the folder for tries. */
export async function placeOfExam(
  exam: string,
  title: string,
  chosen: { readonly machines?: string | undefined; readonly page?: string | undefined },
): Promise<Place> {
  const absolute = resolve(exam)
  const key = createHash('sha256').update(`${title}\0${absolute}`).digest('hex').slice(0, 16)
  const folder = stateFolder('self-test', key)
  const beside = await access(dirname(absolute), constants.W_OK).then(
    () => true,
    () => false,
  )
  const home = beside ? dirname(absolute) : folder
  const name = basename(absolute, extname(absolute))
  const machines = resolve(chosen.machines ?? join(home, `${name}.machines.yaml`))
  return {
    exam: absolute,
    key,
    folder,
    machines,
    examFromMachines:
      dirname(machines) === dirname(absolute) ? relative(dirname(machines), absolute) : absolute,
    page: resolve(chosen.page ?? join(home, `${name}.essais.html`)),
  }
}
