import type { Text } from '../text.ts'

/**
 * What a difference usually comes from, by check: one sentence that teaches where to look. A check without a lesson says
 * what it observes instead.
 */
export const lessons: Readonly<Record<string, Text>> = {
  'active-directory.computer': {
    fr: 'Un poste ne crée son compte qu’en rejoignant le domaine, et dans le conteneur Computers : il se déplace ensuite dans l’OU voulue.',
    en: 'A workstation gets its account only by joining the domain, and in the container Computers: move it to the OU afterwards.',
  },
  'active-directory.gpo-link': {
    fr: 'Une stratégie ne s’applique que là où elle est liée : créer l’objet ne suffit pas, et un lien peut être désactivé ou non appliqué (enforced).',
    en: 'A policy applies only where it is linked: to create the object is not enough, and a link may be disabled or not enforced.',
  },
  'active-directory.gpo-setting': {
    fr: 'Un réglage est du côté Ordinateur ou du côté Utilisateur, et les préférences ne sont pas les stratégies : le même nom existe souvent à deux endroits.',
    en: 'A setting is on the Computer side or on the User side, and preferences are not policies: the same name often exists in two places.',
  },
  'active-directory.gpo': {
    fr: 'Le nom est comparé en entier ; un côté (Ordinateur, Utilisateur) désactivé ne s’applique jamais.',
    en: 'The whole name is compared; a side (Computer, User) that is disabled never applies.',
  },
  'active-directory.group': {
    fr: 'L’étendue (globale, domaine local) et le type (sécurité, distribution) se choisissent à la création ; un membre par un autre groupe n’est pas un membre direct.',
    en: 'Scope (global, domain local) and type (security, distribution) are chosen at creation; a member through another group is not a direct one.',
  },
  'active-directory.ou': {
    fr: 'Une unité d’organisation (OU) n’est pas un conteneur (CN) : seule l’OU peut recevoir une stratégie, et sa place dans l’arborescence compte.',
    en: 'An organisational unit (OU) is not a container (CN): only an OU can have a policy linked, and its place in the tree counts.',
  },
  'active-directory.password-policy': {
    fr: 'La stratégie de mot de passe du domaine vient de la « Default Domain Policy », liée à la racine du domaine ; ailleurs, elle ne vaut que pour des comptes locaux.',
    en: 'The domain’s password policy comes from the “Default Domain Policy”, linked at the root of the domain; elsewhere it holds for local accounts only.',
  },
  'active-directory.user': {
    fr: 'Le nom d’ouverture de session, le nom complet et l’OU sont trois choses ; un compte créé en ligne de commande naît souvent désactivé.',
    en: 'Logon name, full name and OU are three things; an account made on the command line is often born disabled.',
  },
  'dns.record': {
    fr: 'La question est posée au serveur DNS lui-même : regardez la zone qu’il sert, le type d’enregistrement, et que la zone a été rechargée après modification.',
    en: 'The question goes to the DNS server itself: look at the zone that it serves, at the record’s type, and whether the zone was reloaded after the change.',
  },
  'http.site': {
    fr: 'Le serveur web choisit le site par le nom demandé (server_name, liaison) : la page par défaut répond quand aucun ne convient, et une modification attend un rechargement.',
    en: 'A web server chooses the site by the name asked for (server_name, binding): the default page answers when none fits, and a change waits for a reload.',
  },
  'hyper-v.machine': {
    fr: 'Certains réglages (processeurs, mémoire fixe) ne se changent que machine arrêtée ; le VLAN se règle sur la carte de la machine, pas sur le commutateur.',
    en: 'Some settings (processors, fixed memory) change only while the machine is off; the VLAN is set on the machine’s card, not on the switch.',
  },
  'linux.file': {
    fr: 'Les droits (« chmod »), le propriétaire et le groupe (« chown ») et le contenu se règlent séparément ; une ligne mise en commentaire est une autre ligne.',
    en: 'Mode (“chmod”), owner and group (“chown”) and contents are set apart from one another; a line commented out is another line.',
  },
  'linux.mount': {
    fr: 'Monter maintenant (« mount ») et monter au démarrage (/etc/fstab) sont deux choses ; « mount -a » essaie fstab sans redémarrer.',
    en: 'Mounted now (“mount”) and mounted at boot (/etc/fstab) are two things; “mount -a” tries fstab without a reboot.',
  },
  'linux.package': {
    fr: 'Un paquet retiré sans « --purge » laisse sa configuration et n’est plus installé ; un autre paquet peut porter presque le même nom.',
    en: 'A package removed without “--purge” leaves its configuration and is no longer installed; another package may have almost the same name.',
  },
  'linux.port': {
    fr: 'Un service qui écoute sur 127.0.0.1 ne répond qu’à sa propre machine ; sur 0.0.0.0 ou [::], il répond à tous ceux que le pare-feu laisse passer.',
    en: 'A service that listens on 127.0.0.1 answers its own machine only; on 0.0.0.0 or [::] it answers all whom the firewall lets through.',
  },
  'linux.scheduled-task': {
    fr: 'L’ordre des champs de cron est minute, heure, jour, mois, jour de la semaine ; une minuterie de systemd doit être activée, pas seulement écrite.',
    en: 'The order of cron’s fields is minute, hour, day, month, day of the week; a systemd timer must be enabled, not only written.',
  },
  'linux.service': {
    fr: '« start » lance le service maintenant, « enable » le lance au démarrage : il faut souvent les deux (« systemctl enable --now »).',
    en: '“start” runs the service now, “enable” runs it at boot: often both are needed (“systemctl enable --now”).',
  },
  'linux.user': {
    fr: '« usermod -aG » ajoute à un groupe, « -G » seul remplace tous les autres ; l’interpréteur et le dossier personnel se règlent avec « usermod -s » et « -d ».',
    en: '“usermod -aG” adds to a group, “-G” alone replaces all the others; shell and home are set with “usermod -s” and “-d”.',
  },
  'network.reachable': {
    fr: 'Une machine en marche qui ne répond pas au ping le refuse : Windows ferme l’écho par défaut, et une route de retour peut manquer.',
    en: 'A machine that is up and does not answer a ping refuses it: Windows closes echo by default, and a route back may be missing.',
  },
  'network.vlan-reachable': {
    fr: 'Entre deux VLAN, c’est le routeur ou le pare-feu qui laisse passer ou non : regardez ses règles dans l’ordre, puis la passerelle de chaque machine.',
    en: 'Between two VLANs the router or the firewall lets through or not: look at its rules in their order, then at each machine’s gateway.',
  },
  'network.vlan': {
    fr: 'Un port étiqueté (trunk) transporte le VLAN avec sa marque, un port non étiqueté (access) le donne à un poste : le VLAN créé n’est sur aucun port tant qu’on ne l’y met pas.',
    en: 'A tagged port (trunk) carries the VLAN with its mark, an untagged one (access) gives it to a workstation: a VLAN just made is on no port until it is put there.',
  },
  'supervision.nagios-host': {
    fr: 'Nagios ne connaît un hôte qu’après rechargement de sa configuration (« nagios4 -v » la vérifie), et ne dit son état qu’après une première vérification.',
    en: 'Nagios knows a host only after its configuration was reloaded (“nagios4 -v” checks it), and says its state only after a first check.',
  },
  'supervision.snmp-agent': {
    fr: 'La communauté « public » est la première que l’on essaie : elle se retire de la configuration de l’agent, qui se recharge ensuite.',
    en: 'The community “public” is the first that anybody tries: take it out of the agent’s configuration, then reload the agent.',
  },
  'windows.dhcp-scope': {
    fr: 'Une étendue naît inactive, une option peut être sur le serveur au lieu de l’étendue, et une exclusion n’est pas une réservation.',
    en: 'A scope is born inactive, an option may be on the server instead of on the scope, and an exclusion is not a reservation.',
  },
  'windows.disk': {
    fr: 'Un disque neuf est hors ligne et sans table de partitions ; la lettre, le système de fichiers et le nom se choisissent au formatage.',
    en: 'A new disk is offline and has no partition table; letter, file system and name are chosen when it is formatted.',
  },
  'windows.dns-record': {
    fr: 'L’enregistrement doit être dans la bonne zone ; l’intégration à l’annuaire et les mises à jour dynamiques sont des propriétés de la zone.',
    en: 'The record must be in the right zone; directory integration and dynamic updates are properties of the zone.',
  },
  'windows.domain-member': {
    fr: 'Un poste rejoint un domaine si son DNS est le contrôleur du domaine ; le changement attend un redémarrage.',
    en: 'A computer joins a domain if its DNS server is the domain controller; the change waits for a restart.',
  },
  'windows.event': {
    fr: 'L’événement est cherché par son fournisseur, son numéro et son heure : relancez l’opération, puis regardez le journal nommé, pas « Système ».',
    en: 'The event is looked for by provider, number and time: run the operation again, then look at the log named, not at “System”.',
  },
  'windows.feature': {
    fr: '« Get-WindowsFeature » donne le nom exact du rôle ; une installation peut attendre un redémarrage.',
    en: '“Get-WindowsFeature” gives the role’s exact name; an installation may wait for a restart.',
  },
  'windows.firewall-rule': {
    fr: 'Une règle vaut pour des profils (domaine, privé, public), un sens et des adresses ; une règle qui bloque l’emporte sur celle qui autorise.',
    en: 'A rule holds for profiles (domain, private, public), a direction and addresses; a rule that blocks prevails over one that allows.',
  },
  'windows.gpo-result': {
    fr: 'Ce qui compte est ce que la machine a appliqué la dernière fois : « gpupdate /force », puis « gpresult /r » ; la place du compte et le filtrage décident.',
    en: 'What counts is what the machine applied last: “gpupdate /force”, then “gpresult /r”; the account’s place and the filtering decide.',
  },
  'windows.local-group': {
    fr: 'Seuls les membres directs comptent ici ; un compte du domaine et un compte local du même nom sont deux comptes.',
    en: 'Only direct members count here; a domain account and a local one of the same name are two accounts.',
  },
  'windows.scheduled-task': {
    fr: 'Une tâche désactivée ne part pas, et le compte sous lequel elle s’exécute n’est pas celui qui l’a créée.',
    en: 'A disabled task does not start, and the account that it runs under is not the one that made it.',
  },
  'windows.service': {
    fr: 'L’état (démarré, arrêté) et le type de démarrage (automatique, désactivé) sont deux réglages ; le nom court n’est pas le nom affiché.',
    en: 'State (running, stopped) and start type (automatic, disabled) are two settings; the short name is not the displayed one.',
  },
  'windows.share': {
    fr: 'Du réseau, l’accès est le plus étroit des autorisations du partage et des droits NTFS ; un « $ » à la fin du nom cache le partage.',
    en: 'From the network, access is the narrower of share permissions and NTFS rights; a “$” at the end of the name hides the share.',
  },
}
