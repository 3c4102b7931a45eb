/**
 * How an agent proves who it is on each request: HTTP Message Signatures (RFC 9421) with its Ed25519 key over the method,
 * the path, the query and the digest of the body (RFC 9530). One profile, of which nothing may be left out: what is signed
 * is always the same four components with the same parameters in the same order, so that the reader is one strict pattern.
 */

/** What is signed of a request. */
export interface SignedRequest {
  /** In capitals, as it goes over the wire. */
  readonly method: string
  /** The path of the request line, without the query: `/api/v1/runs`. */
  readonly path: string
  /** The query with its `?`; empty where there is none. */
  readonly query: string
}

/** A key that signs: whose, and how. The private part stays where it is. */
export interface RequestKey {
  /** Raw public key, base64. */
  readonly publicKey: string
  /** Ed25519 (RFC 8032) over these bytes: 64 bytes. */
  readonly signBytes: (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>
}

/** The three header fields of a signed request, by their lower-case names. */
export interface SignatureFields {
  readonly 'content-digest': string
  readonly 'signature-input': string
  readonly signature: string
}

/** What a signature that holds says. Whether it is fresh, and its nonce new, is the server's to see. */
export interface VerifiedSignature {
  /** Raw public key of the signer, base64. */
  readonly publicKey: string
  /** Seconds since the epoch. */
  readonly created: number
  readonly nonce: string
  /** SHA-256 of the body, base64: to be held against the body once that is read (`digestHolds`). */
  readonly digest: string
}

const label = 'probant'
const components = '("@method" "@path" "@query" "content-digest")'
/** Longer fields are not even looked at. */
const MAX_FIELD = 512
const digestField = /^sha-256=:([A-Za-z0-9+/]{43}=):$/
const inputField = new RegExp(
  `^${label}=(${components.replace(/[()]/g, String.raw`\$&`)};created=(\\d{1,12});nonce="([A-Za-z0-9_-]{16,64})";keyid="([A-Za-z0-9+/]{43}=)";alg="ed25519")$`,
)
const signatureField = new RegExp(`^${label}=:([A-Za-z0-9+/]{86}==):$`)
const noncePattern = /^[A-Za-z0-9_-]{16,64}$/

/**
 * Signs a request with its body (none: no bytes).
 * @param at `created` in whole seconds since the epoch; `nonce` 16 to 64 letters, digits, - and _, never used before.
 * @throws RangeError for a request or parameters that no such signature can be made over.
 */
export async function sign(
  request: SignedRequest & { readonly body: Uint8Array<ArrayBuffer> },
  key: RequestKey,
  { created, nonce }: { readonly created: number; readonly nonce: string },
): Promise<SignatureFields> {
  if (!isSignable(request)) throw new RangeError('this request cannot be signed')
  if (!noncePattern.test(nonce) || !Number.isSafeInteger(created) || created < 0 || created > 999_999_999_999)
    throw new RangeError('created or nonce out of range')
  const digest = `sha-256=:${await sha256(request.body)}:`
  const parameters = `${components};created=${created};nonce="${nonce}";keyid="${key.publicKey}";alg="ed25519"`
  const input = `${label}=${parameters}`
  if (!inputField.test(input)) throw new RangeError('the public key is not one of Ed25519')
  const signature = await key.signBytes(signatureBase(componentsOf(request, digest), parameters))
  return {
    'content-digest': digest,
    'signature-input': input,
    signature: `${label}=:${base64(signature)}:`,
  }
}

/**
 * Whether the signature of a request holds: before its body is read, whose digest it covers. Null where a field is missing,
 * doubled (joined by commas) or not of this one profile, or where the signature is not that of its key. Never throws.
 * @param fields header fields by their lower-case names.
 */
export async function verify(
  request: SignedRequest,
  fields: Readonly<Record<string, string | readonly string[] | undefined>>,
): Promise<VerifiedSignature | null> {
  const matched = (name: string, pattern: RegExp) => {
    const value = fields[name]
    return typeof value === 'string' && value.length <= MAX_FIELD ? pattern.exec(value) : null
  }
  const digest = matched('content-digest', digestField)
  const input = matched('signature-input', inputField)
  const signature = matched('signature', signatureField)
  if (!digest || !input || !signature || !isSignable(request)) return null
  const [, parameters = '', created = '', nonce = '', publicKey = ''] = input
  const base = signatureBase(componentsOf(request, digest[0]), parameters)
  try {
    const key = await crypto.subtle.importKey('raw', bytes(publicKey), { name: 'Ed25519' }, false, ['verify'])
    if (!(await crypto.subtle.verify({ name: 'Ed25519' }, key, bytes(signature[1]!), base))) return null
  } catch {
    return null
  }
  return { publicKey, created: Number(created), nonce, digest: digest[1]! }
}

/** Whether a body is the one whose digest was signed. */
export const digestHolds = async (
  { digest }: Pick<VerifiedSignature, 'digest'>,
  body: Uint8Array<ArrayBuffer>,
): Promise<boolean> => digest === (await sha256(body))

/**
 * The bytes that are signed (RFC 9421, 2.5): one line a component, then the parameters.
 * @param covered names and values in the order of the parameters.
 */
export function signatureBase(
  covered: readonly (readonly [name: string, value: string])[],
  parameters: string,
): Uint8Array<ArrayBuffer> {
  const lines = [...covered, ['@signature-params', parameters] as const]
  return new TextEncoder().encode(lines.map(([name, value]) => `"${name}": ${value}`).join('\n'))
}

const componentsOf = ({ method, path, query }: SignedRequest, digest: string) =>
  [
    ['@method', method],
    ['@path', path],
    // RFC 9421, 2.2.7: without a query it is the question mark alone.
    ['@query', query === '' ? '?' : query],
    ['content-digest', digest],
  ] as const

/** No line end can get into what is signed: one component could then be read as two. */
const isSignable = ({ method, path, query }: SignedRequest): boolean =>
  /^[A-Z]{1,16}$/.test(method) && /^\/[!-~]{0,4096}$/.test(path) && /^(\?[!-~]{0,4096})?$/.test(query)

const sha256 = async (body: Uint8Array<ArrayBuffer>): Promise<string> =>
  base64(new Uint8Array(await crypto.subtle.digest('SHA-256', body)))

const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), (c) => c.charCodeAt(0))
const base64 = (value: Uint8Array): string => btoa(String.fromCharCode(...value))
