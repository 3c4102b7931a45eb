import { access } from 'node:fs/promises'
import type { Exam } from '../../checks/exam.ts'
import type { Text } from '../../checks/text.ts'
import { CommandFailure } from '../commands/command-failure.ts'
import { exitCode } from '../commands/exit-code.ts'
import { systemReason } from '../commands/system-reason.ts'
import type { CommandContext } from '../commands/verb.ts'
import { writeWhole } from '../evidence/atomic-file.ts'
import { listNames, removeSecret, setSecret, vaultExists, vaultPath } from '../secrets/vault.ts'
import { programName } from '../terminal/program-name.ts'
import { visible } from '../terminal/visible.ts'
import { wholeCommand, type Given } from './given.ts'
import { interview, Unanswered } from './interview.ts'
import type { Machine } from './machine.ts'
import { machinesFile } from './machines-file.ts'
import type { RoleNeeds } from './needs.ts'
import type { Place } from './place.ts'
import type { Prompter } from './prompter.ts'
import { askPassphrase } from './vault-passphrase.ts'

export interface MakeMachines {
  readonly exam: Exam
  /** The exam as it was typed. */
  readonly typed: string
  readonly place: Place
  readonly needs: readonly RoleNeeds[]
  readonly given: ReadonlyMap<string, Given>
  /** Null where there is nobody to ask. */
  readonly prompter: Prompter | null
  readonly seed: string
  readonly today: string
}

/**
 * Learns what the candidate's machines are and writes their file; secrets go to the vault, and first. Nothing is written
 * before the last answer. Gives the vault's passphrase where it was typed, so that it is not asked for twice.
 * @throws CommandFailure (2) where something must be asked and nobody can, with the command that says it; GaveUp.
 */
export async function makeMachines(make: MakeMachines, { terminal }: CommandContext): Promise<string | null> {
  const { exam, place, needs, given, prompter } = make
  const { say, lang } = terminal
  const complete = needs.every(({ role, asked }) => !asked || given.get(role)?.here)
  if (prompter && !complete) introduce(prompter, make, say)
  let machines: Machine[]
  try {
    machines = await interview(needs, given, { prompter, say, lang })
  } catch (error) {
    if (error instanceof Unanswered) throw nobodyToAsk(make, say)
    throw error
  }
  const vaultPrefix = `essai.${place.key.slice(0, 8)}`
  const { text, secrets } = machinesFile(machines, {
    exam: place.examFromMachines,
    title: exam.title,
    date: make.today,
    seed: make.seed,
    vaultPrefix,
    say: (words) => say(words),
  })
  const passphrase = secrets.size === 0 ? null : await passphraseFor(prompter, say)
  if (passphrase !== null) await keepSecrets(secrets, passphrase, vaultPrefix)
  try {
    await writeWhole(place.machines, text)
  } catch (error) {
    const why = systemReason(error)
    throw new CommandFailure(
      {
        fr: `impossible d'écrire « ${visible(place.machines)} » : ${why.fr}. Choisissez un autre fichier avec --machines`,
        en: `cannot write “${visible(place.machines)}”: ${why.en}. Choose another file with --machines`,
      },
      exitCode.badInput,
    )
  }
  terminal.err(
    say({
      fr: `Vos machines sont décrites dans ${visible(place.machines)}${secrets.size > 0 ? `, leurs secrets dans le coffre ${visible(vaultPath())}` : ''}.`,
      en: `Your machines are described in ${visible(place.machines)}${secrets.size > 0 ? `, their secrets in the vault ${visible(vaultPath())}` : ''}.`,
    }),
  )
  return passphrase
}

/** Puts the secrets of this exam in the vault; those that an earlier answer left there and nobody names any more go. */
async function keepSecrets(
  secrets: ReadonlyMap<string, string>,
  passphrase: string,
  prefix: string,
): Promise<void> {
  const path = vaultPath()
  for (const [name, secret] of secrets) await setSecret(path, passphrase, name, secret)
  for (const name of await listNames(path, passphrase))
    if (name.startsWith(`${prefix}.`) && !secrets.has(name)) await removeSecret(path, passphrase, name)
}

/** Whether the candidate's machines are known already. */
export const machinesAreKnown = (place: Place): Promise<boolean> =>
  access(place.machines).then(
    () => true,
    () => false,
  )

function introduce(
  prompter: Prompter,
  { exam, place, needs }: MakeMachines,
  say: (text: Text) => string,
): void {
  const count = needs.filter(({ asked }) => asked).length
  prompter.say(visible(exam.title))
  prompter.say(
    say({
      fr: `${count} machine${count > 1 ? 's' : ''} à décrire, une fois pour toutes, dans ${visible(place.machines)}. Rien ne quitte ce poste.`,
      en: `${count} machine${count > 1 ? 's' : ''} to describe, once and for all, in ${visible(place.machines)}. Nothing leaves this computer.`,
    }),
  )
  prompter.say(
    say({
      fr: 'Entrée prend la valeur entre crochets ; Ctrl-C abandonne sans rien écrire.',
      en: 'Enter takes the value in brackets; Ctrl-C gives up and writes nothing.',
    }),
  )
}

async function passphraseFor(prompter: Prompter | null, say: (text: Text) => string): Promise<string> {
  const given = process.env['PROBANT_VAULT_PASSPHRASE']
  if (given) return given
  if (prompter) return askPassphrase(vaultPath(), prompter, say)
  const there = await vaultExists(vaultPath())
  throw new CommandFailure(
    {
      fr: `une clé se garde dans le coffre chiffré, et il n'y a pas de terminal pour taper sa phrase secrète : donnez ${there ? 'la sienne' : 'celle de votre choix'} dans PROBANT_VAULT_PASSPHRASE`,
      en: `a key is kept in the encrypted vault, and there is no terminal to type its passphrase at: give ${there ? 'it' : 'one of your choice'} in PROBANT_VAULT_PASSPHRASE`,
    },
    exitCode.badInput,
  )
}

function nobodyToAsk({ typed, needs, given }: MakeMachines, say: (text: Text) => string): CommandFailure {
  const command = wholeCommand(programName(), typed, needs, given, say)
  return new CommandFailure(
    {
      fr: `vos machines ne sont pas encore connues et il n'y a pas de terminal pour les demander. Dites-les ainsi : ${command}`,
      en: `your machines are not known yet and there is no terminal to ask for them. Say them like this: ${command}`,
    },
    exitCode.badInput,
  )
}
