import { describe, expect, it } from 'vitest'
import { diagnosed } from '../exam-file.ts'

/** What is said of an exam with this one check, without the place of its line. */
function said(check: string): { fr: string[]; en: string[] } {
  const text = `title: Sujet
purpose: training
referential: tp-01351-01
certificate: TITRE
roles: { srv: windows, web: linux }
demands:
  - id: d
    criteria: [C8.3]
    checks:
      - ${check}
`
  const { fr, en } = diagnosed(text)
  const short = (line: string) => line.replace(/^sujet\.yaml:10:\d+: /, '')
  return { fr: fr.map(short), en: en.map(short) }
}
/** The word of the file that the first diagnostic points at. */
function pointed(check: string): string {
  const column = Number(/^sujet\.yaml:10:(\d+)/.exec(diagnosedLine(check))?.[1])
  return `      - ${check}`.slice(column - 1).split(/[,\s}\]]/, 1)[0] ?? ''
}
const diagnosedLine = (check: string): string =>
  diagnosed(`title: t
purpose: training
referential: tp-01351-01
certificate: TITRE
roles: { srv: windows, web: linux }
demands:
  - id: d
    criteria: [C8.3]
    checks:
      - ${check}
`).fr[0] ?? ''

const scope = (rest: string) => `windows.dhcp-scope: { on: srv, network: 192.168.10.0/24, ${rest} }`
const share = (access: string) => `windows.share: { on: srv, name: Compta, access: [${access}] }`
const SID = 'S-1-5-21-1-2-3-1001'

describe('what a Windows author gets wrong', () => {
  it.each([
    ['windows.dns-record: { on: srv }', '{', '« windows.dns-record » : donnez « zone »'],
    ['windows.dns-record: { on: srv, name: www }', 'www', '« name » : demande aussi « zone »'],
    [
      'windows.dns-record: { on: srv, zone: a.lan, value: 10.0.0.1 }',
      '10.0.0.1',
      '« value » : demande aussi « name »',
    ],
    ['windows.gpo-result: { on: srv }', '{', '« windows.gpo-result » : donnez « gpo »'],
    [
      'windows.gpo-result: { on: srv, gpo: G, because: disabled }',
      'disabled',
      '« because » dit pourquoi la GPO n’est pas appliquée : ajoutez « applied: false »',
    ],
    [
      'windows.gpo-result: { on: srv, gpo: G, applied: false, linkedTo: / }',
      '/',
      '« linkedTo » dit par quel lien',
    ],
    [scope('options: { 300: a }'), '300:', '« 300 » : le numéro d’une option, de 1 à 254'],
    [scope('options: { routeur: a }'), 'routeur:', '« routeur » : le numéro d’une option, de 1 à 254'],
    [
      scope('start: 192.168.11.20'),
      '192.168.11.20',
      '« start » : hors du réseau 192.168.10.0/24 (de 192.168.10.0 à 192.168.10.255)',
    ],
    [scope('start: 192.168.10.50, end: 192.168.10.20'), '192.168.10.20', '« end » : 192.168.10.50 est après'],
    [
      scope('excluded: [192.168.10.9-192.168.10.1]'),
      '192.168.10.9-192.168.10.1',
      'l’élément 1 de « excluded »',
    ],
    [scope('excluded: [192.168.10.300]'), '192.168.10.300', 'ce n’est pas une adresse IPv4'],
    [
      scope('reservations: [{ mac: 00-15-5D-01-02-03, address: 10.0.0.1 }]'),
      '10.0.0.1',
      '« address » : hors du réseau',
    ],
    [
      'windows.dhcp-scope: { on: srv, network: 192.168.10.5/24 }',
      '192.168.10.5/24',
      'le réseau s’écrit 192.168.10.0/24',
    ],
    [
      'windows.disk: { on: srv, letter: E, size: 20, free: 30 }',
      '30',
      '« free » est plus grand que « size »',
    ],
    [
      share(`{ account: '${SID}', right: read }, { account: '${SID}', right: full }`),
      `'${SID}'`,
      'ce compte a déjà un droit plus haut',
    ],
    [
      `windows.local-group: { on: srv, group: G, members: ['${SID}'], without: ['${SID.toLowerCase()}'] }`,
      `'${SID.toLowerCase()}'`,
      'l’élément 1 de « without » : ce compte est aussi demandé dans « members »',
    ],
    ['hyper-v.machine: { on: srv, name: A, vlan: 10, vlanMode: untagged }', '10', '« vlan » ne va qu’avec'],
    [
      'hyper-v.machine: { on: srv, name: A, minimumMemory: 2048, maximumMemory: 1024 }',
      '1024',
      'plus petit que « minimumMemory »',
    ],
    ['windows.firewall-rule: { on: srv, rule: { ports: [90-80] } }', '90-80', 'le plus petit d’abord'],
  ])('%s', (check, place, words) => {
    const { fr, en } = said(check)
    expect(fr).toHaveLength(1)
    expect(fr[0]).toContain(words)
    expect(en[0]).not.toMatch(/[«»éèà]|Invalid|: undefined/)
    expect(pointed(check)).toBe(place)
  })
})

