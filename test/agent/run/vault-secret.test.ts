import { expect, it } from 'vitest'
import { vaultSecretOf } from '../../../agent/run/vault-secret.ts'
import { targetSchema, type ResolvedCandidate } from '../../../checks/session.ts'

type Resolved = Pick<ResolvedCandidate, 'targets' | 'credentials'>
const credentials: Resolved['credentials'] = {
  'admin-linux': { user: 'surveillant', key: 'vault:admin-linux' },
  lecture: { user: 'lecture', password: 'env:LECTURE' },
}
const machine = (written: object): { resolved: Resolved } => {
  const web = { role: 'web', target: targetSchema.parse(written), shared: null }
  return { resolved: { targets: { web }, credentials } }
}

it('names a secret of the vault only where a machine is reached with it', () => {
  const local = machine({ address: '127.0.0.1', local: true })
  const bySsh = machine({ address: '10.0.1.10', ssh: { credential: 'admin-linux' } })
  const byEnvironment = machine({ address: '10.0.1.10', ssh: { credential: 'lecture' } })
  expect(vaultSecretOf([local, byEnvironment])).toBeUndefined()
  expect(vaultSecretOf([local, bySsh])).toBe('vault:admin-linux')
  expect(vaultSecretOf([])).toBeUndefined()
})
