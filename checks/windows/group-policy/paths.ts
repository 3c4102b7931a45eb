const halves = ['Machine', 'User']
const kinds = ['Drives', 'Printers', 'Groups', 'ScheduledTasks', 'Files', 'Shortcuts', 'Registry']
const below = [
  'Registry.pol',
  'Microsoft/Windows NT/SecEdit/GptTmpl.inf',
  'Scripts/scripts.ini',
  'Scripts/psscripts.ini',
  ...kinds.map((kind) => `Preferences/${kind}/${kind}.xml`),
]

/** GUID of the Default Domain Policy, which every domain has ([MS-GPOD] 1.1.4). */
export const defaultDomainPolicy = '31b2f340-016d-11d2-945f-00c04fb984f9'

/** GPT.INI ([MS-GPOL] 2.2.4), which every policy has. */
export const versionFile = 'GPT.INI'

/** Every file of a policy that settings.ts has a reader for, below the policy's folder. */
export const settingsFiles: readonly string[] = [
  versionFile,
  ...halves.flatMap((half) => below.map((path) => `${half}/${path}`)),
]
