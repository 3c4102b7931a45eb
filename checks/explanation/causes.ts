import type { Text } from '../text.ts'
import type { Cause } from '../verdict.ts'

/** Why nothing could be seen, as a sentence, and what the person at the machines does about it. */
export interface Remedy {
  readonly because: Text
  readonly next: Text
}

/** Where `{address}` stands, the address of the machine is put. */
const unreachable: Remedy = {
  because: {
    fr: 'rien ne répond à l’adresse {address}',
    en: 'nothing answers at the address {address}',
  },
  next: {
    fr: 'Démarrez la machine et regardez son adresse (« ip a », « ipconfig ») et le réseau de sa carte virtuelle (pont, NAT, interne) ; « ping {address} » doit répondre d’ici.',
    en: 'Start the machine, and look at its address (“ip a”, “ipconfig”) and at the network of its virtual card (bridged, NAT, internal); “ping {address}” must answer from here.',
  },
}

/** By cause, then by the way that the question took; `''` is for all other ways. */
const remedies: Readonly<Record<Cause, Readonly<Record<string, Remedy>>>> = {
  unreachable: { '': unreachable },
  refused: {
    ssh: {
      because: {
        fr: 'la machine est là, mais rien n’y écoute pour SSH',
        en: 'the machine is there, but nothing listens for SSH on it',
      },
      next: {
        fr: 'Installez et démarrez le serveur SSH (Debian : « apt install openssh-server ») et regardez son port : « ss -ltn ».',
        en: 'Install and start the SSH server (Debian: “apt install openssh-server”) and look at its port: “ss -ltn”.',
      },
    },
    winrm: {
      because: {
        fr: 'la machine est là, mais la gestion à distance de Windows (WinRM) n’y écoute pas',
        en: 'the machine is there, but Windows remote management (WinRM) does not listen on it',
      },
      next: {
        fr: 'Sur la machine, tapez dans un PowerShell d’administrateur : « Enable-PSRemoting -Force ».',
        en: 'On the machine, type in an administrator’s PowerShell: “Enable-PSRemoting -Force”.',
      },
    },
    ldap: {
      because: {
        fr: 'le contrôleur de domaine est là, mais n’écoute pas en LDAPS',
        en: 'the domain controller is there, but does not listen for LDAPS',
      },
      next: {
        fr: 'Un contrôleur de domaine n’ouvre LDAPS qu’avec un certificat : donnez-lui-en un, ou faites lire l’annuaire par PowerShell (relancez avec --forget).',
        en: 'A domain controller opens LDAPS only with a certificate: give it one, or have the directory read through PowerShell (start again with --forget).',
      },
    },
    snmp: {
      because: { fr: 'aucun agent SNMP n’écoute', en: 'no SNMP agent listens' },
      next: {
        fr: 'Démarrez l’agent SNMP de l’équipement et regardez sur quelle adresse il écoute (« ss -lun » : 161).',
        en: 'Start the device’s SNMP agent and look at which address it listens on (“ss -lun”: 161).',
      },
    },
    '': {
      because: {
        fr: 'la machine est là, mais refuse la connexion : rien n’écoute, ou un pare-feu rejette',
        en: 'the machine is there, but refuses the connection: nothing listens, or a firewall rejects',
      },
      next: {
        fr: 'Démarrez le service et regardez sur quelle adresse il écoute (« ss -ltn », « netstat -an »), puis le pare-feu.',
        en: 'Start the service and look at which address it listens on (“ss -ltn”, “netstat -an”), then at the firewall.',
      },
    },
  },
  timeout: {
    snmp: {
      because: {
        fr: 'l’agent SNMP se tait, ce qu’il fait aussi quand la communauté ou le compte n’est pas le bon',
        en: 'the SNMP agent is silent, as it also is when the community or the account is not the right one',
      },
      next: {
        fr: 'Vérifiez la communauté ou le compte (relancez avec --forget), l’adresse autorisée par l’agent et le port UDP 161 du pare-feu.',
        en: 'Check the community or the account (start again with --forget), the address that the agent allows and UDP port 161 of the firewall.',
      },
    },
    ssh: {
      because: {
        fr: 'aucune réponse dans le délai : un pare-feu jette les paquets, ou la machine est arrêtée ou trop lente',
        en: 'no answer in time: a firewall drops the packets, or the machine is off or too slow',
      },
      next: {
        fr: 'Essayez à la main : « ssh {address} ». Ouvrez le port de SSH dans le pare-feu, ou attendez que la machine ait fini de démarrer.',
        en: 'Try by hand: “ssh {address}”. Open the SSH port in the firewall, or wait until the machine has started.',
      },
    },
    winrm: {
      because: {
        fr: 'aucune réponse dans le délai : le pare-feu de Windows jette les paquets, ou la machine est trop lente',
        en: 'no answer in time: the Windows firewall drops the packets, or the machine is too slow',
      },
      next: {
        fr: 'Essayez d’ici : « Test-NetConnection {address} -Port 5985 ». Sur un réseau « public », Windows ferme WinRM : passez la carte en « privé » ou autorisez la règle.',
        en: 'Try from here: “Test-NetConnection {address} -Port 5985”. On a “public” network Windows closes WinRM: make the card “private”, or allow the rule.',
      },
    },
    '': {
      because: {
        fr: 'aucune réponse dans le délai : un pare-feu jette les paquets, ou la machine est arrêtée ou trop lente',
        en: 'no answer in time: a firewall drops the packets, or the machine is off or too slow',
      },
      next: {
        fr: 'Regardez si la machine est démarrée (« ping {address} »), puis le pare-feu ; regardez à nouveau quand elle répond.',
        en: 'Look whether the machine is on (“ping {address}”), then at the firewall; look again once it answers.',
      },
    },
  },
  auth: {
    ssh: {
      because: {
        fr: 'la machine refuse ce compte, ce mot de passe ou cette clé',
        en: 'the machine refuses this account, password or key',
      },
      next: {
        fr: 'Essayez à la main avec le même compte. Debian refuse root par mot de passe (PermitRootLogin) : prenez un autre compte, ou une clé. Pour changer la réponse : --forget.',
        en: 'Try by hand with the same account. Debian refuses root with a password (PermitRootLogin): take another account, or a key. To change the answer: --forget.',
      },
    },
    winrm: {
      because: {
        fr: 'Windows refuse ce compte ou ce mot de passe',
        en: 'Windows refuses this account or password',
      },
      next: {
        fr: 'Écrivez le compte avec son domaine (« AGENCE\\Administrateur ») ou « .\\Administrateur » pour un compte local ; un mot de passe vide est toujours refusé à distance. Pour changer la réponse : --forget.',
        en: 'Write the account with its domain (“BRANCH\\Administrator”) or “.\\Administrator” for a local one; an empty password is always refused from afar. To change the answer: --forget.',
      },
    },
    '': {
      because: { fr: 'les identifiants sont refusés', en: 'the credentials are refused' },
      next: {
        fr: 'Vérifiez le compte et son mot de passe à la main, et qu’il n’est ni désactivé ni verrouillé. Pour changer la réponse : --forget.',
        en: 'Check the account and its password by hand, and that it is neither disabled nor locked. To change the answer: --forget.',
      },
    },
  },
  denied: {
    ssh: {
      because: {
        fr: 'le compte entre, mais n’a pas le droit de lire ceci',
        en: 'the account gets in, but may not read this',
      },
      next: {
        fr: 'Prenez un compte qui peut « sudo » sans mot de passe, ou root par clé : c’est ce que Probant demande, pour lire seulement.',
        en: 'Take an account that may “sudo” without a password, or root by key: that is what Probant asks for, only to read.',
      },
    },
    local: {
      because: {
        fr: 'le compte qui lance Probant n’a pas le droit de lire ceci',
        en: 'the account that runs Probant may not read this',
      },
      next: {
        fr: 'Lancez la commande depuis un compte qui peut « sudo » sans mot de passe, ou depuis root.',
        en: 'Run the command from an account that may “sudo” without a password, or as root.',
      },
    },
    winrm: {
      because: {
        fr: 'le compte entre, mais n’a pas le droit de lire ceci',
        en: 'the account gets in, but may not read this',
      },
      next: {
        fr: 'Prenez un compte membre des administrateurs de la machine (du domaine, pour un contrôleur de domaine).',
        en: 'Take an account that is one of the machine’s administrators (the domain’s, for a domain controller).',
      },
    },
    '': {
      because: {
        fr: 'la machine répond, mais ce compte n’a pas le droit de lire ceci',
        en: 'the machine answers, but this account may not read this',
      },
      next: {
        fr: 'Donnez ce droit au compte, ou prenez-en un autre (--forget).',
        en: 'Give the account this right, or take another one (--forget).',
      },
    },
  },
  identity: {
    '': {
      because: {
        fr: 'une autre machine que la première fois répond à {address}',
        en: 'another machine than the first time answers at {address}',
      },
      next: {
        fr: 'Si vous avez réinstallé ou cloné la machine : « probant identities list » donne son nom, « probant identities forget » l’oublie. Sinon, deux machines ont peut-être la même adresse.',
        en: 'If you reinstalled or cloned the machine: “probant identities list” gives its name, “probant identities forget” forgets it. If not, two machines may have the same address.',
      },
    },
  },
  'missing-tool': {
    '': {
      because: {
        fr: 'la machine n’a pas le programme ou le module qui permettrait de le voir',
        en: 'the machine lacks the program or module that would show it',
      },
      next: {
        fr: 'Installez-le (le détail technique le nomme), ou le rôle qui l’apporte ; ce n’est pas un « non constaté ».',
        en: 'Install it (the technical detail names it), or the role that brings it; this is not a “not as asked”.',
      },
    },
  },
  unparsable: {
    '': {
      because: { fr: 'la réponse n’a pas pu être comprise', en: 'the answer could not be understood' },
      next: {
        fr: 'Regardez à la main ; si la commande répond normalement, signalez-le avec le détail technique.',
        en: 'Look by hand; if the command answers as usual, report it with the technical detail.',
      },
    },
  },
  truncated: {
    '': {
      because: {
        fr: 'la réponse est trop longue et a été coupée',
        en: 'the answer is too long and was cut',
      },
      next: {
        fr: 'Regardez à la main : ce qui n’a pas été lu ne prouve rien.',
        en: 'Look by hand: what was not read proves nothing.',
      },
    },
  },
  control: {
    '': {
      because: {
        fr: 'le témoin manque : sans lui, une absence ne prouve rien',
        en: 'the control is missing: without it an absence proves nothing',
      },
      next: {
        fr: 'Faites d’abord répondre la machine elle-même, puis regardez à nouveau.',
        en: 'First make the machine itself answer, then look again.',
      },
    },
  },
  'not-asked': {
    '': {
      because: {
        fr: 'rien de ce que vous avez donné ne permet de poser la question à cette machine',
        en: 'nothing of what you gave lets this question be asked of this machine',
      },
      next: {
        fr: 'Relancez avec --forget pour donner ce qui manque (compte, domaine, SNMP).',
        en: 'Start again with --forget to give what is missing (account, domain, SNMP).',
      },
    },
  },
  cancelled: {
    '': {
      because: { fr: 'le regard a été interrompu avant', en: 'the look was interrupted before' },
      next: { fr: 'Regardez à nouveau.', en: 'Look again.' },
    },
  },
  grader: {
    '': {
      because: {
        fr: 'Probant n’a pas pu poser la question : un secret manque, ou c’est un défaut de sa part',
        en: 'Probant could not ask: a secret is missing, or it is at fault',
      },
      next: {
        fr: 'Le détail technique le dit. Un secret manquant se redonne avec --forget ; un défaut se signale.',
        en: 'The technical detail says which. A missing secret is given again with --forget; a fault is reported.',
      },
    },
  },
}

/** Ways that fail and are mended as another one. */
const alike: Readonly<Record<string, string>> = { 'powershell-ssh': 'ssh', 'powershell-local': 'local' }

/** What an unknown comes from and what to do about it, by its cause and by the way that the question took. */
export function remedyFor(cause: Cause, transport: string): Remedy {
  const ofCause = remedies[cause]
  const found = [transport, alike[transport] ?? '', ''].find((way) => Object.hasOwn(ofCause, way))
  return ofCause[found ?? '']!
}
