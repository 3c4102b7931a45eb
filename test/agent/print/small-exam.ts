import { createHash } from 'node:crypto'
import { catalogue } from '../../../checks/catalogue.ts'
import { assembleSession, type AssembledSession } from '../../../checks/session-files.ts'
import { subjectOf, type Subject } from '../../../checks/subject.ts'
import type { Lang } from '../../../checks/text.ts'
import { readReferentials } from '../../../referentials.ts'

/** Words that no candidate may read: in hints, questions, and values of checks that no text says. */
export const canaries = ['INDICEUN', 'INDICEDEUX', 'QUESTIONJURY', 'VALEURTUE', 'linux.user', 'C9.1'] as const

/** A small exam with drawn values, a demand of several lines, and a canary wherever something must stay unsaid. */
export const examText = (purpose: 'training' | 'examination') => `title: "Agence : le réseau"
purpose: ${purpose}
referential: tp-01351-01
certificate: CCP2
roles: { web: linux, sw: switch }
introduction: |
  L'agence de {{ville}} ouvre ; vous en préparez le serveur.

  Son nom : srv-{{ville}}.
variables:
  ville: { among: [Lyon, Brest, Nantes, Lille] }
  vlan: { from: 100, to: 199 }
demands:
  - id: compte
    text: "Créez le compte « admin ; {{ville}} » sur le serveur web !"
    criteria: [C9.1]
    checks:
      - linux.user: { on: web, name: "admin-{{ville}}", groups: [VALEURTUE] }
    question: QUESTIONJURY pourquoi ?
    hint: [INDICEUN regardez, INDICEDEUX cherchez]
  - id: reseau
    text: |
      Le commutateur porte le VLAN {{vlan}}.
      - nom : V{{vlan}}_{{n:02}}
    criteria: [C5.1]
    checks:
      - network.vlan: { on: sw, id: "{{vlan}}", name: "V{{vlan}}_{{n:02}}" }
`

export const sessionText = `exam: sujet.yaml
title: Session d'essai
date: 2026-12-01
seed: graine secrète
credentials:
  admin: { user: COMPTESECRET, key: env:CLESECRETE }
  v3: { user: snmp, auth: { protocol: sha256, secret: env:A }, privacy: { protocol: aes, secret: env:P } }
shared: { sw: { address: 10.0.0.2, snmp: { credential: v3 } } }
targets: { web: { address: "10.0.{{n}}.20", ssh: { credential: admin } } }
candidates:
  - { code: C01, n: 1, seat: A1 }
  - { code: C02, n: 2, extra-minutes: 20 }
`

export const sources = async () => ({ catalogue, referentials: await readReferentials() })

/** The small session, assembled; throws where it has mistakes. */
export async function assembled(purpose: 'training' | 'examination'): Promise<AssembledSession> {
  const files = {
    session: { name: 'session.yaml', text: sessionText },
    exam: { name: 'sujet.yaml', text: examText(purpose) },
  }
  const { assembled: session, diagnostics } = assembleSession(files, await sources())
  if (!session) throw new Error(JSON.stringify(diagnostics))
  return session
}

/** The paper of its candidate of that place. */
export async function paperOf(
  index: number,
  { purpose = 'examination' as 'training' | 'examination', lang = 'fr' as Lang, hints = false } = {},
): Promise<Subject> {
  const { exam, candidates, session } = await assembled(purpose)
  const { title = null, date } = session.file
  return subjectOf(
    { exam, hash: createHash('sha256').update(examText(purpose)).digest('hex') },
    { kind: 'candidate', resolved: candidates[index]!.resolved, sitting: { title, date } },
    { lang, hints },
  )
}

/** A paper whose demands are these texts, whatever they hold. */
export async function paperWith(texts: readonly string[], title?: string): Promise<Subject> {
  const paper = await paperOf(0)
  return { ...paper, title: title ?? paper.title, demands: texts.map((text) => ({ text, hints: [] })) }
}
