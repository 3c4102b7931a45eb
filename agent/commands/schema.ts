import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { examJsonSchema, sessionJsonSchema } from '../../checks/schema.ts'
import { CommandFailure } from './command-failure.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { systemReason } from './system-reason.ts'
import type { CommandContext, Options } from './verb.ts'

/** `probant schema [exam|session] [--dir DIR]`: prints one JSON Schema, or writes both. */
export async function schema(
  [wanted]: readonly string[],
  options: Options,
  { terminal }: CommandContext,
): Promise<ExitCode> {
  const { catalogue } = await import('../../checks/catalogue.ts')
  const schemas: Record<string, () => object> = {
    exam: () => examJsonSchema(catalogue, terminal.lang),
    session: () => sessionJsonSchema(terminal.lang),
  }
  const printed = (name: string) => JSON.stringify(schemas[name]?.(), null, 2)
  if (wanted !== undefined) {
    if (!Object.hasOwn(schemas, wanted))
      throw new CommandFailure(
        {
          fr: `« ${wanted} » n'est pas un schéma : demandez exam ou session`,
          en: `“${wanted}” is not a schema: ask for exam or session`,
        },
        exitCode.badInput,
      )
    terminal.out(printed(wanted))
    return exitCode.ok
  }
  const folder = String(options['dir'] ?? '.')
  try {
    await mkdir(folder, { recursive: true })
    for (const name of Object.keys(schemas)) {
      const path = join(folder, `${name}.schema.json`)
      await writeFile(path, `${printed(name)}\n`)
      terminal.out(path)
    }
  } catch (error) {
    const why = systemReason(error)
    throw new CommandFailure(
      {
        fr: `impossible d'écrire dans « ${folder} » : ${why.fr}. Choisissez un autre dossier avec --dir`,
        en: `cannot write to “${folder}”: ${why.en}. Choose another folder with --dir`,
      },
      exitCode.badInput,
    )
  }
  terminal.err(
    terminal.say({
      fr: 'Première ligne du sujet pour que l’éditeur le complète : # yaml-language-server: $schema=exam.schema.json',
      en: 'First line of the exam for the editor to complete it: # yaml-language-server: $schema=exam.schema.json',
    }),
  )
  return exitCode.ok
}
