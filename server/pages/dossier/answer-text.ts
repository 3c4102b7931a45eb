import type { Answer } from '../../../checks/observation.ts'

/** One part of an answer as plain text: the name that the protocol gives it, and what came. */
export interface AnswerPart {
  readonly name: string
  readonly text: string
}

/** An answer as text, part by part, raw: nothing is escaped or left out here, empty parts excepted. */
export function answerParts(answer: Answer): AnswerPart[] {
  const parts: AnswerPart[] = []
  const add = (name: string, text: string) => {
    if (text !== '') parts.push({ name, text })
  }
  switch (answer.kind) {
    case 'command':
      add('exit status', answer.status === null ? 'signal' : String(answer.status))
      add('stdout', answer.stdout)
      add('stderr', answer.stderr)
      break
    case 'file': {
      const { kind: _, content, ...facts } = answer
      add('stat', lines(Object.entries(facts).map(([name, value]) => [name, String(value ?? '–')])))
      add('content', content ?? '')
      break
    }
    case 'ldap':
      add('found', String(answer.found))
      for (const { dn, attributes } of answer.entries)
        add(
          'entry',
          [
            `dn: ${dn}`,
            ...Object.entries(attributes).flatMap(([name, values]) => values.map((v) => `${name}: ${v}`)),
          ].join('\n'),
        )
      break
    case 'snmp':
      add('varbinds', answer.varbinds.map((v) => `${v.oid} = ${v.type}: ${v.value}`).join('\n'))
      break
    case 'icmp':
      add(
        'echo',
        lines([
          ['sent', String(answer.sent)],
          ['received', String(answer.received)],
          ['rtt ms', String(answer.rttMs ?? '–')],
        ]),
      )
      break
    case 'tcp':
      add('state', answer.state)
      break
    case 'http':
      add('status', String(answer.status))
      add('headers', lines(Object.entries(answer.headers)))
      add('body', answer.body)
      add('certificate SHA-256', answer.certificateSha256 ?? '')
      break
    case 'dns':
      add('rcode', `${answer.rcode}${answer.authoritative ? ' (aa)' : ''}`)
      add('answers', answer.answers.map((a) => `${a.name} ${a.ttl} ${a.type} ${a.data}`).join('\n'))
      break
    case 'powershell':
      if (answer.error === null) add('value', JSON.stringify(answer.value, null, 2))
      else add('exception', lines(Object.entries(answer.error).map(([name, value]) => [name, String(value)])))
      break
    case 'group-policy':
      add('found', String(answer.found))
      for (const { path, content } of answer.files) add(path, fileText(content))
      break
  }
  return parts
}

/** A policy's file as text where it is one (UTF-8 or UTF-16), else its bytes in base64. */
function fileText(base64: string): string {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8'
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
    // oxlint-disable-next-line no-control-regex -- they are what tells a text from bytes
    return /[\u0000-\u0008\u000e-\u001f]/.test(text) ? base64 : text
  } catch {
    return base64
  }
}

const lines = (pairs: readonly (readonly [string, string])[]): string =>
  pairs.map(([name, value]) => `${name}: ${value}`).join('\n')
