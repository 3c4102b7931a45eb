import type { Diagnostic } from './document.ts'
import { asked, type Plan, type PlannedCheck } from './plan.ts'
import type { Probe, ProbeKind } from './probe.ts'
import type { Session } from './session-reader.ts'
import { powershellWay, type ResolvedCandidate } from './session.ts'
import { same, type Text } from './text.ts'
import { routeOf } from './ways.ts'

const shell: Text = { fr: '« ssh » (ou « local: true »)', en: '“ssh” (or “local: true”)' }
const powershell: Text = {
  fr: '« winrm », « ssh » avec « shell: powershell », ou « local: powershell »',
  en: '“winrm”, “ssh” with “shell: powershell”, or “local: powershell”',
}
/** What to give a machine so that questions of this kind can be asked of it, or from it; the others need nothing. */
const remedies: Partial<Record<ProbeKind, Text>> = {
  command: shell,
  file: shell,
  icmp: shell,
  tcp: shell,
  powershell,
  ldap: { fr: '« ldap »', en: '“ldap”' },
  'group-policy': { fr: `« smb », ou ${powershell.fr}`, en: `“smb”, or ${powershell.en}` },
  snmp: { fr: '« snmp »', en: '“snmp”' },
}

/** Where the PowerShell of the domain controller can be asked already, nothing more is needed but the name of the domain. */
const directoryThroughPowershell: Text = {
  fr: '« ldap: { through: powershell, domain: … } » (l’annuaire par le PowerShell de la machine), ou « ldap » avec « credential » (par TLS)',
  en: '“ldap: { through: powershell, domain: … }” (the directory by the PowerShell of the machine), or “ldap” with “credential” (over TLS)',
}

/**
 * What an exam asks of a machine and the session gives no way to ask, as far as the first questions tell: a note at the
 * machine's place for each, since what isn't asked stays unknown.
 */
export function missingWays(
  session: Session,
  { plan, resolved }: { readonly plan: Plan; readonly resolved: ResolvedCandidate },
): Diagnostic[] {
  const missing = new Map<string, { role: string; remedy: Text; checks: Set<string> }>()
  for (const planned of plan.checks)
    for (const probe of firstQuestions(planned, plan)) {
      if (routeOf(probe, resolved.targets)) continue
      const role = askedOn(probe)
      const remedy = remedyOf(probe, resolved)
      const name = `${role} ${remedy.en}`
      const known = missing.get(name) ?? { role, remedy, checks: new Set() }
      missing.set(name, known)
      known.checks.add(planned.checkId)
    }
  return [...missing.values()].map(({ role, remedy, checks }) => {
    const names = [...checks].sort().join(', ')
    return session.document.diagnose(
      [resolved.targets[role]?.shared ? 'shared' : 'targets', role],
      {
        fr: `rien ne permet de demander ici ce que veut le sujet (${names}) : donnez à « ${role} » ${remedy.fr}, sinon cela restera non vérifié`,
        en: `nothing lets the agent ask here what the exam wants (${names}): give “${role}” ${remedy.en}, or it stays unknown`,
      },
      { severity: 'note', key: true },
    )
  })
}

function remedyOf(probe: Probe, { targets }: ResolvedCandidate): Text {
  const target = targets[askedOn(probe)]?.target
  if (probe.kind === 'ldap' && target && powershellWay(target)) return directoryThroughPowershell
  return remedies[probe.kind] ?? same(probe.kind)
}

/** What a check asks first. None of a check that fails by its own fault: its judgement will say so. */
export function firstQuestions(planned: PlannedCheck, { facts }: Plan): Probe[] {
  try {
    return Object.values(asked(planned, facts, new Map()).probes).map(({ probe }) => probe)
  } catch {
    return []
  }
}

/** The machine whose connection would carry the question. */
const askedOn = ({ from, to }: Probe): string => (from === 'agent' ? to : from)
