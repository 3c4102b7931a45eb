import type { Subject } from '../../checks/subject.ts'
import type { Lang } from '../../checks/text.ts'
import { inline, lineBreak, paragraphsOf } from './markdown-text.ts'
import { certificateText, kindWords, lengthText, sampleText, sayIn, sittingText, words } from './wording.ts'

/** A candidate's paper as Markdown (CommonMark, and GitHub's tables). Ends with a line feed. */
export function markdownOf(subject: Subject, lang: Lang): string {
  const say = sayIn(lang)
  const { candidate, sitting, sample, phase, introduction } = subject
  const { total, of } = lengthText(subject, lang)
  const fact = (term: string, text: string) =>
    `- **${term}${lang === 'fr' ? '\u202F' : ''}:** ${inline(text)}`
  const head = [
    candidate &&
      fact(
        say(words.candidate),
        candidate.seat === null ? candidate.code : `${candidate.code}, ${say(words.seat)} ${candidate.seat}`,
      ),
    sample && fact(say(words.sample), say(sampleText(sample))),
    sitting && fact(say(words.session), sittingText(sitting, lang)),
    fact(say(words.certificate), certificateText(subject)),
    fact(say(words.length), of ? `${say(total)}, ${say(of)}` : say(total)),
    fact(say(words.conditions), [phase?.text, subject.certificate.surveillance].filter(Boolean).join(' ')),
  ].filter((line) => line !== null)
  return `${[
    `# ${inline(subject.title)}`,
    say(words[subject.purpose]),
    head.join('\n'),
    ...(introduction === null ? [] : [`## ${say(words.situation)}`, ...paragraphsOf(introduction)]),
    ...machines(subject, lang),
    `## ${say(words.demands)}`,
    ...subject.demands.map((demand, index) => listed(`${index + 1}. `, demandParagraphs(demand, lang))),
    '---',
    `${say(words.paper)} ${subject.fingerprint} · ${say(words.variant)} ${subject.variant}`,
  ].join('\n\n')}\n`
}

function demandParagraphs({ text, hints }: Subject['demands'][number], lang: Lang): string[] {
  const say = sayIn(lang)
  const asked = paragraphsOf(text)
  const helped = hints.map((hint, index) => {
    const name = hints.length > 1 ? `${say(words.hint)} ${index + 1}` : say(words.hint)
    return `*${name}${lang === 'fr' ? '\u202F' : ''}:* ${paragraphsOf(hint).join(lineBreak)}`
  })
  return [...asked, ...helped]
}

/** An item of a list: what follows its first line is set in by the width of its label. */
const listed = (label: string, paragraphs: readonly string[]): string =>
  label +
  paragraphs
    .join('\n\n')
    .split('\n')
    .map((line, index) => (index === 0 || line === '' ? line : ' '.repeat(label.length) + line))
    .join('\n')

function machines({ machines: all }: Subject, lang: Lang): string[] {
  if (all.length === 0) return []
  const say = sayIn(lang)
  const known = all.some(({ address }) => address !== null)
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const heads = [words.machine, words.kind, ...(known ? [words.address] : [])].map(say)
  const rows = all.map(({ role, kind, address, shared }) => [
    inline(role),
    say(kindWords[kind]),
    ...(known ? [`${inline(address ?? '')}${shared ? ` (${say(words.shared)})` : ''}`] : []),
  ])
  return [`## ${say(words.machines)}`, [row(heads), row(heads.map(() => '---')), ...rows.map(row)].join('\n')]
}
