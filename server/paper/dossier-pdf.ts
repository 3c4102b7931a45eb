import { words } from '../pages/wording.ts'
import { competencySection, type DossierParts } from './dossier-competency.ts'
import { elsewhereSection, machinesSection, provenanceSection } from './dossier-annexes.ts'
import { contentOf, type DossierContent, type DossierInput } from './dossier-content.ts'
import { frontSection } from './dossier-front.ts'
import { densities, pageLimit, type Density } from './density.ts'
import type { Node } from '../../paper/flow.ts'
import { contextOf, type PaperContext } from './paper-context.ts'
import { Sheet } from '../../paper/sheet.ts'
import { paperWords } from './wording.ts'

export type { DossierInput } from './dossier-content.ts'

/**
 * The dossier of one candidate on A4, as a tagged PDF: the order, the words and the verdicts of the dossier page, without
 * the raw observations. Twelve pages for 80 findings: where there is more to say, texts are cut, with a sign, and the
 * room to write gets smaller. Rejects only where the installation is broken.
 */
export async function dossierPdf(input: DossierInput): Promise<Buffer> {
  const { dossier, lang, timeZone, generatedAt } = input
  const { run, summary } = dossier
  const content = contentOf(input)
  const sheet = await Sheet.open(lang, generatedAt)
  const context = contextOf(sheet, lang, timeZone)
  const { say, said, moment } = context
  const limit = pageLimit(content.findings.length)
  let nodes: Node[] = []
  for (const density of densities) {
    sheet.scale = density.scale
    nodes = dossierNodes(input, content, density, context)
    if (sheet.pages(nodes) <= limit) break
  }
  const title = said(run.session.title, 90)
  const whose = `${say(words.dossier)} ${said(run.candidate.code, 64)}`
  return sheet.bytes(nodes, {
    title: `${whose}, ${title}`,
    header: { left: title, right: whose },
    footer: {
      mono: `${say(words.fingerprint)} SHA-256 ${summary.fingerprint}`,
      left: `${say(paperWords.run)} ${summary.id} · ${say(paperWords.madeOn)} ${moment(generatedAt.toISOString())}`,
    },
    page: (number, of) => say(paperWords.page(number, of)),
  })
}

function dossierNodes(
  input: DossierInput,
  content: DossierContent,
  density: Density,
  context: PaperContext,
): Node[] {
  const parts: DossierParts = { content, density, context }
  return [
    frontSection(input, parts),
    ...content.outline.competencies.map((section) => competencySection(section, parts)),
    ...elsewhereSection(parts),
    machinesSection(input, parts),
    provenanceSection(input, parts),
  ]
}
