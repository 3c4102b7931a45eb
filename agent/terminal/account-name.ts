import { userInfo } from 'node:os'

/**
 * Who runs this, as people call the account; empty where nobody knows (an account by its number alone, as containers have,
 * has no name, and the system throws).
 */
export function accountName(
  env: Readonly<Record<string, string | undefined>> = process.env,
  system: () => { readonly username: string } = userInfo,
): string {
  try {
    return system().username
  } catch {
    return env['USER'] || env['LOGNAME'] || env['USERNAME'] || ''
  }
}
