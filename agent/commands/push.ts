import type { Text } from '../../checks/text.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { visibleLine } from '../terminal/visible.ts'
import { CommandFailure } from './command-failure.ts'
import { diagnosticLines } from './diagnostics.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { postSession, type Posted } from './push/session-post.ts'
import { readUpload } from './push/session-upload.ts'
import { serverUrl, tokenFrom } from './server-address.ts'
import { sourcesOf } from './sources.ts'
import type { CommandContext, Options } from './verb.ts'

const tokenHelp: Text = {
  fr: 'Celui d’un compte « responsable de session » se crée sur le serveur, à la page du compte',
  en: 'That of an account “responsable de session” is made on the server, on the page of the account',
}

/**
 * `probant push --session FILE [--candidates CSV] --server URL`: checks the session here, then hands its files to the
 * server. Exit 2 where the files are wrong, 3 where the server did not take them.
 */
export async function push(
  _args: readonly string[],
  options: Options,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal } = context
  const server = serverUrl(String(options['server']), terminal)
  const csv = options['candidates'] === undefined ? null : String(options['candidates'])
  const { upload, diagnostics } = await readUpload(String(options['session']), csv, await sourcesOf(context))
  for (const line of diagnosticLines(diagnostics, terminal)) terminal.err(line)
  if (!upload)
    throw new CommandFailure(
      {
        fr: 'rien n’a été envoyé au serveur : corrigez d’abord ces erreurs',
        en: 'nothing was sent to the server: correct these mistakes first',
      },
      exitCode.badInput,
    )
  const token = await tokenFrom(String(options['tokenFrom']), terminal, tokenHelp)
  const launch = options['launch'] === 'clock' ? 'clock' : 'hand'
  // Interrupted or not, starting it again is harmless: Ctrl-C may end it as it ends any program.
  const posted = await postSession(upload, { server, token, launch })
  show(posted, server, options['json'] === true, terminal)
  return posted.outcome === 'created' || posted.outcome === 'already' ? exitCode.ok : exitCode.unknown
}

function show(posted: Posted, server: URL, json: boolean, terminal: Terminal): void {
  const { say } = terminal
  const url = 'url' in posted && URL.canParse(posted.url, server) ? new URL(posted.url, server).href : null
  const message =
    posted.outcome === 'unreachable' || posted.outcome === 'refused'
      ? problemOf(posted)
      : doneWords[posted.outcome]
  if (posted.outcome === 'refused')
    for (const line of diagnosticLines(posted.diagnostics, terminal)) terminal.err(line)
  const warnings = 'warnings' in posted ? posted.warnings.map((one) => visibleLine(say(one), 1000)) : []
  if (json) {
    const { outcome } = posted
    const id = 'id' in posted ? posted.id : null
    terminal.out(JSON.stringify({ outcome, id, url, warnings, message: say(message) }))
    return
  }
  for (const warning of warnings) terminal.err(`${say({ fr: 'note : ', en: 'note: ' })}${warning}`)
  terminal.out(say(message))
  if (url !== null) terminal.out(visibleLine(url, 2000))
}

const doneWords = {
  created: { fr: 'Session prête sur le serveur :', en: 'Session prepared on the server:' },
  already: { fr: 'Le serveur avait déjà cette session :', en: 'The server had this session already:' },
} satisfies Record<string, Text>

function problemOf(posted: Exclude<Posted, { outcome: 'created' | 'already' }>): Text {
  switch (posted.outcome) {
    case 'unreachable':
      return {
        fr: `Serveur injoignable (${visibleLine(posted.detail, 80)}) : vérifiez l'adresse et le réseau, puis relancez la même commande.`,
        en: `Server unreachable (${visibleLine(posted.detail, 80)}): look at the address and the network, then start the same command again.`,
      }
    case 'refused': {
      const { status, why } = posted
      if (status === 401)
        return {
          fr: 'Jeton refusé : vérifiez-le, ou créez-en un autre sur le serveur, à la page du compte.',
          en: 'Token refused: look at it, or make another one on the server, on the page of the account.',
        }
      if (status === 403)
        return {
          fr: 'Ce compte ne peut pas préparer de session : il faut celui d’un responsable de session.',
          en: 'This account may not prepare a session: that of a “responsable de session” is needed.',
        }
      const fr = why ? visibleLine(why.fr, 1000) : 'sans explication ; vérifiez l’adresse'
      const en = why ? visibleLine(why.en, 1000) : 'without explanation; check the address'
      return {
        fr: `Refusé par le serveur (${status}) : ${fr}`,
        en: `Refused by the server (${status}): ${en}`,
      }
    }
  }
}
