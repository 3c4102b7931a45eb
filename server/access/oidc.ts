/** What a centre's OpenID provider needs to be known by. */
export interface OidcOptions {
  readonly issuer: URL
  readonly clientId: string
  readonly clientSecret: string
  /** Where the provider sends people back: this server as they see it. */
  readonly publicUrl: URL
}
