import type { RoleKind } from '../../checks/define.ts'
import type { Text } from '../../checks/text.ts'

/** One check, or `not` and a check, as it stands after the hyphen in an exam. */
export type WrittenCall = string

/** A demand to start from. What a candidate must do is all in its text: every value that a check expects is said there. */
export interface SampleDemand {
  readonly id: Text
  readonly text: Text
  /** All that it may touch; a certificate keeps those that its mise en situation evaluates. */
  readonly criteria: readonly string[]
  readonly checks?: readonly WrittenCall[]
  readonly any?: readonly WrittenCall[]
  readonly question: Text
  readonly hints: readonly [Text, Text]
  /** True of the machine that somebody tries Probant on, whatever is installed there: part of the first exam. */
  readonly firstSteps?: 'linux' | 'windows'
}

/** The machines that the samples name. */
export const sampleRoles: Readonly<Record<string, { readonly kind: RoleKind; readonly says: Text }>> = {
  web: { kind: 'linux', says: { fr: 'le serveur Linux', en: 'the Linux server' } },
  vpn: { kind: 'linux', says: { fr: 'le serveur des accès distants', en: 'the remote access server' } },
  invite: { kind: 'linux', says: { fr: 'un poste du réseau invité', en: 'a computer of the guest network' } },
  srv: { kind: 'windows', says: { fr: 'le serveur Windows', en: 'the Windows server' } },
  dc: { kind: 'windows', says: { fr: 'le contrôleur de domaine', en: 'the domain controller' } },
  poste: { kind: 'windows', says: { fr: 'le poste de l’utilisateur', en: 'the user’s computer' } },
  hyp: { kind: 'windows', says: { fr: 'l’hôte Hyper-V', en: 'the Hyper-V host' } },
  sw: { kind: 'switch', says: { fr: 'le commutateur', en: 'the switch' } },
  noc: { kind: 'supervision', says: { fr: 'le serveur Nagios', en: 'the Nagios server' } },
  tickets: { kind: 'host', says: { fr: 'le site de l’outil d’assistance', en: 'the helpdesk tool’s site' } },
  passerelle: { kind: 'host', says: { fr: 'la passerelle', en: 'the gateway' } },
}

/** The values that the samples leave to be drawn for each candidate, as an exam writes them. */
export const sampleVariables: Readonly<Record<string, string>> = {
  compte: '{ among: [durand, martin, petit, moreau, lefevre, garnier, faure, rousseau] }',
  ville: '{ among: [lyon, brest, nantes, lille, dijon, nancy, tours, rouen] }',
  port: '{ from: 8081, to: 8099 }',
  vlan: '{ from: 100, to: 199 }',
}

