import { join } from 'node:path'
import { exitCode } from './agent/commands/exit-code.ts'
import type { Verb, VerbOption } from './agent/commands/verb.ts'

const data: VerbOption = {
  flags: '--data <dossier>',
  says: { fr: 'dossier du serveur', en: "the server's folder" },
}

/** The server's folder: what was said, else beside what the agent keeps. */
export async function dataFolder(said: unknown): Promise<string> {
  if (said !== undefined) return String(said)
  const { stateFolder } = await import('./agent/evidence/state-folder.ts')
  return stateFolder('server')
}

/** Verbs that look after the server's data; like probant.ts, this file knows the command line and the server. */
export const backupVerb: Verb = {
  name: 'backup',
  says: {
    fr: 'Sauvegarde les données du serveur, même pendant qu’il travaille',
    en: "Backs up the server's data, also while it works",
  },
  options: [
    data,
    {
      flags: '--to <dossier>',
      says: { fr: 'où écrire la sauvegarde', en: 'where to write the backup' },
      default: '.',
    },
  ],
  examples: [
    {
      line: 'probant backup --to /media/usb',
      says: { fr: 'un dossier daté, vérifié, sur une clé', en: 'a dated, verified folder on a stick' },
    },
  ],
  run: async (_args, options, { terminal, version }) => {
    const { backup } = await import('./server/commands/backup.ts')
    const folder = await backup(await dataFolder(options['data']), String(options['to']), { version })
    terminal.out(folder)
    terminal.err(
      terminal.say({
        fr: 'Sauvegarde faite et vérifiée. Elle contient les dossiers des candidats : gardez-la en lieu sûr, et détruisez-la quand la session est purgée.',
        en: 'Backup made and verified. It holds the candidates’ dossiers: keep it safe, and destroy it when the session is purged.',
      }),
    )
    return exitCode.ok
  },
}

export const restoreVerb: Verb = {
  name: 'restore',
  says: {
    fr: 'Remet en place une sauvegarde, après l’avoir vérifiée',
    en: 'Puts a backup back, after having verified it',
  },
  arguments: [{ name: '<dossier>', says: { fr: 'dossier de la sauvegarde', en: 'folder of the backup' } }],
  options: [
    data,
    {
      flags: '--replace',
      says: {
        fr: 'met de côté la base qui est là (elle est conservée)',
        en: 'puts the store that is there aside (it is kept)',
      },
    },
  ],
  examples: [
    {
      line: 'probant restore probant-2026-12-01T17-30-00 --replace',
      says: { fr: 'serveur arrêté', en: 'with the server stopped' },
    },
  ],
  run: async ([folder = ''], options, { terminal }) => {
    const { restore } = await import('./server/commands/backup.ts')
    const target = await dataFolder(options['data'])
    const { at, runs, entries, before } = await restore(folder, target, {
      replace: options['replace'] === true,
    })
    terminal.out(join(target, 'probant.sqlite'))
    terminal.err(
      terminal.say({
        fr: `Sauvegarde du ${at} remise en place : ${runs} passages reçus, ${entries} entrées de journal, chaînes vérifiées.${before === null ? '' : ` L’ancien dossier est conservé : ${before}`}`,
        en: `Backup of ${at} put back: ${runs} runs received, ${entries} journal entries, chains verified.${before === null ? '' : ` The former folder is kept: ${before}`}`,
      }),
    )
    return exitCode.ok
  },
}
