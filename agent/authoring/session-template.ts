import type { RoleKind } from '../../checks/define.ts'
import { filled } from '../../checks/text.ts'
import { chosenDemands, directoryRoles, rolesNamed, type Beginning } from './chosen-demands.ts'
import { sayIn, scalar } from './exam-template.ts'
import { sessionRemarks } from './remarks.ts'
import { sampleRoles } from './sample-demands.ts'

/** How a machine of each kind lets the checks in, and the account that this takes, as a session writes them. */
const ways: Partial<Record<RoleKind, { readonly way: string; readonly credential: string }>> = {
  linux: {
    way: 'ssh: { credential: admin-linux, identity: first-use }',
    credential: 'admin-linux: { user: surveillant, key: vault:admin-linux }',
  },
  windows: {
    way: 'winrm: { credential: admin-windows, identity: first-use }',
    credential: `admin-windows: { user: 'AGENCE{{n}}\\surveillant', password: vault:admin-windows }`,
  },
  switch: {
    way: 'snmp: { credential: snmp, version: 3 }',
    credential:
      'snmp: { user: surveillant, auth: { protocol: sha256, secret: vault:snmp-auth }, privacy: { protocol: aes, secret: vault:snmp-chiffrement } }',
  },
  supervision: {
    way: 'http: { credential: nagios }',
    credential: 'nagios: { user: surveillant, password: vault:nagios }',
  },
}

/** A session to start from, for the exam of the same beginning in the file `exam`. `date` as ISO 8601 writes a day. */
export function sessionTemplate(
  beginning: Beginning,
  { exam, date, lang }: { readonly exam: string; readonly date: string; readonly lang: 'fr' | 'en' },
): string {
  const say = sayIn(lang)
  const chosen = chosenDemands(beginning)
  const roles = rolesNamed(chosen)
  const directories = directoryRoles(chosen)
  const kinds = [...new Set(roles.map((name) => sampleRoles[name]!.kind))]
  const credentials = kinds.flatMap((kind) => ways[kind]?.credential ?? [])
  const target = (name: string, place: number) =>
    [
      `address: "10.0.{{n}}.${10 + place}"`,
      ...(ways[sampleRoles[name]!.kind] ? [ways[sampleRoles[name]!.kind]!.way] : []),
      ...(directories.has(name) ? ['ldap: { through: powershell, domain: "agence{{n}}.lan" }'] : []),
    ].join(', ')
  const local = beginning.firstSteps === 'windows' ? ['powershell', 'winrm'] : ['true', 'ssh']
  const lines = [
    '# yaml-language-server: $schema=session.schema.json',
    `exam: ${scalar(exam)}`,
    `date: ${date} # ${say(sessionRemarks.date)}`,
    `# ${say(sessionRemarks.seed)}`,
    '',
    ...(credentials.length > 0
      ? [
          `# ${say(sessionRemarks.credentials)}`,
          'credentials:',
          ...credentials.map((line) => `  ${line}`),
          '',
        ]
      : []),
    `# ${say(sessionRemarks.targets)}`,
    ...(beginning.firstSteps === null
      ? []
      : [`# ${say(filled(sessionRemarks.local, { 0: local[0]!, 1: `${local[1]}: …` }))}`]),
    'targets:',
    ...roles.map((name, place) => `  ${name}: { ${target(name, place)} }`),
    '',
    `# ${say(sessionRemarks.control)}`,
    'control: { address: 10.0.0.1 }',
    '',
    `# ${say(sessionRemarks.candidates)}`,
    'candidates:',
    '  - { code: C01, n: 1, seat: A1 }',
    '  - { code: C02, n: 2, seat: A2, extra-minutes: 30 }',
  ]
  return `${lines.join('\n')}\n`
}
