import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { CommandFailure } from './agent/commands/command-failure.ts'
import { exitCode } from './agent/commands/exit-code.ts'
import { systemReason } from './agent/commands/system-reason.ts'
import type { CommandContext, Verb, VerbOption } from './agent/commands/verb.ts'
import type { Text } from './checks/text.ts'
import type { OidcOptions } from './server/access/oidc.ts'
import type { RunningServer } from './server/commands/serve.ts'

const data: VerbOption = {
  flags: '--data <dossier>',
  says: { fr: 'dossier du serveur', en: "the server's folder" },
}

/** The server's folder: what was said, else beside what the agent keeps. */
async function dataFolder(said: unknown): Promise<string> {
  if (said !== undefined) return String(said)
  const { stateFolder } = await import('./agent/evidence/state-folder.ts')
  return stateFolder('server')
}

/** The verbs of the server. Like probant.ts, this file knows both sides: one process may be server and agent. */
const serveVerb: Verb = {
  name: 'serve',
  says: {
    fr: 'Sert les pages du jour de l’épreuve, reçoit les passages et interroge les machines de la salle',
    en: 'Serves the pages of the exam day, receives runs and asks the machines of the room',
  },
  options: [
    { flags: '--port <port>', says: { fr: 'port', en: 'port' }, default: '8080', atLeast: 0 },
    {
      flags: '--host <adresse>',
      says: { fr: 'adresse où écouter', en: 'address to listen on' },
      default: '127.0.0.1',
    },
    data,
    {
      flags: '--tls-cert <fichier>',
      says: { fr: 'certificat du serveur (PEM)', en: "the server's certificate (PEM)" },
    },
    { flags: '--tls-key <fichier>', says: { fr: 'sa clé privée (PEM)', en: 'its private key (PEM)' } },
    {
      flags: '--plain-http',
      says: {
        fr: 'accepte d’écouter sans TLS ailleurs que sur cette machine',
        en: 'accepts to listen without TLS elsewhere than on this machine',
      },
    },
    {
      flags: '--no-agent',
      says: {
        fr: 'n’interroge pas les machines depuis ce poste : des agents s’inscrivent',
        en: 'does not ask machines from here: agents enrol',
      },
    },
    {
      flags: '--new-agent <nom>',
      says: {
        fr: "crée un jeton pour « probant deliver », l'affiche une fois, et s'arrête",
        en: 'makes a token for “probant deliver”, shows it once, and ends',
      },
    },
  ],
  examples: [
    { line: 'probant serve', says: { fr: 'sur http://127.0.0.1:8080/', en: 'on http://127.0.0.1:8080/' } },
    {
      line: 'probant serve --host 0.0.0.0 --tls-cert salle.pem --tls-key salle.key',
      says: { fr: 'pour les postes de la salle et du jury', en: 'for the machines of the room and the jury' },
    },
    {
      line: 'probant serve --new-agent salle-12',
      says: { fr: 'le jeton que « probant deliver » attend', en: 'the token that “probant deliver” needs' },
    },
  ],
  run: async (_args, options, context) => {
    const { terminal, version } = context
    const { newAgent, serve } = await import('./server/commands/serve.ts')
    const folder = await dataFolder(options['data'])
    if (options['newAgent'] !== undefined) {
      terminal.err(
        terminal.say({
          fr: 'Jeton de cet agent, montré cette seule fois ; donnez-le à « probant deliver » par PROBANT_TOKEN ou le coffre :',
          en: "This agent's token, shown this once; give it to “probant deliver” by PROBANT_TOKEN or the vault:",
        }),
      )
      terminal.out(await newAgent(folder, String(options['newAgent'])))
      return exitCode.ok
    }
    const { catalogue } = await import('./checks/catalogue.ts')
    const known = await context.referentials()
    const withAgent = options['agent'] !== false
    const passphrase = withAgent
      ? await (await import('./agent/commands/agent.ts')).openedPassphrase(terminal)
      : null
    const settings = {
      data: folder,
      version,
      catalogue,
      port: Number(options['port']),
      host: String(options['host']),
      referentials: async (id: string) => known.get(id) ?? null,
      allReferentials: async () => known,
      oidc: oidcFrom(process.env),
      tls: await tlsFrom(options['tlsCert'], options['tlsKey']),
      plainHttp: options['plainHttp'] === true,
      logLevel: terminal.live ? ('warn' as const) : ('info' as const),
    }
    await serve(settings, async (server, signal) => {
      terminal.err(
        terminal.say({
          fr: `Pages de Probant : ${server.url} (Ctrl-C arrête)`,
          en: `Probant's pages: ${server.url} (Ctrl-C stops)`,
        }),
      )
      if (server.firstAccount !== null)
        terminal.err(
          terminal.say({
            fr: `Aucun compte n'existe. Créez le premier (responsable de session) par ce lien, qui ne sert qu'une fois :\n${server.firstAccount}`,
            en: `There is no account. Make the first one (head of session) by this link, which works once:\n${server.firstAccount}`,
          }),
        )
      if (passphrase) await agentBeside(server, folder, signal, passphrase, context)
    })
    return exitCode.ok
  },
}

