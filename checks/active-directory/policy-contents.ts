import { answered, NotObserved, type Observed } from '../observation.ts'
import { settingsOf, type PolicyContents } from '../windows/group-policy/settings.ts'
import { number, type Entry } from './directory-entry.ts'
import { bytesOf } from './security-identifier.ts'

type Files = Observed<'group-policy'> | undefined

/** What the files of a policy hold, as far as they came; throws NotObserved where none did. */
export function policyContents(files: Files): PolicyContents {
  const answer = answered(files, { partial: true })
  if (!answer.found)
    throw new NotObserved('control', 'the policy has no folder in the SYSVOL of this domain controller')
  return settingsOf(new Map(answer.files.map(({ path, content }) => [path, bytesOf(content)])))
}

/**
 * The control of what these files don't say: all of them came, those that may say it could be read, and they are of the
 * version that the directory has for this policy. Throws NotObserved.
 */
export function requireContents(gpo: Entry, files: Files, contents: PolicyContents, where: RegExp): void {
  answered(files)
  const unread = contents.unread.find(({ path }) => where.test(path.replaceAll('\\', '/').toLowerCase()))
  if (unread) throw new NotObserved('unparsable', `${unread.path}: ${unread.why}`)
  if (!contents.version) throw new NotObserved('control', 'the policy has no GPT.INI that can be read')
  const version = number(gpo, 'versionNumber')
  const { user, computer } = contents.version
  if (user !== version >>> 16 || computer !== (version & 0xffff))
    throw new NotObserved(
      'control',
      `the files are of version ${user}/${computer}, the directory has ${version >>> 16}/${version & 0xffff}`,
    )
}
