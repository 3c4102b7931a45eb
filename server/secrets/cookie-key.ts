import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { secretFile } from './secret-file.ts'

/** What signs the cookies of a server: made at its first start, kept beside its store. */
export const cookieKey = (folder: string): string =>
  secretFile(join(folder, 'cookie-key'), () => randomBytes(48).toString('base64url')).trim()
