import type { Message } from './collected.ts'

interface Piece {
  readonly why: string
  readonly is: (message: Message) => boolean
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
  of('a step of the doctor: its remedies follow', 'agent/doctor/winrm.ts'),
  of(
    'what a value is: « il faut … » goes before',
    'checks/windows/firewall/asked-firewall-rule.ts',
    /^une adresse/,
  ),
  of('the keys that are possible, or those of all checks, follow', 'checks/document.ts', /^clé inconnue/),
  of('the values that exist follow', 'checks/exam/reading.ts', /seuls/),
  of('how to give a token follows', 'agent/commands/server-address.ts', /le jeton manque/),
  of('a link to the whole follows', 'server/pages/wording.ts', /^La suite/),
  of(
    'an error without a code: who shows it adds its own words',
    'agent/commands/system-reason.ts',
    /^erreur$/,
  ),
  of('what was refused, then the server’s own sentence', 'agent/commands/agent-lines.ts'),
  of('what is needed: « il faut ici … » or « Il faut … » goes before', 'agent/self-test/interview.ts'),
  of('what is needed: « il faut ici … » goes before', 'agent/self-test/key-file.ts'),
]

/** Sentences that read the same in French and in English. */
export const theSame: ReadonlySet<string> = new Set(['mise en situation professionnelle'])
