import type { Sentence } from './sources.ts'

interface Piece {
  readonly why: string
  readonly is: (message: Sentence) => boolean
}

const of = (why: string, file: string, fr: RegExp = /(?:)/): Piece => ({
  why,
  is: (message) => message.file === file && fr.test(message.fr ?? ''),
})

/** Sentences about something that went wrong which are never shown alone: what to do stands beside them. */
export const pieces: readonly Piece[] = [
  {
    why: 'a place or a name, then another sentence of this list',
    is: ({ fr }) => /(?:^|[:(] ?)\{(?:fr|…)\}\)?$|^ ?$|^\{fr\}(?: \{|$)|^\S+ \{fr\}$/.test(fr ?? ''),
  },
  of(
    'commander: « Voyez : probant VERBE --help » is added to each',
    'agent/commands/program.ts',
    /^(?!.*Voyez)/,
  ),
  of('a step of the doctor: its remedies follow, one a line', 'agent/doctor/problem.ts'),
  of(
    'what an expected value is: « il faut … » goes before',
    'checks/issue-words.ts',
    /^(?:d[ue] |une? |true|rien| )/,
  ),
  of('what rehearsal saw, not a failure: its table says what to do', 'agent/rehearse/wording.ts'),
  of('a bundle that was tampered with: « probant verify » says whom to ask', 'checks/evidence/bundle.ts'),
  of('a remark on what is right', 'checks/exam/criteria.ts', /par la mise en situation/),
  of('a remark on what is right', 'checks/exam/remarks.ts', /aucun indice/),
  of('a remark: who reads it sees what was done', 'checks/candidates-csv.ts', /laissé de côté/),
  of(
    'what a value is: « il faut … » goes before',
    'checks/windows/firewall/asked-firewall-rule.ts',
    /^une adresse/,
  ),
  of('the keys that are possible, or those of all checks, follow', 'checks/document.ts', /^clé inconnue/),
  of('the values that exist follow', 'checks/exam/reading.ts', /seuls/),
  of('how to give a token follows', 'agent/commands/server-address.ts', /le jeton manque/),
  of(
    'an error without a code: who shows it adds its own words',
    'agent/commands/system-reason.ts',
    /^erreur$/,
  ),
  of('what was refused, then the server’s own sentence', 'agent/commands/agent-lines.ts'),
  of('what is needed: « il faut ici … » or « Il faut … » goes before', 'agent/self-test/interview.ts'),
  of('what is needed: « il faut ici … » goes before', 'agent/self-test/key-file.ts'),
  of('which secret it is: what to do goes around', 'agent/doctor/remedies/secrets.ts'),
  of(
    'what is wrong with a bundle: the line above says whom to ask',
    'agent/commands/verify-bundle.ts',
    /^(?!.*dossier scellé)/,
  ),
  of('why a file is no run: the sentence around it says to give one', 'agent/evidence/run-file.ts'),
  of(
    'a référentiel is part of the program: who edits one is told what is wrong by its tests',
    'checks/referential/consistency.ts',
  ),
  of('a référentiel is part of the program', 'checks/referential/referential.ts'),
  of('the drawn value goes before what is wrong with it', 'checks/exam/call-reader.ts', /^avec/),
  of('the state of the session, after what to do', 'server/pages/wording.ts', /^État actuel/),
  of('what is awaited, after « il faut »', 'checks/linux/scheduled-task.ts', /^cinq champs/),
]

/**
 * Sentences that speak of something that can't be, and are no failure: nobody has to do anything, or what to do stands
 * beside them.
 */
export const noFailures: readonly Piece[] = [
  of('what a command does', 'agent/commands/verbs.ts', /^Vérifie un sujet/),
  of('what a command does', 'agent/commands/add-verb.ts'),
  of('all is well', 'agent/commands/validate.ts', /aucune erreur/),
  of(
    'then the sentence of what could not be done, which is in the list',
    'agent/commands/agent-lines.ts',
    /^impossible ici : \{…\}$/,
  ),
  of('above: the rule to write', 'agent/commands/prepare/report.ts', /^En root/),
  of('a step of the doctor: its remedies follow', 'agent/doctor/detail.ts'),
  of('a step of the doctor: its remedies follow', 'agent/doctor/ldap.ts', /expiré$/),
  of(
    'the whole report says what to do, problem by problem',
    'agent/rehearse/wording.ts',
    /^Le sujet n’est pas prouvé/,
  ),
  of(
    'the state of a run; each unknown below says what to do',
    'agent/reports/run-text.ts',
    /^passage interrompu/,
  ),
  of('a question', 'agent/self-test/interview.ts', /^un mot de passe, car/),
  of('a parameter: the levels of events', 'checks/windows/event.ts', /^1 critique/),
  of(
    'an entry of the journal, or the state of a work: its answer says what to do',
    'server/pages/responsable/wording.ts',
    /^(?:connexion refusée|passage impossible)$/,
  ),
  of(
    'the state of a work: its answer says what to do',
    'server/pages/surveillant/wording.ts',
    /^(?:impossible|n’a pas pu être interrogée)$/,
  ),
  of('the state of a work', 'server/paper/incidents-annex.ts', /^n’a pas pu être fait$/),
  of('what the surveillant may do', 'server/pages/surveillant/wording.ts', /^Reprendre/),
  of('what a move of the session means', 'server/pages/session/wording.ts'),
  of(
    'a title',
    'server/pages/wording.ts',
    /^(?:Ce qui n’a pas pu être vérifié|Le serveur a rencontré une erreur|Accès refusé)$/,
  ),
  of('why demands stand apart', 'server/pages/wording.ts', /^Ces demandes ne se rattachent/),
  of('a link to the whole follows', 'server/pages/wording.ts', /^La suite/),
]

/** Words in one language: names and units, which are the same in both. */
export const oneLanguage: ReadonlySet<string> = new Set([
  ':files',
  'EEXIST',
  'probant: {…}',
  'probant agent --server',
  'SHA256:',
  '(PDF)',
  'Probant',
  'min',
])

/**
 * Errors whose message is in English for whoever mends the program: never shown but as the technical detail beside a
 * sentence, or in « erreur interne ». A new one is decided here: else it takes a `Text`.
 */
export const internalErrors: ReadonlySet<string> = new Set([
  'agent/rehearse/rehearse.ts: the session has no candidate {candidate}',
  'agent/run/control.ts: the control needs no credential',
  'agent/run/control.ts: the control needs no file',
  'agent/run/looks.ts: the session has no candidate {candidate}',
  'agent/run/looks.ts: nobody looks any more: the looks were closed',
  'agent/secrets/resolve.ts: a secret is written env:NAME or vault:name',
  'agent/secrets/resolve.ts: {reference} has no value',
  'agent/transports/powershell/bounded-json.ts: it nests deeper than {DEEPEST} levels',
  'agent/transports/powershell/bounded-json.ts: it holds half a character',
  'agent/transports/snmp/connected-socket.ts: closed',
  'agent/work/perform.ts: no run',
  'checks/windows/group-policy/policy-xml.ts: not well-formed',
  'referentials.ts: no référentiel is installed beside the program',
  'server-verbs.ts: no PEM',
  'server/access/guard.ts: the route {…} {url} does not say who may ask it',
  'server/access/guard.ts: the route {url} is about a session that it does not name',
  'server/access/oidc.ts: no identity in the answer',
  'server/store/sql/migrations.ts: the store could not be brought up to date',
])

/** Sentences that read the same in French and in English. */
export const theSame: ReadonlySet<string> = new Set(['mise en situation professionnelle'])
