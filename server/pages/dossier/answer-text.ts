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
  }
  return parts
}

const lines = (pairs: readonly (readonly [string, string])[]): string =>
  pairs.map(([name, value]) => `${name}: ${value}`).join('\n')
