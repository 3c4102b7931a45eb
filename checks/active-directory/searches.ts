import { ldap, type LdapFilter, type ProbeOf } from '../probe.ts'

/**
 * The questions that the checks of this folder share. Many checks ask them with the same words, so that each is asked
 * once; big domains (thousands of accounts) are never listed: accounts are asked for by their name.
 */
type Search = ProbeOf<'ldap'>

/** Questions by the names that a check knows them by. */
export type Searches = Record<string, Search>

/** Several lots of questions as one. */
export const merged = (...lots: readonly Searches[]): Searches =>
  Object.fromEntries(lots.flatMap(Object.entries<Search>))

const ofClass = (objectClass: string): LdapFilter => ({ equals: ['objectClass', objectClass] })

/** The domain itself: its identifier, its links and its password policy. */
export const domain = (on: string): Search =>
  ldap(on, {
    scope: 'base',
    filter: { present: 'objectClass' },
    attributes: [
      'objectClass',
      'objectSid',
      'gPLink',
      'gPOptions',
      'minPwdLength',
      'pwdHistoryLength',
      'pwdProperties',
      'maxPwdAge',
      'minPwdAge',
      'lockoutThreshold',
      'lockoutDuration',
      'lockOutObservationWindow',
    ],
    binary: ['objectSid'],
  })

/** Every organisational unit, with its links. */
export const organisationalUnits = (on: string): Search =>
  ldap(on, {
    filter: ofClass('organizationalUnit'),
    attributes: ['objectClass', 'ou', 'gPLink', 'gPOptions'],
    sizeLimit: 5000,
  })

/** One container, by its place: where the list of all of them is too long, or may hide what is in it. */
export const container = (on: string, rdns: Search['rdns']): Search =>
  ldap(on, {
    rdns,
    scope: 'base',
    filter: { present: 'objectClass' },
    attributes: ['objectClass', 'gPLink', 'gPOptions', 'nTSecurityDescriptor'],
    binary: ['nTSecurityDescriptor'],
  })

/**
 * The permissions of the unit at a path, or of every unit: asked where an account isn't found, because a unit may hide
 * what is in it.
 */
export const unitPermissions = (on: string, rdns: Search['rdns'] | undefined): Search =>
  rdns
    ? container(on, rdns)
    : ldap(on, {
        filter: ofClass('organizationalUnit'),
        attributes: ['nTSecurityDescriptor'],
        binary: ['nTSecurityDescriptor'],
        sizeLimit: 5000,
        maxBytes: 4_194_304,
      })

/** Every Group Policy Object, with its security descriptor where the account may read it. */
export const groupPolicies = (on: string): Search =>
  ldap(on, {
    rdns: [
      ['CN', 'Policies'],
      ['CN', 'System'],
    ],
    scope: 'one',
    filter: ofClass('groupPolicyContainer'),
    attributes: ['cn', 'displayName', 'flags', 'versionNumber', 'gPCWQLFilter', 'nTSecurityDescriptor'],
    binary: ['nTSecurityDescriptor'],
    maxBytes: 4_194_304,
  })

const ACCOUNT = [
  'objectClass',
  'sAMAccountName',
  'objectSid',
  'displayName',
  'userAccountControl',
  'primaryGroupID',
  'memberOf',
  'member',
  'groupType',
  'operatingSystem',
  'dNSHostName',
]

/** For groups that are met on the way: their members, who may be thousands, are of no use. */
const WITHOUT_MEMBERS = ACCOUNT.filter((attribute) => attribute !== 'member')

/** A user, group or computer (its name followed by `$`) by its `sAMAccountName`, unique in a domain. */
export const account = (on: string, name: string): Search =>
  ldap(on, {
    filter: { equals: ['sAMAccountName', name] },
    attributes: ACCOUNT,
    binary: ['objectSid'],
    sizeLimit: 10,
  })

/** A user, group or computer by its place in the domain. */
export const accountAt = (on: string, rdns: Search['rdns']): Search =>
  ldap(on, {
    rdns,
    scope: 'base',
    filter: { present: 'objectClass' },
    attributes: WITHOUT_MEMBERS,
    binary: ['objectSid'],
  })

/** Whoever has a security identifier. */
export const accountOf = (on: string, sid: string): Search =>
  ldap(on, {
    filter: { equals: ['objectSid', sid] },
    attributes: WITHOUT_MEMBERS,
    binary: ['objectSid'],
    sizeLimit: 10,
  })

/**
 * Accounts that every domain has, whatever its language: `krbtgt`, and the computers that are domain controllers
 * (primary group 516). An account that sees them is believed when it doesn't see another.
 */
export const witnesses = (on: string): Search =>
  ldap(on, {
    filter: { or: [{ equals: ['sAMAccountName', 'krbtgt'] }, { equals: ['primaryGroupID', '516'] }] },
    attributes: ['objectClass', 'sAMAccountName', 'primaryGroupID', 'memberOf', 'dNSHostName'],
    sizeLimit: 100,
  })

/** The name of a WMI filter. */
export const wmiFilter = (on: string, guid: string): Search =>
  ldap(on, {
    rdns: [
      ['CN', `{${guid.toUpperCase()}}`],
      ['CN', 'SOM'],
      ['CN', 'WMIPolicy'],
      ['CN', 'System'],
    ],
    scope: 'base',
    filter: { present: 'objectClass' },
    attributes: ['msWMI-Name'],
  })
