import { describe, expect, it } from 'vitest'
import { pageTitle } from '../../../checks/http/page-title.ts'
import { site } from '../../../checks/http/site.ts'
import type { Observation } from '../../../checks/observation.ts'
import { facts, observed, printed, unanswered } from '../observed.ts'
import { replay } from '../replay.ts'

const page = (body: string, status = 200, headers = {}): Observation =>
  observed({ kind: 'http', status, headers, body, certificateSha256: null })
const judged = (params: Record<string, unknown>, seen: Record<string, Observation>) => {
  const [first] = replay(site, { on: 'web', ...params }, facts, seen)
  return first?.cause ?? first?.verdict
}

describe('http.site', () => {
  it.each([
    ['the text', { contains: 'agence 1' }, page('<h1>agence 1</h1>'), 'pass'],
    ['all of the texts', { contains: ['agence', 'siège'] }, page('agence'), 'fail'],
    ['as it is, no pattern', { contains: 'a.*' }, page('abc'), 'fail'],
    ['another status', {}, page('x', 404), 'fail'],
    ['the status asked for', { status: 403 }, page('x', 403), 'pass'],
    ['a redirect is not followed', {}, page('', 302, { location: 'http://192.0.2.99/' }), 'fail'],
    ['the title', { title: 'L’agence é' }, page('<TITLE>\n L&rsquo;agence &#233;</title >'), 'pass'],
    ['another title', { title: 'agence' }, page('<title>agence 2</title>'), 'fail'],
    ['no title', { title: 'agence' }, page('agence'), 'fail'],
    ['silence', {}, unanswered('timeout'), 'timeout'],
    ['unreachable', {}, unanswered('unreachable'), 'unreachable'],
  ] as const)('%s', (_name, params, seen, expected) => expect(judged(params, { page: seen })).toBe(expected))

  it('a refusal counts only of a machine that was seen up', () => {
    const refused = unanswered('refused')
    expect(judged({}, { page: refused, inside: printed('web1\n') })).toBe('fail')
    expect(judged({}, { page: refused, inside: unanswered('timeout') })).toBe('refused')
    expect(judged({ on: 'dc' }, { page: refused })).toBe('refused')
  })
  it('a cut page shows a presence, not an absence', () => {
    const cut = { ...page('agence'), truncated: true }
    expect(judged({ contains: 'agence' }, { page: cut })).toBe('pass')
    expect(judged({ contains: 'siège' }, { page: cut })).toBe('truncated')
  })
  it('reads a hostile title in bounded time', () => {
    expect(pageTitle('<title>'.repeat(100_000))).toBeNull()
    expect(pageTitle(`<title>${'&#99999999;'.repeat(10)}</title>`)).toContain('&#')
    expect(pageTitle('<title>&#x110000;&constructor;</title>')).toBe('&#x110000;&constructor;')
  })
})
