import type { Text } from '../../../checks/text.ts'
import { sentence } from '../sentence.ts'

export const words = {
  signIn: sentence('Se connecter', 'Sign in'),
  name: sentence('Nom de connexion', 'Sign-in name'),
  nameHint: sentence(
    'Lettres, chiffres, points et tirets ; c’est ce qui se tape pour se connecter.',
    'Letters, digits, dots and hyphens; what is typed to sign in.',
  ),
  displayName: sentence('Nom affiché', 'Name shown'),
  password: sentence('Mot de passe', 'Password'),
  newPassword: sentence('Nouveau mot de passe', 'New password'),
  passwordHint: sentence(
    '12 caractères au moins. Quatre mots sans rapport se retiennent bien.',
    'At least 12 characters. Four unrelated words are easy to remember.',
  ),
  presentPassword: sentence('Mot de passe actuel', 'Present password'),
  refused: sentence(
    'Nom ou mot de passe incorrect. Vérifiez la touche Verr. Maj., ou demandez une nouvelle invitation au responsable de session.',
    'Wrong name or password. Check the caps lock key, or ask the head of session for a new invitation.',
  ),
  tooMany: sentence('Trop de demandes', 'Too many requests'),
  withProvider: sentence('Se connecter avec le compte du centre', 'Sign in with the centre’s account'),
  providerAway: sentence(
    'Le service de comptes du centre ne répond pas. Connectez-vous avec votre mot de passe.',
    'The centre’s account service does not answer. Sign in with your password.',
  ),
  providerUnknown: sentence(
    'Ce compte du centre n’est lié à aucun compte ici. Ouvrez d’abord l’invitation que le responsable vous a donnée.',
    'This account of the centre is not linked to any account here. Open the invitation that you were given first.',
  ),
  noAccountYet: sentence(
    'Aucun compte n’existe encore : ouvrez le lien que « probant serve » a affiché au démarrage.',
    'There is no account yet: open the link that “probant serve” showed when it started.',
  ),
  firstAccount: sentence('Premier compte', 'First account'),
  firstMeans: sentence(
    'Vous serez responsable de session : vous créerez les autres comptes et les sessions. Ce lien vaut une heure et ne sert qu’une fois.',
    'You will be head of session: you will make the other accounts and the sessions. This link holds for an hour and works once.',
  ),
  invitation: sentence('Votre compte', 'Your account'),
  invitationMeans: sentence(
    'Choisissez le mot de passe de ce compte. Ce lien ne sert qu’une fois.',
    'Choose the password of this account. This link works once.',
  ),
  invitationGone: sentence('Cette invitation ne vaut plus', 'This invitation no longer holds'),
  invitationGoneMeans: sentence(
    'Elle a déjà servi, une autre l’a remplacée, ou elle est trop ancienne. Demandez-en une autre au responsable de session ; pour le premier compte, redémarrez « probant serve ».',
    'It was used, replaced by another one, or is too old. Ask the head of session for another one; for the first account, start “probant serve” again.',
  ),
  create: sentence('Créer le compte', 'Make the account'),
  choose: sentence('Choisir ce mot de passe', 'Choose this password'),
  linkProvider: sentence(
    'Ou lier ce compte au compte du centre',
    'Or link this account with the centre’s account',
  ),
  badName: sentence(
    'Donnez un nom de connexion de 2 à 32 lettres sans accent, chiffres, points ou tirets.',
    'Give a sign-in name of 2 to 32 unaccented letters, digits, dots or hyphens.',
  ),
  badDisplayName: sentence(
    'Donnez un nom affiché de 1 à 64 caractères.',
    'Give a displayed name of 1 to 64 characters.',
  ),
  nameTaken: sentence(
    'Ce nom de connexion est déjà pris : choisissez-en un autre.',
    'This sign-in name is taken: choose another.',
  ),
  accounts: sentence('Comptes', 'Accounts'),
  role: sentence('Rôle', 'Role'),
  state: sentence('État', 'State'),
  active: sentence('actif', 'active'),
  invited: sentence('invité, n’est pas encore venu', 'invited, has not come yet'),
  disabled: sentence('désactivé', 'disabled'),
  actions: sentence('Actions', 'Actions'),
  disable: sentence('Désactiver', 'Disable'),
  enable: sentence('Réactiver', 'Enable'),
  inviteAgain: sentence('Nouvelle invitation', 'New invitation'),
  rename: sentence('Changer le nom affiché', 'Change the name shown'),
  renameShort: sentence('Renommer', 'Rename'),
  addAccount: sentence('Ajouter un compte', 'Add an account'),
  oneRole: sentence(
    'Un compte a un seul rôle : celui qui surveille ne lit pas les constats.',
    'An account has one role: whoever supervises does not read findings.',
  ),
  handOver: sentence('Invitation à remettre', 'Invitation to hand over'),
  handOverMeans: sentence(
    'Remettez ce lien à la personne, en main propre. Il vaut sept jours, ne sert qu’une fois, et ne sera plus affiché.',
    'Hand this link over to the person. It holds for seven days, works once, and is not shown again.',
  ),
  lastResponsable: sentence(
    'Le dernier responsable de session qui peut se connecter ne peut pas être désactivé. Invitez-en un autre d’abord.',
    'The last head of session who can sign in cannot be disabled. Invite another one first.',
  ),
  yourAccount: sentence('Votre compte', 'Your account'),
  changePassword: sentence('Changer de mot de passe', 'Change the password'),
  changed: sentence(
    'Mot de passe changé ; les autres connexions et les jetons de ce compte sont terminés.',
    'Password changed; other sign-ins and tokens of this account have ended.',
  ),
  wrongPresent: sentence(
    'Le mot de passe actuel est incorrect : retapez-le.',
    'The present password is wrong: type it again.',
  ),
  tokens: sentence('Jetons', 'Tokens'),
  tokensMeans: sentence(
    'Pour « probant push » et vos scripts. Un jeton a les droits de ce compte.',
    'For “probant push” and scripts of yours. A token has the rights of this account.',
  ),
  tokenLabel: sentence('À quoi il sert', 'What it is for'),
  badLabel: sentence(
    'Dites à quoi sert ce jeton, en 64 caractères au plus.',
    'Say what this token is for, in 64 characters at most.',
  ),
  makeToken: sentence('Créer un jeton', 'Make a token'),
  tokenOnce: sentence(
    'Voici le jeton, affiché cette seule fois. Donnez-le à « probant push » par la variable PROBANT_TOKEN.',
    'This is the token, shown this once. Give it to “probant push” in the variable PROBANT_TOKEN.',
  ),
  noToken: sentence('Aucun jeton.', 'No token.'),
  made: sentence('Créé', 'Made'),
  used: sentence('Dernier usage', 'Last used'),
  never: sentence('jamais', 'never'),
  revoke: sentence('Révoquer', 'Revoke'),
  everywhere: sentence('Se déconnecter partout', 'Sign out everywhere'),
  signedIn: sentence('Vous êtes connecté', 'You are signed in'),
  goOn: sentence('Continuer', 'Continue'),
} satisfies Record<string, Text>