describe('an account that has no name in every language', () => {
  const service = (account: string) => `windows.service: { on: srv, name: S, account: '${account}' }`
  const group = (account: string) => `windows.local-group: { on: srv, group: G, members: ['${account}'] }`
  const shared = (account: string) => share(`{ account: '${account}', right: read }`)
  it.each([
    [service('SYSTEM'), 'écrivez local-system'],
    [service(String.raw`NT AUTHORITY\SYSTEM`), 'écrivez local-system'],
    [service(String.raw`AUTORITE NT\Système`), 'écrivez local-system'],
    [service(String.raw`NT SERVICE\MSSQL`), 's’écrit virtual'],
    [service('Administrateur'), 'donnez son SID, qui finit par -500'],
    [service('technicien'), '« DOMAINE\\technicien », « .\\technicien »'],
    [service('technicien'), 'ou l’un de ces mots : local-system, local-service, network-service, virtual'],
    [service('technicien@agence1.lan'), '« DOMAINE\\technicien »'],
    [group('SYSTEM'), 'écrivez S-1-5-18'],
    [group(String.raw`AGENCE1\Utilisateurs du domaine`), 'écrivez domain-users'],
    [service(String.raw`AGENCE1\Utilisateurs du domaine`), 'donnez son SID, qui finit par -513'],
    [group(String.raw`.\Utilisateurs`), 'écrivez S-1-5-32-545'],
    [group(String.raw`SRV-AD\Administrateurs`), 'écrivez S-1-5-32-544'],
    [group(String.raw`BUILTIN\Users`), 'écrivez S-1-5-32-545'],
    [shared('Tout le monde'), 'écrivez everyone'],
    [
      shared(String.raw`.\Utilisateurs`),
      'un utilisateur ou un groupe du domaine ou de la machine est attendu ici',
    ],
    [shared('S-1-5-32-545'), 'ou l’un de ces mots : everyone, domain-admins, domain-users, domain-guests'],
  ])('%s', (check, words) => {
    const { fr, en } = said(check)
    expect(fr).toHaveLength(1)
    expect(fr[0]).toContain(words)
    expect(en[0]).not.toMatch(/[«»éèà]/)
  })
})

describe('the words of what a parameter takes', () => {
  it.each([
    [
      share(`{ account: everyone, right: lecture }`),
      '« right » : il faut une valeur parmi none, read, modify, full',
    ],
    [
      'windows.firewall-rule: { on: srv, profiles: [prive] }',
      'l’élément 1 de « profiles » : il faut une valeur parmi',
    ],
    ['windows.disk: { on: srv, letter: E, size: grand }', '« size » : il faut un nombre, et non du texte'],
    ['windows.disk: { on: srv, letter: E, size: -1 }', '« size » : il faut plus de 0'],
    ['windows.disk: { on: srv, letter: E, disk: 5000 }', '« disk » : il faut au plus 1023'],
    ['windows.disk: { on: srv, letter: E, label: "" }', '« label » : il faut au moins 1 caractère'],
    [
      'windows.disk: { on: srv, letter: E, disk: 1.5 }',
      '« disk » : il faut un nombre entier, et non un nombre à virgule',
    ],
    [
      'windows.service: { on: srv, name: S, running: oui }',
      '« running » : il faut true ou false, et non du texte',
    ],
    ['windows.firewall-rule: { on: srv, profiles: private }', '« profiles » : il faut une liste'],
    [
      'windows.dhcp-scope: { on: srv, network: salle }',
      'il faut une adresse IPv4, comme 192.168.10.1, ou un réseau',
    ],
    ['windows.dhcp-scope: { on: srv }', 'il manque « network »'],
    ['windows.disk: { on: srv, letter: E, fre: 3 }', 'clé inconnue « fre » ; clés possibles : free, '],
    [
      'windows.scheduled-task: { on: srv, name: T, trigger: { daily: "22:00", evry: 2 } }',
      'clé inconnue « evry » ; clés possibles : every, ',
    ],
    ['hyper-v.machine: { on: srv, name: A, generation: 3 }', '« generation » : il faut 1, ou 2'],
  ])('%s', (check, words) => {
    const { fr, en } = said(check)
    expect(fr).toHaveLength(1)
    expect(fr[0]?.replaceAll('\u202f', ' ')).toContain(words)
    expect(`${fr[0]} ${en[0]}`).not.toMatch(/Entrée invalide|Option invalide|Invalid|<=|>=|"\|"|reçu/)
  })
})
