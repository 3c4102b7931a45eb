import { expect, it } from 'vitest'
import { hidesSomething, segments } from '../../checks/visible.ts'

it('a text that is shown without being cut up hides nothing: every code point of Unicode', () => {
  const wrong: string[] = []
  for (let code = 0; code <= 0x10ffff; code++) {
    const text = `a${String.fromCodePoint(code)}b`
    if (!hidesSomething(text) && segments(text).some(({ control }) => control)) wrong.push(code.toString(16))
  }
  expect(wrong).toEqual([])
  for (const text of ['a\u202eb', 'a\u0000b', 'a\u00adb', 'e\u0301\u0301\u0301\u0301\u0301\u0301'])
    expect(hidesSomething(text)).toBe(true)
  expect(hidesSomething('« été » — 1\u202f000 €: /etc/hosts')).toBe(true)
  expect(hidesSomething('« été » — 1\u202f000: /etc/hosts')).toBe(false)
})
