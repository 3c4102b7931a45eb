import { describe, expect, it } from 'vitest'
import { hashPassword, passwordHolds, passwordProblem } from '../../../server/access/password.ts'

const password = 'quatre mots sans rapport'

describe('passwords', () => {
  it('are kept as argon2id and known again', async () => {
    const kept = await hashPassword(password)
    expect(kept).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await passwordHolds(password, kept)).toBe(true)
    expect(await passwordHolds(`${password} `, kept)).toBe(false)
    expect(await passwordHolds(password, null)).toBe(false)
    expect(await hashPassword(password)).not.toBe(kept)
  })
  it('are the same typed with an accent in one sign or in two', async () => {
    const kept = await hashPassword('été à la forêt'.normalize('NFC'))
    expect(await passwordHolds('été à la forêt'.normalize('NFD'), kept)).toBe(true)
    expect(await passwordHolds('ete a la foret', kept)).toBe(false)
  })
  it.each([
    'aaaaaaaaaaaaaaaa',
    'motdepasse2026',
    'Mot de passe 2026',
    'Probant2026!!!',
    'azerty123456',
    'azertyazerty',
    '123456789012',
    'abcdefghijklm',
    'Claire Martin 75',
    '🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂',
  ])('“%s” is refused', (weak) => {
    expect(passwordProblem(weak, 'claire.martin')).not.toBeNull()
  })
  it.each(['quatre mots sans rapport', 'Tr0ub4dor&3xyz', 'четыре разных слова', 'x'.repeat(40) + ' yzéà 12'])(
    '“%s” is taken',
    (good) => {
      expect(passwordProblem(good, 'claire.martin')).toBeNull()
    },
  )
  it('have 200 signs at most, and none is cut', async () => {
    const long = 'mots sans rapport '.repeat(12)
    expect(long.length).toBeGreaterThan(200)
    expect(passwordProblem(long, 'x')).not.toBeNull()
    expect(await passwordHolds(`${long.slice(0, 200)}x`, await hashPassword(long.slice(0, 200)))).toBe(false)
  })
})
