import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Beginning } from '../../../agent/authoring/chosen-demands.ts'
import { examTemplate } from '../../../agent/authoring/exam-template.ts'
import { sessionTemplate } from '../../../agent/authoring/session-template.ts'
import { catalogue } from '../../../checks/catalogue.ts'
import { diagnosticLine } from '../../../checks/document.ts'
import { readExam } from '../../../checks/exam.ts'
import { assembleExam } from '../../../checks/session-files.ts'
import { readSession } from '../../../checks/session-reader.ts'
import { readReferentials } from '../../../referentials.ts'

const referentials = await readReferentials()
const sources = { catalogue, referentials }
const beginnings: Beginning[] = [...referentials.values()].flatMap((referential) => [
  ...referential.certificates.map(({ id }) => ({ referential, certificate: id, firstSteps: null })),
  { referential, certificate: 'TITRE', firstSteps: 'linux' },
  { referential, certificate: 'TITRE', firstSteps: 'windows' },
])
const all = beginnings.flatMap((beginning) =>
  (['training', 'examination'] as const).flatMap((purpose) =>
    (['fr', 'en'] as const).map((lang) => ({
      beginning,
      purpose,
      lang,
      name: `${beginning.certificate} ${beginning.firstSteps ?? 'whole'} ${purpose} ${lang}`,
    })),
  ),
)

describe.each(all)('$name', ({ beginning, purpose, lang }) => {
  const text = examTemplate(beginning, purpose, lang)
  const session = sessionTemplate(beginning, { exam: 'sujet.yaml', date: '2026-12-01', lang })
  const { exam, diagnostics } = readExam('sujet.yaml', text, sources)

  it('is an exam without error or note', () => {
    expect(diagnostics.map((d) => diagnosticLine(d, 'fr'))).toEqual([])
    expect(exam?.purpose).toBe(purpose)
  })

  it('has a session without error or note, all candidates included', () => {
    const read = readSession('session.yaml', session)
    const found = [...read.diagnostics]
    if (read.session)
      found.push(...assembleExam(read.session, { name: 'sujet.yaml', text }, sources).diagnostics)
    expect(found.map((d) => diagnosticLine(d, 'fr'))).toEqual([])
    expect(read.session).not.toBeNull()
  })

  it('has hints in two steps for training only', () => {
    const written = parse(text) as { demands: { hint?: unknown[] }[] }
    const hints = written.demands.map(({ hint }) => hint?.length ?? 0)
    expect(new Set(hints)).toEqual(new Set([purpose === 'training' ? 2 : 0]))
  })

  it('touches each competency that its mise en situation evaluates and a machine can show', () => {
    if (beginning.firstSteps !== null) return
    const { referential, certificate } = beginning
    const practical = referential.certificates.find(({ id }) => id === certificate)?.modalities.MSP
      ?.competencies
    const shown = (practical ?? []).filter((id) => {
      const { criteria } = referential.competencies.find((one) => one.id === id)!
      return criteria.length === 0 || criteria.some(({ observable }) => observable !== 'none')
    })
    const touched = new Set(exam?.demands.flatMap(({ criteria }) => criteria.map((id) => id.split('.')[0])))
    expect(shown.filter((id) => !touched.has(id))).toEqual([])
  })

  it('names only machines that it has, each used', () => {
    const calls = exam?.demands.flatMap(({ alternatives }) => alternatives.flat()) ?? []
    const params = JSON.stringify(calls.map(({ params: given }) => given))
    const roles = Object.keys(exam?.roles ?? {})
    expect(roles.filter((role) => !new RegExp(`"(?:on|from|to)":"${role}"`).test(params))).toEqual([])
  })
})

it('explains every part once, in a first exam', () => {
  const [beginning] = beginnings.filter(({ firstSteps }) => firstSteps === 'linux')
  const text = examTemplate(beginning!, 'training', 'fr')
  for (const key of [
    'roles',
    'introduction',
    'variables',
    'demands',
    'criteria',
    'checks',
    'any',
    'question',
    'hint',
  ]) {
    const lines = text.split('\n')
    const at = lines.findIndex((line) => line.trim() === `${key}:` || line.trim().startsWith(`${key}: `))
    expect(lines[at - 1]?.trim(), key).toMatch(/^# /)
  }
  expect(text.match(/# not/g)).toHaveLength(1)
  expect(text).toContain('C9.1 # Le fonctionnement du serveur Linux est conforme à la demande')
})
