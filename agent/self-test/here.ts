import type { RoleKind } from '../../checks/define.ts'
import type { RoleNeeds } from './needs.ts'

/** What a computer that runs Probant may be in an exam. */
const computers: readonly RoleKind[] = ['linux', 'windows', 'supervision', 'host']

/** Whether the machine that this runs on can be a role's machine: its own shell is the one that is needed. */
export function hereIsPossible(
  { needs, kind }: RoleNeeds,
  platform: NodeJS.Platform = process.platform,
): boolean {
  if (!computers.includes(kind)) return false
  if (needs.size === 0) return true
  if (platform === 'win32') return !needs.has('shell')
  return kind !== 'windows' && !needs.has('powershell')
}
