import { describe, expect, it } from 'vitest'
import {
  isAccount,
  toResolve,
  type Resolved,
  type SeenAccount,
} from '../../../../checks/windows/accounts/account.ts'
import { accountText } from '../../../../checks/windows/accounts/account-name.ts'

const DOMAIN = 'S-1-5-21-1004336348-1177238915-682003330'
const asked = String.raw`AGENCE1\svc-web`
const found: Resolved = [{ asked: asked.toLowerCase(), sid: `${DOMAIN}-1117` }]
const notFound: Resolved = [{ asked: asked.toLowerCase(), sid: null }]

const seen = (
  sid: string | null,
  displayName: string | null,
  isGiven = displayName !== null,
): SeenAccount => ({
  sid,
  resolved: displayName !== null,
  given: isGiven ? displayName : null,
  displayName,
})
const web = seen(`${DOMAIN}-1117`, String.raw`AGENCE1\svc-web`)
const other = seen(`${DOMAIN}-1118`, String.raw`AGENCE1\svc-sql`)
const sameNameElsewhere = seen('S-1-5-21-1-2-3-1001', String.raw`SRV-WEB\svc-web`)
const orphan = seen(`${DOMAIN}-1200`, null)
const administrators = seen(`${DOMAIN}-512`, String.raw`AGENCE1\Admins du domaine`, false)
const administratorsOfNoName = seen(`${DOMAIN}-512`, null)
const system = seen('S-1-5-18', String.raw`AUTORITE NT\Système`, false)
const nothing = seen(null, null)

describe('isAccount', () => {
  it.each([
    ['the SID that the machine resolved', found, web, true],
    ['another SID', found, other, false],
    ['an account of the same name elsewhere', found, sameNameElsewhere, false],
    ['an orphan', found, orphan, false],
    ['an account that was not shown', found, nothing, null],
    ['not resolved, against an account of Windows’ own', notFound, system, false],
    ['not resolved, against an account of another name', notFound, other, false],
    ['not resolved, against the name asked for', notFound, web, null],
    ['not resolved, against that name elsewhere', notFound, sameNameElsewhere, null],
    ['not resolved, against an orphan', notFound, orphan, null],
    ['not resolved, against the administrators of the domain', notFound, administrators, false],
    ['not resolved, and the administrators neither', notFound, administratorsOfNoName, null],
    ['never asked of the machine', [], web, null],
  ] satisfies [string, Resolved, SeenAccount, boolean | null][])('%s', (_what, resolved, seen, is) => {
    expect(isAccount(asked, resolved, seen)).toBe(is)
  })

  it('compares SIDs that the author wrote', () => {
    expect(isAccount('s-1-5-18', [], system)).toBe(true)
    expect(isAccount('S-1-5-19', [], system)).toBe(false)
    expect(isAccount('S-1-5-19', [], nothing)).toBeNull()
  })
})

describe('accountText', () => {
  const text = accountText({ keywords: [] })
  it.each([
    asked,
    String.raw`.\technicien`,
    'S-1-5-32-544',
    String.raw`AGENCE1\gmsa-sql$`,
    String.raw`agence1.lan\a b`,
  ])('takes %s', (account) => expect(text.safeParse(account).success).toBe(true))
  it.each([
    'svc-web',
    String.raw`NT AUTHORITY\SYSTEM`,
    String.raw`AUTORITE NT\Système`,
    String.raw`BUILTIN\Users`,
    String.raw`AGENCE1\Domain Admins`,
    String.raw`AGENCE1\admins du domaine`,
    String.raw`.\Administrateur`,
    String.raw`AGENCE1\Éditeurs de certificats`,
    String.raw`AGENCE1\Group Policy Creator Owners`,
    String.raw`AGENCE1\Administrateurs de l'entreprise`,
    String.raw`AGENCE1\Contrôleurs de domaine d'entreprise en lecture seule`,
    String.raw`AGENCE1\a*`,
    String.raw`AGENCE1\a\b`,
    'svc@agence1.lan',
  ])('refuses %s, whose name may be another in another language or is none', (account) =>
    expect(text.safeParse(account).success).toBe(false),
  )
})

it('asks for each name once, and for no SID', () => {
  expect(toResolve([asked, asked.toUpperCase(), 'S-1-5-18'])).toEqual([asked.toLowerCase()])
})
