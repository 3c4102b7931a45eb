import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** An exam of one machine, which this very machine can be: a file to make, one to mend, an account that is there. */
export function oneMachine(folder: string, more: { purpose?: string; name?: string } = {}): string {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, more.name ?? 'sujet.yaml')
  writeFileSync(
    path,
    `title: Le serveur de l'agence
purpose: ${more.purpose ?? 'training'}
referential: tp-01351-01
certificate: TITRE
roles: { web: linux }
demands:
  - id: compte
    text: Le compte root existe.
    criteria: [C9.1]
    checks: [{ linux.user: { on: web, name: root } }]
  - id: notice
    text: "La notice {{n}} est lisible par son seul propriétaire."
    criteria: [C9.1, C6.1]
    checks: [{ linux.file: { on: web, path: ${join(folder, 'notice')}, type: file, mode: "600" } }]
    question: Que veut dire 600 ?
    hint: ["Regardez les droits de la notice {{n}}.", "« chmod 600 » les règle."]
  - id: journal
    text: Le journal existe.
    criteria: [C9.1]
    checks: [{ linux.file: { on: web, path: ${join(folder, 'journal')}, type: file } }]
    hint: Un fichier vide suffit.
`,
  )
  return path
}

/** An exam whose machines want every kind of account. */
export const manyMachines = `title: Trois machines
purpose: training
referential: tp-01351-01
certificate: TITRE
roles: { web: linux, dc: windows, sw: switch, invite: host, repos: linux }
demands:
  - { id: fichier, text: Un fichier, criteria: [C9.1], checks: [{ linux.file: { on: web, path: /etc/hostname } }] }
  - { id: ou, text: Une OU, criteria: [C8.1], checks: [{ active-directory.ou: { on: dc, path: Compta } }] }
  - { id: vlan, text: Un VLAN, criteria: [C5.1], checks: [{ network.vlan: { on: sw, id: 10 } }] }
  - { id: echo, text: Un écho, criteria: [C5.1], checks: [{ network.reachable: { on: invite } }] }
`
