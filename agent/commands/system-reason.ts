import type { Text } from '../../checks/text.ts'

const reasons: Readonly<Record<string, Text>> = {
  ENOENT: {
    fr: "ce fichier ou ce dossier n'existe pas, vérifiez le chemin",
    en: 'this file or folder does not exist, check the path',
  },
  EACCES: {
    fr: "ce compte n'en a pas le droit, prenez un autre chemin ou un autre compte",
    en: 'this account may not, take another path or another account',
  },
  EPERM: {
    fr: "ce compte n'en a pas le droit, prenez un autre chemin ou un autre compte",
    en: 'this account may not, take another path or another account',
  },
  EISDIR: { fr: "c'est un dossier, donnez un fichier", en: 'this is a folder, give a file' },
  ENOTDIR: { fr: "ce n'est pas un dossier, donnez-en un", en: 'this is not a folder, give one' },
  EEXIST: { fr: 'ce nom est déjà pris, choisissez-en un autre', en: 'this name is taken, choose another' },
  ENOSPC: { fr: 'le disque est plein, faites de la place', en: 'the disk is full, free some room' },
  EROFS: {
    fr: 'ce disque est en lecture seule, prenez-en un autre',
    en: 'this disk is read-only, take another',
  },
  EADDRINUSE: {
    fr: 'ce port est déjà pris, choisissez-en un autre',
    en: 'this port is taken, choose another',
  },
}

/** Why the system refused, by its error code (errno(3)); the code itself where there is no sentence for it. */
export function systemReason(error: unknown): Text {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === '') return { fr: 'erreur', en: 'error' }
  return (
    reasons[code] ?? {
      fr: `erreur ${code} du système, recommencez ou prenez un autre chemin`,
      en: `system error ${code}, try again or take another path`,
    }
  )
}