/** Sample demands, in the order of the référentiel. Each is proved valid for every certificate that takes it. */
export const sampleDemands: readonly SampleDemand[] = [
  {
    id: { fr: 'compte-linux', en: 'linux-account' },
    text: {
      fr: 'Créez sur le serveur Linux le compte {{compte}}, membre du groupe compta, avec l’interpréteur /bin/bash.',
      en: 'Make the account {{compte}} on the Linux server, a member of the group compta, with the shell /bin/bash.',
    },
    criteria: ['C9.1'],
    checks: ['linux.user: { on: web, name: "{{compte}}", groups: [compta], shell: /bin/bash }'],
    question: {
      fr: 'Comment ajoutez-vous un compte à un groupe sans lui retirer les autres ?',
      en: 'How do you add an account to a group without taking its other groups away?',
    },
    hints: [
      {
        fr: 'Quels groupes « id {{compte}} » affiche-t-il ?',
        en: 'Which groups does “id {{compte}}” print?',
      },
      { fr: 'Lisez les options -s et -G de useradd.', en: 'Read the options -s and -G of useradd.' },
    ],
    firstSteps: 'linux',
  },
  {
    id: { fr: 'dossier-partage', en: 'shared-folder' },
    text: {
      fr: 'Le dossier /srv/{{ville}} appartient à root et au groupe compta, avec les droits 2770.',
      en: 'The folder /srv/{{ville}} belongs to root and to the group compta, with mode 2770.',
    },
    criteria: ['C9.1', 'S5.2', 'S5.3'],
    checks: [
      'linux.file: { on: web, path: "/srv/{{ville}}", type: directory, mode: "2770", owner: root, group: compta }',
    ],
    question: {
      fr: 'À quoi sert le premier chiffre des droits 2770 sur un dossier partagé ?',
      en: 'What is the first digit of mode 2770 for on a shared folder?',
    },
    hints: [
      { fr: 'Que montre « ls -ld /srv/{{ville}} » ?', en: 'What does “ls -ld /srv/{{ville}}” show?' },
      { fr: 'chmod accepte quatre chiffres.', en: 'chmod takes four digits.' },
    ],
    firstSteps: 'linux',
  },
  {
    id: { fr: 'heure', en: 'time' },
    text: {
      fr: 'La machine se met seule à l’heure : le service systemd-timesyncd ou le service chrony tourne et démarre avec elle.',
      en: 'The machine keeps its time by itself: the service systemd-timesyncd or the service chrony runs and starts with it.',
    },
    criteria: ['C9.1', 'S5.1'],
    any: [
      'linux.service: { on: web, name: systemd-timesyncd, enabled: true }',
      'linux.service: { on: web, name: chrony, enabled: true }',
    ],
    question: {
      fr: 'Que devient un journal dont l’heure est fausse ?',
      en: 'What becomes of a log whose time is wrong?',
    },
    hints: [
      { fr: 'Regardez « timedatectl ».', en: 'Look at “timedatectl”.' },
      {
        fr: '« systemctl status » dit si un service tourne et s’il est activé (enabled).',
        en: '“systemctl status” says whether a service runs and whether it is enabled.',
      },
    ],
    firstSteps: 'linux',
  },
  {
    id: { fr: 'sans-telnet', en: 'no-telnet' },
    text: {
      fr: 'Le paquet telnetd est retiré du serveur Linux.',
      en: 'The package telnetd is removed from the Linux server.',
    },
    criteria: ['C9.1', 'S5.2'],
    checks: ['not: { linux.package: { on: web, name: telnetd } }'],
    question: {
      fr: 'Par quoi remplacez-vous telnet, et pourquoi ?',
      en: 'What do you replace telnet with, and why?',
    },
    hints: [
      { fr: 'Quels paquets « dpkg -l » liste-t-il ?', en: 'Which packages does “dpkg -l” list?' },
      { fr: 'Comparez « apt remove » et « apt purge ».', en: 'Compare “apt remove” and “apt purge”.' },
    ],
    firstSteps: 'linux',
  },
  {
    id: { fr: 'site', en: 'site' },
    text: {
      fr: 'Le site de l’agence répond sur le port {{port}} du serveur Linux, aussi depuis les autres machines, et affiche « agence-{{ville}} ».',
      en: 'The branch’s site answers on port {{port}} of the Linux server, also from other machines, and shows “agence-{{ville}}”.',
    },
    criteria: ['C9.1', 'C7.3', 'C1.2', 'S5.1', 'S5.3'],
    checks: [
      'linux.port: { on: web, port: "{{port}}", reachable: true }',
      'http.site: { on: web, port: "{{port}}", contains: "agence-{{ville}}" }',
    ],
    question: {
      fr: 'Que change l’adresse d’écoute 127.0.0.1 pour les autres machines ?',
      en: 'What does the listening address 127.0.0.1 change for other machines?',
    },
    hints: [
      {
        fr: 'Sur quelle adresse le serveur écoute-t-il ? « ss -ltn » le dit.',
        en: 'On which address does it listen? “ss -ltn” tells.',
      },
      { fr: 'Lisez la directive « listen » de nginx.', en: 'Read the directive “listen” of nginx.' },
    ],
    firstSteps: 'linux',
  },
  {
    id: { fr: 'sauvegarde-linux', en: 'linux-backup' },
    text: {
      fr: 'Le script /usr/local/bin/sauvegarde (propriétaire root, droits 0750) est lancé par root chaque nuit à 2 h 30 (30 2 * * *).',
      en: 'The script /usr/local/bin/sauvegarde (owner root, mode 0750) is run by root every night at 2:30 (30 2 * * *).',
    },
    criteria: ['C11.3', 'S1.1'],
    checks: [
      'linux.file: { on: web, path: /usr/local/bin/sauvegarde, type: file, mode: "0750", owner: root }',
      'linux.scheduled-task: { on: web, command: /usr/local/bin/sauvegarde, user: root, schedule: 30 2 * * * }',
    ],
    question: {
      fr: 'Comment savez-vous au matin que la sauvegarde a réussi ?',
      en: 'How do you know in the morning that the backup worked?',
    },
    hints: [
      { fr: 'Que montre « crontab -l » du compte root ?', en: 'What does “crontab -l” of root show?' },
      {
        fr: 'L’ordre des cinq champs est dans crontab(5).',
        en: 'The order of the five fields is in crontab(5).',
      },
    ],
    firstSteps: 'linux',
  },
  {
    id: { fr: 'spouleur', en: 'spooler' },
    text: {
      fr: 'Le service Spooler (spouleur d’impression) du serveur Windows est arrêté, et son démarrage est désactivé.',
      en: 'The service Spooler (print spooler) of the Windows server is stopped, and its start is disabled.',
    },
    criteria: ['C8.3'],
    checks: ['windows.service: { on: srv, name: Spooler, running: false, start: disabled }'],
    question: {
      fr: 'Pourquoi arrêter ce service sur un serveur qui n’imprime pas ?',
      en: 'Why stop this service on a server that does not print?',
    },
    hints: [
      { fr: 'Que dit « Get-Service Spooler » ?', en: 'What does “Get-Service Spooler” say?' },
      {
        fr: 'Arrêter un service ne change pas son démarrage : lisez Set-Service.',
        en: 'Stopping a service does not change how it starts: read Set-Service.',
      },
    ],
    firstSteps: 'windows',
  },
  {
    id: { fr: 'pare-feu', en: 'firewall' },
    text: {
      fr: 'Le pare-feu du serveur Windows est actif dans les profils de domaine, privé et public (domain, private, public), et laisse entrer le port TCP {{port}}.',
      en: 'The firewall of the Windows server is on in the profiles domain, private and public, and lets TCP port {{port}} in.',
    },
    criteria: ['C8.3', 'C6.3'],
    checks: [
      'windows.firewall-rule: { on: srv, profiles: [domain, private, public] }',
      'windows.firewall-rule: { on: srv, rule: { ports: ["{{port}}"] } }',
    ],
    question: {
      fr: 'À quel réseau limiteriez-vous cette règle ?',
      en: 'To which network would you limit this rule?',
    },
    hints: [
      { fr: 'Regardez « Get-NetFirewallProfile ».', en: 'Look at “Get-NetFirewallProfile”.' },
      {
        fr: 'Une règle entrante se crée avec New-NetFirewallRule.',
        en: 'An inbound rule is made with New-NetFirewallRule.',
      },
    ],
    firstSteps: 'windows',
  },
  {
    id: { fr: 'partage', en: 'share' },
    text: {
      fr: 'Le partage Compta du serveur Windows donne le dossier C:\\Partages\\Compta.',
      en: 'The share Compta of the Windows server gives the folder C:\\Partages\\Compta.',
    },
    criteria: ['C8.3', 'C1.2'],
    checks: [String.raw`windows.share: { on: srv, name: Compta, path: 'C:\Partages\Compta' }`],
    question: {
      fr: 'Du partage et du dossier, lequel l’emporte quand leurs droits diffèrent ?',
      en: 'Of the share and the folder, which prevails where their rights differ?',
    },
    hints: [
      { fr: 'Que liste « Get-SmbShare » ?', en: 'What does “Get-SmbShare” list?' },
      { fr: 'Lisez les paramètres de New-SmbShare.', en: 'Read the parameters of New-SmbShare.' },
    ],
    firstSteps: 'windows',
  },
  {
    id: { fr: 'tache-windows', en: 'windows-task' },
    text: {
      fr: 'La tâche planifiée Sauvegarde, à la racine (\\) de la bibliothèque, lance C:\\Scripts\\sauvegarde.ps1 chaque jour à 22:00 sous le compte du système (local-system).',
      en: 'The scheduled task Sauvegarde, at the root (\\) of the library, runs C:\\Scripts\\sauvegarde.ps1 each day at 22:00 as the system’s account (local-system).',
    },
    criteria: ['C11.2'],
    checks: [
      String.raw`windows.scheduled-task: { on: srv, name: Sauvegarde, folder: '\', account: local-system, runs: 'C:\Scripts\sauvegarde.ps1', trigger: { daily: "22:00" } }`,
    ],
    question: {
      fr: 'Qu’est-ce qui empêche ce script d’être modifié par un utilisateur ?',
      en: 'What keeps a user from changing this script?',
    },
    hints: [
      { fr: 'Regardez l’onglet Déclencheurs de la tâche.', en: 'Look at the task’s tab Triggers.' },
      { fr: 'Lisez Register-ScheduledTask.', en: 'Read Register-ScheduledTask.' },
    ],
    firstSteps: 'windows',
  },
  {
    id: { fr: 'annuaire', en: 'directory' },
    text: {
      fr: 'Créez l’unité d’organisation Comptabilité et, dans elle, le compte actif c.{{compte}}.',
      en: 'Make the organisational unit Comptabilité and, in it, the enabled account c.{{compte}}.',
    },
    criteria: ['C8.1'],
    checks: [
      'active-directory.ou: { on: dc, path: Comptabilité }',
      'active-directory.user: { on: dc, name: "c.{{compte}}", in: Comptabilité, enabled: true }',
    ],
    question: {
      fr: 'Comment déléguez-vous la réinitialisation des mots de passe de cette unité ?',
      en: 'How do you delegate the reset of passwords in this unit?',
    },
    hints: [
      {
        fr: 'Regardez « Utilisateurs et ordinateurs Active Directory ».',
        en: 'Look at “Active Directory Users and Computers”.',
      },
      {
        fr: 'Un compte se déplace sans être recréé.',
        en: 'An account can be moved without being made again.',
      },
    ],
  },
  {
    id: { fr: 'strategie', en: 'policy' },
    text: {
      fr: 'La stratégie de groupe « Postes sécurisés » est liée à l’unité d’organisation Comptabilité.',
      en: 'The group policy “Postes sécurisés” is linked to the organisational unit Comptabilité.',
    },
    criteria: ['C8.2'],
    checks: ['active-directory.gpo-link: { on: dc, gpo: Postes sécurisés, to: Comptabilité }'],
    question: {
      fr: 'Comment vérifiez-vous sur un poste que la stratégie s’applique ?',
      en: 'How do you verify on a computer that the policy applies?',
    },
    hints: [
      {
        fr: 'Un objet de stratégie sans lien ne fait rien.',
        en: 'A policy object without a link does nothing.',
      },
      {
        fr: 'Le lien se fait sur l’unité, dans la console GPMC.',
        en: 'The link is made on the unit, in the console GPMC.',
      },
    ],
  },
  {
    id: { fr: 'poste', en: 'computer' },
    text: {
      fr: 'Le poste de l’utilisateur est membre du domaine agence{{n}}.lan.',
      en: 'The user’s computer is a member of the domain agence{{n}}.lan.',
    },
    criteria: ['C1.1'],
    checks: ['windows.domain-member: { on: poste, domain: "agence{{n}}.lan" }'],
    question: {
      fr: 'De quoi un poste a-t-il besoin pour trouver son contrôleur de domaine ?',
      en: 'What does a computer need to find its domain controller?',
    },
    hints: [
      { fr: 'À quel serveur DNS le poste s’adresse-t-il ?', en: 'Which DNS server does the computer ask?' },
      { fr: 'Lisez Add-Computer.', en: 'Read Add-Computer.' },
    ],
  },
  {
    id: { fr: 'base-connaissances', en: 'knowledge-base' },
    text: {
      fr: 'L’article « Imprimante hors ligne » se lit dans la foire aux questions publique de l’outil d’assistance.',
      en: 'The article “Imprimante hors ligne” can be read in the public questions and answers of the helpdesk tool.',
    },
    criteria: ['C3.5'],
    checks: ['http.site: { on: tickets, path: /front/helpdesk.faq.php, contains: Imprimante hors ligne }'],
    question: {
      fr: 'Comment avez-vous qualifié cet incident avant d’écrire l’article ?',
      en: 'How did you qualify this incident before writing the article?',
    },
    hints: [
      {
        fr: 'Un article n’est public que si on le dit.',
        en: 'An article is public only where somebody says so.',
      },
      {
        fr: 'Regardez la foire aux questions sans être connecté.',
        en: 'Look at the questions without being logged in.',
      },
    ],
  },
  {
    id: { fr: 'vlan', en: 'vlan' },
    text: {
      fr: 'Le VLAN {{vlan}} est créé sur le commutateur et porte le nom COMPTA.',
      en: 'VLAN {{vlan}} exists on the switch and bears the name COMPTA.',
    },
    criteria: ['C5.1'],
    checks: ['network.vlan: { on: sw, id: "{{vlan}}", name: COMPTA }'],
    question: {
      fr: 'Comment ce VLAN atteint-il les autres commutateurs ?',
      en: 'How does this VLAN reach the other switches?',
    },
    hints: [
      { fr: 'Que montre « show vlan » ?', en: 'What does “show vlan” print?' },
      { fr: 'Un VLAN se nomme là où il est créé.', en: 'A VLAN is named where it is made.' },
    ],
  },
  {
    id: { fr: 'filtrage', en: 'filtering' },
    text: {
      fr: 'Un poste du réseau invité joint la passerelle, et ne joint pas le serveur Linux.',
      en: 'A computer of the guest network reaches the gateway, and does not reach the Linux server.',
    },
    criteria: ['C6.1', 'C5.5'],
    checks: [
      'network.vlan-reachable: { pairs: [{ from: invite, to: passerelle, expect: allow }, { from: invite, to: web, expect: deny }] }',
    ],
    question: {
      fr: 'Où avez-vous placé le filtre, et pourquoi là ?',
      en: 'Where did you put the filter, and why there?',
    },
    hints: [
      {
        fr: 'D’où partent les paquets que le filtre voit ?',
        en: 'Where do the packets come from that the filter sees?',
      },
      { fr: 'L’ordre des règles compte.', en: 'The order of the rules counts.' },
    ],
  },
  {
    id: { fr: 'machine-virtuelle', en: 'virtual-machine' },
    text: {
      fr: 'La machine virtuelle SRV-WEB tourne (running) dans Hyper-V, avec 2 processeurs et 2048 Mo de mémoire.',
      en: 'The virtual machine SRV-WEB is running in Hyper-V, with 2 processors and 2048 MB of memory.',
    },
    criteria: ['C7.1', 'C7.2'],
    checks: ['hyper-v.machine: { on: hyp, name: SRV-WEB, state: running, processors: 2, memory: 2048 }'],
    question: {
      fr: 'Comment choisissez-vous entre mémoire fixe et mémoire dynamique ?',
      en: 'How do you choose between fixed and dynamic memory?',
    },
    hints: [
      { fr: 'Que montre « Get-VM SRV-WEB » ?', en: 'What does “Get-VM SRV-WEB” show?' },
      { fr: 'La mémoire se change machine arrêtée.', en: 'Memory is changed with the machine off.' },
    ],
  },
  {
    id: { fr: 'deploiement', en: 'deployment' },
    text: {
      fr: 'Le rôle WDS est installé sur le serveur Windows, et son service WDSServer tourne.',
      en: 'The role WDS is installed on the Windows server, and its service WDSServer runs.',
    },
    criteria: ['C10.1'],
    checks: ['windows.feature: { on: srv, name: WDS }', 'windows.service: { on: srv, name: WDSServer }'],
    question: {
      fr: 'Comment un poste sans système trouve-t-il ce serveur ?',
      en: 'How does a computer without a system find this server?',
    },
    hints: [
      { fr: 'Que dit « Get-WindowsFeature WDS » ?', en: 'What does “Get-WindowsFeature WDS” say?' },
      {
        fr: 'Le service ne démarre qu’une fois configuré.',
        en: 'The service starts only once it is configured.',
      },
    ],
  },
  {
    id: { fr: 'mises-a-jour', en: 'updates' },
    text: {
      fr: 'Le rôle UpdateServices (WSUS) est installé sur le serveur Windows.',
      en: 'The role UpdateServices (WSUS) is installed on the Windows server.',
    },
    criteria: ['C10.2'],
    checks: ['windows.feature: { on: srv, name: UpdateServices }'],
    question: {
      fr: 'Sur quels postes essayez-vous une mise à jour d’abord ?',
      en: 'On which computers do you try an update first?',
    },
    hints: [
      { fr: 'Que dit « Get-WindowsFeature » ?', en: 'What does “Get-WindowsFeature” say?' },
      { fr: 'Lisez Install-WindowsFeature.', en: 'Read Install-WindowsFeature.' },
    ],
  },
  {
    id: { fr: 'clients-legers', en: 'thin-clients' },
    text: {
      fr: 'Le rôle RDS-RD-Server est installé sur le serveur Windows, et le pare-feu laisse entrer le port TCP 3389.',
      en: 'The role RDS-RD-Server is installed on the Windows server, and the firewall lets TCP port 3389 in.',
    },
    criteria: ['C10.3'],
    checks: [
      'windows.feature: { on: srv, name: RDS-RD-Server }',
      'windows.firewall-rule: { on: srv, rule: { ports: [3389] } }',
    ],
    question: {
      fr: 'Qui a le droit d’ouvrir une session sur ce serveur ?',
      en: 'Who may log on to this server?',
    },
    hints: [
      {
        fr: 'Le rôle peut être installé et le port fermé.',
        en: 'The role may be installed and the port closed.',
      },
      {
        fr: 'Regardez les règles « Bureau à distance » du pare-feu.',
        en: 'Look at the firewall’s rules “Remote Desktop”.',
      },
    ],
  },
  {
    id: { fr: 'acces-distant', en: 'remote-access' },
    text: {
      fr: 'WireGuard (service wg-quick@wg0) démarre avec le serveur des accès distants et écoute sur le port UDP 51820 ; son fichier /etc/wireguard/wg0.conf appartient à root, avec les droits 0600.',
      en: 'WireGuard (service wg-quick@wg0) starts with the remote access server and listens on UDP port 51820; its file /etc/wireguard/wg0.conf belongs to root, with mode 0600.',
    },
    criteria: ['C12.1'],
    checks: [
      'linux.service: { on: vpn, name: wg-quick@wg0, enabled: true }',
      'linux.port: { on: vpn, port: 51820, protocol: udp }',
      'linux.file: { on: vpn, path: /etc/wireguard/wg0.conf, type: file, mode: "0600", owner: root }',
    ],
    question: {
      fr: 'Que faites-vous si un utilisateur nomade perd son ordinateur ?',
      en: 'What do you do if a roaming user loses their computer?',
    },
    hints: [
      { fr: 'Que montre « wg show » ?', en: 'What does “wg show” print?' },
      {
        fr: 'Le nom après @ est celui du fichier, sans .conf.',
        en: 'The name after @ is that of the file, without .conf.',
      },
    ],
  },
  {
    id: { fr: 'supervision', en: 'supervision' },
    text: {
      fr: 'L’hôte {{ville}} est supervisé par Nagios, qui le voit en marche (up).',
      en: 'The host {{ville}} is watched by Nagios, which sees it up.',
    },
    criteria: ['S3'],
    checks: ['supervision.nagios-host: { on: noc, host: "{{ville}}", state: up }'],
    question: {
      fr: 'Quand une alerte doit-elle réveiller quelqu’un ?',
      en: 'When must an alert wake somebody?',
    },
    hints: [
      {
        fr: 'Nagios relit sa configuration seulement quand on le lui dit.',
        en: 'Nagios reads its configuration again only when told.',
      },
      { fr: '« nagios4 -v » dit ce qui ne va pas.', en: '“nagios4 -v” says what is wrong.' },
    ],
  },
]
