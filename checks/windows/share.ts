import { defineCheck } from '../define.ts'
import { fail } from '../finding.ts'
import { printable } from '../printable.ts'
import { powershell, type ProbeOf } from '../probe.ts'
import { same, type Text } from '../text.ts'
import { powerShellArgument } from '../active-directory/quoted-name.ts'
import { judgeAspects } from '../aspects.ts'
import { EVERYONE } from './accounts/account-groups.ts'
import { aspects, expected, shareParams, subject, twin, wanted } from './shares/asked-share.ts'
import { judgeAccess, seenShares, shareNamed } from './shares/shares.ts'

const unique = (names: readonly string[]) => [...new Set(names)].sort()

export const share = defineCheck({
  id: 'windows.share',
  criteria: ['C8.3', 'C1.2'],
  says: { fr: 'Le partage {name} est conforme à la demande', en: 'Share {name} is as asked for' },
  observes: {
    fr: 'le partage SMB, son dossier, et ce que ses autorisations et celles du dossier (NTFS) laissent ensemble à chaque compte',
    en: 'the SMB share, its folder, and what its permissions and those of the folder (NTFS) leave together to each account',
  },
  control: {
    fr: 'IPC$ ou ADMIN$ est dans la liste, lue par un administrateur ; krbtgt, que tout domaine possède, est trouvé, avec le groupe local de domaine dont il est membre',
    en: 'IPC$ or ADMIN$ is in the list, read by an administrator; krbtgt, which every domain has, is found, with the domain local group that it is in',
  },
  asks: ['powershell'],
  proven: 'recorded',
  params: shareParams,
  probes: ({ on, access, directory = on }, _facts, siblings): Record<string, ProbeOf<'powershell'>> => {
    const names = siblings.filter((other) => other.on === on).map(wanted)
    const accounts = siblings
      .filter((other) => (other.directory ?? other.on) === directory)
      .flatMap((other) => (other.access ?? []).map((one) => one.account))
      .filter((name) => name !== EVERYONE)
    return {
      shares: powershell(on, 'share', { names: unique(names.flatMap((name) => [name, twin(name)])) }),
      ...(access
        ? { accounts: powershell(directory, 'account-groups', { accounts: unique(accounts) }) }
        : {}),
    }
  },
  judge: (seen, asked) => {
    const shares = seenShares(seen['shares'])
    const found = shareNamed(shares, wanted(asked))
    if (!found) {
      const other = shareNamed(shares, twin(wanted(asked)))
      return fail(expected(asked), {
        fr: `aucun partage de ce nom sur ${shares.total}${other ? `, mais un partage ${printable(other.name)}` : ''}`,
        en: `no share of that name among ${shares.total}${other ? `, but a share ${printable(other.name)}` : ''}`,
      })
    }
    const itself = { ...judgeAspects(subject(asked), aspects(asked), found), evidence: ['shares'] }
    const cell: Text = { fr: 'le partage', en: 'the share' }
    const sameMachine = (asked.directory ?? asked.on) === asked.on
    return [
      { ...itself, cell },
      ...(asked.access ?? []).map((one) => judgeAccess(one, found, shares, seen['accounts'], sameMachine)),
    ]
  },
  expects: expected,
  byHand: (asked) => {
    const name = powerShellArgument(wanted(asked))
    const command = `Get-SmbShareAccess ${name}; Get-Acl (Get-SmbShare ${name}).Path | Format-List`
    return same(command)
  },
})
