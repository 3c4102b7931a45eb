import type { Text } from '../../checks/text.ts'
import { openVault, vaultExists, VaultFailure } from '../secrets/vault.ts'
import type { Prompter } from './prompter.ts'

/** The vault's passphrase, typed once: twice alike for a vault that is about to be made, until it opens for one that is there. */
export async function askPassphrase(
  path: string,
  prompter: Prompter,
  say: (text: Text) => string,
): Promise<string> {
  const there = await vaultExists(path)
  prompter.say('')
  prompter.say(
    say(
      there
        ? {
            fr: 'Ces secrets vont dans le coffre chiffré de ce poste : sa phrase secrète l’ouvre.',
            en: 'These secrets go to the encrypted vault of this computer: its passphrase opens it.',
          }
        : {
            fr: 'Ces secrets sont chiffrés dans un coffre sur ce poste : choisissez la phrase secrète qui l’ouvrira, elle sera demandée à chaque essai.',
            en: 'These secrets are encrypted in a vault on this computer: choose the passphrase that opens it; it is asked for at each try.',
          },
    ),
  )
  for (;;) {
    const typed = await prompter.hidden(
      say({ fr: '  Phrase secrète du coffre : ', en: '  Passphrase of the vault: ' }),
    )
    const problem =
      typed === '' ? empty : there ? await notOpened(path, typed) : await notRepeated(typed, prompter, say)
    if (problem === null) return typed
    prompter.say(`  ${say(problem)}`)
  }
}

const empty: Text = { fr: 'Elle est vide : tapez-en une.', en: 'It is empty: type one.' }

async function notOpened(path: string, passphrase: string): Promise<Text | null> {
  try {
    await openVault(path, passphrase)
    return null
  } catch (error) {
    if (!(error instanceof VaultFailure) || error.message !== 'wrong passphrase for the vault') throw error
    return {
      fr: 'Ce n’est pas celle du coffre : tapez-la encore une fois.',
      en: 'It is not the vault’s: type it once more.',
    }
  }
}

async function notRepeated(
  passphrase: string,
  prompter: Prompter,
  say: (text: Text) => string,
): Promise<Text | null> {
  const again = await prompter.hidden(say({ fr: '  Encore une fois : ', en: '  Once more: ' }))
  return again === passphrase
    ? null
    : { fr: 'Les deux phrases diffèrent : recommencez.', en: 'The two passphrases differ: start again.' }
}
