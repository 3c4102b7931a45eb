import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { beyond, beyondText } from '../../../agent/doctor/detail.ts'
import { french } from '../../../agent/terminal/typography.ts'

const root = join(import.meta.dirname, '../../..')
const said = (detail: string) => {
  const terminal = { say: ({ fr }: { fr: string }) => french(fr), lang: 'fr' } as const
  return beyondText(detail, null, terminal).replaceAll('\u202f', ' ')
}

/** Every fixed sentence that a failure may begin with, as the source has it; what is put into it becomes `x`. */
const sentences = globSync('agent/{transports,doctor}/**/*.ts', { cwd: root }).flatMap((path) => {
  const text = readFileSync(join(root, path), 'utf8')
  const found = text.matchAll(
    /(?:Transport|Step|Status)Failure\(\s*(?:[^,()]+,\s*)?(['"`])((?:(?!\1)[^\\\n])+)\1/g,
  )
  return [...found].map(([, , sentence = '']) => sentence.replaceAll(/\$\{[^}]*\}/g, 'x'))
})

describe('the detail of a failure', () => {
  it.each([
    'surveillant was refused with the credential of the session',
    'connection refused (ECONNREFUSED)',
    'no echo',
    'certificate SHA256:x is not the one expected',
    'another host key than the expected one was shown',
    'bind: invalidCredentials',
  ])('“%s” says nothing new', (detail) => expect(beyond(detail, null)).toBeNull())

  it.each([
    ['the directory of a.lan answers, not that of b.lan', 'domaine de la machine : a.lan ; attendu : b.lan'],
    ['credential a has no user or no password', '« a » n’a pas de compte ou pas de mot de passe'],
    ["the CA file ca.pem can't be read (ENOENT)", 'le fichier ca « ca.pem » ne peut pas être lu (ENOENT)'],
    ['env:SECRET has no value', 'env:SECRET n’a pas de valeur'],
    ['HTTP status 200 instead of 401', 'il répond HTTP 200'],
    ['WSManFault 5: Accès refusé.', 'WSManFault 5, la machine dit : « Accès refusé. »'],
    ['no answer between the marks, exit code 1: Access is denied', 'la machine dit : « Access is denied »'],
    ['bind: invalidCredentials (80090308: data 775)', 'l’annuaire dit : « 80090308: data 775 »'],
    ['sudo refused: a password is required', 'la machine dit : « a password is required »'],
    ['TLS handshake: ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_WRONG_VERSION_NUMBER'],
    ['SMB session setup (LOGON_FAILURE)', 'NT_STATUS_LOGON_FAILURE'],
    [
      'Microsoft.Management.Infrastructure.CimException 0x80070005 HRESULT',
      'Microsoft.Management.Infrastructure.CimException 0x80070005 HRESULT',
    ],
  ])('“%s”: %s', (detail, text) => expect(said(detail)).toBe(text))

  it('no sentence of ours stands in French untranslated', () => {
    expect(sentences.length).toBeGreaterThan(60)
    for (const sentence of sentences) {
      const ours = beyond(sentence, null)?.says.fr ?? ''
      expect(ours, sentence).not.toMatch(/\b(?:the|is|was|has|not|of|which|answers)\b/)
    }
  })
})
