import type { Text } from '../../checks/text.ts'
import { systemReason } from '../commands/system-reason.ts'
import { writeWhole } from '../evidence/atomic-file.ts'
import { visible } from '../terminal/visible.ts'
import type { PageContents } from './page.ts'
import type { Place } from './place.ts'

/** Writes the candidate's page, for their eyes only. That it can't be is said, and ends nothing. */
export async function writePage(
  place: Pick<Place, 'page'>,
  contents: PageContents,
): Promise<{ readonly words: Text } | { readonly words: Text; readonly problem: true }> {
  const shown = visible(place.page)
  // The pieces of a page take a while to load: only once there is something to put in it.
  const { trainingPage } = await import('./page.ts')
  try {
    await writeWhole(place.page, trainingPage(contents))
    return { words: { fr: `Page à relire : ${shown}`, en: `Page to read again: ${shown}` } }
  } catch (error) {
    const why = systemReason(error)
    return {
      words: {
        fr: `La page n’a pas pu être écrite dans « ${shown} » : ${why.fr}. Choisissez une autre place avec --html`,
        en: `The page could not be written to “${shown}”: ${why.en}. Choose another place with --html`,
      },
      problem: true,
    }
  }
}
