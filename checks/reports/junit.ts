import { XMLBuilder } from 'fast-xml-parser'
import type { Finding } from '../finding.ts'
import type { Lang, Text } from '../text.ts'
import type { Blame, Cause, Verdict } from '../verdict.ts'

/** What one candidate's suite says. */
export interface JUnitSuite {
  readonly name: string
  /** ISO 8601. */
  readonly timestamp: string
  readonly hostname: string
  readonly seconds: number
  readonly findings: readonly Finding[]
}

/** The words of whoever writes the report, and how it makes hostile text harmless (lines are kept). */
export interface JUnitWords {
  readonly lang: Lang
  readonly cause: Readonly<Record<Cause, Text>>
  readonly blame: Readonly<Record<Blame, Text>>
  readonly visible: (text: string) => string
}

const attribute = '@'
const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: attribute,
  suppressEmptyNode: true,
  suppressBooleanAttributes: false,
})

/**
 * A JUnit report (the XML that CI servers read): a suite a candidate, a case a finding. « Non constaté » is a failure,
 * « non vérifié » an error with its cause as type, « à apprécier par le jury » and « sans objet » are skipped. Pure.
 */
export function junit(suites: readonly JUnitSuite[], words: JUnitWords): string {
  const document = {
    '?xml': attributes({ version: '1.0', encoding: 'UTF-8' }),
    testsuites: { ...attributes({ name: 'probant' }), testsuite: suites.map((one) => suite(one, words)) },
  }
  return `${builder.build(document)}\n`
}

function suite({ name, timestamp, hostname, seconds, findings }: JUnitSuite, words: JUnitWords) {
  const count = (...verdicts: Verdict[]) => findings.filter((f) => verdicts.includes(f.verdict)).length
  return {
    ...attributes({
      name: words.visible(name),
      timestamp,
      hostname: words.visible(hostname),
      time: seconds.toFixed(3),
      tests: findings.length,
      failures: count('fail'),
      errors: count('unknown'),
      skipped: count('jury', 'na'),
    }),
    testcase: findings.map((finding) => testcase(finding, words)),
  }
}

function testcase(finding: Finding, words: JUnitWords) {
  const { lang, visible } = words
  const cell = finding.cell ? ` — ${finding.cell[lang]}` : ''
  return {
    ...attributes({
      classname: visible(finding.demand),
      name: visible(`${finding.check} ${finding.target} : ${finding.says[lang]}${cell}`),
      time: (finding.ms / 1000).toFixed(3),
    }),
    ...outcome(finding, words),
  }
}

function outcome(finding: Finding, { lang, cause: causes, blame: blames, visible }: JUnitWords) {
  const message = visible(finding.observed[lang])
  const [expected, observed] = { fr: ['Attendu', 'Relevé'], en: ['Expected', 'Observed'] }[lang]
  const text = visible(`${expected} : ${finding.expected[lang]}\n${observed} : ${finding.observed[lang]}`)
  switch (finding.verdict) {
    case 'pass':
      return {}
    case 'fail':
      return { failure: { ...attributes({ message }), '#text': text } }
    case 'unknown': {
      const cause = finding.cause ?? 'grader'
      const blame = finding.blame ? `, ${blames[finding.blame][lang]}` : ''
      const why = `${causes[cause][lang]}${blame}`
      return { error: { ...attributes({ type: cause, message: why }), '#text': text } }
    }
    default:
      return { skipped: attributes({ message }) }
  }
}

const attributes = (of: Readonly<Record<string, string | number>>): Record<string, string> =>
  Object.fromEntries(Object.entries(of).map(([name, value]) => [`${attribute}${name}`, String(value)]))
