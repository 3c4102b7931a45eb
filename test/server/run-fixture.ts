import { createHash, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto'
import type { Finding } from '../../checks/finding.ts'
import type { Answer, Observation } from '../../checks/observation.ts'
import {
  command,
  dns,
  file,
  http,
  icmp,
  ldap,
  probeKey,
  snmpWalk,
  tcp,
  type Probe,
} from '../../checks/probe.ts'
import { runBodySchema, signedBytes, type Run, type RunBody, type RunDemand } from '../../checks/run.ts'
import { same, type Text } from '../../checks/text.ts'
import { all, any, type Cause } from '../../checks/verdict.ts'

/** Runs as an agent would make them, for the tests of the server: a sample exam, answers made up, a key made at run time. */
export interface AgentKey {
  readonly privateKey: KeyObject
  /** Raw, base64. */
  readonly publicKey: string
}

export function makeKey(): AgentKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const { x } = publicKey.export({ format: 'jwk' })
  return { privateKey, publicKey: Buffer.from(x ?? '', 'base64url').toString('base64') }
}

export function signRun(body: RunBody, key: AgentKey): Run {
  const value = sign(null, signedBytes(body), key.privateKey).toString('base64')
  return { ...body, signature: { algorithm: 'Ed25519', publicKey: key.publicKey, value } }
}

const sha = (text: string): string => createHash('sha256').update(text).digest('hex')
export const sessionId = (name: string): string => sha(`session ${name}`)

export interface FixtureOptions {
  /** Number of the candidate: C01 is 1. */
  n?: number
  session?: string
  date?: string
  id?: string
  startedAt?: string
  complete?: boolean
  certificate?: string
  /** What every machine says: an honest answer, or one that attacks whoever reads it. */
  says?: string
  /** How many more findings of one more demand, for weight. */
  more?: number
  /** Machines that can't be reached. */
  broken?: boolean
}

/** What a candidate's machine could answer to harm the reader: markup, terminal escapes, direction overrides, NUL, zero widths. */
export const hostile =
  `<script>window.pwned=1</script><img src=x onerror="window.pwned=2">"><svg/onload=window.pwned=3>` +
  `</pre></details><style>*{display:none}</style><a href="javascript:window.pwned=4">ici</a> ` +
  `\u001b]0;titre\u0007\u001b[2J\u001b[31mrouge\u001b[0m \u202Egpj.exe\u202C \u2066isolé\u2069 ` +
  `z\u200Bé\u200Cr\u200Do\uFEFF \u0000 \u007F \u0085 \u2028 \u{E0041} ${'W'.repeat(400)} ${'é\u0301\u0302\u0303'.repeat(20)}`

const text = (fr: string, en: string): Text => ({ fr, en })

/** A valid, signed run of the sample exam. */
export function makeRun(key: AgentKey, options: FixtureOptions = {}): Run {
  return signRun(runBodySchema.parse(makeBody(options)), key)
}

