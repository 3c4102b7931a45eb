import { expect, it } from 'vitest'
import { clixmlText } from '../../../../agent/transports/powershell/clixml.ts'

it('CLIXML on the error stream is read as words, and anything else is left as it is', () => {
  expect(
    clixmlText('#< CLIXML\r\n<Objs><S S="Error">a &amp;lt; b</S><S S="Warning">_x000A_c</S></Objs>'),
  ).toBe('a &lt; b c')
  expect(clixmlText(' <S S="Error">x</S> ')).toBe('<S S="Error">x</S>')
  expect(clixmlText(`#< CLIXML${'<S S="Error">'.repeat(100_000)}`)).toBe('')
})
