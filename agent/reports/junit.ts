import { h, type VNode } from 'preact'
import { render } from 'preact-render-to-string'
import type { Finding } from '../../checks/finding.ts'
import type { Run } from '../../checks/run.ts'
import type { Lang } from '../../checks/text.ts'
import { visible } from '../terminal/visible.ts'
import { blameWords, causeWords } from './words.ts'

/**
 * Runs as a JUnit report (the XML that CI servers read): a suite a candidate, a case a finding. « Non constaté » is a
 * failure, « non vérifié » an error with its cause as type, « à apprécier par le jury » and « sans objet » are skipped.
 */
export function junit(runs: readonly Run[], lang: Lang): string {
  const suites = h(
    'testsuites',
    { name: 'probant' } as never,
    runs.map((run) => suite(run, lang)),
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n${render(suites)}\n`
}

function suite(run: Run, lang: Lang): VNode {
  const count = (verdicts: readonly string[]) =>
    run.findings.filter((f) => verdicts.includes(f.verdict)).length
  const attributes = {
    name: run.candidate.code,
    timestamp: run.startedAt,
    hostname: harmless(run.agent.host),
    time: ((Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000).toFixed(3),
    tests: String(run.findings.length),
    failures: String(count(['fail'])),
    errors: String(count(['unknown'])),
    skipped: String(count(['jury', 'na'])),
  }
  return h(
    'testsuite',
    attributes as never,
    run.findings.map((finding) => testcase(finding, lang)),
  )
}

function testcase(finding: Finding, lang: Lang): VNode {
  const cell = finding.cell ? ` — ${finding.cell[lang]}` : ''
  const attributes = {
    classname: finding.demand,
    name: harmless(`${finding.check} ${finding.target} : ${finding.says[lang]}${cell}`),
    time: (finding.ms / 1000).toFixed(3),
  }
  return h('testcase', attributes as never, outcome(finding, lang))
}

function outcome(finding: Finding, lang: Lang): VNode | null {
  const message = harmless(finding.observed[lang])
  const label = { fr: ['Attendu', 'Relevé'], en: ['Expected', 'Observed'] }[lang]
  const text = harmless(`${label[0]} : ${finding.expected[lang]}\n${label[1]} : ${finding.observed[lang]}`)
  switch (finding.verdict) {
    case 'pass':
      return null
    case 'fail':
      return h('failure', { message } as never, text)
    case 'unknown': {
      const cause = finding.cause ?? 'grader'
      const blame = finding.blame ? `, ${blameWords[finding.blame][lang]}` : ''
      return h('error', { type: cause, message: `${causeWords[cause][lang]}${blame}` } as never, text)
    }
    default:
      return h('skipped', { message } as never)
  }
}

/** No control character (XML 1.0 knows none), no end of a CDATA section, which is not allowed in character data. */
const harmless = (text: string): string => visible(text, { lines: true }).replaceAll(']]>', ']] >')