export function makeBody(options: FixtureOptions = {}): RunBody {
  const n = options.n ?? 1
  const startedAt = new Date(options.startedAt ?? '2026-12-01T13:05:07.120Z')
  const at = (ms: number) => new Date(startedAt.getTime() + ms).toISOString()
  const says = options.says
  const targets: RunBody['facts']['targets'] = {
    dc: {
      kind: 'windows',
      address: `10.0.${n}.10`,
      transports: ['ldap'],
      domain: `agence${n}.lan`,
      shared: false,
    },
    web: { kind: 'linux', address: `10.0.${n}.20`, transports: ['ssh', 'http'], shared: false },
    files: { kind: 'linux', address: `10.0.${n}.21`, transports: ['ssh'], shared: false },
    sw: { kind: 'switch', address: `10.0.${n}.2`, transports: ['snmp'], shared: false },
    noc: { kind: 'supervision', address: '10.0.0.5', transports: ['http'], shared: true },
    invite: { kind: 'host', address: `10.2.${n}.40`, transports: [], shared: false },
  }
  const probes: Record<string, Probe> = {}
  const observations: Record<string, Observation> = {}
  const demands: RunDemand[] = []
  const findings: Finding[] = []

  const observe = (
    probe: Probe,
    transport: string,
    answer: Answer | Cause,
    extra: Partial<Observation> = {},
  ) => {
    const id = probeKey(probe)
    const failed = typeof answer === 'string'
    probes[id] = probe
    observations[id] = {
      probe: id,
      transport,
      address: targets[probe.to]?.address ?? '10.0.0.1',
      identity: failed || transport === 'icmp' ? null : `SHA256:${sha(`${probe.to}${n}`).slice(0, 43)}`,
      at: at(400 + Object.keys(probes).length * 37),
      ms: 12 + (Object.keys(probes).length % 7) * 9.25,
      truncated: false,
      answer: failed ? null : answer,
      failure: failed
        ? { cause: answer, detail: 'connect: no answer within 5000 ms', blame: 'candidate' }
        : null,
      ...extra,
    }
    return id
  }
  const find = (
    demand: string,
    check: string,
    finding: Pick<
      Finding,
      'verdict' | 'target' | 'transport' | 'expected' | 'observed' | 'says' | 'byHand' | 'evidence'
    > &
      Partial<Finding>,
  ) =>
    findings.push({
      demand,
      check,
      alternative: 0,
      cell: null,
      criteria: demands.find((d) => d.id === demand)?.criteria ?? [],
      from: 'agent',
      address: targets[finding.target]?.address ?? '',
      cause: null,
      blame: null,
      detail: null,
      contradiction: false,
      ms: 14.2,
      ...finding,
    })
  const ask = (
    id: string,
    asked: string,
    criteria: string[],
    alternatives: RunDemand['alternatives'],
    question: string | null = null,
  ) => demands.push({ id, text: asked, criteria, question, transient: false, alternatives })
  const call = (check: string, params: Record<string, unknown>) => ({ check, params, not: false })

  // Active Directory
  ask(
    'ou-comptabilite',
    "Créez l'unité d'organisation Comptabilité et placez-y les comptes du service.",
    ['C8.1'],
    [
      [
        call('active-directory.ou', { on: 'dc', path: 'Comptabilité' }),
        call('active-directory.user', { on: 'dc', name: `c.durand${n}`, in: 'Comptabilité' }),
      ],
    ],
    'Comment déléguez-vous la réinitialisation des mots de passe de cette OU ?',
  )
  const base = `DC=agence${n},DC=lan`
  const ou = observe(
    ldap('dc', {
      rdns: [['ou', 'Comptabilité']],
      scope: 'base',
      filter: { equals: ['objectClass', 'organizationalUnit'] },
      attributes: ['ou', 'gPLink'],
    }),
    'ldap',
    {
      kind: 'ldap',
      found: true,
      entries: [
        {
          dn: `OU=Comptabilité,${base}`,
          attributes: { ou: ['Comptabilité'], description: [says ?? 'Service comptable'] },
        },
      ],
    },
    { identity: 'S-1-5-21-1004336348-1177238915-682003330' },
  )
  find('ou-comptabilite', 'active-directory.ou', {
    verdict: 'pass',
    target: 'dc',
    transport: 'ldap',
    says: text("L'unité d'organisation Comptabilité existe", 'The organisational unit Comptabilité exists'),
    expected: text('une unité d’organisation Comptabilité', 'an organisational unit Comptabilité'),
    observed: says ? same(says) : same(`OU=Comptabilité,${base}`),
    byHand: text(
      'Sur le contrôleur de domaine : Get-ADOrganizationalUnit -Filter "Name -eq \'Comptabilité\'"',
      'On the domain controller: Get-ADOrganizationalUnit -Filter "Name -eq \'Comptabilité\'"',
    ),
    evidence: [ou],
  })
  const user = observe(
    ldap('dc', {
      filter: { and: [{ equals: ['objectClass', 'user'] }, { equals: ['sAMAccountName', `c.durand${n}`] }] },
      attributes: ['distinguishedName', 'displayName', 'userAccountControl'],
    }),
    'ldap',
    {
      kind: 'ldap',
      found: true,
      entries: [
        {
          dn: `CN=Chloé Durand,OU=Ventes\\, Export,${base}`,
          attributes: { displayname: ['Chloé Durand'], useraccountcontrol: ['512'] },
        },
      ],
    },
    { identity: 'S-1-5-21-1004336348-1177238915-682003330' },
  )
  find('ou-comptabilite', 'active-directory.user', {
    verdict: 'fail',
    target: 'dc',
    transport: 'ldap',
    says: text(`L'utilisateur c.durand${n} est dans Comptabilité`, `User c.durand${n} is in Comptabilité`),
    expected: text(`c.durand${n} dans OU=Comptabilité`, `c.durand${n} in OU=Comptabilité`),
    observed: text(`c.durand${n} dans OU=Ventes, Export`, `c.durand${n} in OU=Ventes, Export`),
    byHand: text(
      `Get-ADUser c.durand${n} | Select-Object DistinguishedName`,
      `Get-ADUser c.durand${n} | Select-Object DistinguishedName`,
    ),
    evidence: [user, ou],
  })

  // A service seen from inside and from outside: mapped to two criteria
  ask(
    'intranet',
    "Installez l'intranet de l'agence : le service nginx est actif, démarre avec la machine et répond sur les ports 80 et 8080.",
    ['C9.1', 'C7.3', 'S5.1'],
    [
      [
        call('linux.service', { on: 'web', name: 'nginx' }),
        call('linux.port', { on: 'web', port: 8080 }),
        call('http.site', { on: 'web' }),
      ],
    ],
    'Que se passe-t-il si un second service demande le port 80 ? Comment le voyez-vous ?',
  )
  const unit = observe(
    command('web', [
      'systemctl',
      'show',
      'nginx.service',
      '-p',
      'LoadState,ActiveState,SubState,UnitFileState',
    ]),
    'ssh',
    {
      kind: 'command',
      status: 0,
      stdout: says ?? 'LoadState=loaded\nActiveState=active\nSubState=running\nUnitFileState=enabled\n',
      stderr: '',
    },
  )
  find('intranet', 'linux.service', {
    verdict: 'pass',
    target: 'web',
    transport: 'ssh',
    says: text(
      'Le service nginx est actif et démarre avec la machine',
      'Service nginx is running and starts at boot',
    ),
    expected: text('actif, activé au démarrage', 'running, enabled at boot'),
    observed: text('actif (running), activé (enabled)', 'active (running), enabled'),
    byHand: text('Sur la machine : systemctl status nginx', 'On the machine: systemctl status nginx'),
    evidence: [unit],
  })
  const sockets = observe(command('web', ['ss', '-H', '-ltn'], { as: 'login' }), 'ssh', {
    kind: 'command',
    status: 0,
    stdout: Array.from(
      { length: 12 },
      (_, i) => `LISTEN 0 511 ${i % 2 ? '127.0.0.1' : '0.0.0.0'}:${8070 + i} 0.0.0.0:*`,
    ).join('\n'),
    stderr: '',
  })
  const outside = observe(tcp('web', 8080), 'tcp', { kind: 'tcp', state: 'refused' }, { identity: null })
  find('intranet', 'linux.port', {
    verdict: 'fail',
    target: 'web',
    transport: 'ssh',
    cell: text('vu de l’intérieur et du réseau', 'seen from inside and from the network'),
    says: text('Le port 8080 répond depuis le réseau', 'Port 8080 answers from the network'),
    expected: text('à l’écoute sur 0.0.0.0:8080', 'listening on 0.0.0.0:8080'),
    observed: text(
      'la machine dit écouter sur 0.0.0.0:8080, mais la connexion est refusée depuis l’agent',
      'the machine says it listens on 0.0.0.0:8080, yet the connection from the agent is refused',
    ),
    byHand: text(
      'Sur la machine : ss -ltn ; depuis un autre poste : nc -vz 10.0.1.20 8080',
      'On the machine: ss -ltn; from another one: nc -vz 10.0.1.20 8080',
    ),
    evidence: [sockets, outside],
    contradiction: true,
  })
  const page = observe(http('web', { path: '/' }), 'http', {
    kind: 'http',
    status: 200,
    headers: { 'content-type': 'text/html', server: says ?? 'nginx/1.22.1' },
    body: says ?? `<!doctype html><title>Intranet</title><h1>Intranet de l'agence ${n}</h1>\n`,
    certificateSha256: null,
  })
  find('intranet', 'http.site', {
    verdict: 'pass',
    target: 'web',
    transport: 'http',
    says: text(`http://10.0.${n}.20/ répond 200`, `http://10.0.${n}.20/ answers 200`),
    expected: text(`200, « Intranet de l’agence ${n} »`, `200, “Intranet de l’agence ${n}”`),
    observed: same('200'),
    byHand: text(
      `Depuis un poste : curl -i http://10.0.${n}.20/`,
      `From a workstation: curl -i http://10.0.${n}.20/`,
    ),
    evidence: [page],
  })

  // A file, asked as root
  ask(
    'partage',
    'Créez le dossier /srv/compta, en lecture et en écriture pour le groupe compta et pour lui seul.',
    ['C9.1'],
    [[call('linux.file', { on: 'files', path: '/srv/compta' })]],
  )
  const folder = observe(
    file('files', '/srv/compta', { as: 'root' }),
    'ssh',
    options.broken
      ? 'timeout'
      : {
          kind: 'file',
          exists: true,
          type: 'directory',
          mode: '2770',
          uid: 0,
          gid: 1001,
          owner: 'root',
          group: 'compta',
          size: 4096,
          mtime: 1_796_130_000,
          content: null,
        },
  )
  find('partage', 'linux.file', {
    ...(options.broken
      ? {
          verdict: 'unknown' as const,
          cause: 'timeout' as const,
          blame: 'candidate' as const,
          detail: 'banner never ended',
          observed: text('non observé', 'not observed'),
        }
      : { verdict: 'pass' as const, observed: same('2770 root:compta') }),
    target: 'files',
    transport: 'ssh',
    says: text(
      '/srv/compta est un dossier de mode 2770, à root:compta',
      '/srv/compta is a directory of mode 2770, owned by root:compta',
    ),
    expected: same('2770 root:compta'),
    byHand: text('Sur la machine : stat /srv/compta', 'On the machine: stat /srv/compta'),
    evidence: [folder],
  })

  // Accepted alternatives
  ask(
    'supervision',
    'Supervisez le serveur web dans l’outil de votre choix.',
    ['C13.2'],
    [
      [call('supervision.nagios-host', { on: 'noc', host: `web${n}` })],
      [call('supervision.snmp-agent', { on: 'sw' })],
    ],
    'Quelle alerte recevez-vous si le disque du serveur se remplit ?',
  )
  const listed = observe(
    http('noc', { path: '/nagios4/cgi-bin/objectjson.cgi?query=hostlist', authenticated: true }),
    'http',
    {
      kind: 'http',
      status: 200,
      headers: {},
      body: JSON.stringify({ data: { hostlist: ['web1', 'files1'] } }),
      certificateSha256: null,
    },
  )
  find('supervision', 'supervision.nagios-host', {
    verdict: 'pass',
    target: 'noc',
    transport: 'http',
    says: text(`Nagios connaît et voit web${n}`, `Nagios lists and sees web${n}`),
    expected: text(`web${n} listé, état UP`, `web${n} listed, state UP`),
    observed: text(`web${n} listé, état UP`, `web${n} listed, state UP`),
    byHand: text('Dans Nagios : menu « Hosts »', 'In Nagios: menu “Hosts”'),
    evidence: [listed],
  })
  const system = observe(
    snmpWalk('sw', ['1.3.6.1.2.1.1']),
    'snmp',
    options.broken
      ? 'unreachable'
      : {
          kind: 'snmp',
          varbinds: [
            { oid: '1.3.6.1.2.1.1.1.0', type: 'OctetString', value: says ?? 'Switch de l’agence' },
            { oid: '1.3.6.1.2.1.1.5.0', type: 'OctetString', value: `sw-${n}` },
          ],
        },
  )
  find('supervision', 'supervision.snmp-agent', {
    alternative: 1,
    verdict: 'unknown',
    cause: options.broken ? 'unreachable' : 'control',
    blame: options.broken ? 'candidate' : 'undecidable',
    detail: 'community public: silence, no control passed',
    target: 'sw',
    transport: 'snmp',
    says: text(
      'Le commutateur répond en SNMP et refuse « public »',
      'The switch answers SNMP and refuses “public”',
    ),
    expected: text('un refus de la communauté public', 'a refusal of the community public'),
    observed: text('non observé', 'not observed'),
    byHand: text(`snmpwalk -v2c -c public 10.0.${n}.2 system`, `snmpwalk -v2c -c public 10.0.${n}.2 system`),
    evidence: [system],
  })

  // Network, from a neighbour machine
  ask(
    'cloisonnement',
    'Les postes n’accèdent pas au réseau des invités ; le nom web de l’agence est résolu.',
    ['C5.1', 'C5.5'],
    [[call('network.vlan-reachable', { from: 'web', to: 'invite' }), call('dns.record', { on: 'dc' })]],
  )
  const ping = observe(icmp('invite', { from: 'web' }), 'icmp', {
    kind: 'icmp',
    sent: 2,
    received: 0,
    rttMs: null,
  })
  find('cloisonnement', 'network.vlan-reachable', {
    verdict: 'unknown',
    cause: 'timeout',
    blame: 'room',
    detail: 'allow control got no answer either',
    from: 'web',
    target: 'invite',
    transport: 'icmp',
    cell: text('web → invite : refus attendu', 'web → invite: deny expected'),
    says: text('web n’atteint pas invite', 'web does not reach invite'),
    expected: text('aucune réponse', 'no answer'),
    observed: text(
      'aucune réponse, mais le témoin ne répond pas non plus',
      'no answer, but neither does the control',
    ),
    byHand: text('Sur web : ping 10.2.1.40', 'On web: ping 10.2.1.40'),
    evidence: [ping],
  })
  const name = observe(dns('dc', `web.agence${n}.lan`, 'A'), 'dns', {
    kind: 'dns',
    rcode: 'NOERROR',
    authoritative: true,
    answers: [{ name: `web.agence${n}.lan`, type: 'A', ttl: 900, data: `10.0.${n}.20` }],
  })
  find('cloisonnement', 'dns.record', {
    verdict: 'pass',
    target: 'dc',
    transport: 'dns',
    says: text(`web.agence${n}.lan désigne 10.0.${n}.20`, `web.agence${n}.lan is 10.0.${n}.20`),
    expected: same(`10.0.${n}.20`),
    observed: same(`10.0.${n}.20`),
    byHand: text(`nslookup web.agence${n}.lan 10.0.${n}.10`, `nslookup web.agence${n}.lan 10.0.${n}.10`),
    evidence: [name],
  })

  // Left to the jury, and without object
  ask(
    'procedure',
    'Rédigez la procédure de restauration et déposez-la sur le serveur.',
    ['C9.2', 'C9.3'],
    [[call('linux.file', { on: 'files', path: '/srv/procedures' })]],
    'Montrez comment vous restaureriez un fichier effacé hier.',
  )
  const log = observe(
    command('files', ['dpkg-query', '-W', '-f', '${Package}\\n'], { maxBytes: 262_144 }),
    'ssh',
    {
      kind: 'command',
      status: 0,
      stdout: Array.from({ length: 4000 }, (_, i) => `paquet-${i} 1.0-${i}`).join('\n'),
      stderr: 'avertissement\n',
    },
    { truncated: true },
  )
  find('procedure', 'linux.file', {
    verdict: 'jury',
    target: 'files',
    transport: 'ssh',
    says: text('Une procédure est déposée', 'A procedure is there'),
    expected: text('un document lisible', 'a readable document'),
    observed: text('un document de 3 pages, daté du jour', 'a document of 3 pages, dated today'),
    byHand: text('Ouvrir le document', 'Open the document'),
    evidence: [log],
  })
  find('procedure', 'linux.mount', {
    verdict: 'na',
    target: 'files',
    transport: 'ssh',
    says: text('Le dossier est sur un volume à part', 'The folder is on a volume of its own'),
    expected: text('sans objet pour ce sujet', 'without object for this exam'),
    observed: text('sans objet', 'without object'),
    byHand: same('findmnt'),
    evidence: [],
  })

  if (options.more) {
    ask('lot', 'Un lot de services.', ['C7.1', 'C9.1'], [[call('linux.service', { on: 'web', name: 'lot' })]])
    for (let i = 0; i < options.more; i++) {
      const one = observe(command('web', ['systemctl', 'show', `lot-${i}.service`]), 'ssh', {
        kind: 'command',
        status: 0,
        stdout: 'LoadState=loaded\nActiveState=active\nSubState=running\nUnitFileState=enabled\n',
        stderr: '',
      })
      find('lot', 'linux.service', {
        verdict: i % 5 === 0 ? 'fail' : 'pass',
        target: 'web',
        transport: 'ssh',
        says: text(`Le service lot-${i} est actif`, `Service lot-${i} is running`),
        expected: text('actif', 'running'),
        observed: text('actif', 'running'),
        byHand: same(`systemctl status lot-${i}`),
        evidence: [one],
      })
    }
  }
  const complete = options.complete ?? true
  const results = demands.map((demand) => {
    const of = findings.filter((finding) => finding.demand === demand.id)
    const verdicts = demand.alternatives.map((_, i) =>
      all(of.filter((f) => f.alternative === i).map((f) => f.verdict)),
    )
    return {
      demand: demand.id,
      verdict: any(verdicts),
      alternative: demand.alternatives.length > 1 ? verdicts.indexOf('pass') : null,
    }
  })
  return {
    format: 'probant-run/1',
    id: options.id ?? randomUUID(),
    candidate: { code: `C${String(n).padStart(2, '0')}`, n, seat: `A${n}`, extraMinutes: 0 },
    session: {
      id: sessionId(options.session ?? 'lyon'),
      title: `Session de ${options.session ?? 'Lyon'}`,
      date: options.date ?? '2026-12-01',
    },
    exam: {
      title: says ?? 'Agence de Lyon, sujet d’entraînement 1',
      purpose: 'training',
      referential: 'tp-01351-01',
      certificate: options.certificate ?? 'TITRE',
      demands,
    },
    inputs: { exam: sha('exam'), session: sha('session'), referential: sha('referential'), version: '0.1.0' },
    facts: { candidate: `C${String(n).padStart(2, '0')}`, targets },
    startedAt: at(0),
    endedAt: at(61_250),
    complete,
    agent: { host: says ?? 'poste-surveillant', clock: { offsetMs: 12.5 } },
    probes,
    observations,
    findings,
    demands: results,
    notes: complete ? [] : [text('Interrompu par le surveillant.', 'Interrupted by the proctor.')],
  }
}
