/** A secret that a candidate gave: kept in the vault, or read from an environment variable each time. */
export type GivenSecret = { readonly vault: string } | { readonly env: string }

export interface Login {
  readonly user: string
  readonly password?: GivenSecret
  readonly key?: GivenSecret
  readonly passphrase?: GivenSecret
}

/** What a candidate says of one machine: where it is, and how it lets the checks in. */
export interface Machine {
  readonly role: string
  /** In words, for the file's comment: what the exam says that it is. */
  readonly kind: string
  /** Whether any demand looks at it. */
  readonly asked: boolean
  readonly address: string
  /** The machine that this runs on: its own shell is used, no account. */
  readonly local?: 'shell' | 'powershell'
  readonly ssh?: { readonly login: Login; readonly port?: number }
  readonly winrm?: { readonly login: Login; readonly port?: number }
  readonly directory?: { readonly domain: string; readonly login: Login | null }
  readonly smb?: { readonly login: Login }
  readonly snmp?:
    | { readonly version: '2c'; readonly community: GivenSecret }
    | {
        readonly version: 3
        readonly user: string
        readonly auth?: GivenSecret
        readonly privacy?: GivenSecret
      }
  readonly site?: { readonly login: Login }
}
