import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Writes a session that grades this very machine (`local`), and one that nobody answers at; gives its path. */
export function localSession(folder: string, purpose: 'training' | 'examination'): string {
  const own = join(folder, purpose)
  mkdirSync(own, { recursive: true })
  writeFileSync(join(own, 'present'), 'hello\n')
  writeFileSync(
    join(own, 'sujet.yaml'),
    `title: Sujet local
purpose: ${purpose}
referential: tp-01351-01
certificate: TITRE
roles: { moi: linux, muet: linux }
demands:
  - { id: present, criteria: [C9.1], checks: [{ linux.file: { on: moi, path: ${join(own, 'present')}, type: file } }] }
  - { id: absent, text: "Un fichier {{n}} attendu", criteria: [C9.1], checks: [{ linux.file: { on: moi, path: ${join(own, 'absent')}, type: file } }] }
  - { id: muet, criteria: [C9.1], checks: [{ linux.file: { on: muet, path: /etc/hostname, type: file } }] }
`,
  )
  const path = join(own, 'session.yaml')
  writeFileSync(
    path,
    `exam: sujet.yaml
date: 2026-12-01
credentials: { personne: { user: nobody, password: env:PROBANT_TEST_PASSWORD } }
targets:
  moi: { address: 127.0.0.1, local: true }
  muet: { address: 127.0.0.1, ssh: { credential: personne, port: 1 } }
candidates:
  - { code: C01, n: 1, seat: A1 }
  - { code: C02, n: 2, seat: A2 }
`,
  )
  return path
}
