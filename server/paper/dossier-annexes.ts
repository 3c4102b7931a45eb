import { keyFingerprint } from '../../checks/run.ts'
import { dayAndTime, duration, period } from '../pages/typography.ts'
import { kindWords, words } from '../pages/wording.ts'
import { demandNodes, ruleAbove, type DossierParts } from './dossier-competency.ts'
import type { DossierInput } from './dossier-content.ts'
import { notePieces } from './dossier-finding.ts'
import type { Group, Node } from '../../paper/flow.ts'
import { facts, group, mono, paragraph, plain, quiet, strong, table } from '../../paper/setting.ts'
import { paperWords, stageWords } from './wording.ts'

/** Demands that no criterion of the certificate takes; nothing where there is none. */
export function elsewhereSection(parts: DossierParts): Node[] {
  const { content, context } = parts
  const { elsewhere } = content.outline
  if (elsewhere.length === 0) return []
  return [
    group('Sect', [
      annexHeading(context.say(words.elsewhere), parts),
      paragraph(context.sheet, [quiet(context.say(words.elsewhereMeans))], { keep: true }),
      ...elsewhere.flatMap((view) => demandNodes(view, null, parts)),
    ]),
  ]
}

export function machinesSection({ dossier }: DossierInput, parts: DossierParts): Group {
  const { sheet, say, said } = parts.context
  const rows = Object.entries(dossier.run.facts.targets)
    .slice(0, 60)
    .map(([role, target]) => [
      [strong(said(role, 40))],
      [plain(`${say(kindWords[target.kind])}${target.shared ? ` (${say(words.shared)})` : ''}`)],
      [plain(said(target.domain ? `${target.address}, ${target.domain}` : target.address, 120))],
    ])
  return group('Sect', [
    annexHeading(say(words.machines), parts),
    table(
      sheet,
      [
        { width: 104, head: say(words.role) },
        { width: 180, head: say(words.kind) },
        { width: 204, head: say(words.address) },
      ],
      rows,
    ),
  ])
}

/** Where what is printed comes from: each run that it uses, with its fingerprint. */
export function provenanceSection({ dossier, timeZone, lang }: DossierInput, parts: DossierParts): Group {
  const { content, density, context } = parts
  const { sheet, say, said } = context
  const { run, link, summary, runs, stages, followUps, start } = dossier
  const used = new Set([
    summary.id,
    ...followUps.map((kept) => kept.run.id),
    ...(start ? [start.run.id] : []),
  ])
  const rows = runs
    .filter(({ id }) => used.has(id))
    .slice(0, 20)
    .map(({ id, fingerprint, startedAt, endedAt, receivedAt, complete }) => [
      [strong(say(stageWords[stages.get(id) ?? 'unsaid']))],
      [
        plain(
          `${period(startedAt, endedAt, timeZone, lang)}, ${say(complete ? words.complete : words.interruptedShort)}`,
        ),
      ],
      [plain(dayAndTime(receivedAt, timeZone, lang))],
      [mono(`${id} `, 6.3), mono(fingerprint, 6.3)],
    ])
  const { offsetMs } = run.agent.clock
  const nodes: Node[] = [
    annexHeading(say(words.provenance), parts),
    table(
      sheet,
      [
        { width: 60, head: say(paperWords.stage) },
        { width: 104, head: say(paperWords.asked) },
        { width: 70, head: say(paperWords.received) },
        { width: 254, head: say(paperWords.idAndFingerprint) },
      ],
      rows,
    ),
    paragraph(sheet, [quiet(say(paperWords.verify))], { before: 4 }),
    facts(sheet, [
      [say(words.signedBy), [mono(keyFingerprint(run.signature.publicKey), 6.5)]],
      [`${say(words.link)} ${link.sequence}`, [mono(link.hash, 6.5)]],
      [
        say(words.agentHost),
        [
          plain(
            `${said(run.agent.host, 80)} · ${say(words.clock)} ${offsetMs === null ? say(words.clockUnknown) : duration(offsetMs, lang)} · ${say(words.version)} ${said(run.inputs.version, 40)}`,
          ),
        ],
      ],
      [say(words.timeZone), [plain(timeZone)]],
    ]),
  ]
  if (content.otherContests.length > 0)
    nodes.push(
      paragraph(sheet, [strong(say(paperWords.contestedElsewhere), 9)], { tag: 'H3', before: 8, keep: true }),
      ...content.otherContests
        .slice(0, 20)
        .map((contest) => paragraph(sheet, notePieces(contest, density, context), { before: 2 })),
    )
  return group('Sect', nodes)
}

const annexHeading = (title: string, { context: { sheet } }: DossierParts): Node =>
  paragraph(sheet, [strong(title, 11)], {
    tag: 'H2',
    before: 16,
    keep: true,
    rules: ruleAbove,
    bookmark: { title, depth: 0 },
  })
