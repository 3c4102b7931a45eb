import { describe, expect, it } from 'vitest'
import { html } from '../../agent/reports/html.ts'
import { runText } from '../../agent/reports/run-text.ts'
import { causeWords as agentCauses } from '../../agent/reports/words.ts'
import { remedyFor } from '../../checks/explanation/causes.ts'
import { explanationOf } from '../../checks/explanation.ts'
import type { Finding } from '../../checks/finding.ts'
import { causeSchema, type Cause } from '../../checks/verdict.ts'
import { causeWords } from '../../server/pages/wording.ts'
import { startExamDay } from '../server/exam-day-server.ts'
import { makeBody, makeKey, signRun } from '../server/run-fixture.ts'
import { isRefusal, verifyRun } from '../../server/store/verified-run.ts'
import { saysWhatToDo } from './next-step.ts'

/**
 * An unknown is no failure of a command: its cause is a clause, and beside it stands what to do. To a candidate in
 * training that is the remedy of the cause; to the jury, whose session is over, the way to see it by hand. The technical
 * detail, in the words of a tool, stands only behind these.
 */
const causes = causeSchema.options
const languages = ['fr', 'en'] as const
const body = makeBody({ n: 1 })
const notVerified = new Set(
  body.demands.filter(({ verdict }) => verdict === 'unknown').map(({ demand }) => demand),
)
const template = body.findings.find(
  ({ demand, verdict }) => verdict === 'unknown' && notVerified.has(demand),
)!
const unknownBy = (cause: Cause): Finding => ({ ...template, cause, blame: 'undecidable' })
const ways = [
  'ssh',
  'local',
  'winrm',
  'powershell-ssh',
  'powershell-local',
  'smb',
  'ldap',
  'snmp',
  'icmp',
  'tcp',
]

describe.each(causes)('an unknown by %s', (cause) => {
  const run = signRun({ ...body, findings: [unknownBy(cause)] }, makeKey())

  it('tells who trains what to do, by every way, in both languages', () => {
    for (const transport of [...ways, 'http', 'dns', ''])
      for (const lang of languages) {
        const next = remedyFor(cause, transport).next[lang]
        expect([next, saysWhatToDo[lang](next)]).toEqual([next, true])
        const told = explanationOf({ ...unknownBy(cause), transport }, run, undefined)
        expect(told.next?.[lang]).toBeTruthy()
      }
  })

  it('is said in the reports with the way to see it by hand, in both languages', () => {
    for (const lang of languages) {
      const terminal = {
        lang,
        out: () => undefined,
        err: () => undefined,
        say: (text: { fr: string; en: string }) => text[lang],
        live: false,
        colour: { out: false, err: false },
        screen: false,
        columns: Infinity,
      } as const
      const text = [...runText(run, terminal)].join('\n')
      expect(text).toContain(agentCauses[cause][lang])
      expect(text).toContain(template.byHand[lang])
      const page = html([run], lang)
      expect(page).toContain(agentCauses[cause][lang])
      expect(page).toContain(template.byHand[lang])
    }
  })
})

it('the dossier says every unknown with its cause and the way to see it by hand, in both languages', async () => {
  const day = await startExamDay()
  const findings = causes.map((cause) => unknownBy(cause))
  const verified = await verifyRun(signRun({ ...body, findings }, makeKey()))
  if (isRefusal(verified)) throw new Error(JSON.stringify(verified))
  const agent = await day.store.addAgent('salle 12', 'hash')
  await day.store.receive(verified, agent)
  const responsable = await day.signIn('responsable')
  await day.store.life.setState(body.session.id, 'collected', 'open', 'test')
  for (const lang of languages) {
    const path = `/sessions/${body.session.id}/candidates/${body.candidate.code}?detail=unfolded&lang=${lang}`
    const { statusCode, body: page } = await day.get(path, responsable)
    expect(statusCode).toBe(200)
    const shown = page.replaceAll('&#39;', "'").replaceAll('&amp;', '&').replaceAll('&quot;', '"')
    for (const cause of causes) expect(shown).toContain(causeWords[cause][lang])
    expect(shown.split(template.byHand[lang]).length - 1).toBe(causes.length)
  }
  await day.close()
})
