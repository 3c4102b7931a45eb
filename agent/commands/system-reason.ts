import type { Text } from '../../checks/text.ts'

const reasons: Readonly<Record<string, Text>> = {
  ENOENT: { fr: "ce fichier ou ce dossier n'existe pas", en: 'this file or folder does not exist' },
  EACCES: { fr: "ce compte n'en a pas le droit", en: 'this account may not' },
  EPERM: { fr: "ce compte n'en a pas le droit", en: 'this account may not' },
  EISDIR: { fr: "c'est un dossier, pas un fichier", en: 'this is a folder, not a file' },
  ENOTDIR: { fr: "ce n'est pas un dossier", en: 'this is not a folder' },
  EEXIST: { fr: 'ce nom est déjà pris', en: 'this name is taken' },
  ENOSPC: { fr: 'le disque est plein', en: 'the disk is full' },
  EROFS: { fr: 'ce disque est en lecture seule', en: 'this disk is read-only' },
  EADDRINUSE: { fr: 'ce port est déjà pris', en: 'this port is taken' },
}

/** Why the system refused, by its error code (errno(3)); the code itself where there is no sentence for it. */
export function systemReason(error: unknown): Text {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return reasons[code] ?? { fr: code || 'erreur', en: code || 'error' }
}
