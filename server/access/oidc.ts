import * as client from 'openid-client'

/** What a centre's OpenID provider needs to be known by. */
export interface OidcOptions {
  readonly issuer: URL
  readonly clientId: string
  readonly clientSecret: string
  /** Where the provider sends people back: this server as they see it, its path ends in `/`. */
  readonly publicUrl: URL
}

/** What has to be remembered of a sign-in at the provider until it comes back. */
export interface Begun {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

/**
 * Signing in at a centre's OpenID provider (OpenID Connect Core 1.0, authorization code with PKCE, RFC 7636). The provider
 * is looked for when somebody signs in, not at the start: the day doesn't depend on it.
 */
export class OidcProvider {
  readonly #options: OidcOptions
  #found: Promise<client.Configuration> | null = null

  constructor(options: OidcOptions) {
    this.#options = options
  }

  get callback(): URL {
    return new URL('oidc/callback', this.#options.publicUrl)
  }

  /** Where to send somebody, and what to remember. Rejects where the provider can't be reached. */
  async begin(): Promise<{ url: URL; begun: Begun }> {
    const configuration = await this.#configuration()
    const begun: Begun = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
    }
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: this.callback.href,
      scope: 'openid',
      state: begun.state,
      nonce: begun.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(begun.verifier),
      code_challenge_method: 'S256',
    })
    return { url, begun }
  }

  /**
   * Whom the provider signed in: its issuer and its subject, the only pair that it promises to be one person's for ever.
   * @param returned the address that the browser came back to, with its query.
   * Rejects where anything of the answer doesn't hold (state, nonce, signature, audience, time).
   */
  async finish(returned: URL, begun: Begun): Promise<string> {
    const tokens = await client.authorizationCodeGrant(await this.#configuration(), returned, {
      pkceCodeVerifier: begun.verifier,
      expectedState: begun.state,
      expectedNonce: begun.nonce,
      idTokenExpected: true,
    })
    const claims = tokens.claims()
    if (!claims) throw new Error('no identity in the answer')
    return `${claims.iss} ${claims.sub}`
  }

  #configuration(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret } = this.#options
    // In clear only to this very machine.
    const local = issuer.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(issuer.hostname)
    this.#found ??= client
      .discovery(issuer, clientId, clientSecret, undefined, {
        timeout: 10,
        execute: [
          // The library trusts TLS for what comes straight from the provider; a signature is there to be looked at.
          client.enableNonRepudiationChecks,
          ...(local ? [client.allowInsecureRequests] : []),
        ],
      })
      .catch((error: unknown) => {
        // Tried again by whoever comes next.
        this.#found = null
        throw error
      })
    return this.#found
  }
}