/** The agent of the same process: it talks to the server like any other, by its own key. */
async function agentBeside(
  server: RunningServer,
  folder: string,
  signal: AbortSignal,
  passphrase: () => Promise<string>,
  { terminal, version, referentials }: CommandContext,
): Promise<void> {
  const [{ runAgent }, { currentSecrets }, { agentLine }, { stateFolder }, { hostname }] = await Promise.all([
    import('./agent/work/run-agent.ts'),
    import('./agent/work/current-secrets.ts'),
    import('./agent/commands/agent-lines.ts'),
    import('./agent/evidence/state-folder.ts'),
    import('node:os'),
  ])
  const url = new URL(server.loopbackUrl)
  try {
    await runAgent({
      server: url,
      // A free port each time: what an earlier start left for the server of this folder is found again all the same.
      knownAs: new URL(`http://beside.invalid/${encodeURIComponent(resolve(folder))}`),
      name: hostname(),
      folder: stateFolder(),
      enrolCode: server.enrolmentCode,
      signal,
      version,
      referentials,
      secrets: currentSecrets(passphrase),
      onEvent: (event) => {
        const line = agentLine(event, url)
        if (line) terminal.err(terminal.say(line))
      },
    })
  } catch (error) {
    // The pages go on without it: other agents may do the work.
    if (!(error instanceof Error && 'text' in error)) throw error
    terminal.err(terminal.say(error.text as Text))
  }
}

/** A centre's OpenID provider, from the environment: all four or none. */
function oidcFrom(env: NodeJS.ProcessEnv): OidcOptions | undefined {
  const names = [
    'PROBANT_OIDC_ISSUER',
    'PROBANT_OIDC_CLIENT_ID',
    'PROBANT_OIDC_CLIENT_SECRET',
    'PROBANT_PUBLIC_URL',
  ] as const
  const [issuer, clientId, clientSecret, publicUrl] = names.map((name) => env[name])
  if (!issuer && !clientId && !clientSecret) return undefined
  const missing = names.filter((name) => !env[name])
  if (missing.length > 0 || !URL.canParse(issuer ?? '') || !URL.canParse(publicUrl ?? ''))
    throw new CommandFailure(
      {
        fr: `comptes du centre (OpenID) : définissez ${names.join(', ')}, les deux adresses étant complètes${missing.length > 0 ? ` ; il manque ${missing.join(', ')}` : ''}`,
        en: `accounts of the centre (OpenID): set ${names.join(', ')}, with whole addresses${missing.length > 0 ? `; ${missing.join(', ')} is missing` : ''}`,
      },
      exitCode.badInput,
    )
  const slashed = new URL(publicUrl!)
  if (!slashed.pathname.endsWith('/')) slashed.pathname += '/'
  return { issuer: new URL(issuer!), clientId: clientId!, clientSecret: clientSecret!, publicUrl: slashed }
}

