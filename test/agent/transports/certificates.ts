import { execFileSync } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A certificate authority and certificates made for one test run, in `folder`; `openssl` makes them. */
export class Authority {
  readonly #folder: string
  readonly #name: string

  constructor(folder: string, name = 'ca') {
    this.#folder = folder
    this.#name = name
    const [key, pem] = [this.#path(`${name}.key`), this.#path(`${name}.pem`)]
    openssl(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      key,
      '-out',
      pem,
    )
  }

  get pem(): string {
    return readFileSync(this.#path(`${this.#name}.pem`), 'utf8')
  }

  /** Signs a certificate with these subject alternative names ("DNS:dc.agence1.lan,IP:127.0.0.1"). */
  issue(
    name: string,
    alternatives: string,
  ): { key: string; cert: string; fingerprint: string; sha256: string } {
    const [key, request, cert, extensions] = ['key', 'csr', 'pem', 'ext'].map((end) =>
      this.#path(`${name}.${end}`),
    ) as [string, string, string, string]
    openssl(
      'req',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      key,
      '-out',
      request,
    )
    writeFileSync(extensions, `subjectAltName=${alternatives}\n`)
    const [caKey, caPem] = [this.#path(`${this.#name}.key`), this.#path(`${this.#name}.pem`)]
    openssl(
      'x509',
      '-req',
      '-days',
      '2',
      '-in',
      request,
      '-CA',
      caPem,
      '-CAkey',
      caKey,
      '-CAcreateserial',
      '-extfile',
      extensions,
      '-out',
      cert,
    )
    const digest = createHash('sha256')
      .update(new X509Certificate(readFileSync(cert)).raw)
      .digest()
    return {
      key,
      cert,
      fingerprint: `SHA256:${digest.toString('base64').replace(/=+$/, '')}`,
      sha256: digest.toString('hex'),
    }
  }

  #path(file: string): string {
    return join(this.#folder, file)
  }
}

const openssl = (...argv: string[]) => execFileSync('openssl', argv, { stdio: 'ignore' })
