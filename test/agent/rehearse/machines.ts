import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** An exam on this very machine, the script of its model answer and its session, in a folder of their own. */
export interface OnThisMachine {
  readonly exam: string
  readonly session: string
  readonly model: string
  /** Where the demands look. */
  readonly work: string
}

interface Wanted {
  readonly demands: string
  /** Lines of a shell script, in the folder where the demands look. */
  readonly model?: string
  readonly purpose?: 'training' | 'examination'
  readonly roles?: string
  readonly targets?: string
  readonly credentials?: string
  readonly candidates?: string
}

/** `{work}` in the demands is the folder that they look into; `moi` is this machine. */
export function onThisMachine(folder: string, wanted: Wanted): OnThisMachine {
  const work = join(folder, 'machine')
  mkdirSync(work, { recursive: true })
  const [exam, session, model] = ['sujet.yaml', 'session.yaml', 'modele.sh'].map((name) => join(folder, name))
  writeFileSync(
    exam!,
    `title: Sujet d'essai
purpose: ${wanted.purpose ?? 'training'}
referential: tp-01351-01
certificate: TITRE
roles: ${wanted.roles ?? '{ moi: linux }'}
demands:
${wanted.demands.replaceAll('{work}', work)}`,
  )
  writeFileSync(
    session!,
    `exam: sujet.yaml
date: 2026-12-01
credentials: ${wanted.credentials ?? '{}'}
targets:
  moi: { address: 127.0.0.1, local: true }
${wanted.targets ?? ''}
candidates:
${wanted.candidates ?? '  - { code: C01, n: 1, seat: A1 }\n'}`,
  )
  writeFileSync(model!, `#!/bin/sh\ncd '${work}' || exit 9\n${wanted.model ?? 'true'}\n`)
  chmodSync(model!, 0o755)
  return { exam: exam!, session: session!, model: model!, work }
}

/** A demand that the model answer `echo hello > present` meets. */
export const present = `  - { id: present, text: "Créez le fichier present", criteria: [C9.1], checks: [{ linux.file: { on: moi, path: "{work}/present", type: file } }] }
`
