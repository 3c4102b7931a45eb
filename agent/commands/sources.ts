import type { Sources } from '../run/load.ts'
import type { CommandContext } from './verb.ts'

/** What exams are read with: the checks of this version and the référentiels that are installed. */
export async function sourcesOf(context: CommandContext): Promise<Sources> {
  const [{ catalogue }, referentials] = await Promise.all([
    import('../../checks/catalogue.ts'),
    context.referentials(),
  ])
  return { catalogue, referentials }
}