async function tlsFrom(cert: unknown, key: unknown): Promise<{ cert: string; key: string } | undefined> {
  if (cert === undefined && key === undefined) return undefined
  if (cert === undefined || key === undefined)
    throw new CommandFailure(
      {
        fr: '--tls-cert et --tls-key vont ensemble : donnez les deux',
        en: '--tls-cert and --tls-key go together: give both',
      },
      exitCode.badInput,
    )
  const read = async (path: string) => {
    try {
      return await readFile(path, 'utf8')
    } catch (error) {
      const why = systemReason(error)
      throw new CommandFailure(
        { fr: `« ${path} » : ${why.fr}`, en: `“${path}”: ${why.en}` },
        exitCode.badInput,
      )
    }
  }
  const pair = { cert: await read(String(cert)), key: await read(String(key)) }
  const { createSecureContext } = await import('node:tls')
  try {
    // An empty text is no certificate to serve with, and the library says nothing of it.
    if (!Object.values(pair).every((text) => text.includes('-----BEGIN '))) throw new Error('no PEM')
    createSecureContext(pair)
  } catch {
    throw new CommandFailure(
      {
        fr: `« ${String(cert)} » et « ${String(key)} » ne sont pas un certificat et sa clé : donnez deux fichiers PEM qui vont ensemble, la clé sans phrase secrète`,
        en: `“${String(cert)}” and “${String(key)}” are no certificate and its key: give two PEM files that belong together, the key without a passphrase`,
      },
      exitCode.badInput,
    )
  }
  return pair
}

const backupVerb: Verb = {
  name: 'backup',
  says: {
    fr: 'Sauvegarde les données du serveur, même pendant qu’il travaille',
    en: "Backs up the server's data, also while it works",
  },
  options: [
    data,
    {
      flags: '--to <dossier>',
      says: { fr: 'où écrire la sauvegarde', en: 'where to write the backup' },
      default: '.',
    },
  ],
  examples: [
    {
      line: 'probant backup --to /media/usb',
      says: { fr: 'un dossier daté, vérifié, sur une clé', en: 'a dated, verified folder on a stick' },
    },
  ],
  run: async (_args, options, { terminal, version }) => {
    const { backup } = await import('./server/commands/backup.ts')
    const folder = await backup(await dataFolder(options['data']), String(options['to']), { version })
    terminal.out(folder)
    terminal.err(
      terminal.say({
        fr: 'Sauvegarde faite et vérifiée. Elle contient les dossiers des candidats : gardez-la en lieu sûr, et détruisez-la quand la session est purgée.',
        en: 'Backup made and verified. It holds the candidates’ dossiers: keep it safe, and destroy it when the session is purged.',
      }),
    )
    return exitCode.ok
  },
}

const restoreVerb: Verb = {
  name: 'restore',
  says: {
    fr: 'Remet en place une sauvegarde, après l’avoir vérifiée',
    en: 'Puts a backup back, after having verified it',
  },
  arguments: [{ name: '<dossier>', says: { fr: 'dossier de la sauvegarde', en: 'folder of the backup' } }],
  options: [
    data,
    {
      flags: '--replace',
      says: {
        fr: 'met de côté la base qui est là (elle est conservée)',
        en: 'puts the store that is there aside (it is kept)',
      },
    },
  ],
  examples: [
    {
      line: 'probant restore probant-2026-12-01T17-30-00 --replace',
      says: { fr: 'serveur arrêté', en: 'with the server stopped' },
    },
  ],
  run: async ([folder = ''], options, { terminal }) => {
    const { restore } = await import('./server/commands/backup.ts')
    const target = await dataFolder(options['data'])
    const { at, runs, entries, before } = await restore(folder, target, {
      replace: options['replace'] === true,
    })
    terminal.out(join(target, 'probant.sqlite'))
    terminal.err(
      terminal.say({
        fr: `Sauvegarde du ${at} remise en place : ${runs} passages reçus, ${entries} entrées de journal, chaînes vérifiées.${before === null ? '' : ` L’ancien dossier est conservé : ${before}`}`,
        en: `Backup of ${at} put back: ${runs} runs received, ${entries} journal entries, chains verified.${before === null ? '' : ` The former folder is kept: ${before}`}`,
      }),
    )
    return exitCode.ok
  },
}

export const serverVerbs: readonly Verb[] = [serveVerb, backupVerb, restoreVerb]
