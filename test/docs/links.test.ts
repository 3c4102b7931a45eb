import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const pages = [
  ...globSync('*.md', { cwd: root }),
  ...globSync('{docs,fixtures,checks}/**/*.md', { cwd: root }),
].sort()

/** The anchor that a heading gets on a forge: lower case, blanks as hyphens, punctuation left out. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-')

const anchorsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading))

describe.each(pages)('%s', (page) => {
  const text = readFileSync(join(root, page), 'utf8')
  const prose = text.replace(/```[\s\S]*?```/g, '')
  it('leads nowhere that is not there', () => {
    const dead = [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => {
        const [file = '', anchor] = target.split('#')
        const path = file === '' ? page : join(dirname(page), file)
        if (!existsSync(join(root, path))) return true
        return anchor !== undefined && !anchorsOf(readFileSync(join(root, path), 'utf8')).includes(anchor)
      })
    expect(dead).toEqual([])
  })
})

it('has a guide for each role, and a picture in each', () => {
  for (const guide of ['candidat', 'auteur', 'surveillant', 'jury', 'responsable'])
    expect(readFileSync(join(root, `docs/fr/${guide}.md`), 'utf8')).toMatch(/!\[[^\]]+\]\(\.\.\/images\//)
})
